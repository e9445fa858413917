"""Permission checks, put on record: every refusal, every reading of what is protected, every act of a desk.

Only domain.access decides who may do what. A reading is put on record before anything is shown.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

from kawal.domain.access import RIGHTS, Act, may, stated
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor, Command, Snapshot
from kawal.domain.names import Role
from kawal.domain.process.commands import check_actor, printable
from kawal.domain.process.decide import UNREADABLE
from kawal.domain.refusals import Refusal
from kawal.store.access_log import AccessLog


class Authority:
    """Checks what people may do and read; every method raises Refusal, itself on record."""

    def __init__(
        self,
        log: AccessLog,
        now: Callable[[], datetime],
        complaint: Callable[[str], Awaitable[Snapshot]],
        registered: Callable[[str, str], Awaitable[bool]],
    ) -> None:
        """Record in `log`; `now` gives the time of the entries (UTC), `complaint` the row of a number, or refuses.

        `registered` tells whether a complaint was registered at the desk under an account.
        """
        self._log = log
        self._now = now
        self._complaint = complaint
        self._registered = registered

    # --- Acts --------------------------------------------------------------------------------------------------------

    async def authorise(
        self, actor: Actor, act: Act, of: Snapshot | str | None = None, *, purpose: str | None = None
    ) -> str:
        """Refuse whoever may not do it; return the purpose as it may be recorded ("" where none was stated)."""
        async with self.refusals(actor, act, of.tracking_id if isinstance(of, Snapshot) else None):
            said = stated(purpose)
            registered, main = False, None
            if isinstance(of, Snapshot):
                registered, main = await self.has_registered(actor, of.tracking_id), await self._main_of(of)
            refusal = may(actor, act, of, purpose=said, registered=registered, main=main)
            if refusal is not None:
                raise refusal
        return said or ""

    async def seeing(self, actor: Actor, tracking_id: str) -> Snapshot:
        """Return a complaint's row to whoever may see where it stands; nothing but a refusal goes on record."""
        async with self.refusals(actor, Act.SEE_REPORT, printable(tracking_id[:20])):
            row = await self._complaint(tracking_id)
            refusal = may(actor, Act.SEE_REPORT, row, main=await self._main_of(row))
            if refusal is not None:
                raise refusal
        return row

    @asynccontextmanager
    async def refusals(self, actor: Actor, act: Act, tracking_id: str | None = None) -> AsyncIterator[None]:
        """Record whatever the block refuses as a refusal of that act.

        Only codes are recorded: there may be no complaint whose key could encrypt words.
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
        """Put on record that the act could not be done to a complaint, and from which day on it can be."""
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
        """Put on record that the act was done; `facts` are stored in the clear, `words` encrypted; None is left out."""
        said = {name: value for name, value in facts.items() if value is not None}
        await self._append(_kind_of(act), actor, tracking_id, said, words)

    async def refused_command(self, tracking_id: str, command: Command, refusal: Refusal) -> None:
        """Put a refused command on record, its content encrypted: a validator leaves no trace in a history."""
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
        """Return the complaint's row once its reading is on record; call this before showing anything of it.

        `via` is the channel ("cli", "http", "codec"), `identity` whether the reporter's name and contacts are shown,
        `addressed` whether what is read was written to the reader (then no purpose is needed), `facts` further codes
        for the entry. The purpose, at most 500 characters, is encrypted in it. Raises Refusal, and SystemUnavailable.
        """
        told = self._told(act, via) | ({"identity": True} if identity else {}) | (facts or {})
        async with self._refused_readings(actor, act, tracking_id, told):
            said = stated(purpose)
            row = await self._complaint(tracking_id)
            main, registered = await self._main_of(row), await self.has_registered(actor, tracking_id)
            refusal = may(
                actor,
                act,
                row,
                purpose=said,
                identity=identity,
                addressed=addressed,
                main=main,
                registered=registered,
            )
            if refusal is not None:
                raise refusal
        await self._append(_kind_of(act), actor, printable(tracking_id[:20]), told, {"purpose": said} if said else {})
        return row

    async def has_registered(self, actor: Actor, tracking_id: str) -> bool:
        """Return whether the actor registered a complaint at the front desk."""
        return actor.role is Role.DESK and await self._registered(tracking_id, actor.account)

    async def _main_of(self, row: Snapshot) -> Snapshot | None:
        return None if row.main_report is None else await self._complaint(row.main_report)

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
        """Permit a reading that does not concern one complaint; return the purpose as it may be recorded.

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
        """Put on record what a permitted reading found: a complaint, or none."""
        await self._append(_kind_of(act), actor, tracking_id, self._told(act, via) | (facts or {}), words)

    async def search(
        self, actor: Actor, *, via: str, facts: dict[str, Any], words: dict[str, str] | None = None
    ) -> None:
        """Permit an overseer to search their agency's complaints; the purpose goes on record before the first result.

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
    """Return whoever was refused, as far as they may be recorded."""
    try:
        check_actor(actor)
    except Refusal:
        return Actor(role=actor.role, account=UNREADABLE)
    return actor
