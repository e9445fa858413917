"""`kawal backup` of a running system, and `kawal restore` into another home, on which everything goes on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.cli.running import Kawal, Up


def test_a_running_system_is_backed_up_and_goes_on_in_another_home(running: Kawal, home: Path, tmp_path: Path) -> None:
    tracking = running.start("Jembatan retak")
    assert running("audit", "seal").code == 0
    folder = tmp_path / "cadangan"
    done = running.done("backup", str(folder))
    assert (done["engine"], done["master_key"]) == ("embedded", False)
    after = running.start("Sesudah cadangan")

    restored = Kawal(home)
    without_key = restored("restore", str(folder), "--without-erasures")
    assert (without_key.code, "master.key" in without_key.err) == (3, True)
    (home / "keys").mkdir(mode=0o700)
    shutil.copy(running.home / "keys" / "master.key", home / "keys")
    asked = restored("restore", str(folder))
    assert (asked.code, "--erasures" in asked.err) == (1, True)
    told = restored("restore", str(folder), "--without-erasures")
    assert told.code == 0, told.err
    assert done["backup"] in told.out
    assert "--without-erasures" not in told.err
    again = restored("restore", str(folder), "--without-erasures")
    assert (again.code, str(home) in again.err) == (1, True)

    up = Up(restored, "--no-ui")
    up.wait_until_ready()
    try:
        verify = ("--title", "Jembatan", "--class", "pengaduan", "--category", "PERHUBUNGAN")
        assert restored.done("verify", tracking, *verify, who="admin:Ani")["last_seq"] == 2
        assert restored("show", after).code == 1
        assert restored.done("reconcile", "--now")["last_round"]["found"] == 0
        assert restored.done("audit", "replay", tracking)["verdicts"] == {"replayed": 1}
        verified = restored("audit", "verify")
        assert verified.code == 0, (verified.out, verified.err)
        # The two are separate: neither looks into the other's engine.
        assert running.done("reconcile", "--now")["last_round"]["found"] == 0
    finally:
        assert up.stop() == 0


def test_a_backup_says_what_is_not_in_it(english: Kawal, tmp_path: Path) -> None:
    said = english("backup", str(tmp_path / "one"), "--keys", str(tmp_path / "other"), "--with-master-key")
    assert said.code == 0, said.err
    assert "The master key IS in the keys part" in said.err
    assert (tmp_path / "other" / "master" / "master.key").exists()
    assert english("backup", str(tmp_path / "one")).code == 1
    assert english("backup", str(tmp_path / "x"), "--keys", str(tmp_path / "x" / "keys")).code == 2


def test_with_nothing_there_is_nothing_to_back_up(alone: Kawal, tmp_path: Path) -> None:
    outcome = alone("backup", str(tmp_path / "one"))
    assert (outcome.code, os.listdir(tmp_path)) == (3, [])
    outcome = alone("restore", str(tmp_path / "one"), "--erasures", "x", "--without-erasures")
    assert outcome.code == 2
