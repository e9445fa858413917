"""`kawal import` killed with -9 in the middle, on a system of its own, and run again: every row once."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Kawal, Up
from tests.intake.files.test_import_run import COLUMNS, row

ROWS = 400


@pytest.fixture(scope="module")
def kawal(short_folder: Path) -> Iterator[Kawal]:
    """Yield a system that runs for this file's tests alone."""
    opened = Kawal(short_folder / "imports", KAWAL_HTTP_PORT="0")
    up = Up(opened, "--no-ui")
    try:
        up.wait_until_ready()
        yield opened
    finally:
        assert up.stop() == 0, up.err.read_text()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "ekspor.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(row(n, "Belum Diverifikasi", opd="") for n in range(ROWS))
        writer.writerow(row(ROWS, "Proses", received="kemarin"))
        writer.writerow(row(ROWS + 1, "=HYPERLINK(1)"))
    return path


def test_a_killed_import_is_resumed_and_every_row_is_taken_in_once(kawal: Kawal, export: Path) -> None:
    looked = kawal("import", str(export), "--map", "lapor", "--dry-run")
    assert looked.code == 1
    assert f"{ROWS} akan diterima, 0 sudah ada, 2 ditolak" in looked.out
    assert "relatif" in looked.out

    arguments = [sys.executable, "-m", "kawal.cli", "import", str(export), "--map", "lapor"]
    killed = subprocess.Popen(arguments, env=kawal.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    noted = kawal.home / "imports"
    until = time.monotonic() + 60
    while not (noted.exists() and list(noted.glob("*.json"))):
        assert time.monotonic() < until
        assert killed.poll() is None
        time.sleep(0.02)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()

    resumed = kawal("import", str(export), "--map", "lapor", "--resume", "--json")
    assert resumed.code == 1
    summary = resumed.json["summary"]
    assert summary["skipped"] >= 200
    assert summary["skipped"] + summary["new"] + summary["known"] == ROWS
    assert summary["refused"] == 2
    # Where an overloaded engine starts nothing for half a minute, the import ends early and keeps its place.
    assert bool(list(noted.glob("*.json"))) == bool(summary["waiting"])
    faults = list(csv.reader(Path(f"{export}.galat.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(one[0], one[1]) for one in faults[1:]] == [(str(ROWS + 2), "Tanggal"), (str(ROWS + 3), "Status")]
    assert not any(cell.startswith("=") for one in faults for cell in one)

    again = kawal("import", str(export), "--map", "lapor", "--json")
    assert (again.json["summary"]["new"], again.json["summary"]["known"]) == (0, ROWS)
    until = time.monotonic() + 60
    while len(kawal.done("list", "--limit", "5000")) < ROWS:  # the last of them are just being started
        assert time.monotonic() < until
    assert len(kawal.done("list", "--limit", "5000")) == ROWS


def test_what_cannot_be_imported_at_all_is_told_with_the_exit_code_of_wrong_usage(kawal: Kawal, tmp_path: Path) -> None:
    wrong = tmp_path / "lain.csv"
    wrong.write_text("Nomor,Perihal\n1,x\n")
    outcome = kawal("import", str(wrong), "--map", "lapor")
    assert outcome.code == 2
    assert "Judul" in outcome.err
    assert kawal("import", str(tmp_path / "tiada.csv"), "--map", "lapor").code == 2
    assert kawal("import", str(wrong), "--map", str(tmp_path / "tiada.toml")).code == 2
