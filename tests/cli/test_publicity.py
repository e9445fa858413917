"""What the public sees, on the command line: files and words released and redacted by those who may."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR
from tests.intake.attachments import files

INSPECTOR = "inspectorate:Eka"
VERIFY = ("--category", "PERHUBUNGAN", "--class", "pengaduan")


def verified(running: Kawal, title: str, *more: str) -> str:
    tracking = running.start(title)
    running.done("verify", tracking, "--title", title, *VERIFY, *more, who=ADMIN)
    return tracking


def test_a_passage_is_replaced_and_a_file_released_and_redacted(running: Kawal, english: Kawal, tmp_path: Path) -> None:
    tracking = verified(running, "Gardu Merpati milik Joko berdengung")
    told = running.done("public", "redact", tracking, "--passage", "milik Joko", "--why", "Nama warga", who=ADMIN)
    assert (told["tracking_id"], told["what"]) == (tracking, "words")
    assert running.done("find", "Joko") == []
    (found,) = running.done("find", "merpati", "gardu")
    assert found["title"] == "Gardu Merpati [disunting] berdengung"
    photo = tmp_path / "gardu.jpg"
    photo.write_bytes(files.jpeg())
    (added,) = running.done("attachments", tracking, "--add", str(photo), who=ADMIN)
    black = english("public", "redact-picture", tracking, added["id"], "--area", "0,0,9,9", "--why", "Wajah", who=ADMIN)
    assert black.code == 0, black
    released = english("public", "release", tracking, "--file", added["id"], who=ADMIN)
    assert "without metadata" in released.out
    assert running.done("show", tracking)["supporters"] == 0
    assert running("audit", "verify", tracking).code == 0


def test_words_under_supervision_are_released_by_the_inspectorate_alone(running: Kawal) -> None:
    tracking = verified(running, "Pungutan di terminal Kenari", "--pengawasan")
    assert running("public", "release", tracking, "--words", who=ADMIN).code == 1
    assert running.done("find", "Kenari", "pungutan") == []
    running.done("public", "release", tracking, "--words", who=INSPECTOR)
    (found,) = running.done("find", "Kenari", "pungutan")
    assert found["tracking_id"] == tracking
    for wrong in ((), ("--words", "--file", "x")):
        assert running("public", "release", tracking, *wrong, who=INSPECTOR).code in (1, 2)
    assert running("public", "redact", tracking, "--passage", "Kenari", "--why", "x", who=AUDITOR).code == 1
    assert running("public", "redact", tracking, "--passage", "Kenari", who=INSPECTOR).code == 2
