"""Attachments for officials, by the policy of readings: each reading is on record before a byte is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from kawal.client.reading import Readings
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.intake.attachments.service import AttachmentRef, Attachments


class OfficialAttachments:
    """The attachments of complaints for officials, who see the original: a position can be evidence."""

    def __init__(self, complaints: Readings, attachments: Attachments, via: str) -> None:
        """Work through a connected client; `via` is the channel by which officials come ("cli", "http")."""
        self._complaints = complaints
        self._attachments = attachments
        self._via = via

    async def list(self, tracking_id: str, actor: Actor, purpose: str | None) -> list[AttachmentRef]:
        """Return a complaint's attachments, the oldest first; raises Refusal (on record) and AttachmentRefused."""
        await self._allow(tracking_id, actor, purpose, {"what": "attachments"})
        return await self._seen_by(actor).list(tracking_id)

    async def open(
        self, tracking_id: str, attachment_id: str, actor: Actor, purpose: str | None
    ) -> tuple[AttachmentRef, AsyncIterator[bytes]]:
        """Return an attachment as received; raises Refusal (on record), AttachmentRefused and StorageUnavailable."""
        await self._allow(tracking_id, actor, purpose, {"what": "attachment"} | _named(attachment_id))
        return await self._seen_by(actor).open(tracking_id, attachment_id, public=False, reader=None)

    async def open_as_public(
        self, tracking_id: str, attachment_id: str, actor: Actor, purpose: str | None
    ) -> tuple[AttachmentRef, AsyncIterator[bytes]]:
        """Return an attachment as the public sees it once it is released: without metadata, with what was blacked out.

        Raises as `open`; AttachmentRefused also where there is no such form of it.
        """
        facts = {"what": "attachment", "public": True} | _named(attachment_id)
        await self._allow(tracking_id, actor, purpose, facts)
        return await self._seen_by(actor).open_as_public(tracking_id, attachment_id)

    async def add(self, tracking_id: str, actor: Actor, name: str, content: AsyncIterator[bytes]) -> AttachmentRef:
        """Add a file of an official who may see the complaint's; raises Refusal (on record), AttachmentRefused.

        What the desk adds is the reporter's: it was brought to the desk.
        """
        row = await self._complaints.snapshot(tracking_id)
        # Nothing is shown to an official who adds a file: no purpose is needed.
        await self._complaints.authority.authorise(actor, Act.ATTACH, row)
        by_office = actor.role is not Role.DESK
        return await self._attachments.add(tracking_id, name, content, by_office=by_office)

    def _seen_by(self, actor: Actor) -> Attachments:
        return self._attachments.seen_by(self._complaints.seen_by(actor).record)

    async def _allow(self, tracking_id: str, actor: Actor, purpose: str | None, facts: dict[str, Any]) -> None:
        await self._complaints.authority.reading(
            actor, Act.READ_ATTACHMENTS, tracking_id, via=self._via, purpose=purpose, facts=facts
        )


def _named(attachment_id: str) -> dict[str, str]:
    """Return the id for the record, which contains only codes; a malformed id is left out."""
    try:
        return {"attachment": str(UUID(attachment_id))}
    except ValueError:
        return {}
