"""A command that says what its sender saw is refused if what it rests on has changed; all else goes on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.labels import DONE_BY
from kawal.domain.messages import Actor, Command
from kawal.domain.names import CommandName, EventKind
from kawal.domain.process.commands import digest_of
from kawal.domain.process.decide import decide
from kawal.domain.process.meanwhile import DISTURBS
from kawal.domain.refusals import Refusal
from kawal.wording.catalogues import say
from tests.domain.catalogue import allowed
from tests.domain.lives import ADMIN, INSPECTORATE, REPORTER, Life, examples, liaison
from tests.domain.test_properties import begins, lived, steps

FOLLOW_UP: dict[str, Any] = {"text": "Ditambal", "final": False}


def as_seen(life: Life, seq: int, name: str, who: Actor, **arguments: Any) -> Command:
    return life.command(name, who, **arguments).model_copy(update={"if_seq": seq})


def refusal_of(life: Life, command: Command) -> Refusal | None:
    try:
        decide(life.state, command, life.now)
    except Refusal as refusal:
        return refusal
    return None


def code_of(life: Life, command: Command) -> str | None:
    refused = refusal_of(life, command)
    return None if refused is None else refused.code


def test_of_two_liaisons_who_saw_the_same_the_second_is_told_who_followed_up_and_when() -> None:
    life = Life().forwarded("A", "B")
    seen = life.state.last_seq
    life.follow_up("A")
    refused = refusal_of(life, as_seen(life, seen, "follow_up", liaison("B"), **FOLLOW_UP))
    assert refused is not None
    assert refused.code == "changed_meanwhile"
    assert refused.details["event"] == "followed_up"
    assert (refused.details["role"], refused.details["opd"]) == ("liaison", "A")
    assert refused.details["account"] == liaison("A").account
    assert refused.details["at"] == life.events[-1].at.isoformat()
    assert say("id", refused.sentence) == (
        "Sementara itu pejabat penghubung (A) menindaklanjuti laporan ini (7 Maret 2022 pukul 09.00 WIB); "
        "tinjau kembali laporan ini sebelum memutuskan."
    )
    assert say("en", refused.sentence).startswith("Meanwhile the liaison (A) followed this report up (7 March 2022")


def test_who_has_seen_the_latest_or_does_not_say_what_was_seen_goes_on() -> None:
    life = Life().forwarded("A", "B").follow_up("A")
    for seen in (life.state.last_seq, life.state.last_seq + 5, None):
        command = life.command("follow_up", liaison("B"), **FOLLOW_UP).model_copy(update={"if_seq": seen})
        assert refusal_of(life, command) is None


def test_the_answer_to_a_command_is_enough_to_give_the_next_one_as_seen() -> None:
    life = Life()
    verifying = as_seen(life, 1, "verify", ADMIN, title="t", report_class="pengaduan", category="k")
    decision = decide(life.state, verifying, life.now)
    assert decision.answer is not None
    life.state = decision.state
    assert refusal_of(life, as_seen(life, decision.answer.last_seq, "forward", ADMIN, opds=["A"])) is None
    assert code_of(life, as_seen(life, 1, "forward", ADMIN, opds=["A"])) == "changed_meanwhile"


def test_a_reply_that_the_admin_has_not_seen_refuses_the_decision() -> None:
    life = Life()
    life.do("reply", REPORTER, text="Sudah diperbaiki")
    assert code_of(life, as_seen(life, 1, "archive", ADMIN, reason="r")) == "changed_meanwhile"


def test_a_colleagues_decision_is_told_rather_than_the_status_that_it_left() -> None:
    life = Life().verified()
    second = {"title": "t", "report_class": "pengaduan", "category": "k"}
    assert code_of(life, life.command("verify", ADMIN, **dict(second))) == "wrong_status"
    assert code_of(life, as_seen(life, 1, "verify", ADMIN, **dict(second))) == "changed_meanwhile"


def test_a_stranger_is_not_told_what_happened() -> None:
    life = Life().verified()
    elsewhere = ADMIN.model_copy(update={"instansi": "LAIN"})
    assert code_of(life, as_seen(life, 1, "archive", elsewhere, reason="r")) == "wrong_instansi"
    assert code_of(life, as_seen(life, 1, "archive", liaison("A"), reason="r")) == "wrong_role"


def test_reminders_breaches_and_rungs_refuse_no_decision() -> None:
    life = Life()
    life.until("2022-04-01")
    assert {"reminded", "breached", "rung_reached"} <= set(life.kinds())
    verifying = as_seen(life, 1, "verify", ADMIN, title="t", report_class="pengaduan", category="k")
    assert refusal_of(life, verifying) is None


def test_a_colleague_who_opened_it_or_telephoned_does_not_stop_a_follow_up() -> None:
    life = Life().forwarded("A")
    seen = life.state.last_seq
    life.do("receive", liaison("A")).do("nudge", ADMIN, opd="A", how="telepon")
    assert refusal_of(life, as_seen(life, seen, "follow_up", liaison("A"), **FOLLOW_UP)) is None


def test_a_request_to_extend_concerns_whoever_decides_on_it_and_nobody_else() -> None:
    life = Life().forwarded("A", "B")
    seen = life.state.last_seq
    life.do("extend", liaison("A"), days=2, grounds="g")
    assert refusal_of(life, as_seen(life, seen, "follow_up", liaison("B"), **FOLLOW_UP)) is None
    assert code_of(life, as_seen(life, seen, "extend", liaison("B"), days=1, grounds="g")) == "changed_meanwhile"


def test_a_finding_that_a_colleague_recorded_is_told_to_the_next_of_the_inspectorate() -> None:
    life = Life().forwarded("A", pengawasan=True)
    seen = life.state.last_seq
    life.do("resolve", INSPECTORATE, finding="f")
    assert code_of(life, as_seen(life, seen, "resolve", INSPECTORATE, finding="f")) == "changed_meanwhile"


def test_what_only_says_that_something_is_so_can_be_said_whatever_happened() -> None:
    life = Life().forwarded("A").follow_up("A")
    assert refusal_of(life, as_seen(life, 1, "nudge", ADMIN, opd="A", how="telepon")) is None
    assert refusal_of(life, as_seen(life, 1, "reply", REPORTER, text="Masih rusak")) is None
    assert refusal_of(life, as_seen(life, 1, "conceal", REPORTER, anonim=True)) is None


def test_what_was_seen_changes_no_digest() -> None:
    command = Life().command("archive", ADMIN, reason="r")
    assert digest_of(command) == digest_of(command.model_copy(update={"if_seq": 3}))


def test_every_event_has_its_row_and_those_that_can_refuse_have_their_words() -> None:
    assert set(DISTURBS) == set(EventKind)
    assert {kind for kind, commands in DISTURBS.items() if commands} == set(DONE_BY)
    assert "reply" not in frozenset[CommandName]().union(*DISTURBS.values())


@pytest.mark.slow
@examples(10)
@given(begins, steps, st.integers(0, 60))
def test_in_every_life_a_command_is_refused_exactly_if_an_unseen_event_disturbs_it(
    at: str, script: list[tuple[int, int, int]], seen: int
) -> None:
    life = lived(at, script)
    unseen = [event for event in life.events if event.seq > seen]
    for command in allowed(life.state, life.now, "now"):
        disturbed = [event for event in unseen if command.name in DISTURBS[event.kind]]
        refused = refusal_of(life, command.model_copy(update={"if_seq": seen}))
        assert (refused and refused.code) == ("changed_meanwhile" if disturbed else None)
        assert refused is None or refused.details["seq"] == str(disturbed[-1].seq)
