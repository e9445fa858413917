"""Erasing complaints for good, including what lies outside the database; finishing what a crash left half done.

One erasure is the check, then one database transaction with the line in the signed list before its commit
(store.erasures), then the attachments' objects. If it is interrupted, `finish` completes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any, Protocol

from pydantic import BaseModel
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.log import log
from kawal.domain.erasure import Basis, Standing, not_yet
from kawal.domain.messages import Actor
from kawal.domain.names import Status, workflow_id
from kawal.domain.refusals import Refusal
from kawal.store.erasure_list import ErasureEntry, ErasureList
from kawal.store.erasures import reapply
from kawal.store.handovers import OtherNumber
from kawal.system import System


class Objects(Protocol):
    """The attachments of all complaints (intake.attachments)."""

    async def remove_all(self, tracking_id: str) -> int:
        """Remove all attachments of a complaint; return their number, 0 when repeated."""

    async def list(self, tracking_id: str) -> Any:
        """Return a complaint's attachments, the oldest first: id, name, media_type, size, added_at."""

    async def open(
        self, tracking_id: str, attachment_id: str, *, public: bool, reader: Actor
    ) -> tuple[Any, AsyncIterator[bytes]]:
        """Return one attachment and its content, piece by piece."""


class Outcome(BaseModel):
    """The actual or expected result for one complaint; `code` says why it is not erased."""

    tracking_id: str
    status: Status | None
    erased: bool
    code: str | None = None
    possible_from: date | None = None
    goes_on_as: OtherNumber | None = None
    """The report as which it goes on at another agency, and which is not erased by this."""
    continues: OtherNumber | None = None
    """The report of another agency that goes on as this one, and which is not erased by this."""


class Eraser:
    """Erases complaints of a running system."""

    def __init__(self, connected: System, objects: Objects) -> None:
        """Work through a connection; attachments are in `objects`, the list of erasures where the settings say."""
        self._client = connected.client
        self._objects = objects
        self._erasures = connected.erasures
        self._handovers = connected.handovers
        self._signing = connected.signing_keys
        self._list = ErasureList(connected.settings.erasure_list)

    async def look(self, tracking_id: str) -> Outcome:
        """Return whether a complaint can be erased, without changing anything; refused for an unknown one."""
        standing = await self._standing(tracking_id)
        why = not_yet(standing)
        return Outcome(
            tracking_id=tracking_id,
            status=standing.status,
            erased=False,
            code=why and why.code,
            possible_from=why and why.possible_from,
            goes_on_as=_if_kept(await self._handovers.onward(tracking_id)),
            continues=_if_kept(await self._handovers.before(tracking_id)),
        )

    async def erase(self, tracking_id: str, actor: Actor, basis: Basis, said: str) -> Outcome:
        """Erase one complaint, or return why not; `said` is the ground in words.

        Raises Refusal where the list of erasures cannot be used, SystemUnavailable, and the database's and the
        storage's errors: a repeated call then continues.
        """
        found = await self.look(tracking_id)
        if found.code is not None:
            return found
        entry = ErasureEntry(
            tracking_id=tracking_id, at=datetime.now(UTC), role=actor.role, account=actor.account, ground=basis
        )
        try:
            await self._erasures.erase(entry, self._listing, name=actor.name, said=said, check=_check)
        except Refusal as refusal:
            # The complaint changed meanwhile.
            if not refusal.code.startswith("erase_"):
                raise
            return await self.look(tracking_id)
        await self._remove_objects(tracking_id)
        return found.model_copy(update={"erased": True})

    async def finish(self) -> list[str]:
        """Complete every erasure; return the numbers of those that a restore had undone and that are erased again.

        Erased again: what the list names and the database has. Listed again: what the list lost. Ended: runs in the
        engine of complaints that a restore brought back open. Raises Refusal for a list that was changed or is another
        installation's, and the database's, the engine's and the storage's errors.
        """
        known = await self._signing.known_keys()
        entries = self._list.entries(known.log_id if known.keys else None)
        again = await reapply(self._erasures, entries)
        listed = {entry.tracking_id for entry in entries}
        lost = [entry for entry in await self._erasures.all() if entry.tracking_id not in listed]
        if lost:
            log.error("erasures_missing_in_the_list", number=len(lost), path=str(self._list.path))
            await self._list.append(lost, self._signing)
        for tracking_id in await self._erasures.with_a_run():
            await self._end_run(tracking_id)
        for tracking_id in await self._erasures.with_objects():
            await self._remove_objects(tracking_id)
        return again

    async def _listing(self, entry: ErasureEntry) -> None:
        await self._list.append([entry], self._signing)

    async def _remove_objects(self, tracking_id: str) -> None:
        await self._objects.remove_all(tracking_id)
        await self._erasures.objects_removed(tracking_id)

    async def _standing(self, tracking_id: str) -> Standing:
        standing = await self._erasures.standing(tracking_id)
        if standing is None:
            raise Refusal("unknown_complaint", tracking=tracking_id[:20])
        if not_yet(standing) is None and await self._runs(tracking_id):
            standing = standing.model_copy(update={"running": True})
        return standing

    async def _runs(self, tracking_id: str) -> bool:
        try:
            described = await self._client.get_workflow_handle(workflow_id(tracking_id)).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return described.status is WorkflowExecutionStatus.RUNNING

    async def _end_run(self, tracking_id: str) -> None:
        try:
            await self._client.get_workflow_handle(workflow_id(tracking_id)).terminate(reason="erased")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


def _if_kept(other: OtherNumber | None) -> OtherNumber | None:
    return None if other is None or other.erased else other


def _check(standing: Standing) -> None:
    why = not_yet(standing)
    if why is not None:
        raise Refusal(why.code, tracking=standing.tracking_id)
