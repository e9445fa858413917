"""What has just been put on record, told to whoever watches: one connection of a process listens, for all of them.

PostgreSQL tells of a step when its transaction is committed (`record_step`, `side_acts`), and of many at once (reports
that the relay started, a new calendar) or of an agency's tray once for the agency. A message holds no words: number,
event, agency. Who opens or leaves a report is told by a channel of its own: nothing was put on record, and no list
looks again for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple

import asyncpg
import structlog

from kawal.base.postgres import connect

CHANNEL = "kawal_changes"
PRESENCE = "kawal_presence"

WAITING = 100
"""How many changes wait for a slow listener; of more it is told only that there were some."""

FIRST_PAUSE = timedelta(milliseconds=200)
LONGEST_PAUSE = timedelta(seconds=30)
"""The longest pause between two tries to connect; pauses double from the first up to this."""

ASKED_EVERY = timedelta(seconds=30)
"""How often the connection is asked whether it still stands: one that broke without a word hears nothing."""

ECHO_AFTER = timedelta(seconds=1.5)
"""What concerns many reports is told when it is begun, and again when it is likely to be on record."""

log = structlog.get_logger()


class Change(NamedTuple):
    """A change on record: of one complaint, of much of an agency (no number), or of anything (no agency either)."""

    tracking_id: str | None
    seq: int
    """The last event of the complaint; 0 where there is no number."""
    instansi: str | None
    presence: bool = False
    """Whether nothing of the complaint changed but who has it open."""


SOMETHING = Change(None, 0, None)
"""Told where changes may have been missed: whoever shows anything looks at all of it again."""


class Listener:
    """One listener: an iterator of changes that ends with the block in which it was made."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._heard: deque[Change] = deque()
        self._new = asyncio.Event()

    def hear(self, change: Change) -> None:
        """Add a change; of too many only that there were some is kept, so that nobody ever waits for a listener."""
        if change in self._heard:
            return
        if len(self._heard) >= WAITING:
            self._heard.clear()
            change = SOMETHING
        self._heard.append(change)
        self._new.set()

    def rest(self) -> list[Change]:
        """Take all that was heard and waits, without waiting for more."""
        taken = list(self._heard)
        self._heard.clear()
        return taken

    def __aiter__(self) -> Listener:
        """Iterate over what is heard from now on."""
        return self

    async def __anext__(self) -> Change:
        """Wait for the next change."""
        while not self._heard:
            self._new.clear()
            await self._new.wait()
        return self._heard.popleft()


class Changes:
    """The changes of a record, for any number of listeners in this process; connected while somebody listens."""

    def __init__(self, database_url: str, echo_after: timedelta = ECHO_AFTER) -> None:
        """Listen at the database of that address, by a connection of its own besides any pool."""
        self._database_url = database_url
        self._echo_after = echo_after
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._connected = False
        self._echoes: dict[Change, asyncio.TimerHandle] = {}

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        """Yield a listener, `async for change in …`; it hears SOMETHING as soon as the connection stands.

        While PostgreSQL cannot be reached nothing is heard; afterwards SOMETHING is, so that nothing stays unseen.
        """
        listener = Listener()
        self._listeners.add(listener)
        if self._connected:
            listener.hear(SOMETHING)
        if self._task is None:
            self._task = asyncio.create_task(self._listen())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                await self._stop()

    async def _stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self) -> None:
        """Hear what is told until cancelled; connect again, with growing pauses, whenever the connection is lost."""
        pause = FIRST_PAUSE
        while True:
            try:
                conn = await connect(self._database_url)
                pause = FIRST_PAUSE
                try:
                    await self._hear(conn)
                finally:
                    self._end(conn)
                reason = "ended"
            except Exception as error:  # a feed that ended would leave every page as it is
                reason = type(error).__name__
            log.warning("changes_not_heard", reason=reason, seconds=pause.total_seconds())
            await asyncio.sleep(pause.total_seconds())
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _hear(self, conn: asyncpg.Connection) -> None:
        """Pass on what one connection hears, until it is lost."""
        lost = asyncio.Event()
        conn.add_termination_listener(lambda _conn: lost.set())
        for channel in (CHANNEL, PRESENCE):
            await conn.add_listener(channel, self._heard)
        self._connected = True
        self._tell(SOMETHING)
        while not lost.is_set():
            try:
                async with asyncio.timeout(ASKED_EVERY.total_seconds()):
                    await lost.wait()
            except TimeoutError:
                await conn.execute("select 1")

    def _end(self, conn: asyncpg.Connection) -> None:
        self._connected = False
        conn.terminate()
        for echo in self._echoes.values():
            echo.cancel()
        self._echoes.clear()

    def _heard(self, _conn: object, _pid: int, channel: str, payload: str) -> None:
        change = _read(payload)._replace(presence=channel == PRESENCE)
        self._tell(change)
        if change.tracking_id is None and change not in self._echoes:
            loop = asyncio.get_running_loop()
            self._echoes[change] = loop.call_later(self._echo_after.total_seconds(), self._echo, change)

    def _echo(self, change: Change) -> None:
        del self._echoes[change]
        self._tell(change)

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener.hear(change)


async def tell_of_many(source: asyncpg.Pool | asyncpg.Connection, instansi: str) -> None:
    """Tell that many complaints of an agency, or its tray, have changed, once the caller's transaction is committed.

    Each complaint by itself would make their commits wait in line.
    """
    await source.execute("select pg_notify($1, ':0:' || $2)", CHANNEL, instansi)


async def tell_of_act(conn: asyncpg.Connection, tracking_id: str) -> None:
    """Tell, once the caller's transaction is committed, that something was done beside a complaint's process."""
    await conn.execute(
        "select pg_notify($1, tracking_id || ':' || last_seq || ':' || instansi) from complaint where tracking_id = $2",
        CHANNEL,
        tracking_id,
    )


async def tell_of_presence(conn: asyncpg.Connection, numbers: list[str]) -> None:
    """Tell, once the caller's transaction is committed, that others than before have these complaints open."""
    if numbers:
        await conn.execute(
            "select pg_notify($1, tracking_id || ':' || last_seq || ':' || instansi) from complaint"
            " where tracking_id = any ($2::text[])",
            PRESENCE,
            numbers,
        )


def _read(payload: str) -> Change:
    """Return what a message says; anything else on the channel than ours is SOMETHING."""
    number, _, rest = payload.partition(":")
    seq, _, instansi = rest.partition(":")
    return Change(number or None, int(seq), instansi) if seq.isdecimal() and instansi else SOMETHING
