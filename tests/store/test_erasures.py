"""An erasure removes what is known of a person, entirely or not at all, and leaves the process record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Reporter
from kawal.domain.supports import SupportOutcome
from kawal.store.access_log import AccessLog
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures, reapply
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.ledger import Ledger
from kawal.store.public_versions import PublicVersions
from kawal.store.side_acts import SideActs
from kawal.store.supports import SupportRows
from tests.database_owner import owner_does
from tests.store.lives import ADMIN, NOON, report, started, verified

AT = datetime(2022, 9, 1, 3, 0, tzinfo=UTC)
SITI = Reporter(name="Siti Aminah", email="siti@example.org", phone="081234567890")


class Listed(list[ErasureEntry]):
    async def __call__(self, entry: ErasureEntry) -> None:
        self.append(entry)


@pytest.fixture
def erasures(pool: asyncpg.Pool, keys: DataKeyStore) -> Erasures:
    return Erasures(pool, keys)


@pytest.fixture
async def accepted(inbox: Inbox, ledger: Ledger) -> AcceptedReport:
    accepted = await inbox.accept(report(reporter=SITI), "KEPRI", NOON)
    await ledger.record(started(accepted, report(reporter=SITI)))
    return accepted


def entry(accepted: AcceptedReport) -> ErasureEntry:
    return ErasureEntry(
        tracking_id=accepted.tracking_id, at=AT, role="agency_admin", account="0123456789abcdef", ground="request"
    )


async def row_of(pool: asyncpg.Pool, accepted: AcceptedReport) -> Any:
    return await pool.fetchrow("select * from complaint where tracking_id = $1", accepted.tracking_id)


async def test_words_contacts_and_key_go_and_the_record_stays(
    erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger
) -> None:
    before = await pool.fetch("select hash, ciphertext from event order by position")
    listed = Listed()
    assert await erasures.erase(entry(accepted), listed, name="Dewi", said="Surat 12/2022")
    row = await row_of(pool, accepted)
    assert (row["title"], row["body"], row["place"], row["latitude"], row["occurred_on"]) == (None,) * 5
    assert (row["search"], row["erased_at"], row["status"]) == ("", AT, "belum_diverifikasi")
    assert await Contacts(pool, keys).reports_of(["siti@example.org"], []) == []
    with pytest.raises(KeyDestroyed):
        await keys.key_for(accepted.workflow_id)
    assert await pool.fetch("select hash, ciphertext from event order by position") == before
    assert [event.words for event in await ledger.events(accepted.tracking_id)] == [{}]
    assert listed == [entry(accepted)] == await erasures.all()


async def test_it_is_on_record_with_its_ground_for_as_long_as_the_record_lasts(
    erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    await erasures.erase(entry(accepted), Listed(), name="Dewi", said="Surat 12/2022", check=lambda _standing: None)
    entries = [one async for one in AccessLog(pool, keys).entries(accepted.tracking_id)]
    assert [(one.kind, one.actor.name, one.words) for one in entries] == [
        ("erased", "Dewi", {"ground": "Surat 12/2022"}),
        ("key_destroyed", "Dewi", {"ground": "Surat 12/2022"}),
    ]
    assert entries[0].facts == {"ground": "request"}
    destroyed = await pool.fetchrow("select * from data_key where owner = $1", accepted.workflow_id)
    assert (destroyed["destroyed_by"], destroyed["destroy_ground"]) == ("0123456789abcdef", "request")


async def test_done_again_it_does_nothing(erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool) -> None:
    assert await erasures.erase(entry(accepted), Listed())
    log = await pool.fetch("select * from access_log")
    assert not await erasures.erase(entry(accepted), Listed())
    assert await reapply(erasures, [entry(accepted)]) == []
    assert await pool.fetch("select * from access_log") == log


async def test_what_fails_before_its_end_has_changed_nothing(
    erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    async def no_disk(_entry: ErasureEntry) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        await erasures.erase(entry(accepted), no_disk)
    assert (await row_of(pool, accepted))["title"] is not None
    assert (await keys.key_for(accepted.workflow_id)).owner == accepted.workflow_id
    assert await erasures.all() == []
    assert await pool.fetchval("select count(*) from access_log") == 0
    assert await erasures.erase(entry(accepted), Listed())


async def test_supports_and_public_versions_go_with_their_report_and_the_acts_stay_without_words(
    erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger
) -> None:
    await ledger.record(verified(started(accepted, report(reporter=SITI))))
    supports, versions, number = SupportRows(pool, keys), PublicVersions(pool, keys), accepted.tracking_id
    assert await supports.put(number, "browser", "wati@contoh.example", "id", NOON) is SupportOutcome.SUPPORTED
    async with versions.changing(number) as change:
        await change.redact_words(ADMIN, NOON, {"body": "Lubang"}, ["besar"], "nama")
    await erasures.erase(entry(accepted), Listed())
    for table in ("support", "supporter_count", "public_version", "public_follow_up", "public_file_version"):
        assert await pool.fetchval(f"select count(*) from {table}") == 0, table  # noqa: S608 - own names
    acts = await SideActs(pool, keys).of(number)
    assert [(one.kind, one.words) for one in acts] == [("supported", {}), ("redacted", {})]
    assert await supports.put(number, "browser", None, "id", NOON) is SupportOutcome.NOT_PUBLIC
    with pytest.raises(KeyDestroyed):
        async with versions.changing(number):
            pass


async def test_nothing_follows_in_an_erased_complaint(
    erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool
) -> None:
    await erasures.erase(entry(accepted), Listed())
    for change in ("last_seq = 2, status = 'ditunda'", "erased_at = null", "erased_at = now()"):
        with pytest.raises(asyncpg.RestrictViolationError, match="was erased"):
            await pool.execute(f"update complaint set {change}")  # noqa: S608 - own words
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner_does(pool, "delete from erasure")


async def test_a_restored_database_is_erased_anew_also_where_it_knows_nothing_of_a_complaint(
    erasures: Erasures, accepted: AcceptedReport, pool: asyncpg.Pool, inbox: Inbox, keys: DataKeyStore
) -> None:
    waiting = await inbox.accept(report(external_id="B-2", reporter=SITI), "KEPRI", NOON)
    unknown = AcceptedReport(tracking_id="7654321", workflow_id="complaint-7654321", inbox_id=0)
    wanted = [entry(one) for one in (accepted, waiting, unknown)]
    assert await reapply(erasures, wanted) == [one.tracking_id for one in wanted]
    for one in (accepted, waiting):
        with pytest.raises(KeyDestroyed):
            await keys.key_for(one.workflow_id)
    assert await erasures.with_a_run() == [accepted.tracking_id]
    assert {one["again"] for one in [row["facts"] for row in await pool.fetch("select facts from access_log")]} == {
        True
    }


async def test_how_a_complaint_stands_is_told_from_the_database(erasures: Erasures, accepted: AcceptedReport) -> None:
    standing = await erasures.standing(accepted.tracking_id)
    assert standing is not None
    assert (standing.status, standing.running, standing.erased_at) == ("belum_diverifikasi", True, None)
    assert await erasures.standing("7654321") is None
    await erasures.erase(entry(accepted), Listed())
    erased = await erasures.standing(accepted.tracking_id)
    assert erased is not None
    assert erased.erased_at == AT
