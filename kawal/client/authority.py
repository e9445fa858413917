"""Authority asked and put on record: every refusal, every reading of what is protected, every act of a desk.

Who may is said by domain.access alone. What is read goes on record before anything of it is shown.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

from kawal.domain.access import RIGHTS, AccessKind, Act, may, stated
from kawal.domain.messages import Actor, Command, Snapshot
from kawal.domain.process.commands import check_actor, printable
from kawal.domain.process.decide import UNREADABLE
from kawal.domain.refusals import Refusal
from kawal.store.access_log import AccessLog


class Authority:
    """Lets people do and read what they may; everything raises Refusal, itself on record."""

    def __init__(
        self, log: AccessLog, now: Callable[[], datetime], complaint: Callable[[str], Awaitable[Snapshot]]
    ) -> None:
        """Record in `log`; `now` is the time of the entries (UTC), `complaint` gives the row of a number or refuses."""
        self._log = log
        self._now = now
        self._complaint = complaint

    # --- Acts --------------------------------------------------------------------------------------------------------

    async def authorise(
        self, actor: Actor, act: Act, of: Snapshot | str | None = None, *, purpose: str | None = None
    ) -> str:
        """Refuse whoever may not do it; the purpose as it may stand in the record ("" where none was stated)."""
        async with self.refusals(actor, act, of.tracking_id if isinstance(of, Snapshot) else None):
            said = stated(purpose)
            refusal = may(actor, act, of, purpose=said)
            if refusal is not None:
                raise refusal
        return said or ""

    @asynccontextmanager
    async def refusals(self, actor: Actor, act: Act, tracking_id: str | None = None) -> AsyncIterator[None]:
        """Whatever the block refuses is a refusal of that act.

        Of it codes alone go on record: there may be no complaint to encrypt words for.
        """
        try:
            yield
        except Refusal as refusal:
            facts = {"command": str(act), "code": refusal.code}
            await self._append(AccessKind.REFUSED, _presentable(actor), tracking_id, facts)
            raise

    async def refused(
        self, actor: Actor, act: Act, code: str | None, tracking_id: str, *, possible_from: date | None = None
    ) -> None:
        """Put on record that of a complaint it could not be done, and from which day on it can."""
        facts = {"command": str(act), "code": code}
        if possible_from is not None:
            facts["possible_from"] = possible_from.isoformat()
        await self._append(AccessKind.REFUSED, actor, tracking_id, facts)

    async def done(
        self,
        actor: Actor,
        act: Act,
        facts: dict[str, Any],
        *,
        words: dict[str, Any] | None = None,
        tracking_id: str | None = None,
    ) -> None:
        """Put on record that it was done; `facts` stand in the clear, `words` encrypted. None is not said."""
        said = {name: value for name, value in facts.items() if value is not None}
        await self._append(_kind_of(act), actor, tracking_id, said, words)

    async def refused_command(self, tracking_id: str, command: Command, refusal: Refusal) -> None:
        """Put a refused command on record, what was sent encrypted: a validator's leaves no trace in a history."""
        facts = {"command": printable(command.name[:40]), "code": refusal.code}
        await self._append(
            AccessKind.REFUSED,
            _presentable(command.actor),
            printable(tracking_id[:20]),
            facts,
            dict(refusal.details),
        )

    # --- Readings ----------------------------------------------------------------------------------------------------

    async def reading(
        self,
        actor: Actor,
        act: Act,
        tracking_id: str,
        *,
        via: str,
        purpose: str | None = None,
        identity: bool = False,
        addressed: bool = False,
        facts: dict[str, Any] | None = None,
    ) -> Snapshot:
        """The complaint's row, once its reading is on record; to be called before anything of it is shown.

        `via` is the way ("cli", "http", "codec"), `identity` whether the reporter's name and contacts are shown,
        `addressed` whether what is read was written to the reader (then no purpose is needed), `facts` further codes
        for the entry. The purpose, at most 500 characters, is encrypted in it. Raises Refusal, and SystemUnavailable.
        """
        told = self._told(act, via) | ({"identity": True} if identity else {}) | (facts or {})
        async with self._refused_readings(actor, act, tracking_id, told):
            said = stated(purpose)
            row = await self._complaint(tracking_id)
            refusal = may(actor, act, row, purpose=said, identity=identity, addressed=addressed)
            if refusal is not None:
                raise refusal
        await self._append(_kind_of(act), actor, printable(tracking_id[:20]), told, {"purpose": said} if said else {})
        return row

    async def allow(
        self,
        actor: Actor,
        act: Act,
        of: str | None = None,
        *,
        via: str,
        purpose: str | None = None,
        facts: dict[str, Any] | None = None,
        words: dict[str, Any] | None = None,
    ) -> str | None:
        """Let someone read what is of no one complaint; the purpose as it may stand in the record.

        What is then found goes on record with `found`.
        """
        async with self._refused_readings(actor, act, None, self._told(act, via) | (facts or {}), words):
            said = stated(purpose)
            refusal = may(actor, act, of, purpose=said)
            if refusal is not None:
                raise refusal
        return said

    async def found(
        self,
        actor: Actor,
        act: Act,
        tracking_id: str | None = None,
        *,
        via: str,
        facts: dict[str, Any] | None = None,
        words: dict[str, Any] | None = None,
    ) -> None:
        """Put a reading on record that was allowed: of a complaint, or of none where nothing was found."""
        await self._append(_kind_of(act), actor, tracking_id, self._told(act, via) | (facts or {}), words)

    async def search(
        self, actor: Actor, *, via: str, facts: dict[str, Any], words: dict[str, str] | None = None
    ) -> None:
        """Let an overseer search among their agency's complaints; what for goes on record before the first find.

        `facts` are the codes and days searched by, `words` the names (encrypted).
        """
        await self.allow(actor, Act.SEARCH, via=via, facts=facts, words=words or {})
        await self.found(actor, Act.SEARCH, via=via, facts=facts, words=words)

    def _told(self, act: Act, via: str) -> dict[str, Any]:
        return {"via": via, "matter": RIGHTS[act].matter}

    @asynccontextmanager
    async def _refused_readings(
        self,
        actor: Actor,
        act: Act,
        tracking_id: str | None,
        told: dict[str, Any],
        words: dict[str, Any] | None = None,
    ) -> AsyncIterator[None]:
        try:
            yield
        except Refusal as refusal:
            facts = told | {"command": str(_kind_of(act)), "code": refusal.code}
            known = None if tracking_id is None else printable(tracking_id[:20])
            await self._append(
                AccessKind.REFUSED, actor, known, facts, dict(refusal.details) if words is None else words
            )
            raise

    async def _append(
        self,
        kind: AccessKind,
        actor: Actor,
        tracking_id: str | None,
        facts: dict[str, Any],
        words: dict[str, Any] | None = None,
    ) -> None:
        await self._log.append(kind, actor, self._now(), tracking_id=tracking_id, facts=facts, words=words)


def _kind_of(act: Act) -> AccessKind:
    kind = RIGHTS[act].record
    if kind is None:
        raise TypeError(f"{act} is recorded where it happens")
    return kind


def _presentable(actor: Actor) -> Actor:
    """Whoever was refused, as far as they may stand in the record."""
    try:
        check_actor(actor)
    except Refusal:
        return Actor(role=actor.role, account=UNREADABLE)
    return actor
