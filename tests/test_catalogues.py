"""The catalogues contain exactly the messages that the code names, and every code that people see has a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kawal.domain.access import RIGHTS, Act
from kawal.domain.access_kinds import AccessKind
from kawal.domain.labels import CHANNELS, CLASSES, CLOCKS, EVENTS, FACTS, MATTERS, ROLES, RUNGS, STATUSES
from kawal.domain.msgids import Message, msgid, msgids, sentence, verbatim
from kawal.domain.names import Channel, ClockKind, CommandName, EventKind, ReportClass, Role, Status
from kawal.domain.notices import TABLE
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.record_labels import ACTS, COMMANDS, ENTRIES, READINGS, REFUSALS
from kawal.domain.refusals import SENTENCES, Refusal
from kawal.domain.validation_messages import in_words
from kawal.wording.catalogues import LANGS, say
from kawal.wording.labels import facts_in_words
from kawal.wording.letter_messages import WORDING
from tools import messages

ROOT = Path(__file__).parents[1]
ROOMS = ("kawal", "workflows", "activities")
INTERNAL = {CommandName.ATTACH, CommandName.RECOMPUTE}
INDONESIAN = re.compile(r"\b(yang|tidak|dengan|untuk|laporan|sudah|belum|pada|harus|bukan|salah)\b", re.IGNORECASE)
FOR_INDONESIAN_EYES = (
    "kawal/audit/proof/verify_receipt.py",  # says everything in both languages by itself
    "kawal/intake",
    "kawal/domain/suggestion.py",
    "kawal/domain/completeness.py",
    "kawal/domain/privacy_words.py",
    "kawal/domain/masking.py",
    "kawal/store",
    "kawal/rerun",
)
"""Where the code parses Indonesian, or answers a mail program in one line of it."""


def test_the_catalogues_are_what_the_code_names_translated_and_compiled(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["messages", "--check"])
    assert messages.main() == 0, capsys.readouterr().err


def test_every_code_that_people_meet_has_a_name() -> None:
    assert set(STATUSES) == set(Status)
    assert set(ROLES) >= set(Role)
    assert set(CLOCKS) == set(ClockKind)
    assert set(EVENTS) == set(EventKind)
    assert set(CHANNELS) == set(Channel)
    assert set(CLASSES) == set(ReportClass)
    assert set(COMMANDS) >= set(CommandName)
    assert set(RUNGS) == {1, 2, 3}
    assert set(WORDING) == {tell.kind for line in TABLE.values() for tell in line}


def test_what_is_told_of_a_refusal_or_an_act_is_one_that_there_is() -> None:
    assert set(REFUSALS) <= set(SENTENCES)
    assert set(ACTS) <= {str(act) for act in Act} <= set(ACTS) | set(COMMANDS)
    assert set(ENTRIES) == set(AccessKind) == set(READINGS) | {AccessKind.REFUSED}
    assert set(MATTERS) == {right.matter for right in RIGHTS.values() if right.matter}


def test_what_people_give_with_a_command_has_a_name_on_record() -> None:
    given = {
        about.alias or name
        for command, row in TRANSITIONS.items()
        if command not in INTERNAL
        for name, about in row.arguments.model_fields.items()
    }
    assert given - set(FACTS) == set()


REFUSED = (
    (
        Refusal("wrong_role", role=Role.LIAISON, command="pass_on", allowed="agency_admin, inspectorate"),
        "The role “liaison” may not “pass on”; allowed: agency admin, Inspectorate.",
    ),
    (
        Refusal("wrong_status", command="accept", status="ditunda", allowed="proses, selesai"),
        "“accept the follow-up” is not possible in the status “On hold”; only in: In progress, Done.",
    ),
    (
        Refusal("breach_still_owed", clocks="respond:DISHUB, complete"),
        "A late step is still outstanding (first follow-up (DISHUB), completion); "
        "have it done, take over or instruct first.",
    ),
    (
        Refusal("date_out_of_reach", first="2022-01-03", last="2022-01-17", most=10),
        "The date must lie between 3 January 2022 and 17 January 2022 (at most 10 working days).",
    ),
)


@pytest.mark.parametrize(("refusal", "said"), REFUSED)
def test_a_refusal_names_codes_and_days_as_people_call_them(refusal: Refusal, said: str) -> None:
    assert say("en", refusal.sentence) == said
    assert not re.search(r"[a-z]_[a-z]|\d{4}-\d{2}", say("id", refusal.sentence))


@pytest.mark.parametrize(("refusal", "said"), REFUSED)
def test_a_refusal_keeps_its_codes_for_machines(refusal: Refusal, said: str) -> None:
    again = Refusal(refusal.code, **refusal.details)
    assert again.details == refusal.details
    assert say("en", again.sentence) == said


FACTS_SAID = (
    ({"to": "DPUPR", "by": "2025-09-10"}, "to: DPUPR; due by: 10 Sep 2025"),
    ({"by": "DPUPR"}, "asked by: DPUPR"),
    (
        {"days": 5, "deadlines_before": {"complete": "2025-09-08", "respond:DISHUB": "paused"}},
        "days: 5; earlier deadlines: completion 8 Sep 2025, first follow-up (DISHUB) paused",
    ),
    (
        {"key": "verify", "clock": "verify", "mark": "half:2025-09-08", "which": "half", "deadline": "2025-09-08"},
        "stage: verify and forward; reminded at: half of the time; deadline: 8 Sep 2025",
    ),
    (
        {"nominal": "2025-08-25T17:00:00+00:00", "day0": "2025-08-25", "rung": 2},
        "missed deadline: 25 Aug 2025 24:00 WIB; escalation level: Sekretaris Daerah",
    ),
    ({"why": "no_reply"}, "why: the reporter's silence"),
    (
        {"imported": True, "late": ["complete"], "silent": ["hold"]},
        ("imported: yes; late: completion; deadlines of the reporter that had passed: information from the reporter"),
    ),
    (
        {"via": "cli", "matter": "case_file", "identity": True, "purpose": "2025"},
        ("by way of: command line; what was read: a case file; with the reporter's identity: yes; purpose: 2025"),
    ),
)


@pytest.mark.parametrize(("facts", "said"), FACTS_SAID)
def test_the_facts_of_an_event_are_said_without_codes_or_written_dates(facts: dict[str, Any], said: str) -> None:
    assert facts_in_words(facts, "en") == said
    assert not re.search(r"[a-z]_[a-z]|\d{4}-\d{2}", facts_in_words(facts, "id"))


def test_a_count_of_one_is_said_as_one() -> None:
    histories = msgids("{count} history", "{count} histories")
    assert [say("en", histories, count=n) for n in (0, 1, 2)] == ["0 histories", "1 history", "2 histories"]
    assert say("id", histories, count=1) == "1 riwayat"


def test_a_place_is_said_in_the_language_of_its_sentence() -> None:
    told = sentence(msgid("row {row}, column {column}: {reason}"), row=3, column="x", reason=msgid("is required"))
    assert say("id", told) == "baris 3, kolom x: wajib diisi"
    assert say("en", told) == str(told) == "row 3, column x: is required"


@pytest.mark.parametrize("lang", LANGS)
def test_words_that_are_not_ours_stand_as_they_are_with_their_braces(lang: str) -> None:
    assert say(lang, verbatim("{count} of {}")) == "{count} of {}"
    assert say(lang, in_words({"type": "value_error", "ctx": {"error": "no {place}"}})) == "no {place}"


@pytest.mark.parametrize("lang", LANGS)
def test_a_number_in_a_sentence_of_several_brings_its_noun(lang: str) -> None:
    told = say(lang, Message("{events}"), events=1)
    assert told == {"en": "1 event", "id": "1 peristiwa"}[lang]


def strings(tree: ast.AST) -> Iterator[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_no_indonesian_sentence_stands_in_the_code() -> None:
    found = [
        (str(path.relative_to(ROOT)), text[:60])
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(FOR_INDONESIAN_EYES)
        for text in strings(ast.parse(path.read_text(encoding="utf-8")))
        if " " in text and len(INDONESIAN.findall(text)) >= 2
    ]
    assert found == []
