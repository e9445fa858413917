from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from kawal.domain.calendar import JAKARTA, end_of
from kawal.domain.messages import OpdLine, Snapshot
from kawal.domain.names import MASUK, Channel, EventKind, ReportClass, Status
from kawal.domain.recap import Recap
from kawal.reports.recap import WAYS, By, UnknownInstansi, recap
from kawal.reports.recount import recount
from kawal.store.ledger import Ledger
from tests.database_owner import owner_does
from tests.reports.lives import Lives, happened, new, write

NOON = datetime(2022, 3, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def counted(snapshots: Iterable[Snapshot]) -> Recap:
    """Count a recap from complete snapshots, one after the other: the oracle."""
    n: Counter[str] = Counter()
    for one in snapshots:
        if one.status not in MASUK:
            n[one.status] += 1
            continue
        n["masuk"] += 1
        n[Status.BELUM_DIVERIFIKASI if one.status is Status.DITUNDA else one.status] += 1
        n["ditunda"] += one.status is Status.DITUNDA
        n["overdue"] += one.overdue
        n["ever_late"] += one.ever_late
        n["escalated"] += one.ever_level > 0
        for count, total, value in (
            ("follow_ups", "follow_up_days", one.work_days_to_follow_up),
            ("completions", "completion_days", one.work_days_to_completion),
            ("ratings", "rating_sum", one.rating),
        ):
            n[count] += value is not None
            n[total] += value or 0
    return Recap(**n)


def keys_of(one: Snapshot, by: By) -> list[str]:
    """Return the lines that a complaint is counted on."""
    if by == "opd":
        codes = [line.code for line in one.opds if line.state != "returned"]
        return [f"{one.instansi}/{code}" for code in codes or [""]]
    keys: dict[str, list[str]] = {
        "channel": [one.channel],
        "class": [one.report_class or ""],
        "category": [(one.category or "").split(" / ")[0]],
        "month": [one.received_at.astimezone(JAKARTA).strftime("%Y-%m")],
        "instansi": [one.instansi],
    }
    return keys[by]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_recap_at_any_instant_equals_a_count_over_what_each_complaint_was_then(
    pool: asyncpg.Pool, ledger: Ledger, seed: int
) -> None:
    lives = Lives(ledger, seed)
    for number in range(1, 51):
        await lives.live(number)
    instants = {at for steps in lives.known for at, _ in steps}
    chosen = lives.chance.sample(sorted(instants), 8)
    for as_of in [None, *chosen, chosen[0] - timedelta(microseconds=1), end_of(date(2022, 6, 30))]:
        then = [
            [snapshot for at, snapshot in steps if as_of is None or at <= as_of][-1:]
            for steps in lives.known
            if steps[0][1].received_at.astimezone(JAKARTA).year == 2022
        ]
        stood = [snapshot for last in then for snapshot in last]
        table = await recap(pool, year=2022, as_of=as_of)
        assert table.total == counted(stood)
        assert table.mismatches == {}
        ours = [one for one in stood if one.instansi == "KEPRI"]
        assert (await recap(pool, year=2022, as_of=as_of, instansi="KEPRI")).total == counted(ours)
        for by in WAYS:
            groups: dict[str, list[Snapshot]] = defaultdict(list)
            for one in stood:
                for key in keys_of(one, by):
                    groups[key].append(one)
            table = await recap(pool, year=2022, as_of=as_of, by=by)
            lines = {line.key: line.recap for line in table.lines if line.recap != Recap()}
            assert lines == {key: counted(group) for key, group in groups.items()}
            assert table.total == counted(stood)
            assert table.mismatches == {}


async def test_the_statuses_agree_with_a_recount_of_the_bare_events(pool: asyncpg.Pool, ledger: Ledger) -> None:
    lives = Lives(ledger, 4)
    for number in range(1, 31):
        await lives.live(number)
    for as_of in (None, datetime(2022, 4, 1, tzinfo=UTC), datetime(2022, 9, 9, 9, tzinfo=UTC)):
        total = (await recap(pool, year=2022, as_of=as_of)).total
        plain = await recount(pool, year=2022, as_of=as_of)
        statuses = {name: value for name, value in plain if name in ("masuk", "ditunda", *Status)}
        assert {name: getattr(total, name) for name in statuses} == statuses


async def test_folding_the_pending_changes_leaves_every_recap_as_it_was(pool: asyncpg.Pool, ledger: Ledger) -> None:
    lives = Lives(ledger, 5)
    for number in range(1, 21):
        await lives.live(number)
    instants = [None, datetime(2022, 5, 5, 5, tzinfo=UTC)]
    before = [await recap(pool, year=2022, by=by, as_of=as_of) for by in WAYS for as_of in instants]
    await owner_does(pool, "select setval(pg_get_serial_sequence('recap_pending', 'id'), 4095)")
    await write(ledger, new(80, datetime(2019, 1, 1, tzinfo=UTC)), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    assert await pool.fetchval("select count(*) from recap_pending") == 0
    assert await pool.fetchval("select count(*) from recap_tally") > 0
    assert [await recap(pool, year=2022, by=by, as_of=as_of) for by in WAYS for as_of in instants] == before
    await owner_does(pool, "select recap_rebuild()")
    assert [await recap(pool, year=2022, by=by, as_of=as_of) for by in WAYS for as_of in instants] == before


async def test_complaints_written_side_by_side_while_others_fold_are_all_counted_once(
    pool: asyncpg.Pool, ledger: Ledger
) -> None:
    # Every 4th row folds.
    await owner_does(pool, "alter sequence recap_pending_id_seq increment by 1024 restart with 1024")
    lives = Lives(ledger, 6)
    await asyncio.gather(*(lives.live(number) for number in range(1, 61)))
    year_2022 = [steps[-1][1] for steps in lives.known if steps[0][1].received_at.astimezone(JAKARTA).year == 2022]
    table = await recap(pool, year=2022, by="class")
    assert table.total == counted(year_2022)
    assert table.mismatches == {}
    assert await pool.fetchval("select count(*) from recap_tally") > 0


async def test_a_year_is_the_local_year_of_receipt(pool: asyncpg.Pool, ledger: Ledger) -> None:
    last_minute = datetime(2022, 12, 31, 16, 59, 59, tzinfo=UTC)
    await write(ledger, new(1, last_minute), happened(last_minute, 1, Status.BELUM_DIVERIFIKASI))
    midnight = datetime(2022, 12, 31, 17, tzinfo=UTC)
    await write(ledger, new(2, midnight), happened(midnight, 1, Status.BELUM_DIVERIFIKASI))
    assert (await recap(pool, year=2022)).total.masuk == 1
    assert (await recap(pool, year=2023)).total.masuk == 1
    assert [line.key for line in (await recap(pool, year=2023, by="month")).lines] == ["2023-01"]


async def test_a_complaint_with_two_opds_stands_on_both_lines_and_once_in_the_total(
    pool: asyncpg.Pool, ledger: Ledger
) -> None:
    opds = [OpdLine(code=code, state="owes", forwarded_at=NOON) for code in ("DINKES", "PU")]
    await write(ledger, new(1, NOON, opds=opds), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    table = await recap(pool, year=2022, instansi="KEPRI", by="opd")
    assert [(line.key, line.name, line.recap.masuk) for line in table.lines] == [
        ("DINKES", "Dinas Kesehatan", 1),
        ("PU", "=HYPERLINK(1)", 1),
    ]
    assert table.total.masuk == 1


async def test_an_opd_that_returned_the_report_no_longer_counts_it(pool: asyncpg.Pool, ledger: Ledger) -> None:
    owes = new(1, NOON, opds=[OpdLine(code="PU", state="owes", forwarded_at=NOON)])
    await write(ledger, owes, happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    gone = owes.model_copy(update={"opds": [OpdLine(code="PU", state="returned", forwarded_at=NOON)]})
    await write(ledger, gone, happened(NOON + DAY, 2, Status.BELUM_DIVERIFIKASI))
    assert [line.key for line in (await recap(pool, year=2022, instansi="KEPRI", by="opd")).lines] == [""]
    then = await recap(pool, year=2022, instansi="KEPRI", by="opd", as_of=NOON)
    assert [line.key for line in then.lines] == ["PU"]


async def test_agencies_are_ranked_and_one_without_reports_has_no_place(pool: asyncpg.Pool, ledger: Ledger) -> None:
    await write(ledger, new(1, NOON), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    lines = (await recap(pool, year=2022, by="instansi")).lines
    assert [(line.place, line.key, line.name) for line in lines] == [
        (1, "KEPRI", "Pemprov Kepri"),
        (None, "RIAU", "Riau"),
    ]


async def test_imported_history_counts_at_each_of_its_own_instants(pool: asyncpg.Pool, ledger: Ledger) -> None:
    """One step may bring a whole past life; each event's status applies from when it happened."""
    after = new(
        1,
        NOON,
        status=Status.SELESAI,
        channel=Channel.WALK_IN,
        report_class=ReportClass.ASPIRASI,
        verified_at=NOON + DAY,
        first_forwarded_at=NOON + DAY,
        first_follow_up_at=NOON + 3 * DAY,
        work_days_to_follow_up=2,
        completed_at=NOON + 6 * DAY,
        work_days_to_completion=4,
        closed_at=NOON + 9 * DAY,
        closed_by="auto_close",
        rating=5,
    )
    await write(
        ledger,
        after,
        happened(NOON, 1, Status.BELUM_DIVERIFIKASI),
        happened(NOON + DAY, 2, Status.BELUM_DITINDAKLANJUTI, EventKind.VERIFIED),
        happened(NOON + 3 * DAY, 3, Status.PROSES, EventKind.FOLLOWED_UP),
        happened(NOON + 6 * DAY, 4, Status.PROSES, EventKind.FOLLOWED_UP),
        happened(NOON + 9 * DAY, 5, Status.SELESAI, EventKind.AUTO_CLOSED),
    )

    async def at(days: int) -> Recap:
        return (await recap(pool, year=2022, as_of=NOON + days * DAY)).total

    assert await at(-1) == Recap()
    assert await at(0) == Recap(masuk=1, belum_diverifikasi=1)
    assert await at(2) == Recap(masuk=1, belum_ditindaklanjuti=1)
    assert await at(4) == Recap(masuk=1, proses=1, follow_ups=1, follow_up_days=2)
    assert (await at(7)).mean_days_to_completion == Decimal(4)
    assert (await at(7)).ratings == 0
    assert (await at(9)).selesai == 1
    assert (await at(9)).satisfaction == Decimal(5)


async def test_steps_that_rewrite_nothing_leave_one_span(pool: asyncpg.Pool, ledger: Ledger) -> None:
    stood = await write(ledger, new(1, NOON), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    for n in (2, 3):
        await write(ledger, stood, happened(NOON + n * DAY, n, Status.BELUM_DIVERIFIKASI, EventKind.REMINDED))
    assert await pool.fetchval("select count(*) from status_span") == 1


async def test_an_unknown_agency_and_an_instant_without_a_zone_are_refused(pool: asyncpg.Pool) -> None:
    with pytest.raises(UnknownInstansi, match="ATLANTIS"):
        await recap(pool, year=2022, instansi="ATLANTIS")
    with pytest.raises(ValueError, match="time zone"):
        await recap(pool, year=2022, as_of=datetime(2022, 1, 1))  # noqa: DTZ001 - that is the point


async def test_a_tally_that_was_tampered_with_is_reported_as_a_mismatch(pool: asyncpg.Pool, ledger: Ledger) -> None:
    await write(ledger, new(1, NOON), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    await owner_does(pool, "update recap_pending set masuk = masuk + 2 where axis = 'channel'")
    table = await recap(pool, year=2022, by="class")
    assert table.mismatches["*"].difference == 2
    assert table.mismatches["+"].difference == 2
