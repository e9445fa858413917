"""A complaint's letters at the command line: listed, shown as harmless text, written to a file as they came."""

from __future__ import annotations

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kawal.base.settings import Settings
from kawal.cli.commands.raw_letters import SHOWN
from kawal.cli.terminal.plain_text import visible
from kawal.domain.names import Channel
from kawal.record import open_record
from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DISHUB, DPUPR, forwarded

LETTER = (
    b"From: Siti <siti@example.org>\r\nSubject: =?utf-8?q?Jalan?=\r\n\r\nLubang di depan kios \xe2\x80\x93 dalam.\r\n"
    b"\x1b]0;palsu\x07\x1b[2J\xc2\x9b31m\xff \xe2\x80\xae\r"
)
PURPOSE = ("--purpose", "Surat tanpa lampiran")


def kept(kawal: Kawal, tracking: str, raw: bytes = LETTER, *left_out: str) -> None:
    """Keep a letter with a complaint, as the way in that took it does."""

    async def keep() -> None:
        async with open_record(Settings.from_env({**kawal.environment})) as record:
            assert await record.raw_letters.keep(
                tracking,
                raw,
                channel=Channel.EMAIL,
                identity=f"{len(raw)}@example.org",
                received_at=datetime.now(UTC),
                left_out=left_out,
            )

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, keep()).result()


def test_a_letter_is_listed_with_what_was_left_out_and_written_as_it_came_to_a_file_of_ones_own(
    running: Kawal, tmp_path: Path
) -> None:
    tracking, output = forwarded(running, "DPUPR"), tmp_path / "surat.eml"
    assert "–" not in running("letter", "list", tracking, who=ADMIN).out
    kept(running, tracking, LETTER, "broken:foto: rusak.heic", "text", "apa pun: lain")
    (listed,) = running.done("letter", "list", tracking, who=DPUPR)
    assert (listed["number"], listed["size"], listed["channel"]) == (1, len(LETTER), "email")
    assert listed["left_out"] == ["broken:foto: rusak.heic", "text", "apa pun: lain"]
    told = "foto: rusak.heic (rusak atau tidak lengkap); melebihi panjang teks laporan; apa pun: lain"
    assert told in running("letter", "list", tracking, who=AUDITOR).out
    written = running.done("letter", "show", tracking, "1", *PURPOSE, "--to", str(output), who=ADMIN)
    assert written == {"tracking_id": tracking, "number": 1, "path": str(output)}
    assert output.read_bytes() == LETTER
    assert output.stat().st_mode & 0o077 == 0
    read = running.done("letter", "show", tracking, "1", *PURPOSE, who=AUDITOR)
    assert base64.b64decode(read["base64"]) == LETTER
    assert running("letter", "show", tracking, "1", *PURPOSE, "--to", str(output), who=ADMIN).code == 2
    readings = running.done("events", "--access", "--kind", "read_report", "--limit", "2", who=AUDITOR)
    assert [one["facts"] for one in readings] == [
        {"via": "cli", "what": "letter", "letter": 1, "matter": "letter", "identity": True, "operator": True}
    ] * 2


def test_on_the_screen_it_is_text_alone(running: Kawal) -> None:
    tracking = forwarded(running, "DPUPR")
    kept(running, tracking)
    shown = running("letter", "show", tracking, "1", *PURPOSE, who=ADMIN)
    assert shown.code == 0
    assert "Subject: =?utf-8?q?Jalan?=\n\nLubang di depan kios – dalam.\n" in shown.out
    assert r"\x1b]0;palsu\x07\x1b[2J\x9b31m\xff \u202e\r" in shown.out
    assert all(char.isprintable() or char == "\n" for char in shown.out)
    kept(running, tracking, b"x" * (SHOWN + 1))
    cut = running("letter", "show", tracking, "2", *PURPOSE, who=ADMIN)
    assert cut.out == "x" * SHOWN + "\n"
    assert "--to" in cut.err


def test_whoever_may_not_read_it_is_told_why_and_it_is_on_record(running: Kawal) -> None:
    tracking = forwarded(running, "DPUPR")
    kept(running, tracking, LETTER, "ktp siti.exe")
    for who, code in ((ADMIN, "purpose_needed"), (DISHUB, "words_not_of_opd"), ("reporter:Siti", "words_not_yours")):
        purpose = () if code == "purpose_needed" else PURPOSE
        assert running("letter", "show", tracking, "1", *purpose, who=who).code == 1
        (refused,) = running.done("events", "--access", "--kind", "refused", "--limit", "1", who=AUDITOR)
        assert (refused["tracking_id"], refused["facts"]["code"]) == (tracking, code)
    assert running("letter", "show", tracking, "1").code == 2
    missing = running("letter", "show", tracking, "7", *PURPOSE, who=ADMIN)
    assert missing.code == 1
    assert f"kawal letter list {tracking}" in missing.err


def test_show_tells_officials_who_work_on_it_what_was_left_out_and_nobody_else(running: Kawal) -> None:
    tracking = forwarded(running, "DPUPR")
    assert running.done("show", tracking, who=ADMIN)["left_out"] == []
    kept(running, tracking, LETTER, "type_not_allowed:ktp siti.exe")
    for who in (ADMIN, DPUPR, AUDITOR):
        assert running.done("show", tracking, who=who)["left_out"] == ["type_not_allowed:ktp siti.exe"]
        assert "ktp siti.exe (jenis berkas ini tidak diterima)" in running("show", tracking, who=who).out
    for stranger in (DISHUB, "reporter:Siti", None):
        assert "left_out" not in running.done("show", tracking, who=stranger)
        assert "ktp siti.exe" not in running("show", tracking, who=stranger).out
    hidden = running.done("start", "--title", "Pungutan", "--text", "Ada pungutan", "--rahasia", who="reporter:Siti")
    kept(running, hidden["tracking_id"], LETTER, "ktp siti.exe")
    assert "left_out" not in running.done("show", hidden["tracking_id"], who=ADMIN)


@pytest.mark.parametrize("line", [b"", b"\n", b"\r\n\r\n", b"\\x1b", b"\xc3", b"\xed\xa0\x80", b"\x7f\xc2\x85\t"])
def test_whatever_a_letter_holds_is_shown_and_nothing_of_it_controls_the_terminal(line: bytes) -> None:
    assert all(char.isprintable() or char in "\n\t" for char in visible(line.decode("utf-8", "backslashreplace")))
