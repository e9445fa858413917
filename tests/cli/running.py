"""The command line as people run it: its exit code, and what it writes.

`Kawal.process` is a separate process. Calling a Kawal runs the same function with the same environment in a thread of
this process, which saves each command the start of an interpreter.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from kawal.cli.app import run

READY = "Ctrl-C"
"""The last line that `kawal up` writes when everything runs."""

COMMAND_SECONDS = 120.0
START_SECONDS = 120.0
STOP_SECONDS = 60.0


class Outcome(NamedTuple):
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output, parsed as JSON."""
        return json.loads(self.out)


class Kawal:
    """A runner of commands on one home; `who` is its KAWAL_AS."""

    def __init__(self, home: Path, lang: str = "id", **more: str) -> None:
        self.home = home
        self.environment = {**os.environ, "KAWAL_HOME": str(home), "KAWAL_LANG": lang, **more}
        self.program = [sys.executable, "-m", "kawal.cli"]
        self.folder: Path | None = None
        """The working directory of processes; None is the current one."""

    def __call__(self, *arguments: str, who: str | None = None, text: str = "") -> Outcome:
        """Run one command; `who` acts, `text` is its standard input."""
        typed = [*arguments, *_acting(who)]
        out, err, given = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(text.encode()))
        with self._environment(), redirect_stdout(out), redirect_stderr(err), ThreadPoolExecutor(1) as thread:
            standard_input, sys.stdin = sys.stdin, given
            try:
                code = thread.submit(run, typed).result(COMMAND_SECONDS)
            finally:
                sys.stdin = standard_input
        return Outcome(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: str, who: str | None = None, text: str | None = None) -> Outcome:
        """Run one command as a process."""
        done = subprocess.run(
            [*self.program, *arguments, *_acting(who)],
            env=self.environment,
            cwd=self.folder,
            input=text,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(self.environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def done(self, *arguments: str, who: str | None = None, text: str = "") -> Any:
        """Run a command that must succeed, and return what it writes with --json."""
        outcome = self(*arguments, "--json", who=who, text=text)
        assert outcome.code == 0, outcome
        return outcome.json

    def start(self, title: str = "Jalan berlubang", *more: str) -> str:
        """File a report and return its tracking id."""
        started = self.done("start", "--title", title, "--text", f"{title} di Jalan Basuki Rahmat", *more)
        return str(started["tracking_id"])


@contextmanager
def running_on(home: Path) -> Iterator[Kawal]:
    """Run `kawal up` on a home meanwhile, and give its command line."""
    kawal = Kawal(home)
    up = Up(kawal)
    try:
        up.wait_until_ready()
        yield kawal
    finally:
        assert up.stop() == 0, up.err.read_text()


def _acting(who: str | None) -> list[str]:
    return [] if who is None else ["--as", who]


class Up:
    """A `kawal up` in its own process group; its output goes to files in its home's folder."""

    def __init__(self, kawal: Kawal, *options: str) -> None:
        self.kawal = kawal
        kawal.home.parent.mkdir(parents=True, exist_ok=True)
        self.out = kawal.home.with_name(f"{kawal.home.name}.out")
        self.err = kawal.home.with_name(f"{kawal.home.name}.err")
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [*kawal.program, "up", *options], env=kawal.environment, cwd=kawal.folder, stdout=out, stderr=err
            )

    def wait_until_ready(self) -> float:
        """Wait for its last line; return the seconds that it took."""
        began = time.monotonic()
        while READY not in self.out.read_text():
            assert self.process.poll() is None, self.err.read_text()
            assert time.monotonic() - began < START_SECONDS, self.err.read_text()
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to stop by a signal and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
