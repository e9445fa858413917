"""A verification in a process of its own: its arithmetic must not keep whoever uses the pages waiting.

`python -m kawal.audit.proof.verification_process` reads a request in one line of JSON. It writes a line for each place
that it has come to, and a last one with the result. Heads and keys that somebody kept are foreign bytes: only this
process parses them. It runs at a low priority, and ends when its parent does.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar

from pydantic import BaseModel

from kawal.audit.proof.findings import VerificationResult
from kawal.audit.proof.verify_rows import PAGE
from kawal.base.endpoints import Endpoints
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import LONG_WITHIN
from kawal.base.settings import Settings
from kawal.base.unavailable import SENTENCES, Part, unavailable

_ROOT = Path(__file__).resolve().parents[3]
Kept = TypeVar("Kept")

_NICENESS = 10
_LONGEST_LINE = 32 * 1024 * 1024
"""Bytes: more than a result with as many findings as are kept."""


class VerificationRequest(BaseModel):
    """What is to be verified, and where."""

    home: Path
    endpoints: Endpoints
    tracking_id: str | None = None
    """One complaint; None: everything."""
    since: datetime | None = None
    chains_only: bool = False
    engine: bool = False
    """Whether Temporal is asked for each complaint as well."""
    heads: str = ""
    """The file of signed heads that somebody kept, as it came."""
    keys: str = ""
    """The same of public keys."""


class UnusableFile(Exception):  # noqa: N818 - an ordinary answer about a file
    """A kept file is not one of heads, or of keys: `which` is `heads` or `keys`."""

    def __init__(self, which: str) -> None:
        """Keep which one it is."""
        super().__init__(which)
        self.which = which


class VerificationProgress(BaseModel):
    """How far a verification is."""

    at: str = ""
    """What is being verified now: `complaint-NUMBER`, `recap`, or entries of the log as `NUMBER / NUMBER`."""
    percent: int | None = None
    """How much of the complaints has been gone through; None where that is not known."""


class _Line(BaseModel):
    """What the process tells: exactly one of these."""

    progress: VerificationProgress | None = None
    result: VerificationResult | None = None
    unusable: str | None = None
    away: Part | None = None


async def verify_apart(asked: VerificationRequest, show: Callable[[VerificationProgress], None]) -> VerificationResult:
    """Verify in a process of its own, which ends with this call; `show` is told how far it is.

    Raises UnusableFile, SystemUnavailable, and RuntimeError for a process that ended without a result.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", __name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        start_new_session=True,  # Ctrl-C is for the parent
        limit=_LONGEST_LINE,
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(asked.model_dump_json().encode() + b"\n")
        async for line in process.stdout:
            told = await asyncio.to_thread(_Line.model_validate_json, line)
            if told.progress is None:
                return _outcome(told)
            show(told.progress)
        raise RuntimeError("the verification ended without a result")
    finally:
        process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


def _outcome(told: _Line) -> VerificationResult:
    if told.unusable is not None:
        raise UnusableFile(told.unusable)
    if told.result is None:
        raise SystemUnavailable(SENTENCES[told.away or Part.MACHINE])
    return told.result


# --- In the process --------------------------------------------------------------------------------------------------


class _PageCounter:
    """Tells how far a verification is, by the pages of complaints that it has gone through."""

    def __init__(self, tell: Callable[[VerificationProgress], None], complaints: int | None) -> None:
        self._tell = tell
        self._complaints = complaints
        self._done = 0

    def show(self, at: str) -> None:
        if at.startswith("complaint-"):
            self._done += PAGE
        share = None if not self._complaints else min(100, 100 * self._done // self._complaints)
        self._tell(VerificationProgress(at=at, percent=share))


async def _verified(asked: VerificationRequest, tell: Callable[[VerificationProgress], None]) -> VerificationResult:
    from kawal.audit.proof.verify import Verification
    from kawal.proof.heads import read_heads
    from kawal.proof.signing import KeySet
    from kawal.system import open_system

    heads = _read(read_heads, asked.heads, "heads") if asked.heads else []
    keys = _read(lambda text: KeySet.from_json(json.loads(text)), asked.keys, "keys") if asked.keys else None
    where = open_system(
        Settings(home=asked.home), endpoints=asked.endpoints, pool_size=4, within=LONG_WITHIN, engine_later=True
    )
    async with where as system:
        engine = system.client if asked.engine else None
        whole = asked.tracking_id is None and asked.since is None
        counter = _PageCounter(tell, await system.pool.fetchval("select count(*) from complaint") if whole else None)
        verification = Verification(system.pool, system.keys, counter.show, engine)
        if asked.tracking_id is not None:
            return await verification.one(asked.tracking_id, kept=heads, kept_keys=keys)
        return await verification.all(kept=heads, kept_keys=keys, since=asked.since, model=not asked.chains_only)


def _read(read: Callable[[str], Kept], text: str, which: str) -> Kept:
    from kawal.proof.signing import MalformedProof

    try:
        return read(text)
    except (MalformedProof, ValueError, RecursionError):
        raise UnusableFile(which) from None


def _told(asked: VerificationRequest, tell: Callable[[VerificationProgress], None]) -> _Line:
    try:
        return _Line(result=asyncio.run(_verified(asked, tell)))
    except UnusableFile as unusable:
        return _Line(unusable=unusable.which)
    except Exception as error:
        part = unavailable(error)
        if part is None:
            raise
        return _Line(away=part)


def _end_with_parent(parent: IO[str]) -> None:
    parent.read()
    os._exit(1)


def _main() -> None:
    os.nice(_NICENESS)
    asked = VerificationRequest.model_validate_json(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, args=(sys.stdin,), daemon=True).start()

    def write(line: _Line) -> None:
        sys.stdout.write(line.model_dump_json(exclude_none=True) + "\n")
        sys.stdout.flush()

    write(_told(asked, lambda progress: write(_Line(progress=progress))))


if __name__ == "__main__":
    _main()
