"""The streams that are open in this process: bounded for each session and in all, and ended when the server stops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kawal.console.pages.staff.live.watches import Reader
from kawal.domain.msgids import msgid
from kawal.web.problems import RETRY_AFTER, Problem

OF_A_SESSION = 8
"""The most streams of one session: only windows that are seen hold one."""

IN_ALL = 2000
"""The most streams of this process."""

_TOO_MANY = msgid("Too many pages are kept up to date at once. This one shows what stood when it was opened.")


class OpenStreams:
    """All open streams, by the session of each."""

    def __init__(self, of_a_session: int = OF_A_SESSION, in_all: int = IN_ALL) -> None:
        """Begin with none."""
        self._of_a_session = of_a_session
        self._in_all = in_all
        self._readers: set[Reader] = set()
        self._of: Counter[int] = Counter()
        self._ended = False

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._readers)

    @contextmanager
    def hold(self, session: int, reader: Reader) -> Iterator[None]:
        """Count a stream as open while the block runs; when the server stops, its reader is told to end."""
        self._readers.add(reader)
        self._of[session] += 1
        if self._ended:
            reader.end()
        try:
            yield
        finally:
            self._readers.discard(reader)
            self._of[session] -= 1
            if not self._of[session]:
                del self._of[session]

    def check(self, session: int) -> None:
        """Raise Problem 429 or 503 where one more would be too many."""
        if self._of[session] >= self._of_a_session:
            raise Problem(429, "too_many_streams", _TOO_MANY, headers={"Retry-After": str(RETRY_AFTER)})
        if self.count >= self._in_all or self._ended:
            raise Problem(503, "too_many_streams", _TOO_MANY, headers={"Retry-After": str(RETRY_AFTER)})

    def end(self) -> None:
        """End all streams, and every later one: the server is about to stop and would wait for them."""
        self._ended = True
        for reader in self._readers:
            reader.end()
