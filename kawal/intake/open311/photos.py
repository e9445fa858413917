"""Files that come in the form itself, as FixMyStreet can be set to send photos."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import structlog
from starlette.datastructures import UploadFile

from kawal.base.errors import StorageUnavailable
from kawal.intake.attachments.keeping import Attachments
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.wording.catalogues import say

_PIECE = 256 * 1024

log = structlog.get_logger()


async def keep(attachments: Attachments, tracking_id: str, files: Sequence[UploadFile]) -> list[str]:
    """Keep files with a report and give their ids; the same file twice is one. Raises AttachmentRefused."""
    return [(await attachments.add(tracking_id, file.filename or "lampiran", _pieces(file))).id for file in files]


async def keep_what_can_be(
    attachments: Attachments, tracking_id: str, files: Sequence[UploadFile], lang: str, *, again: bool
) -> str | None:
    """Keep files of a report that is accepted already, and say which of them were not taken and why.

    A refused file does not undo the report. With `again` its sender can send the whole without harm, so that storage
    which is away is raised; else that, too, is only said.
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
