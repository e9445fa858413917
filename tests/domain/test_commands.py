"""Every cell of role, status and command; every malformed command; every sentence of refusal."""

from __future__ import annotations

import ast
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Actor, Command
from kawal.domain.names import CommandName, Role, Status
from kawal.domain.process import four_eyes, guards
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import NOTE_LIMIT, TEXT_LIMIT, TITLE_LIMIT, digest_of
from kawal.domain.process.decide import decide
from kawal.domain.process.state import State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import SENTENCES, Refusal
from kawal.domain.report import check_report
from kawal.wording.catalogues import say
from tests.domain.catalogue import arguments
from tests.domain.lives import ADMIN, INSPECTORATE, REPORT, REPORTER, Life, examples, liaison, local

ROOT = Path(__file__).parents[2]


def both(refusal: Refusal) -> tuple[str, str]:
    """Return the sentence in both languages, neither empty nor equal."""
    indonesian, english = say("id", refusal.sentence), say("en", refusal.sentence)
    assert indonesian.endswith(".")
    assert english.endswith(".")
    assert indonesian != english
    return indonesian, english


# --- Role x status x command -----------------------------------------------------------------------------------------

LIVES: dict[Status, Callable[[], Life]] = {
    Status.BELUM_DIVERIFIKASI: Life,
    Status.DITUNDA: lambda: Life().do("hold", ADMIN, missing="x"),
    Status.BELUM_DITINDAKLANJUTI: lambda: Life().forwarded("A"),
    Status.PROSES: lambda: Life().finished("A"),
    Status.SELESAI: lambda: Life().closed(),
    Status.DIARSIPKAN: lambda: Life().do("archive", ADMIN, reason="r"),
    Status.BUKAN_WEWENANG: lambda: Life().do("pass_on", ADMIN, agency="Pusat"),
    Status.DIGABUNG: lambda: Life().do("merge", ADMIN, main="7654321"),
}


@pytest.fixture(scope="module")
def states() -> dict[Status, State]:
    made = {status: life() for status, life in LIVES.items()}
    assert {life.status for life in made.values()} == set(Status)
    return {status: life.state for status, life in made.items()}


def actor_of(role: Role) -> Actor:
    return liaison("A") if role is Role.LIAISON else Actor(role=role, account=str(role))


@pytest.mark.parametrize("name", CommandName)
@pytest.mark.parametrize("role", Role)
def test_every_cell_that_the_table_does_not_allow_is_refused_with_a_sentence_in_both_languages(
    states: dict[Status, State], role: Role, name: CommandName
) -> None:
    row, now = TRANSITIONS[name], local("2022-03-07 12:00")
    for status, state in states.items():
        given = next(arguments(name, state, now))
        command = Command(name=name, actor=actor_of(role), arguments=given, idempotency_key="k")
        before = state.model_copy(deep=True)
        code = None
        try:
            decide(state, command, now)
        except Refusal as refusal:
            both(refusal)
            code = refusal.code
        if role not in row.who:
            assert code == "wrong_role"
        elif status not in row.statuses:
            assert code == "wrong_status"
        else:
            assert code not in ("wrong_role", "wrong_status", "malformed")
        assert state == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEADERSHIP, Role.NATIONAL])
def test_who_only_reads_changes_nothing(role: Role) -> None:
    assert all(role not in row.who for row in TRANSITIONS.values())


def test_a_role_is_held_within_its_agency() -> None:
    elsewhere = ADMIN.model_copy(update={"instansi": "RIAU"})
    assert Life().refusal("hold", elsewhere, missing="x") == "wrong_instansi"


def test_a_liaison_without_an_opd_is_asked_to_name_it() -> None:
    nowhere = Actor(role=Role.LIAISON, account="l")
    assert Life().forwarded().refusal("receive", nowhere) == "no_opd"


def test_what_the_table_names_exists() -> None:
    assert set(TRANSITIONS) == set(CommandName)
    written = {
        name
        for room in (guards, four_eyes)
        for name, made in vars(room).items()
        if getattr(made, "__module__", "") == room.__name__
    }
    named = {guard.__name__ for row in TRANSITIONS.values() for guard in row.guards}
    assert {name for name in written if not name.startswith("_")} - {"owner_code"} == named


# --- Sentences -------------------------------------------------------------------------------------------------------


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Yield every place in the product that makes a Refusal of a literal code: where, the code, the details given."""
    for path in (path for folder in ("kawal", "activities", "workflows") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and node.args):
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and None not in {keyword.arg for keyword in node.keywords}:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield where, str(code.value), {str(keyword.arg) for keyword in node.keywords}


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_refusal_that_is_raised_fills_its_sentence() -> None:
    places = list(raised())
    assert len(places) > 30
    for where, code, details in places:
        assert code in SENTENCES, where
        assert blanks(SENTENCES[code].one) <= details, where


def refused(name: str, **given: object) -> Refusal:
    with pytest.raises(Refusal) as raises:
        parse(Command(name=name, actor=ADMIN, arguments=given, idempotency_key="k"))
    both(raises.value)
    return raises.value


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("hold", {}, "missing"),
        ("hold", {"missing": "   "}, "missing"),
        ("hold", {"missing": "x" * (NOTE_LIMIT + 1)}, "missing"),
        ("hold", {"missing": "x", "more": 1}, "more"),
        ("reply", {"text": "x" * (TEXT_LIMIT + 1)}, "text"),
        ("reply", {"text": "a\x00b"}, "text"),
        ("verify", {"title": "x" * (TITLE_LIMIT + 1), "class": "pengaduan", "category": "k"}, "title"),
        ("verify", {"title": "t", "class": "keluhan", "category": "k"}, "class"),
        ("merge", {"main": "12345"}, "main"),
        ("merge", {"main": "1234567890"}, "main"),
        ("forward", {"opds": []}, "opds"),
        ("extend", {"days": 0, "grounds": "g"}, "days"),
        ("rate", {"rating": 6}, "rating"),
        ("instruct", {"to": "A", "text": "t", "by": "31-02-2022"}, "by"),
    ],
)
def test_a_malformed_argument_is_refused_by_its_name(name: str, given: dict[str, object], field: str) -> None:
    refusal = refused(name, **given)
    assert refusal.code == "malformed"
    assert field in say("id", refusal.sentence)


def test_a_limit_is_said_in_the_refusal() -> None:
    assert str(NOTE_LIMIT) in say("id", refused("hold", missing="x" * 5000).sentence)


def test_an_unknown_command_is_refused_by_its_name() -> None:
    refusal = refused("delete")
    assert refusal.code == "unknown_command"
    assert "delete" in say("id", refusal.sentence)


def test_a_refusal_never_repeats_what_was_sent() -> None:
    assert "rahasia sekali" not in say("en", refused("rate", rating="rahasia sekali").sentence)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_1_to_200_characters(key: str) -> None:
    with pytest.raises(Refusal, match="key"):
        parse(Command(name="take_over", actor=INSPECTORATE, idempotency_key=key))


@pytest.mark.parametrize("wrong", [{"account": ""}, {"account": "x" * 101}, {"opd": " "}, {"name": "a\x07b"}])
def test_an_actor_that_could_not_stand_in_the_record_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal, match=f"actor.{next(iter(wrong))}"):
        parse(Command(name="take_over", actor=INSPECTORATE.model_copy(update=wrong), idempotency_key="k"))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(
    sorted({field.alias or name for row in TRANSITIONS.values() for name, field in row.arguments.model_fields.items()})
)


@examples(200)
@given(st.sampled_from(CommandName), st.dictionaries(fields, anything, max_size=4))
def test_whatever_is_sent_is_read_or_refused_and_nothing_else(name: CommandName, given: dict[str, object]) -> None:
    command = Command(name=name, actor=ADMIN, arguments=given, idempotency_key="k")
    try:
        assert parse(command).name is name
    except Refusal as refusal:
        both(refusal)


# --- The report ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 151},
        {"text": ""},
        {"text": "x" * 10_001},
        {"occurred_on": "2022-13-01"},
        {"occurred_on": "2022-03-08"},
    ],
)
def test_a_report_with_empty_or_oversize_text_or_an_impossible_or_future_date_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as raises:
        check_report(REPORT.model_copy(update=wrong), local("2022-03-07 23:59"))
    assert next(iter(wrong)) in both(raises.value)[0]


def test_today_by_local_time_is_not_in_the_future() -> None:
    report = REPORT.model_copy(update={"occurred_on": "2022-03-08"})
    assert check_report(report, local("2022-03-08 00:30")).occurred_on == "2022-03-08"


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_another_command_under_the_same_key_has_another_digest() -> None:
    command = Command(name="reply", actor=REPORTER, arguments={"text": "a"}, idempotency_key="k")
    others = [
        command.model_copy(update={"arguments": {"text": "b"}}),
        command.model_copy(update={"name": "accept"}),
        command.model_copy(update={"actor": ADMIN}),
        command.model_copy(update={"idempotency_key": "l"}),
    ]
    assert digest_of(command) == digest_of(command.model_copy(deep=True))
    assert digest_of(command) not in {digest_of(other) for other in others}


def test_a_commands_key_is_kept_with_its_answer() -> None:
    life = Life().do("hold", ADMIN, missing="x")
    done = life.state.done["key-1"]
    assert done.answer.status is Status.DITUNDA
    assert done.answer.first_seq == done.answer.last_seq == life.events[-1].seq
