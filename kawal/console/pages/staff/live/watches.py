"""One look for each scope at what has just changed: a hundred open pages of one agency ask the database once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import structlog

from kawal.client.complaints import Complaints
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.changed_reports import ChangedReport, changed_reports
from kawal.store.changes import Change

GATHERED = 0.1
"""Seconds for which changes are gathered before they are looked at together."""

MOST_WAITING = 50
"""How many changed reports wait for a slow reader; of more it is told to look at everything again."""

log = structlog.get_logger()


class News(NamedTuple):
    """What a reader is told at once."""

    reports: Sequence[ChangedReport]
    anew: bool
    """Whether more may have changed than is named: whoever shows anything looks at all of it again."""
    present: frozenset[str] = frozenset()
    """The reports that others have open than before."""


class Reader:
    """One open stream: what waits to be told to it."""

    def __init__(self, watched: str = "") -> None:
        """Begin with nothing told, but that everything is to be looked at: it may have changed since it was shown.

        `watched` is the report whose page it is; of who has others open it is told nothing.
        """
        self._watched = watched
        self._waiting: dict[str, ChangedReport] = {}
        self._anew = True
        self._present: frozenset[str] = frozenset()
        self._ended = False
        self._told = asyncio.Event()
        self._told.set()

    @property
    def ended(self) -> bool:
        """Whether the stream has to end."""
        return self._ended

    def tell(self, news: News) -> None:
        """Add what changed; of one report only its last change is kept. Nobody waits for a reader."""
        present = news.present & {self._watched}
        if not (news.reports or news.anew or present):
            return
        self._present |= present
        self._waiting.update((one.number, one) for one in news.reports)
        self._anew = self._anew or news.anew
        if len(self._waiting) > MOST_WAITING:
            self._waiting.clear()
            self._anew = True
        self._told.set()

    def end(self) -> None:
        """Let the stream end."""
        self._ended = True
        self._told.set()

    async def next(self, seconds: float) -> News | None:
        """Return what was told, as soon as something is; None if nothing was within these seconds, or it has ended."""
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            return None
        self._told.clear()
        news = News(list(self._waiting.values()), self._anew, self._present)
        self._waiting.clear()
        self._anew, self._present = False, frozenset()
        return None if self._ended else news


class _Scope(NamedTuple):
    """What decides which reports an official sees."""

    role: Role
    instansi: str | None
    opd: str | None
    account: str | None
    """Of the desk alone, which sees the steps of what it registered itself."""


class _Watch:
    """The look of one scope, while somebody reads."""

    def __init__(self, complaints: Complaints, actor: Actor) -> None:
        self._complaints = complaints
        self._actor = actor
        self.readers: set[Reader] = set()
        self.task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        async with self._complaints.system.changes.listening() as heard:
            async for change in heard:
                await asyncio.sleep(GATHERED)
                news = await self._news([change, *heard.rest()])
                if news.reports or news.anew or news.present:
                    for reader in self.readers:
                        reader.tell(news)

    async def _news(self, changes: Sequence[Change]) -> News:
        own = self._actor.instansi
        here = [one for one in changes if own is None or one.instansi in (own, None)]
        numbers = {one.tracking_id for one in here if one.tracking_id is not None and not one.presence}
        present = frozenset(one.tracking_id for one in here if one.tracking_id is not None and one.presence)
        anew = any(one.tracking_id is None for one in here)
        try:
            return News(await self.seen(numbers) if numbers else [], anew, present)
        except Exception as error:  # a look that ended would leave every page of this scope as it is
            log.warning("changes_not_seen", reason=type(error).__name__)
            return News([], True)

    async def seen(self, numbers: set[str]) -> list[ChangedReport]:
        return await changed_reports(self._complaints.pool, self._actor, numbers)


class Watches:
    """What has just changed, for the readers of every scope of this process."""

    def __init__(self, complaints: Complaints) -> None:
        """Watch the record of `complaints`, while somebody reads."""
        self._complaints = complaints
        self._of: dict[_Scope, _Watch] = {}
        self._names: dict[str, str] = {}

    @asynccontextmanager
    async def reading(self, actor: Actor, watched: str = "") -> AsyncIterator[Reader]:
        """Yield a reader of what changes in an official's scope, and of who has the `watched` report open."""
        account = actor.account if actor.role is Role.DESK else None
        scope = _Scope(actor.role, actor.instansi, actor.opd, account)
        watch = self._of.get(scope)
        if watch is None:
            watch = self._of[scope] = _Watch(self._complaints, actor)
        reader = Reader(watched)
        watch.readers.add(reader)
        try:
            yield reader
        finally:
            watch.readers.discard(reader)
            if not watch.readers:
                del self._of[scope]
                watch.task.cancel()
                await asyncio.gather(watch.task, return_exceptions=True)

    async def names(self, reports: Sequence[ChangedReport]) -> Mapping[str, str]:
        """Return the names of the officials who did the last steps, by account; a reporter's is nowhere here."""
        for account in {one.step.account for one in reports if one.step is not None} - self._names.keys():
            name = await self._complaints.record.accounts.name_of(account)
            if name is not None:
                self._names[account] = name
        return self._names
