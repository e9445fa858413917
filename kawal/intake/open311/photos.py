"""Files in the form itself; FixMyStreet can be configured to send photos in this way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import structlog
from starlette.datastructures import UploadFile

from kawal.base.errors import StorageUnavailable
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.wording.catalogues import say

_PIECE = 256 * 1024

log = structlog.get_logger()


async def keep(attachments: Attachments, tracking_id: str, files: Sequence[UploadFile]) -> list[str]:
    """Store files with a report and return their ids; the same file twice is one. Raises AttachmentRefused."""
    return [(await attachments.add(tracking_id, file.filename or "lampiran", _pieces(file))).id for file in files]


async def keep_what_can_be(
    attachments: Attachments, tracking_id: str, files: Sequence[UploadFile], lang: str, *, again: bool
) -> str | None:
    """Store files of a report that is already accepted, and return which of them were not taken and why.

    A refused file does not undo the report. With `again` its sender can safely send everything again, so unavailable
    storage is raised; otherwise that, too, is only reported.
    """
    refused = []
    for file in files:
        try:
            await keep(attachments, tracking_id, [file])
        except AttachmentRefused as error:
            refused.append(f"{file.filename}: {say(lang, error.sentence)}")
        except StorageUnavailable:
            if again:
                raise
            log.warning("photo_not_kept", tracking_id=tracking_id)
            refused.append(f"{file.filename}: -")
    return " ".join(refused) or None


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while piece := await file.read(_PIECE):
        yield piece
