"""How much processor time the commands take that people type all day, beside an interpreter that does nothing.

    python -m benchmarks.cli [COMPLAINTS]

Each command is run as a process of its own, in turn with `python -c pass`, on an installation whose complaints lived
through the real engine; the engine is then gone, and PostgreSQL alone is left. What is counted is the process's own
time (user and system), which other processes on the machine change less than they change the clock on the wall.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.lifecycle import live
from benchmarks.servers import servers, settings_in, working
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.embedded.postgres import postgres

COMPLAINTS = 40
TIMES = 9
PASS = ("-c", "pass")
KAWAL = ("-m", "kawal.cli")


class Line(NamedTuple):
    """A command and how long it may take, in seconds of processor time."""

    typed: Sequence[str]
    limit: float


def lines(tracking_id: str) -> tuple[Line, ...]:
    """Return the measured commands, for one complaint."""
    return (
        Line(("--version",), 0.15),
        Line(("--help",), 0.3),
        Line(("list",), 0.5),
        Line(("show", tracking_id), 0.5),
        Line(("history", tracking_id), 0.5),
        Line(("recap",), 0.8),
    )


def processor_time(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds of processor time of one interpreter; raises RuntimeError where it did not end well."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def report(tracking_id: str, environment: Mapping[str, str]) -> None:
    """Measure and print; the first run of each warms up and is left out."""
    for typed, limit in lines(tracking_id):
        took, floor = [], []
        for number in range(TIMES + 1):
            whole, bare = processor_time((*KAWAL, *typed), environment), processor_time(PASS, environment)
            if number:
                took.append(whole)
                floor.append(bare)
        median, bare = statistics.median(took), statistics.median(floor)
        verdict = "met" if median <= limit else "NOT met"
        print(
            f"kawal {typed[0]:<10} {median:6.3f} s  (least {min(took):.3f}, most {max(took):.3f}; "
            f"python -c pass: {bare:.3f}; limit {limit}: {verdict})",
            flush=True,
        )


async def lived(settings: Settings, complaints: int) -> list[str]:
    """Have so many complaints live through the engine, which then ends; their numbers."""
    async with servers(settings) as running, working(running) as connected:
        client = Complaints(connected)
        return list(await asyncio.gather(*(live(client) for _ in range(complaints))))


async def run(complaints: int = COMPLAINTS) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as folder:
        settings = settings_in(Path(folder))
        ids = await lived(settings, complaints)
        async with postgres(settings) as url:
            named = {"KAWAL_HOME": folder, "DATABASE_URL": url, "KAWAL_LANG": "id"}
            print(f"{len(ids)} complaints on record, no engine; medians of {TIMES} runs")
            report(ids[0], {**os.environ, **named})


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
