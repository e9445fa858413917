"""The recorded year 2022 through the real engine, from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KEPRI = ROOT / "scenarios" / "kepri-2022.csv"
PUBLISHED = {
    "masuk": 273,
    "selesai": 271,
    "proses": 2,
    "belum_diverifikasi": 0,
    "belum_ditindaklanjuti": 0,
    "persen_selesai": 99.27,
}

START = {"title": "Jalan rusak", "text": "Jalan berlubang di depan sekolah.", "channel": "web"}
VERIFIED = {"title": "Jalan rusak", "class": "pengaduan", "category": "PEKERJAAN UMUM DAN PENATAAN RUANG"}
SMALL: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("2022-03-07T09:00:00+07:00", "A", "adapter", "start", START),
    ("2022-03-07T10:00:00+07:00", "B", "adapter", "start", START),
    ("2022-03-08T09:00:00+07:00", "A", "admin", "verify", VERIFIED),
    ("2022-03-08T09:05:00+07:00", "A", "admin", "forward", {"opds": ["DPUPR"]}),
    ("2022-03-08T10:00:00+07:00", "B", "admin", "merge", {"main": "A"}),
    ("2022-03-08T11:00:00+07:00", "B", "admin", "archive", {"reason": "sudah digabung"}),
    ("2022-03-18T09:00:00+07:00", "A", "liaison/DPUPR", "follow_up", {"text": "Sudah ditambal.", "final": True}),
]
"""Two complaints of which one follows the other; the OPD answers a day after its five working days."""


def jsonl(rows: list[tuple[str, str, str, str, dict[str, Any]]]) -> str:
    names = ("at", "complaint", "role", "command", "arguments")
    lines = [json.dumps(dict(zip(names, row, strict=True)) | {"actor": "Dewi"}) for row in rows]
    return "\n".join(lines) + "\n"


def kawal(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KAWAL_HOME": str(home), "KAWAL_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "kawal.cli", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def figures(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.timeout(1000)
def test_the_year_2022_comes_out_as_it_was_published(home: Path) -> None:
    result = figures(kawal("rerun", KEPRI, "--json", home=home))
    assert {key: result[key] for key in PUBLISHED} == PUBLISHED
    assert result["run"]["escalations"] > 0
    assert len(result["run"]["refused"]) == 5
    assert not home.exists(), "a rerun keeps to a scratch folder"


def test_a_complaint_that_nobody_followed_up_is_missing_from_what_is_done(home: Path, tmp_path: Path) -> None:
    header, *rows = KEPRI.read_text(encoding="utf-8").splitlines(keepends=True)
    twenty = [row for row in rows if any(f",KEPRI-{number:03}," in row for number in range(91, 111))]
    forward = next(number for number, row in enumerate(twenty) if ",forward," in row and ",KEPRI-100," in row)
    kept = [row for number, row in enumerate(twenty) if number <= forward or ",KEPRI-100," not in row]
    cut = tmp_path / "cut.csv"
    cut.write_text("".join([header, *kept]), encoding="utf-8")
    result = figures(kawal("rerun", cut, "--json", home=home))
    assert (result["masuk"], result["selesai"], result["proses"], result["belum_ditindaklanjuti"]) == (20, 16, 3, 1)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.jsonl"
    file.write_text(jsonl(SMALL), encoding="utf-8")
    return file


def test_a_refused_command_is_listed_and_the_rest_goes_on_but_strict_ends_with_1(small: Path, home: Path) -> None:
    done = kawal("rerun", small, "--json", "--strict", home=home)
    assert done.returncode == 1
    result = json.loads(done.stdout)
    assert (result["masuk"], result["proses"], result["digabung"]) == (1, 1, 1)
    assert [(one["row"], one["command"], one["code"]) for one in result["run"]["refused"]] == [(6, "archive", "ended")]
    assert "6: B archive" in done.stderr


def test_time_runs_to_the_day_that_is_asked_for(small: Path, home: Path) -> None:
    done = figures(kawal("rerun", small, "--json", "--until", "2022-04-05", home=home))
    assert (done["selesai"], done["as_of"]) == (1, "2022-04-05T17:00:00+00:00")


def test_another_policy_shows_what_would_have_been_late(small: Path, home: Path, tmp_path: Path) -> None:
    policy = tmp_path / "other.toml"
    policy.write_text('[[policy]]\nversion = "longgar"\neffective_from = 2019-01-01\nrespond = 8\n', encoding="utf-8")
    assert figures(kawal("rerun", small, "--json", home=home))["ever_late"] == 1
    assert figures(kawal("rerun", small, "--json", "--policy", policy, home=home))["ever_late"] == 0


def test_a_policy_of_later_days_is_wrong_usage_before_anything_starts(small: Path, home: Path, tmp_path: Path) -> None:
    policy = tmp_path / "nanti.toml"
    policy.write_text('[[policy]]\nversion = "nanti"\neffective_from = 2026-01-01\nbasis = "uji"\n')
    outcome = kawal("rerun", small, "--policy", policy, home=home)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "nanti.toml" in outcome.stderr
    assert not home.exists()


def test_a_malformed_row_stops_the_run_before_anything_starts(small: Path, home: Path) -> None:
    backwards = ("2022-03-01T09:00:00+07:00", *SMALL[-1][1:])
    small.write_text(jsonl([*SMALL[:-1], backwards]), encoding="utf-8")
    done = kawal("rerun", small, home=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "7" in done.stderr
    assert "at" in done.stderr


def test_what_was_rerun_can_be_kept_in_a_folder_of_its_own_but_not_in_a_used_one(small: Path, home: Path) -> None:
    kept = home / "kept"
    figures(kawal("rerun", small, "--json", "--home", kept, home=home))
    assert (kept / "postgres").is_dir()
    again = kawal("rerun", small, "--json", "--home", kept, home=home)
    assert again.returncode == 2
    assert "not empty" in again.stderr
