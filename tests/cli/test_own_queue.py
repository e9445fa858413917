"""What waits for whoever acts: the role's own queue, the next report, and the advised decision in one step."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence

import asyncpg
import pytest

from kawal.base.endpoints import database_address
from kawal.base.postgres import connect
from kawal.base.settings import Settings
from kawal.cli.terminal.tables import write_table
from kawal.domain.checks import CheckResult, Suggestion
from kawal.store.advice import keep_advice
from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, CATEGORY, DISHUB, DPUPR, REPORTER, VERIFY

DRAINS = f"{CATEGORY} / DRAINASE (GORONG-GORONG/PARIT)"
ADVISED_WITHIN = 60.0


def advised(kawal: Kawal, *more: str, title: str = "Parit tersumbat", opd: str | None = "DPUPR", **told: bool) -> str:
    """File a report, and put the advice in the place of the one that was worked out."""
    tracking = kawal.start(title, *more)
    purpose = ("--purpose", "Verifikasi") if "--rahasia" in more else ()
    until = time.monotonic() + ADVISED_WITHIN
    while kawal.done("show", tracking, "--advice", *purpose, who=ADMIN)["advice"] is None:
        assert time.monotonic() < until, "no advice was worked out"
    given = CheckResult(
        categories=[Suggestion(key=DRAINS, share=0.9)],
        opds=[] if opd is None else [Suggestion(key=opd, share=0.9)],
        pengawasan_hint=told.get("hint", False),
        unsure=told.get("unsure", False),
    )

    async def keep(address: str) -> None:
        connection: asyncpg.Connection = await connect(address)
        try:
            await keep_advice(connection, tracking, given)
        finally:
            await connection.close()

    with kawal._environment():
        address = database_address(Settings.from_env())
    asyncio.run(keep(address))
    return tracking


def waiting(kawal: Kawal, who: str, *options: str) -> dict[str, list[str]]:
    """Return what each report of somebody's list waits for."""
    return {line["tracking_id"]: line["why"] for line in kawal.done("list", "--limit", "1000", *options, who=who)}


def test_a_role_lists_what_waits_for_itself_and_finds_the_rest_by_filter_or_queue(running: Kawal) -> None:
    tracking = running.start("Parit tersumbat")
    assert waiting(running, ADMIN)[tracking] == ["verify"]
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    assert waiting(running, ADMIN)[tracking] == ["forward"]
    running.done("forward", tracking, "--opd", "DPUPR", who=ADMIN)
    assert tracking not in waiting(running, ADMIN)
    assert waiting(running, DPUPR)[tracking] == ["respond"]
    assert tracking not in waiting(running, DISHUB)
    assert tracking in waiting(running, ADMIN, "--queue", "open")
    assert tracking in waiting(running, ADMIN, "--opd", "dpupr")
    assert tracking in waiting(running, AUDITOR)
    running.done("follow-up", tracking, "--text", "Selesai", "--final", who=DPUPR)
    running.done("accept", tracking, who=REPORTER)
    assert tracking not in waiting(running, DPUPR)
    (closed,) = [
        line
        for line in running.done("list", "--status", "selesai", "--limit", "1000", who=DPUPR)
        if line["tracking_id"] == tracking
    ]
    assert closed["next_deadline"] is None
    row = next(line for line in running("list", "--limit", "1000").out.splitlines() if line.startswith(tracking))
    assert row.split("\t")[5] == "–", "a closed report has no next deadline"


def test_the_own_list_begins_with_what_is_due_first_and_keeps_the_fields_of_the_public_one(running: Kawal) -> None:
    own = running.done("list", "--limit", "1000", who=ADMIN)
    running.start("Parit tersumbat")
    dated = [(not line["overdue"], line["next_deadline"] or "9", line["received_at"]) for line in own]
    assert dated == sorted(dated)
    public = running.done("list", "--limit", "1")[0]
    assert set(public) < set(running.done("list", "--limit", "1", who=ADMIN)[0])


def test_the_queue_of_another_role_is_refused_and_one_of_nobody_is_wrong_usage(running: Kawal) -> None:
    assert running("list", "--queue", "verification", who=DPUPR).code == 1
    refused = running("list", "--queue", "open")
    assert (refused.code, refused.out) == (2, "")
    assert "--as" in refused.err
    assert running("next", who="national:Pusat").code == 1


def test_the_own_list_is_a_table_in_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kawal.cli.commands.own_queue import COLUMNS

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    row = [
        "1234567",
        "TERLAMBAT 11 Sep 2026 (sementara)",
        "pelapor mengirim yang masih kurang; verifikasi dan penerusan",
    ]
    write_table(COLUMNS, [[*row, "DINSOSPPPA, DPUPR", "Antrean puskesmas terlalu lama"]], "id")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert "Nomor" in lines[0] + lines[1]
    assert "Menunggu" in lines[0] + lines[1], "one line of headings, not a block for each report"
    assert max(map(len, lines)) <= 80


def test_next_shows_the_most_urgent_report_and_what_can_be_done_with_it(running: Kawal) -> None:
    running.start("Lampu jalan padam")
    first = running.done("list", "--limit", "1", who=ADMIN)[0]
    shown = running.done("next", who=ADMIN)
    assert (shown["tracking_id"], shown["why"]) == (first["tracking_id"], first["why"])
    before = _readings_of(running, first["tracking_id"])
    told = running("next", who=ADMIN)
    assert first["tracking_id"] in told.out
    for command in shown["commands"]:
        assert command.startswith("kawal ")
        assert first["tracking_id"] in command
        assert "--as admin:Ani" in command
        assert command in told.out
    # Words of a rahasia report are not shown, so that there is no reading of them.
    assert (_readings_of(running, first["tracking_id"]) > before) is not first["rahasia"]


def _readings_of(running: Kawal, tracking_id: str) -> int:
    found = running.done("events", "--access", "--limit", "1000", who=AUDITOR)
    return sum(one["tracking_id"] == tracking_id for one in found)


def test_the_advised_decision_verifies_and_forwards_in_one_step(running: Kawal) -> None:
    tracking = advised(running, "--class", "aspirasi")
    done = running.done("verify", tracking, "--suggested", "1", "--forward", "--key", "satu", who=ADMIN)
    assert done["forwarded"]["first_seq"] > done["last_seq"]
    shown = running.done("show", tracking, who=ADMIN)
    assert (shown["category"], shown["report_class"]) == (DRAINS, "aspirasi")
    assert shown["words"]["title"] == "Parit tersumbat"
    assert [(line["code"], line["state"]) for line in shown["opds"]] == [("DPUPR", "owes")]
    again = running.done("verify", tracking, "--suggested", "1", "--forward", "--key", "satu", who=ADMIN)
    assert again == done, "the same command under the same key takes effect once"


def test_what_is_given_counts_more_than_what_is_advised(running: Kawal) -> None:
    tracking = advised(running, "--class", "aspirasi", unsure=True)
    given = ("--title", "Parit", "--class", "pengaduan", "--category", CATEGORY, "--opd", "dishub")
    running.done("verify", tracking, "--suggested", "1", "--forward", *given, who=ADMIN)
    shown = running.done("show", tracking, who=ADMIN)
    assert (shown["category"], shown["report_class"], shown["words"]["title"]) == (CATEGORY, "pengaduan", "Parit")
    assert [line["code"] for line in shown["opds"]] == ["DISHUB"]


def _refused(kawal: Kawal, tracking: str, options: Sequence[str], said: str, code: int = 1) -> None:
    outcome = kawal("verify", tracking, *options, who=ADMIN)
    assert (outcome.code, outcome.out) == (code, ""), outcome
    assert said in outcome.err
    assert kawal.done("show", tracking)["verified_at"] is None


def test_advice_that_a_person_has_to_look_at_is_not_taken_unasked(running: Kawal) -> None:
    take = ("--suggested", "1", "--forward", "--class", "pengaduan")
    hinted = advised(running, hint=True)
    _refused(running, hinted, take, "--no-pengawasan")
    running.done("verify", hinted, *take, "--no-pengawasan", who=ADMIN)
    assert running.done("show", hinted)["pengawasan"] is False
    unsure = advised(running, unsure=True, opd=None)
    _refused(running, unsure, take, "OPD")
    _refused(running, unsure, (*take, "--opd", "DPUPR"), "--although-unsure")
    _refused(running, unsure, ("--suggested", "1", "--although-unsure"), "--class", 2)
    _refused(running, unsure, ("--suggested", "2", "--class", "pengaduan", "--although-unsure"), "ke-2")
    _refused(running, unsure, (*VERIFY, "--forward"), "--opd", 2)
    running.done("verify", unsure, *take, "--opd", "DPUPR", "--although-unsure", "--pengawasan", who=ADMIN)
    assert running.done("show", unsure)["pengawasan"] is True


def test_the_advice_on_a_rahasia_report_is_taken_for_a_purpose_with_its_own_title(running: Kawal) -> None:
    tracking = advised(running, "--rahasia", "--class", "pengaduan")
    _refused(running, tracking, ("--suggested", "1"), "tujuan")
    outcome = running("verify", tracking, "--suggested", "1", "--purpose", "Verifikasi", who=ADMIN)
    assert outcome.code == 0, outcome
    assert "Parit" not in outcome.out + outcome.err
    first, second = running.done("history", tracking, "--words", "--purpose", "Periksa", who=ADMIN)[:2]
    assert first["words"]["title"] == second["words"]["title"] == "Parit tersumbat"


def test_where_forwarding_is_refused_it_says_that_the_report_is_verified_and_what_to_run(running: Kawal) -> None:
    tracking = advised(running, opd="TIDAKADA")
    outcome = running("verify", tracking, "--suggested", "1", "--forward", "--class", "pengaduan", who=ADMIN)
    assert outcome.code == 1
    assert re.search(rf"{tracking}.*Belum ditindaklanjuti", outcome.out)
    assert f"kawal forward {tracking} --opd TIDAKADA --as {ADMIN}" in outcome.err
    assert running.done("show", tracking)["verified_at"] is not None


def test_a_saved_view_lists_what_its_page_shows(running: Kawal) -> None:
    shown, other = running.start("Lampu taman padam sekali"), running.start("Trotoar rusak")
    for name, address in (("Lampu", "/kerja?antrean=verification&cari=taman"), ("Cari", "/kerja/cari?q=lampu")):
        running.done("view", "save", name, address, who=ADMIN)
    listed = {line["tracking_id"] for line in running.done("list", "--view", "lampu", who=ADMIN)}
    assert (shown in listed, other in listed) == (True, False)
    for given, who, code, said in (
        (("--view", "lampu", "--overdue"), ADMIN, 2, "--view"),
        (("--view", "Lampu"), None, 2, "--as"),
        (("--view", "Lampu"), DPUPR, 1, "Lampu"),
        (("--view", "Cari"), ADMIN, 1, "/kerja/cari?q=lampu"),
    ):
        outcome = running("list", *given, who=who)
        assert (outcome.code, outcome.out, said in outcome.err) == (code, "", True), given
