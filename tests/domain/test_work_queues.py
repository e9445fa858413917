"""Where a complaint waits for whom: by its row alone, through a life and for every life."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given

from kawal.domain.calendar import local_day
from kawal.domain.names import FINAL, OWED_STEPS, Role
from kawal.domain.process.projection import snapshot
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.domain.work_queues import QUEUES_OF, Queue, QueuePlace, may_open, office_of, places
from tests.domain.lives import ADMIN, AGENCY, INSPECTORATE, REPORTER, Life, examples, liaison
from tests.domain.test_properties import begins, steps, walk


def standing(life: Life) -> dict[tuple[str, str], QueuePlace]:
    return {(str(place.queue), place.opd): place for place in places(snapshot(life.state))}


def clock_of(life: Life, kind: str) -> datetime | None:
    return next(line.deadline for line in snapshot(life.state).clocks if line.kind == kind)


def where(life: Life) -> set[tuple[str, str]]:
    return set(standing(life)) - {("open", "")}


def test_a_report_waits_for_verification_then_for_a_forward_then_for_each_opd_then_for_its_reporter() -> None:
    life = Life()
    assert where(life) == {("verification", "")}
    verify = standing(life)["verification", ""]
    assert (verify.why, verify.owed_by, verify.due and local_day(verify.due)) == (
        ["verify"],
        Role.ADMIN,
        date(2022, 3, 11),  # the instant at which the 10th ends
    )
    assert where(life.verified()) == {("decisions", "")}
    assert standing(life)["decisions", ""].why == ["forward"]
    assert where(life.do("forward", ADMIN, opds=["A", "B"])) == {("owed", "A"), ("owed", "B")}
    assert standing(life)["owed", "A"].why == ["respond"]
    assert where(life.follow_up("A", final=True)) == {("owed", "B")}
    assert where(life.follow_up("B")) == {("owed", "B")}
    assert standing(life)["owed", "B"].why == ["complete"]
    life.follow_up("B", final=True)
    assert where(life) == {("waiting", "A"), ("waiting", "B"), ("waiting", "")}
    assert places(snapshot(life.do("accept", REPORTER).state)) == []


def test_a_held_report_waits_for_its_reporter_and_comes_back_with_the_answer_to_be_decided_on() -> None:
    life = Life().do("hold", ADMIN, missing="Di mana?")
    assert where(life) == {("waiting", "")}
    life.do("reply", REPORTER, text="Di depan pasar")
    assert standing(life)["verification", ""].why == ["hold_answer", "verify"]
    assert standing(life)["decisions", ""].why == ["hold_answer"]
    assert where(life.do("archive", ADMIN, reason="Bukan laporan")) == set()


def test_what_the_admin_has_to_decide_on_is_one_place_with_every_reason() -> None:
    life = (
        Life()
        .forwarded("A", "B")
        .do("return", liaison("A"), reason="Bukan kami")
        .do("return", liaison("B"), reason="x")
    )
    assert standing(life)["decisions", ""].why == ["forward"]
    life = Life().forwarded("A").do("extend", liaison("A"), days=3, grounds="Hujan").do("reply", REPORTER, text="Cepat")
    place = standing(life)["decisions", ""]
    assert place.why == ["extension", "reply"]
    assert place.due == clock_of(life, "complete")
    assert standing(life.do("grant", ADMIN))["decisions", ""].why == ["reply"]
    assert ("decisions", "") not in where(life.do("nudge", ADMIN, opd="A", how="telepon"))


def test_a_dispute_is_with_the_opd_again_and_with_the_admin_until_somebody_acts() -> None:
    life = Life().finished("A").do("dispute", REPORTER, why="Masih rusak")
    assert where(life) == {("owed", "A"), ("decisions", "")}
    assert standing(life)["decisions", ""].why == ["dispute"]
    assert where(life.follow_up("A")) == {("owed", "A")}


def test_a_reply_to_what_is_done_waits_for_the_admin_though_the_report_is_final() -> None:
    life = Life().closed().do("reply", REPORTER, text="Rusak lagi")
    assert where(life) == {("decisions", "")}
    assert standing(life)["decisions", ""].due is None


def test_the_answer_to_an_opds_question_is_for_that_opd() -> None:
    life = Life().forwarded("A").do("ask", liaison("A"), question="Kapan?")
    assert where(life) == {("waiting", "A"), ("waiting", "")}
    life.do("reply", REPORTER, text="Kemarin")
    assert where(life) == {("owed", "A")}
    assert standing(life)["owed", "A"].why == ["opd_answer", "respond"]


def test_items_go_by_rung_and_then_by_age_and_come_up_from_the_second_rung_on() -> None:
    life = Life().past_the_end_of("2022-03-10")
    assert where(life) == {("verification", ""), ("escalated", "")}
    assert (standing(life)["escalated", ""].rank, standing(life)["verification", ""].rank) == (2, 0)
    assert standing(life)["escalated", ""].due == snapshot(life.state).item_opened_at
    life.past_the_end_of("2022-03-15")
    assert standing(life)["come_up", ""].rank == standing(life)["escalated", ""].rank == 1
    life.do("instruct", INSPECTORATE, to="admin", text="Verifikasi", by="2022-03-18")
    assert standing(life)["decisions", ""].why == ["instruction"]
    life.do("take_over", INSPECTORATE)
    assert standing(life)["owed", INSPECTORATE_OWNER].owed_by is Role.INSPECTORATE
    assert ("verification", "") not in where(life)


def test_what_is_late_comes_first_in_a_queue_and_the_oldest_is_never_last_among_equals() -> None:
    late, early = Life("2022-03-01 09:00"), Life("2022-03-07 09:00")
    for life in (late, early):
        life.until("2022-03-08 09:00")
    first, second = standing(late)["verification", ""], standing(early)["verification", ""]
    assert (first.rank, first.overdue, second.rank, second.overdue) == (0, True, 1, False)


@given(begins, steps)
@examples(60)
def test_nobody_who_owes_is_left_out_of_the_queues_in_any_life(at: str, script: list[tuple[int, int, int]]) -> None:
    for life, _ in walk(at, script):
        row = snapshot(life.state)
        found = places(row)
        assert len({(place.queue, place.opd) for place in found}) == len(found)
        owed = {(place.queue, place.opd) for place in found}
        for line in row.opds:
            if line.state == "owes" and row.status not in FINAL:
                assert owed & {(Queue.OWED, line.code), (Queue.WAITING, line.code)}, line
        if row.status not in FINAL:
            assert (Queue.OPEN, "") in owed
            assert len(owed) > 1, row  # somebody's, besides being open
            running = [clock for clock in row.clocks if clock.kind in OWED_STEPS]
            late = next(place for place in found if place.queue is Queue.OPEN)
            assert late.overdue == any(clock.breached_at for clock in running)
        assert row.item_open == ((Queue.ESCALATED, "") in owed)


def test_each_role_opens_its_own_queues_and_an_office_its_own_places() -> None:
    for role in Role:
        assert all(may_open(role, queue) == (queue in QUEUES_OF.get(role, ())) for queue in Queue)
    who = liaison("A").model_copy(update={"instansi": AGENCY})
    assert [office_of(who, queue) for queue in QUEUES_OF[Role.LIAISON]] == ["A", "A", "A"]
    assert office_of(ADMIN.model_copy(update={"instansi": AGENCY}), Queue.OWED) == AGENCY
    assert office_of(INSPECTORATE, Queue.OWED) == INSPECTORATE_OWNER
