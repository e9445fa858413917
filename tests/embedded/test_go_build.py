"""The build of the official server: its environment, its lock, its disk space, its message on failure."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid
from kawal.embedded import go_build
from kawal.embedded.programs import GoProgram
from kawal.wording.catalogues import say

EXAMPLE = GoProgram(
    "x", msgid("the Temporal UI"), "example.org/server", "1", modules=4, packages=6, minutes=(1, 1), gigabytes=11
)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_machine_that_pins_its_own_go_does_not_bend_the_build(tmp_path: Path) -> None:
    environment = go_build.build_environment(
        tmp_path,
        {
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=vendor",
            "GOOS": "windows",
            "GOPROXY": "https://proxy.example",
            "A": "b",
        },
    )
    assert environment["GOTOOLCHAIN"] == "auto"
    assert environment["GOFLAGS"] == "-modcacherw"
    assert "GOOS" not in environment
    assert environment["GOPROXY"] == "https://proxy.example"
    assert environment["A"] == "b"
    assert all(environment[name].startswith(str(tmp_path)) for name in ("GOPATH", "GOMODCACHE", "GOCACHE", "GOBIN"))


def test_too_little_disk_is_said_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 2 * 10**9))
    with pytest.raises(SystemUnavailable) as caught:
        go_build.build(EXAMPLE, cache=tmp_path, label="x", lang="en")
    assert "2 GB" in say("en", caught.value.sentence)
    assert "KAWAL_CACHE" in say("id", caught.value.sentence)
    assert not list(tmp_path.glob("building-*"))


@pytest.mark.slow
def test_a_build_that_fails_says_where_to_look_and_leaves_no_gigabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "building-old").mkdir()
    # No Go on PATH that can build, and no wheel available: both ways are tried and fail.
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(go_build, "GO_WHEEL", str(tmp_path / "missing.whl"))
    with pytest.raises(SystemUnavailable, match=r"build\.log"):
        go_build.build(EXAMPLE, cache=tmp_path, label="x", lang="en")
    assert not list(tmp_path.glob("building-*"))
    assert not EXAMPLE.file(tmp_path).exists()


def test_the_second_of_two_builds_waits_and_takes_what_the_first_made(tmp_path: Path) -> None:
    target = EXAMPLE.file(tmp_path)
    target.parent.mkdir(parents=True)
    lock = os.open(tmp_path / "build.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    second = threading.Thread(
        target=go_build.build,
        args=(EXAMPLE,),
        kwargs={"cache": tmp_path, "label": "x", "lang": "en"},
    )
    second.start()
    second.join(0.7)
    assert second.is_alive()
    target.write_text("made by the first")
    os.close(lock)
    second.join(30)
    assert not second.is_alive()
    assert target.read_text() == "made by the first"
