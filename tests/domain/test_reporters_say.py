"""The reporter's last word: dispute, rating and concealing, also when somebody speaks for the reporter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Actor, Behalf, Event
from kawal.domain.names import CommandName, EventKind, Role, Spokesman, Status
from kawal.domain.notices import Recipient, notices_for
from kawal.domain.process.decide import decide, refused, tick
from kawal.domain.process.evolve import fold
from kawal.domain.process.projection import snapshot
from kawal.domain.process.timers import Silence, next_wake
from kawal.domain.refusals import Refusal
from kawal.wording.letters import letter
from tests.domain.lives import ADMIN, INSPECTORATE, REPORTER, Life, examples, liaison, local

DESK = Actor(role=Role.DESK, account="desk-1")
AT_THE_DESK = Behalf(via=Spokesman.DESK)
FROM_THE_TRAY = Behalf(via=Spokesman.TRAY)


def spoken(life: Life, name: str, who: Actor, behalf: Behalf, **arguments: Any) -> Life:
    """Give a reporter's command for the reporter."""
    life.until(life.now)
    command = life.command(name, who, **arguments).model_copy(update={"behalf": behalf})
    decision = decide(life.state, command, life.now)
    life.events += decision.events
    life.state = decision.state
    return life


def last(life: Life) -> Event:
    return life.events[-1]


def told(life: Life) -> list[tuple[str, Recipient, str | None]]:
    return [(one.kind, one.to, one.opd) for one in notices_for(last(life), snapshot(life.state))]


# --- Who is told of a reply that no clock waits for -------------------------------------------------------------------


def test_a_reply_after_the_final_follow_up_is_told_to_the_admin_and_every_opd_that_has_the_report() -> None:
    life = Life().finished("A", "B").do("reply", REPORTER, text="Belum diperbaiki")
    assert told(life) == [
        ("replied_after_final", Recipient.ADMIN, None),
        ("replied_after_final", Recipient.LIAISON, "A"),
        ("replied_after_final", Recipient.LIAISON, "B"),
    ]


def test_a_reply_to_a_report_that_is_done_is_told_to_them_too() -> None:
    life = Life().closed().do("reply", REPORTER, text="Rusak lagi")
    assert told(life) == [
        ("replied_after_final", Recipient.ADMIN, None),
        ("replied_after_final", Recipient.LIAISON, "A"),
    ]


def test_while_somebody_owes_only_they_are_told() -> None:
    life = Life().forwarded("A").do("reply", REPORTER, text="Nomor 12")
    assert told(life) == [("replied", Recipient.LIAISON, "A")]


@pytest.mark.parametrize("followed_up", [False, True])
def test_while_the_admin_owes_a_forward_again_the_admin_is_told(followed_up: bool) -> None:
    life = Life().forwarded("A")
    if followed_up:
        life.follow_up("A").do("withdraw", ADMIN, opd="A", grounds="g")
    else:
        life.do("return", liaison("A"), reason="r")
    assert told(life.do("reply", REPORTER, text="Nomor 12")) == [("replied", Recipient.ADMIN, None)]


def test_a_followers_word_is_told_to_its_admin_and_stirs_nothing() -> None:
    life = Life().verified().do("merge", ADMIN, main="7654321")
    before = life.state.model_copy(deep=True)
    life.do("reply", REPORTER, text="Masih padam")
    assert told(life) == [("follower_replied", Recipient.ADMIN, None)]
    assert (life.state.status, life.state.clocks) == (before.status, before.clocks)


@pytest.mark.parametrize("ending", ["archive", "pass_on"])
def test_an_archived_report_and_one_passed_on_take_no_reply(ending: str) -> None:
    given = {"reason": "r"} if ending == "archive" else {"agency": "Pusat"}
    assert Life().do(ending, ADMIN, **given).refusal("reply", REPORTER, text="t") == "wrong_status"


# --- Why it closed by itself ------------------------------------------------------------


def test_it_says_no_reply_only_where_none_came_since_the_final_follow_up() -> None:
    silent = Life().finished().until("2022-05-30")
    assert (last_close(silent).facts["why"], silent.state.closed_by) == ("no_reply", "auto_close")
    replied = Life().finished().do("reply", REPORTER, text="Belum").until("2022-05-30")
    assert (last_close(replied).facts["why"], replied.state.closed_by) == ("not_disputed", "auto_close")


def test_a_further_final_follow_up_answers_the_reply_before_it() -> None:
    life = Life().finished("A").do("reply", REPORTER, text="Belum").follow_up(final=True).until("2022-05-30")
    assert last_close(life).facts["why"] == "no_reply"


def last_close(life: Life) -> Event:
    return next(event for event in reversed(life.events) if event.kind is EventKind.AUTO_CLOSED)


# --- Who speaks for the reporter ------------------------------------------------------------


def test_the_desk_speaks_only_for_a_reporter() -> None:
    life = Life().finished()
    assert life.refusal("accept", DESK) == "wrong_role"
    assert life.refusal("close", DESK, grounds="g") == "wrong_role"
    with pytest.raises(Refusal, match="close"):
        spoken(life, "close", DESK, AT_THE_DESK, grounds="g")


def test_an_admin_gives_a_reporters_command_from_the_tray_alone() -> None:
    with pytest.raises(Refusal):
        spoken(Life().finished(), "accept", ADMIN, AT_THE_DESK)
    assert spoken(Life().finished(), "accept", ADMIN, FROM_THE_TRAY).status == "selesai"


def test_what_was_said_for_the_reporter_is_marked_and_told_to_the_reporter_at_once() -> None:
    stamped = Behalf(via=Spokesman.DESK, stamp=date(2022, 3, 4), grounds="Surat baru sampai")
    life = spoken(Life().finished(), "accept", DESK, stamped, rating=4)
    assert last(life).facts == last(life).facts | {"via": "desk", "stamp": "2022-03-04", "rating": 4}
    assert last(life).words["spoken_grounds"] == "Surat baru sampai"
    assert ("spoken_accept", Recipient.REPORTER, None) in told(life)
    assert snapshot(life.state).rated_via == "desk"


@pytest.mark.parametrize(("who", "behalf"), [(DESK, AT_THE_DESK), (ADMIN, FROM_THE_TRAY)])
def test_an_accept_given_for_the_reporter_can_be_disputed_within_the_aftercare(who: Actor, behalf: Behalf) -> None:
    life = spoken(Life().finished("A", "B"), "accept", who, behalf, rating=5)
    life.do("dispute", REPORTER, why="Saya tidak pernah menerima")
    assert life.status == "proses"
    assert life.owes() == {"A", "B"}
    assert life.running() == {"complete"}
    assert life.state.rating is None
    assert snapshot(life.state).rated_via is None
    assert life.state.closed_at is None


def test_an_accept_of_the_reporters_own_stands() -> None:
    assert Life().closed().refusal("dispute", REPORTER, why="w") == "accept_not_spoken"
    by_the_clock = Life().finished().until("2022-04-05")
    assert by_the_clock.status == "selesai"
    assert by_the_clock.refusal("dispute", REPORTER, why="w") == "accept_not_spoken"


def test_after_the_aftercare_nothing_is_disputed() -> None:
    life = spoken(Life().finished(), "accept", DESK, AT_THE_DESK).until("2022-06-30")
    assert life.refusal("dispute", REPORTER, why="w") == "aftercare_over"


def test_the_second_dispute_opens_the_item_also_where_it_undoes_an_accept() -> None:
    life = Life().finished().do("dispute", REPORTER, why="w").follow_up(final=True)
    spoken(life, "accept", DESK, AT_THE_DESK).do("dispute", REPORTER, why="w")
    assert life.state.item is not None
    assert life.state.item.why == "second_dispute"


# --- Concealing ------------------------------------------------------------

EVERY_STATUS = {
    Status.BELUM_DIVERIFIKASI: lambda: Life(),
    Status.DITUNDA: lambda: Life().do("hold", ADMIN, missing="?"),
    Status.BELUM_DITINDAKLANJUTI: lambda: Life().forwarded("A").do("ask", liaison("A"), question="?"),
    Status.PROSES: lambda: Life().finished(),
    Status.SELESAI: lambda: Life().closed(),
    Status.DIARSIPKAN: lambda: Life().do("archive", ADMIN, reason="r"),
    Status.BUKAN_WEWENANG: lambda: Life().do("pass_on", ADMIN, agency="Pusat"),
    Status.DIGABUNG: lambda: Life().verified().do("merge", ADMIN, main="7654321"),
}


@pytest.mark.parametrize("status", Status)
def test_a_report_can_be_concealed_in_every_status_and_nothing_else_moves(status: Status) -> None:
    life = EVERY_STATUS[status]()
    assert life.status == status
    before = life.state.model_copy(deep=True)
    life.do("conceal", REPORTER, anonim=True, rahasia=True)
    assert (life.state.anonim, life.state.rahasia) == (True, True)
    # `changes` remembers, for whoever acts on what they saw, that there was an event.
    changed = {"anonim", "rahasia", "last_seq", "last_at", "done", "changes"}
    assert life.state.model_dump(exclude=changed) == before.model_dump(exclude=changed)
    assert last(life).facts == {"anonim": True, "rahasia": True}


def test_concealing_is_refused_where_it_adds_nothing_or_names_nothing() -> None:
    life = Life().do("conceal", REPORTER, anonim=True)
    assert life.refusal("conceal", REPORTER, anonim=True) == "concealed_already"
    assert life.refusal("conceal", REPORTER) == "not_told_what"
    life.do("conceal", REPORTER, anonim=True, rahasia=True)
    assert last(life).facts == {"anonim": False, "rahasia": True}


def test_whoever_has_the_report_is_told_that_it_was_concealed() -> None:
    life = Life().forwarded("A").do("conceal", REPORTER, rahasia=True)
    assert told(life) == [
        ("concealed", Recipient.REPORTER, None),
        ("concealed_to_offices", Recipient.ADMIN, None),
        ("concealed_to_offices", Recipient.LIAISON, "A"),
    ]


# --- A silence in doubt ------------------------------------------------------------


@examples(60)
@given(st.integers(0, 40), st.integers(0, 40))
def test_while_a_letter_may_be_the_answer_silence_ends_nothing_and_afterwards_it_ends_it_then(
    late: int, doubt: int
) -> None:
    life = Life().finished()
    wake = next_wake(life.state, Silence(in_doubt=True))
    closing = local("2022-03-22 00:00")
    assert wake is None or wake > life.now
    decided = closing + timedelta(hours=6 * late)
    in_doubt = tick(life.state, decided, Silence(in_doubt=True))
    assert not [event for event in in_doubt.events if event.kind is EventKind.AUTO_CLOSED]
    now = decided + timedelta(hours=6 * doubt)
    after = tick(in_doubt.state, now, Silence(since=decided))
    closed = next(event for event in after.events if event.kind is EventKind.AUTO_CLOSED)
    assert closed.at == max(decided, closing)
    assert fold([*life.events, *in_doubt.events, *after.events]) == after.state


@pytest.mark.parametrize("name", ["dispute", "reply"])
def test_from_the_tray_a_reply_counts_from_the_letters_receipt_and_a_verdict_from_now(name: str) -> None:
    life = Life().finished().until("2022-03-09 12:00")
    letter_at = local("2022-03-09 10:00")
    given = {"why": "w"} if name == "dispute" else {"text": "t"}
    command = life.command(name, ADMIN, **given).model_copy(update={"behalf": FROM_THE_TRAY, "received_at": letter_at})
    event = decide(life.state, command, life.now).events[0]
    assert event.at == (life.now if name == "dispute" else letter_at)


def test_what_officials_owe_falls_due_also_while_the_silence_is_in_doubt() -> None:
    life = Life().do("hold", ADMIN, missing="?")
    doubtful = tick(life.state, local("2022-04-20 09:00"), Silence(in_doubt=True))
    assert EventKind.HOLD_EXPIRED not in {event.kind for event in doubtful.events}
    assert EventKind.PAUSE_ENDED in {event.kind for event in doubtful.events}
    assert EventKind.BREACHED in {event.kind for event in doubtful.events}


def test_every_command_of_the_reporters_row_can_be_spoken() -> None:
    from kawal.domain.names import REPORTERS_COMMANDS
    from kawal.domain.process.transitions import TRANSITIONS

    assert {name for name, row in TRANSITIONS.items() if Role.REPORTER in row.who} == set(REPORTERS_COMMANDS)
    assert CommandName.CONCEAL in REPORTERS_COMMANDS


# --- A question that needs no answer any more ------------------------------------------------------------


VOID: dict[str, Callable[[Life], Life]] = {
    "question_over": lambda life: life.do("return", liaison("A"), reason="bukan kami"),
    "question_over (withdrawn)": lambda life: life.do("withdraw", ADMIN, opd="A", grounds="keliru"),
    "question_over (lapsed)": lambda life: life.past_the_end_of("2022-03-21"),
    "taken_over": lambda life: life.do("escalate", ADMIN, why="macet").do("take_over", INSPECTORATE),
    "merged": lambda life: life.do("merge", ADMIN, main="7654321"),
    "archived": lambda life: life.do("archive", ADMIN, reason="dobel"),
}


@pytest.mark.parametrize("how", VOID)
def test_the_reporter_is_told_that_a_question_needs_no_answer_any_more(how: str) -> None:
    life = VOID[how](Life().forwarded("A", "B").do("ask", liaison("A"), question="Di mana?"))
    ended = next(event for event in life.events if event.facts.get("deadlines", {}).get("question") == "ended")
    (letter_to_reporter,) = [one for one in notices_for(ended, snapshot(life.state)) if one.to is Recipient.REPORTER]
    assert letter_to_reporter.kind == how.partition(" ")[0]
    written = letter(letter_to_reporter.kind, "1234560", letter_to_reporter.body, "en", {}, to=Recipient.REPORTER)
    assert written.text.count("needs no answer any more") == 1


def test_an_answered_question_and_one_whose_silence_ended_the_report_are_not_called_needless() -> None:
    answered = Life().forwarded("A").do("ask", liaison("A"), question="?").do("reply", REPORTER, text="di sini")
    silent = Life().forwarded("A").follow_up().do("ask", liaison("A"), question="?").past_the_end_of("2022-03-21")
    for life in (answered, silent):
        ended = next(event for event in life.events if event.facts.get("deadlines", {}).get("question") == "ended")
        assert not [one for one in notices_for(ended, snapshot(life.state)) if "question_over" in one.body]


# --- What the desk passed on while the engine was away ------------------------------------------------------------


def test_the_reporter_is_told_why_what_the_desk_passed_on_was_refused() -> None:
    life = Life().forwarded("A")
    decision = refused(life.state, DESK, "accept", Refusal("no_final_stands"), life.now)
    told_of = notices_for(decision.events[0], snapshot(decision.state))
    assert [(one.kind, one.to) for one in told_of] == [("say_refused", Recipient.REPORTER)]
