"""A complaint's files on the command line: added, named in a follow-up, listed and fetched, each by those who may."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DISHUB, DPUPR, forwarded
from tests.intake.attachments import files


def test_a_file_is_added_named_in_a_follow_up_and_fetched_as_it_came(running: Kawal, tmp_path: Path) -> None:
    tracking = forwarded(running, "DPUPR")
    photo, fetched = tmp_path / "sesudah.jpg", tmp_path / "ambil.jpg"
    photo.write_bytes(files.jpeg())
    (added,) = running.done("attachments", tracking, "--add", str(photo), who=DPUPR)
    assert (added["name"], added["event_seq"]) == ("sesudah.jpg", None)
    unknown = running("follow-up", tracking, "--text", "Selesai", "--file", "sesudah.jpg", who=DPUPR)
    assert unknown.code == 1
    assert "sesudah.jpg" in unknown.err
    step = running.done("follow-up", tracking, "--text", "Selesai", "--file", added["id"], who=DPUPR)
    (listed,) = running.done("attachments", tracking, who=AUDITOR)
    assert listed["event_seq"] == step["last_seq"]
    running.done("attachments", tracking, "--get", "1", "--output", str(fetched), who=ADMIN)
    assert fetched.read_bytes() == files.jpeg()
    assert fetched.stat().st_mode & 0o077 == 0
    assert added["id"] in running("attachments", tracking, who=ADMIN).out
    assert running("attachments", tracking, "--get", "2", "--output", str(tmp_path / "x"), who=ADMIN).code == 1
    assert running("attachments", tracking, "--get", "1", "--output", str(fetched), who=ADMIN).code == 3
    for wrong in (("--get", "1"), ("--output", "x"), ("--add", "x", "--get", "1", "--output", "y"), ("--add", "tiada")):
        assert running("attachments", tracking, *wrong, who=ADMIN).code == 2


def test_whoever_may_not_see_or_add_is_told_why(running: Kawal, tmp_path: Path) -> None:
    tracking = forwarded(running, "DPUPR")
    program = tmp_path / "foto.jpg"
    program.write_bytes(b"MZ\x90\x00" * 50)
    assert running("attachments", tracking, "--add", str(program), who=ADMIN).code == 1
    assert running("attachments", tracking, who=DISHUB).code == 1
    assert running("attachments", tracking, "--add", str(program), who=AUDITOR).code == 1
    refused = running.done("events", "--access", "--kind", "refused", "--limit", "1", who=AUDITOR)
    assert refused[0]["tracking_id"] == tracking
    assert refused[0]["facts"] == {"command": "attach", "code": "wrong_role", "operator": True}
    rahasia = running.done("start", "--title", "Pungutan", "--text", "Ada pungutan", "--rahasia", who="reporter:Siti")
    assert running("attachments", rahasia["tracking_id"], who=AUDITOR).code == 1
    assert running("attachments", rahasia["tracking_id"], "--purpose", "Pemeriksaan", who=AUDITOR).code == 0
