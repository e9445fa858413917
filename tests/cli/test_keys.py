"""`kawal keys` beside a running system."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Kawal

ADMIN = "admin:Ani"


def test_the_master_key_is_rotated_under_a_running_system(running: Kawal) -> None:
    before = running.done("keys", "status")
    assert before["source"] == "file"
    rotated = running.done("keys", "rotate-master", who=ADMIN)
    assert rotated["ended"]
    assert rotated["master_key"] != before["current"]
    assert Path(rotated["previous"][-1]).parent == running.home / "keys" / "previous"
    after = running.done("keys", "status")
    assert [line["master_key"] for line in after["master_keys"]] == [rotated["master_key"]]
    tracking = running.start("Lampu jalan padam")
    assert running("show", tracking).code == 0
    assert running.done("keys", "status")["master_keys"][0]["data_keys"] > after["master_keys"][0]["data_keys"]
    shown = running("keys", "status")
    assert rotated["master_key"] in shown.out
    assert "keys/master.key" in shown.out


def test_a_data_key_is_rotated_for_one_complaint_or_the_system_and_never_for_looking_up(running: Kawal) -> None:
    tracking = running.start("Lampu jalan padam")
    assert running.done("keys", "rotate-data", tracking, who=ADMIN) == {"owner": f"complaint-{tracking}"}
    assert running.done("keys", "rotate-data", "--system", who=ADMIN) == {"owner": "system"}
    assert running("history", tracking, "--words", "--purpose", "uji", who="auditor:Rani").code == 0
    refused = running("keys", "rotate-data", "lookup", who=ADMIN)
    assert refused.code == 1
    assert "kunci idempotensi" in refused.err
    assert running("keys", "rotate-data", "7654321", who=ADMIN).code == 1
    assert running("keys", "rotate-data", tracking, who="auditor:Rani").code == 1
    assert running("keys", "rotate-data", who=ADMIN).code == 2
    assert running("keys", "rotate-data", tracking, "--system", who=ADMIN).code == 2


def test_a_key_file_that_holds_none_is_refused(running: Kawal, tmp_path: Path) -> None:
    file = tmp_path / "kunci"
    file.write_text("bukan kunci")
    file.chmod(0o600)
    outcome = running("keys", "rotate-master", "--key-file", str(file), who=ADMIN)
    assert outcome.code == 3
    assert "base64" in outcome.err
