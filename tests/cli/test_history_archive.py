"""`kawal audit history-archive` and `kawal audit replay`, as an auditor runs them."""

from __future__ import annotations

import asyncio
import json
import time

import asyncpg

from tests.cli.running import Kawal

AUDITOR = "auditor:Rina"


def ended(kawal: Kawal) -> str:
    tracking = kawal.start("Laporan ganda")
    kawal.done("archive", tracking, "--reason", "Ganda", who="admin:Ani")
    return tracking


def until_listed(kawal: Kawal, tracking: str) -> None:
    """Wait until the engine's list, which lags a moment, contains the run."""
    deadline = time.monotonic() + 60
    while all(
        tracking not in run["workflow_id"] for run in kawal.done("audit", "history-archive", "--limit", "1000")["due"]
    ):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_is_not_archived_is_listed_with_the_time_that_is_left(running: Kawal, english: Kawal) -> None:
    tracking = ended(running)
    until_listed(running, tracking)
    report = running.done("audit", "history-archive")
    (line,) = [run for run in report["due"] if tracking in run["workflow_id"]]
    assert (line["in_danger"], report["in_danger"], report["gone"]) == (False, 0, 0)
    assert line["deadline"] > line["closed_at"]
    told = english("audit", "history-archive")
    assert told.code == 0
    assert tracking in told.out
    assert "waiting" in told.out
    after = running.done("audit", "history-archive", "--now")
    assert all(tracking not in run["workflow_id"] for run in after["due"])
    assert after["archived"]["runs"] > report["archived"]["runs"]
    assert running.done("audit", "replay", tracking)["runs"][0]["source"] == "history_archive"


def test_a_complaint_s_histories_and_a_year_s_replay(running: Kawal, english: Kawal) -> None:
    tracking = ended(running)
    told = running.done("audit", "replay", tracking)
    assert told["verdicts"] == {"replayed": 1}
    assert (told["runs"][0]["source"], told["events"] > 5) == ("engine", True)
    year = running.done("list", "--limit", "1")[0]["received_at"][:4]
    found = running.done("audit", "replay", "--year", year)
    assert found["verdicts"]["replayed"] >= 1
    assert not set(found["verdicts"]) & {"differs", "failed", "damaged", "key_away"}
    assert "Replayed identically" in english("audit", "replay", tracking).out
    assert english("audit", "replay", "--year", "2001").out.startswith("Replayed identically: 0 histories")


def test_what_cannot_be_replayed_or_pruned_is_refused_clearly(running: Kawal, english: Kawal) -> None:
    assert running("audit", "replay").code == 2
    assert running("audit", "replay", "1234567", "--year", "2022").code == 2
    assert running("audit", "replay", "--year", "22").code == 2
    assert running("audit", "replay", "9999999").code == 1
    assert running("audit", "history-archive", "--prune").code == 2  # no actor is given
    assert running("audit", "history-archive", "--prune", who="liaison/DPUPR:Budi").code == 1
    (refused,) = _read(running, "select facts from access_log where kind = 'refused' order by n desc limit 1")
    assert json.loads(refused["facts"]) == {
        "command": "history-archive --prune",
        "code": "wrong_role",
        "operator": True,
    }
    assert running.done("audit", "history-archive", "--prune", who=AUDITOR) == {"runs": 0, "bytes": 0}
    assert "Bodies destroyed: 0 histories" in english("audit", "history-archive", "--prune", who=AUDITOR).out


def test_a_history_about_to_be_lost_is_an_alarm(running: Kawal, english: Kawal) -> None:
    _read(
        running,
        "insert into history_archive_due (workflow_id, run_id, closed_at, retention)"
        " values ('complaint-7000001', 'r', now() - interval '20 days', interval '30 days')",
    )
    try:
        told = english("audit", "history-archive")
        assert told.code == 1
        assert "AT RISK" in told.out
        assert "WARNING: 1 history has" in told.err
        assert running("audit", "history-archive", "--json").code == 1
    finally:
        _read(running, "delete from history_archive_due where workflow_id = 'complaint-7000001'")


def _read(kawal: Kawal, statement: str) -> list[asyncpg.Record]:
    async def read() -> list[asyncpg.Record]:
        endpoints = json.loads((kawal.home / "run" / "endpoints.json").read_text())
        connection = await asyncpg.connect(endpoints["database_url"])
        rows = await connection.fetch(statement)
        await connection.close()
        return list(rows)

    return asyncio.run(read())
