"""`kawal inbox` and `kawal reconcile`: unstarted reports and discrepancies, seen and repaired by a person."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator

import asyncpg
import pytest

from kawal.cli.wording.labels import FINDINGS
from kawal.domain.findings import Finding
from kawal.wording.labels import inbox_reason
from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DPUPR, INSPECTORATE


def execute(kawal: Kawal, query: str, *arguments: object) -> None:
    async def once() -> None:
        endpoints = json.loads((kawal.home / "run" / "endpoints.json").read_text())
        conn = await asyncpg.connect(endpoints["database_url"])
        try:
            await conn.execute(query, *arguments)
        finally:
            await conn.close()

    asyncio.run(once())


@pytest.fixture
def dead(running: Kawal) -> Iterator[str]:
    """Yield a report that the relay has given up."""
    tracking = running.start("Lampu mati")
    execute(
        running,
        "update inbox set status = 'dead', started_at = null, attempts = 5, last_error = 'no_rules'"
        " where tracking_id = $1",
        tracking,
    )
    yield tracking
    running("inbox", "retry", tracking, who=ADMIN)


def test_a_dead_letter_is_seen_with_its_reason_and_tried_again(running: Kawal, dead: str) -> None:
    (line,) = running.done("inbox", "--state", "dead")
    assert (line["tracking_id"], line["attempts"], line["last_error"]) == (dead, 5, "no_rules")
    shown = running("inbox")
    assert dead in shown.out
    assert "belum ada kebijakan" in shown.out
    assert running.done("inbox", "retry", dead, who=ADMIN) == {"retried": [dead]}
    until = time.monotonic() + 20
    while running.done("inbox"):
        assert time.monotonic() < until
    again = running("inbox", "retry", dead, who=ADMIN)
    assert (again.code, again.out) == (1, "")
    assert dead in again.err


def test_a_dead_letter_is_tried_again_by_those_who_answer_for_it_and_on_record(running: Kawal, dead: str) -> None:
    assert running("inbox", "retry", dead).code == 2
    for who in (DPUPR, AUDITOR):
        refused = running("inbox", "retry", dead, who=who)
        assert (refused.code, refused.out) == (1, "")
    assert running.done("inbox", "--state", "dead")[0]["tracking_id"] == dead
    assert running("inbox", "set-aside", dead, who=ADMIN).code == 1
    running.done("inbox", "set-aside", dead, "--grounds", "Sudah dilaporkan ulang", who=ADMIN)
    assert [running.done("inbox", "--state", state) == [] for state in ("dead", "set_aside")] == [True, False]
    running.done("inbox", "retry", dead, who=ADMIN)
    told = running.done("events", "--access", "--kind", "administered", "--limit", "1", who=AUDITOR)
    entry = next(iter(told if isinstance(told, list) else told["entries"]))
    assert entry["facts"] == {"what": "inbox_retried", "instansi": "KEPRI", "reports": [dead], "operator": True}


def test_all_dead_letters_are_tried_again_at_once(english: Kawal, dead: str) -> None:
    outcome = english("inbox", "retry", "--all", who=INSPECTORATE)
    assert (outcome.code, outcome.out) == (0, "1 report is tried again now.\n")
    assert english.done("inbox", "--state", "dead") == []
    assert dead not in english("inbox", "--state", "dead").out


def test_what_is_meant_must_be_said(running: Kawal) -> None:
    for wrong in (["retry"], ["retry", "1234567", "--all"], ["--all"], ["retry", "--all", "--state", "dead"]):
        outcome = running("inbox", *wrong)
        assert (outcome.code, outcome.out) == (2, ""), wrong
        assert "kawal inbox retry" in outcome.err


def test_the_reconciler_says_what_is_left_to_a_person(running: Kawal, dead: str) -> None:
    outcome = running("reconcile", "--now", "--json")
    assert outcome.code == 1
    assert [(line["tracking_id"], line["kind"]) for line in outcome.json["findings"]] == [(dead, "dead_letter")]
    assert outcome.json["last_round"]["found"] == 1
    shown = running("reconcile")
    assert (shown.code, dead in shown.out, "TERBUKA" in shown.out) == (1, True, True)
    running.done("inbox", "retry", "--all", who=ADMIN)
    until = time.monotonic() + 20
    while running.done("inbox"):
        assert time.monotonic() < until
    assert running.done("reconcile", "--now")["findings"] == []
    everything = running.done("reconcile", "--all")["findings"]
    assert [line["kind"] for line in everything] == ["dead_letter"], everything


def test_everything_that_can_be_found_has_words() -> None:
    assert set(FINDINGS) == set(Finding)
    assert inbox_reason("unexpected:ValueError", "en") == "an unexpected error (ValueError)"


def test_a_step_that_the_database_refused_stands_first_and_is_an_alarm_on_the_lists(running: Kawal, dead: str) -> None:
    tracking = running.start("Jalan berlubang")
    execute(running, "insert into unrecorded (tracking_id, seq, reason) values ($1, 99, 'bad_state:uji')", tracking)
    try:
        first, *_ = running.done("inbox")
        assert (first["tracking_id"], first["status"], first["last_error"]) == (tracking, "unrecorded", "bad_state:uji")
        assert [one["tracking_id"] for one in running.done("inbox", "--state", "unrecorded")] == [tracking]
        assert "ditolak basis data (uji)" in running("inbox").out
        for command in ("list", "inspectorate"):
            assert "1 laporan tidak dapat dicatat; lihat `kawal inbox`" in running(command).err
    finally:
        execute(running, "delete from unrecorded")
    assert "tidak dapat dicatat" not in running("list").err
    assert dead
