"""What becomes of a letter that was read: a report, and the files that came with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import structlog

from kawal.domain.contacts import is_email
from kawal.domain.messages import Report, Reporter
from kawal.domain.names import Channel, workflow_id
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import ReceivedLetter
from kawal.intake.mail.parts import File

log = structlog.get_logger()


class KeptFiles(NamedTuple):
    """What became of the files of a letter."""

    ids: list[str]
    """Of those that are with the report now."""
    left_out: list[str]
    """Of those that are not, each as CODE:NAME (domain.labels.LEFT_OUT)."""


def report_of(letter: ReceivedLetter, external_id: str) -> Report:
    """Return the report that a letter makes."""
    known = is_email(letter.sender)
    return Report(
        title=letter.title,
        text=letter.text or letter.title,
        channel=Channel.EMAIL,
        anonim=letter.anonim,
        rahasia=letter.rahasia,
        reporter=Reporter(
            name=letter.name or None,
            email=letter.sender if known else None,
            # What is not an address by the rules may still be one within an organisation: kept as it came.
            origin=None if known else letter.sender[:200] or None,
        ),
        external_id=external_id,
        no_receipt=letter.writer is Writer.MARKED,
    )


async def keep_files(attachments: Attachments, tracking_id: str, files: Sequence[File]) -> KeptFiles:
    """Store the files that are accepted; a file that is not never holds up the letter."""
    kept = KeptFiles([], [])
    for file in files:
        try:
            kept.ids.append(str((await attachments.add(tracking_id, file.name, _once(file.content))).id))
        except AttachmentRefused as refused:
            log.info("attached_file_refused", workflow_id=workflow_id(tracking_id), code=refused.code)
            kept.left_out.append(f"{refused.code}:{file.name}")
    return kept


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
