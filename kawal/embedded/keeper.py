"""A small parent process for one server, so that the server never outlives the program that started it.

Run as `keeper.py LOCKFILE COMMAND...`, with the standard library alone, so that it starts fast. Its standard input is a
pipe from the owner: when that pipe closes because the owner ended, for whatever reason (also kill -9), the server is
asked to stop, and killed after a grace period. The server inherits an exclusive lock on LOCKFILE, which contains its
process id; so a server whose keeper was killed as well is found and stopped before the next one starts on the same
data.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 15.0


def locked_pid(lock_file: Path) -> int | None:
    """Return the id of the server process that holds `lock_file`, or None if no process does."""
    try:
        descriptor = os.open(lock_file, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(descriptor, 32).decode().strip()
        return int(text) if text else None
    finally:
        os.close(descriptor)
    return None


def _take_lock(lock_file: Path) -> int:
    """Lock `lock_file` and return its descriptor, stopping an orphaned server that still holds it."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    started = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - started
            orphan = locked_pid(lock_file)
            if orphan is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(orphan, signal.SIGKILL if waited > GRACE_SECONDS else signal.SIGTERM)
            if waited > 2 * GRACE_SECONDS:
                raise TimeoutError(f"{lock_file} stays locked") from None
            time.sleep(0.1)
        else:
            return descriptor


def _stop_when_owner_is_gone(child: subprocess.Popen[bytes]) -> None:
    """Block until standard input ends, then stop `child`."""
    while os.read(0, 4096):
        pass
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def main(arguments: list[str]) -> int:
    """Run the command under the lock until it ends or the owner has ended; return its exit code."""
    lock_file, command = Path(arguments[0]), arguments[1:]
    descriptor = _take_lock(lock_file)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(descriptor,))  # noqa: S603  # our own command
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(child.pid).encode(), 0)
    os.close(descriptor)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: child.terminate())
    threading.Thread(target=_stop_when_owner_is_gone, args=(child,), daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
