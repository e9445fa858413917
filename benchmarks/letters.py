"""The slowest HTTP answer of a running `kawal up` while the worst letters arrive, compared with the slowest without
them.

    python -m benchmarks letters

The letters are of the kinds that take a parser long or make it fail: endless repetition, deep nesting, parts without a
limit of their own. They are sent in parallel over separate connections, while HTTP is constantly asked for a report
that does not exist, which takes a round trip to the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

AT_ONCE = 8
QUIET_SECONDS = 5.0
EVERY = 0.01
"""Seconds between two HTTP requests."""

UNKNOWN = "/api/v1/reports/1234567"
"""A report that does not exist."""

READY = "Ctrl-C"
"""Part of the last line that `kawal up` prints at its start."""

_HEAD = b"From: Siti Aminah <siti@example.org>\r\nSubject: Jalan rusak\r\nMIME-Version: 1.0\r\n"
_PAGE = _HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
_MANY = 100_000


def _nested(depth: int, told: bytes = b'boundary="b%d"') -> bytes:
    inside = b"Content-Type: multipart/mixed; " + told + b"\r\n\r\n--b%d\r\n"
    return _HEAD + b"".join(inside % ((number,) * inside.count(b"%d")) for number in range(depth)) + b"\r\nhalo"


def _header(name: bytes, value: bytes) -> bytes:
    return b"From: siti@example.org\r\n" + name + b": " + value + b"\r\n\r\nJalan rusak."


def _text(charset: bytes, content: bytes) -> bytes:
    return _HEAD + b'Content-Type: text/plain; charset="' + charset + b'"\r\n\r\n' + content


WORST: dict[str, Callable[[], bytes]] = {
    "comments that never end": lambda: _PAGE + b"<!--" * _MANY,
    "tags that never end": lambda: _PAGE + b"<a " * 2 * _MANY,
    "values that never end": lambda: _PAGE + b"<a '\"" * _MANY,
    "elements one in another": lambda: _PAGE + b"<div>" * 2 * _MANY,
    "scripts that never end": lambda: _PAGE + b"<script>" * _MANY,
    "a character's number without an end": lambda: _PAGE + b"&#" + b"9" * 5 * _MANY,
    "unfinished entities": lambda: _PAGE + b"&" * 5 * _MANY,
    "a subject of 1 MB": lambda: _header(b"Subject", b"x " * 5 * _MANY),
    "a folded subject": lambda: _header(b"Subject", b"\r\n x" * 2 * _MANY),
    "encoded words in the subject": lambda: _header(b"Subject", b"=?utf-8?b?eA==?= " * 40_000),
    "half encoded words": lambda: _header(b"Subject", b"=?utf-8?q?" * 40_000),
    "numbers with codes in the subject": lambda: _header(b"Subject", b"1234567-ABCDEFGHIJ " * 40_000),
    "a sender of 60 kB": lambda: b"From: " + b"a@b, " * 12_000 + b"\r\n\r\nhalo",
    "a sender in brackets": lambda: b"From: " + b"(" * 3_000 + b"\r\n\r\nhalo",
    "a sender in folded brackets": lambda: b"From: " + b"(\r\n " * 3_000 + b"\r\n\r\nhalo",
    "a sender in quotes": lambda: b"From: " + b'"' * 60_000 + b"\r\n\r\nhalo",
    "a sender of groups": lambda: b"From: " + b"g:a@b;" * 10_000 + b"\r\n\r\nhalo",
    "megabytes of recipients": lambda: _header(b"To", b"a@b.example, " * 3 * _MANY),
    "megabytes of references": lambda: _header(b"References", b"<a@b.example> " * 3 * _MANY),
    "300,000 headers": lambda: _HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(3 * _MANY)) + b"\r\nhalo",
    "parameters in 10,000 pieces": lambda: (
        _HEAD + b"Content-Type: text/plain" + b"".join(b"; name*%d=x" % n for n in range(10_000)) + b"\r\n\r\nhalo"
    ),
    "parameters without names": lambda: _HEAD + b"Content-Type: text/plain" + b";" * _MANY + b"\r\n\r\nhalo",
    "2,000 parts one in another": lambda: _nested(2_000),
    "2,000 with hidden boundaries": lambda: _nested(2_000, b"boundary*0=b; boundary*1=%d"),
    "2,000 letters one in another": lambda: _HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + b"halo",
    "100,000 parts": lambda: _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * _MANY,
    "a charset that only raises": lambda: _text(b"undefined", b"halo \xff"),
    "a charset with a zero byte": lambda: _text(b"utf-8\x00", b"halo \xff"),
    "a charset that is quadratic": lambda: _text(b"punycode", b"a-" + b"x9" * 5 * _MANY),
    "halves of characters": lambda: (
        b"From: \xff\xed\xa0\x80 <a\xff@b>\r\nSubject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80\x00"
    ),
    "25 MB of empty lines": lambda: _HEAD + b"\r\n" + b"\r\n" * 12_400_000,
    "25 MB of lines of one dot and a letter": lambda: _HEAD + b"\r\n" + b"..x\r\n" * 4_900_000,
    "a line of 24 MB": lambda: _HEAD + b"\r\n" + b"x" * 24_000_000,
    "soft line ends": lambda: _HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 40 * _MANY,
    "24 MB of base64": lambda: (
        _HEAD
        + b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + (b"QUJD" * 19 + b"\r\n") * 3 * _MANY
    ),
}
"""The description of each letter, and how it is made; some are large."""


class RunningSystem(NamedTuple):
    """A running `kawal up`."""

    http: int
    smtp: int


class LatencyProbe:
    """Sends HTTP requests continuously, in a thread of its own."""

    def __init__(self, port: int, path: str = UNKNOWN, clock: Callable[[], float] = time.perf_counter) -> None:
        """Ask that port for `path`, and time the answers by `clock`."""
        self._port = port
        self._path = path
        self._clock = clock
        self._stop = threading.Event()
        self.seconds: list[float] = []

    @contextlib.contextmanager
    def measured(self) -> Iterator[None]:
        """Send requests while the block runs."""
        asking = threading.Thread(target=self._ask)
        asking.start()
        try:
            yield
        finally:
            self._stop.set()
            asking.join()

    def wait_for(self, answers: int) -> None:
        """Wait until that many answers have arrived."""
        while len(self.seconds) < answers:
            self._stop.wait(EVERY)

    def _ask(self) -> None:
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        while not self._stop.wait(EVERY):
            began = self._clock()
            client.request("GET", self._path, headers={"X-Tracking-Secret": "0123456789"})
            client.getresponse().read()
            self.seconds.append(self._clock() - began)
        client.close()


def dialogue(port: int, content: bytes, sender: str = "<siti@example.org>", to: str = "lapor@kepri.example.org") -> str:
    """Send one letter as it is, with leading dots already doubled, and return the last answer.

    `sender` is what follows `MAIL FROM:`.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
        answers = connection.makefile("rb")
        _told(answers)
        for command in (b"EHLO pengirim", f"MAIL FROM:{sender}".encode(), f"RCPT TO:<{to}>".encode(), b"DATA"):
            connection.sendall(command + b"\r\n")
            said = _told(answers)
            if said[:1] not in "23":
                return said
        connection.sendall(content + b"\r\n.\r\n")
        said = _told(answers)
        connection.sendall(b"QUIT\r\n")
        return said


def _told(answers: socket.SocketIO | object) -> str:
    while True:
        line = answers.readline().decode()  # type: ignore[union-attr]
        if line[3:4] != "-":
            return str(line.strip())


def send_all(port: int, letters: Sequence[bytes], at_once: int = AT_ONCE) -> list[str]:
    """Send letters in parallel; return the last answer to each."""
    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(lambda one: dialogue(port, one), letters))


@contextlib.contextmanager
def running_up(home: Path) -> Iterator[RunningSystem]:
    """Run `kawal up` on a home of its own, with HTTP and letters on free ports."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        up = RunningSystem(one.getsockname()[1], other.getsockname()[1])
    environment = os.environ | {
        "KAWAL_HOME": str(home),
        "KAWAL_HTTP_PORT": str(up.http),
        "KAWAL_MAIL_PORT": str(up.smtp),
        "KAWAL_HTTP_PUBLIC_RATE": "1000000/minute",
        "KAWAL_HTTP_PAGES_RATE": "1000000/minute",
    }
    command = [sys.executable, "-m", "kawal.cli", "up", "--no-ui"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 - it was asked for
        try:
            if not any(READY in line for line in process.stdout):
                raise RuntimeError("kawal up ended before it ran")
            yield up
        finally:
            process.terminate()


async def run() -> None:
    """Measure and print."""
    await asyncio.to_thread(_measure)


def _measure() -> None:
    letters = {name: made() for name, made in WORST.items()}
    with tempfile.TemporaryDirectory(prefix="kawal-") as folder, running_up(Path(folder) / "home") as up:
        dialogue(up.smtp, _HEAD + b"\r\nJalan rusak.")  # readers are started by the first letter
        quiet = LatencyProbe(up.http)
        with quiet.measured():
            time.sleep(QUIET_SECONDS)
        busy, began = LatencyProbe(up.http), time.perf_counter()
        with busy.measured():
            answers = send_all(up.smtp, list(letters.values()))
        seconds = time.perf_counter() - began
    taken = sum(one.startswith("250") for one in answers)
    print(f"slowest HTTP answer without letters      {max(quiet.seconds) * 1000:7.0f} ms of {len(quiet.seconds)}")
    print(f"slowest HTTP answer with the worst ones  {max(busy.seconds) * 1000:7.0f} ms of {len(busy.seconds)}")
    print(f"letters                                  {taken} of {len(answers)} answered 250, in {seconds:.0f} s")
