"""Attachments for a report's own reporter: without metadata, and none of which nobody was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from kawal.domain.messages import Actor
from kawal.intake.attachments.refusals import AttachmentRefused, NoPublicVariant
from kawal.intake.attachments.service import AttachmentRef, Attachments
from kawal.record import Record


class ReporterAttachments:
    """The attachments of reports for their reporters; whoever calls has checked the secret or the cookie.

    An official's file is left out until a step names it or the public may see it: it may never be meant for anybody.
    """

    def __init__(self, connected: Record, attachments: Attachments) -> None:
        """Work through a connection."""
        self._rows = connected.attachment_rows
        self._attachments = attachments

    async def list(self, tracking_id: str) -> list[AttachmentRef]:
        """Return what the reporter may see, the oldest first; raises AttachmentRefused."""
        drafts = await self._rows.drafts(tracking_id)
        return [ref for ref in await self._attachments.list(tracking_id) if UUID(ref.id) not in drafts]

    async def open(
        self, tracking_id: str, attachment_id: str, reader: Actor
    ) -> tuple[AttachmentRef, AsyncIterator[bytes], int]:
        """Return a file, its content and its bytes: without metadata, or as received where there is no such form.

        Raises AttachmentRefused, also for what is left out, and StorageUnavailable.
        """
        try:
            if UUID(attachment_id) in await self._rows.drafts(tracking_id):
                raise AttachmentRefused("unknown_attachment")
        except ValueError:
            raise AttachmentRefused("unknown_attachment") from None
        try:
            ref, content = await self._attachments.open(tracking_id, attachment_id, public=True, reader=reader)
        except NoPublicVariant:
            ref, content = await self._attachments.open(tracking_id, attachment_id, public=False, reader=reader)
            return ref, content, ref.size
        return ref, content, ref.public_size or ref.size
