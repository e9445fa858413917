"""Readings of what is protected: allowed by the rules of domain.seeing, and put on record before anything is shown."""

from __future__ import annotations

from typing import Any

from kawal.client.complaints import Complaints
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.process.commands import printable
from kawal.domain.refusals import Refusal
from kawal.domain.seeing import OVERSEERS, Matter, check_reading, stated
from kawal.store.access_log import AccessKind


class Readings:
    """Lets people read what they may, and puts each reading and each refusal in the access log."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints

    async def allow(
        self,
        tracking_id: str,
        actor: Actor,
        *,
        what: AccessKind,
        via: str,
        purpose: str | None = None,
        identity: bool = False,
        matter: Matter = Matter.WORDS,
        addressed: bool = False,
        facts: dict[str, Any] | None = None,
    ) -> Snapshot:
        """The complaint's row, once its reading is on record; to be called before anything of it is shown.

        `what` is the kind of the entry, `via` the way ("cli", "http", "codec"), `identity` whether the reporter's name
        and contacts are shown, `addressed` whether what is read was written to the reader (then no purpose is needed),
        `facts` further codes for the entry. The purpose, at most 500 characters, is sealed in
        the entry. Raises Refusal, itself on record, and SystemUnavailable.
        """
        told = {"via": via, "matter": str(matter)} | ({"identity": True} if identity else {}) | (facts or {})
        try:
            said = stated(purpose)
            row = await self._complaints.snapshot(tracking_id)
            check_reading(actor, row, matter, identity=identity, purpose=said, addressed=addressed)
        except Refusal as refusal:
            refused = told | {"command": str(what), "code": refusal.code}
            await self._record(AccessKind.REFUSED, actor, tracking_id, refused, dict(refusal.details))
            raise
        await self._record(what, actor, tracking_id, told, {"purpose": said} if said else {})
        return row

    async def allow_search(
        self, actor: Actor, *, via: str, facts: dict[str, Any], words: dict[str, str] | None = None
    ) -> None:
        """Let an overseer search among their agency's complaints; what for goes on record before the first find.

        `facts` are the codes and days searched by, `words` the names (sealed). Raises Refusal, itself on record.
        """
        told = {"via": via, "matter": "search"} | facts
        if actor.role not in OVERSEERS:
            refusal = Refusal("words_not_yours", role=actor.role, allowed=", ".join(OVERSEERS))
            refused = told | {"command": str(AccessKind.READ_HISTORY), "code": refusal.code}
            await self._record(AccessKind.REFUSED, actor, None, refused, words or {})
            raise refusal
        await self._record(AccessKind.READ_HISTORY, actor, None, told, words or {})

    async def _record(
        self, kind: AccessKind, actor: Actor, tracking_id: str | None, facts: dict[str, Any], words: dict[str, str]
    ) -> None:
        complaints = self._complaints
        known = None if tracking_id is None else printable(tracking_id[:20])
        await complaints.access_log.append(kind, actor, complaints.now(), tracking_id=known, facts=facts, words=words)
