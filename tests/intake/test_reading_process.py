"""A reader uses no more than it may, and whatever happens to it, the next reading is done."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kawal.intake.reading_process import Limits, ReadingProcesses, UnreadableBytes
from tests.workflows.life import eventually

pytestmark = pytest.mark.slow

TASK = "tests.intake.hostile_tasks:do"
LIMITS = Limits(cpu_seconds=1, wall_seconds=30, memory=512 * 1024 * 1024)

PARENT = """
import asyncio
from kawal.intake.reading_process import Limits, ReadingProcesses

async def main():
    readers = ReadingProcesses("tests.intake.hostile_tasks:do", Limits(60, 60, 2**29))
    print((await readers.read({"do": "echo"})).said["pid"], flush=True)
    await readers.read({"do": "work for ever"})

asyncio.run(main())
"""


@pytest.fixture
async def readers() -> AsyncIterator[ReadingProcesses]:
    opened = ReadingProcesses(TASK, LIMITS)
    yield opened
    opened.close()


def written(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.iterdir())


def parent_with_a_reader() -> tuple[subprocess.Popen[str], int]:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "\nState:\tZ" in status.read_text()


async def pid_of(readers: ReadingProcesses) -> int:
    return int((await readers.read({"do": "echo"})).said["pid"])


async def test_what_is_asked_comes_back_from_another_process_of_lower_priority_without_our_environment(
    readers: ReadingProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAWAL_MASTER_KEY", "rahasia")
    said, pieces = await readers.read({"do": "echo"}, b"satu", b"", bytes(10**6))
    assert pieces == [b"satu", b"", bytes(10**6)]
    assert said["pid"] != os.getpid()
    assert said["nice"] >= 10
    assert not [name for name in said["environment"] if name.startswith("KAWAL")]
    assert await pid_of(readers) == said["pid"]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("work for ever", "time"),
        ("take all memory", "memory"),
        ("nest", "nesting"),
        ("die", "crash"),
        ("lie", "crash"),
        ("fail", "error"),
    ],
)
async def test_a_reading_that_exceeds_its_limits_or_dies_is_told_and_the_next_is_done(
    readers: ReadingProcesses, asked: str, why: str
) -> None:
    with pytest.raises(UnreadableBytes) as unreadable:
        await readers.read({"do": asked})
    assert (unreadable.value.why, str(unreadable.value)) == (why, why)
    assert (await readers.read({"do": "echo"}, b"halo")).pieces == [b"halo"]


async def test_a_reading_that_only_waits_ends_by_the_clock() -> None:
    readers = ReadingProcesses(TASK, LIMITS._replace(wall_seconds=1))
    with pytest.raises(UnreadableBytes, match="time"):
        await readers.read({"do": "wait"})
    readers.close()


async def test_a_reader_writes_no_file_and_what_its_libraries_print_is_no_answer(
    readers: ReadingProcesses, tmp_path: Path
) -> None:
    assert (await readers.read({"do": "print"})).said == {}
    with pytest.raises(UnreadableBytes):
        await readers.read({"do": "write a file", "path": str(tmp_path / "file")})
    assert written(tmp_path) == 0


async def test_a_reader_that_was_killed_while_it_was_idle_costs_no_reading(readers: ReadingProcesses) -> None:
    first = await pid_of(readers)
    os.kill(first, signal.SIGKILL)
    assert await pid_of(readers) != first


async def test_what_is_being_read_when_the_readers_are_closed_is_to_be_tried_again(readers: ReadingProcesses) -> None:
    first = await pid_of(readers)
    reading = asyncio.create_task(readers.read({"do": "wait"}))
    await asyncio.sleep(0)
    readers.close()
    with pytest.raises(OSError, match="closed"):
        await reading
    with pytest.raises(OSError, match="closed"):
        await readers.read({"do": "echo"})
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_readers_end_with_a_parent_that_is_killed() -> None:
    parent, reader = await asyncio.to_thread(parent_with_a_reader)
    with parent:
        parent.kill()

    async def gone() -> bool:
        return await asyncio.to_thread(is_gone, reader)

    assert await eventually(gone)
