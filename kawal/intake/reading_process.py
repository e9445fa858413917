"""Processes that read foreign bytes, limited in time and memory, without access to any key.

A reader (`python -m kawal.intake.reading_process MODULE:FUNCTION`) is started when it is first needed, serves one
reading after another, and is killed and replaced when it exceeds its limits or dies. It runs at a low priority, without
the environment of its parent, and ends with it.

A reading uses two pipes, with one frame each way: length (4 bytes, big-endian), JSON with the message and the lengths
of the byte strings that follow, the byte strings.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

READINGS = 500
"""After this many readings a reader is replaced, which frees memory that libraries leak."""

_NICENESS = 10
_LARGEST_HEAD = 4 * 1024 * 1024
_LARGEST = 256 * 1024 * 1024
_LENGTH = 4
_ROOT = Path(__file__).resolve().parents[2]
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class Limits(NamedTuple):
    """The limits of one reading."""

    cpu_seconds: int
    """Processor time."""
    wall_seconds: float
    """Real time: a reader yields to everything else, so that a busy machine makes it slow."""
    memory: int
    """Bytes of a reader's address space."""


class Exchange(NamedTuple):
    """A request to a reader, or its answer: codes and texts, and byte strings."""

    said: dict[str, Any]
    pieces: Sequence[bytes] = ()


Task = Callable[[dict[str, Any], Sequence[bytes]], tuple[dict[str, Any], Sequence[bytes]]]
"""What a reader does with a request; whatever it raises reaches the caller as UnreadableBytes."""


class UnreadableBytes(Exception):  # noqa: N818 - names the condition
    """The bytes could not be read; `why` is `time`, `memory`, `nesting`, `crash` or `error`."""

    def __init__(self, why: str) -> None:
        """Keep the reason's code."""
        super().__init__(why)
        self.why = why


class ReadingProcesses:
    """The readers of one task: at most `at_once` at a time."""

    def __init__(self, task: str, limits: Limits, at_once: int = 1) -> None:
        """Read with `task`, the "module:function" of a Task; nothing is started yet."""
        self._task = task
        self._limits = limits
        self._free = asyncio.Semaphore(at_once)
        self._idle: list[_Reader] = []
        self._all: set[_Reader] = set()
        # Also if nobody closes it: at the latest when the interpreter ends.
        self._end = weakref.finalize(self, _end_all, self._all)

    async def read(self, said: dict[str, Any], *pieces: bytes) -> Exchange:
        """Have something read; raises UnreadableBytes, and OSError where no process can be started."""
        async with self._free:
            try:
                return await self._read(Exchange(said, pieces))
            except UnreadableBytes as error:
                if error.why != "crash":
                    raise
            # It may have died of something else: killed while idle, or for memory that others needed.
            return await self._read(Exchange(said, pieces))

    async def _read(self, asked: Exchange) -> Exchange:
        if not self._end.alive:
            raise ConnectionAbortedError("the readers are closed")
        reader = self._idle.pop() if self._idle else await asyncio.to_thread(_Reader, self._task, self._limits)
        self._all.add(reader)
        whole = False
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                answer = await asyncio.to_thread(reader.ask, asked)
            whole = True
        except TimeoutError:
            raise UnreadableBytes("time") from None
        finally:
            self._keep(reader, whole)
        return answer

    def close(self) -> None:
        """End all readers; callers that wait for one get an OSError."""
        self._idle.clear()
        self._end()

    def _keep(self, reader: _Reader, whole: bool) -> None:
        if whole and reader.readings < READINGS:
            self._idle.append(reader)
        else:
            self._all.discard(reader)
            reader.end()


def _end_all(readers: set[_Reader]) -> None:
    while readers:
        readers.pop().end()


class _Reader:
    """One process, used by one thread at a time."""

    def __init__(self, task: str, limits: Limits) -> None:
        self.readings = 0
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own words
            [sys.executable, "-P", "-m", __name__, task, str(limits.cpu_seconds), str(limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback could repeat what was read
            # Without the parent's environment, which may contain keys and passwords.
            env={"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            start_new_session=True,  # Ctrl-C is for the parent, which ends its readers itself
        )

    def ask(self, asked: Exchange) -> Exchange:
        """Send a request and wait for the answer; raises UnreadableBytes."""
        self.readings += 1
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        assert self._process.stdout is not None  # noqa: S101
        try:
            _send(self._process.stdin, asked)
            answer = _received(self._process.stdout)
        except (OSError, ValueError, KeyError, TypeError):
            answer = None
        if answer is None:
            raise UnreadableBytes(self._how_it_ended())
        if "unreadable" in answer.said:
            raise UnreadableBytes(str(answer.said["unreadable"]))
        return answer

    def end(self) -> None:
        """Kill it, and leave nothing behind."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what could no longer be written
                    pipe.close()
        self._process.wait()

    def _how_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return "time" if self._process.returncode == -signal.SIGXCPU else "crash"


# --- Frames ----------------------------------------------------------------------------------------------------------


def _send(pipe: IO[bytes], frame: Exchange) -> None:
    head = json.dumps({"said": frame.said, "lengths": [len(piece) for piece in frame.pieces]}).encode()
    pipe.write(len(head).to_bytes(_LENGTH) + head)
    for piece in frame.pieces:
        pipe.write(piece)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Exchange | None:
    """Return the next frame; None where the pipe ends. Raises ValueError, KeyError or TypeError for a malformed one."""
    start = pipe.read(_LENGTH)
    if len(start) < _LENGTH:
        return None
    length = int.from_bytes(start)
    if length > _LARGEST_HEAD:
        raise ValueError("too large a head")
    head = json.loads(_exactly(pipe, length))
    lengths = [int(one) for one in head["lengths"]]
    if min(lengths, default=0) < 0 or sum(lengths) > _LARGEST:
        raise ValueError("too much")
    return Exchange(dict(head["said"]), [_exactly(pipe, one) for one in lengths])


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise ValueError("cut short")
    return content


# --- In the reader ---------------------------------------------------------------------------------------------------


def _serve(task: Task, cpu_seconds: int, asking: IO[bytes], answering: IO[bytes]) -> None:
    while (asked := _received(asking)) is not None:
        _allow(cpu_seconds)
        try:
            answer = Exchange(*task(asked.said, asked.pieces))
        except MemoryError:
            answer = Exchange({"unreadable": "memory"})
        except RecursionError:
            answer = Exchange({"unreadable": "nesting"})
        except Exception as error:  # whatever hostile bytes make a parser raise: they were not read
            answer = Exchange({"unreadable": getattr(error, "why", "error")})
        _send(answering, answer)


def _allow(cpu_seconds: int) -> None:
    """Set the processor time for the next reading; beyond it the system kills this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # The time used so far counts too, and the system counts whole seconds.
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + cpu_seconds, hard))


def _confine(memory: int) -> None:
    os.nice(_NICENESS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would contain what was read
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _main() -> None:
    # The pipe for answers is reserved: what a library prints goes to standard error.
    answering = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    name, cpu_seconds, memory = sys.argv[1:]
    module, _, function = name.partition(":")
    task: Task = getattr(importlib.import_module(module), function)
    _confine(int(memory))
    with contextlib.suppress(BrokenPipeError):
        _serve(task, int(cpu_seconds), sys.stdin.buffer, answering)


if __name__ == "__main__":
    _main()
