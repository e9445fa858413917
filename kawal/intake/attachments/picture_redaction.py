"""Blacking out parts of a picture for the public, as a command of the desks (desks.table).

The picture is drawn in the inspectors' process, and before anything is held: a picture takes seconds, and meanwhile the
report goes on. The original and every earlier form stay as they are.
"""

from __future__ import annotations

from uuid import UUID

from kawal.desks.arguments import RedactPicture
from kawal.desks.publicity import PublicityResult, deciding, public_reason
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.images import Area, RedactedPicture
from kawal.intake.attachments.refusals import AttachmentRefused, NoPublicVariant
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings


async def redact_picture(desk: Desk, given: RedactPicture) -> PublicityResult:
    """Let a picture with these areas black be its public form, released or not; raises Refusal, itself on record."""
    settings = AttachmentSettings.from_env(desk.complaints.settings.home)
    attachments = Attachments(desk.complaints.record, settings)
    async with deciding(desk, given.tracking_id, Act.REDACT, words=False):
        pass  # who may not is told before the picture is opened
    if not given.areas:
        return await _restored(desk, given)
    picture = await _drawn(desk, attachments, given)
    why = await public_reason(desk, given.tracking_id, given.why)
    async with deciding(desk, given.tracking_id, Act.REDACT, words=False) as change:
        version = await desk.complaints.record.public_versions.file(given.tracking_id, picture.attachment)
        if version.latest + 1 != picture.variant or (given.anew and version.variant is None):
            raise Refusal("publicity_meanwhile")
        file_id = await attachments.store_redacted(given.tracking_id, picture)
        act = await change.redact_file(
            desk.actor,
            desk.complaints.now(),
            picture.attachment,
            picture.variant,
            size=len(picture.content),
            file_id=file_id,
            areas=given.areas,
            why=why,
            anew=given.anew,
        )
    return PublicityResult(tracking_id=given.tracking_id, what="picture", act=act)


async def _restored(desk: Desk, given: RedactPicture) -> PublicityResult:
    why = await public_reason(desk, given.tracking_id, given.why)
    async with deciding(desk, given.tracking_id, Act.REDACT, words=False) as change:
        attachment = await _redacted_before(desk, given)
        act = await change.restore_file(desk.actor, desk.complaints.now(), attachment, why)
    return PublicityResult(tracking_id=given.tracking_id, what="picture", act=act)


async def _redacted_before(desk: Desk, given: RedactPicture) -> UUID:
    """Return the picture's id; refused if no part of it is black."""
    attachment = UUID(given.file)
    version = await desk.complaints.record.public_versions.file(given.tracking_id, attachment)
    if version.variant is None:
        raise Refusal("publicity_not_redacted")
    return attachment


async def _drawn(desk: Desk, attachments: Attachments, given: RedactPicture) -> RedactedPicture:
    areas = [Area(*map(int, one.split(","))) for one in given.areas]
    async with desk.complaints.authority.refusals(desk.actor, Act.REDACT, given.tracking_id):
        if given.anew:
            await _redacted_before(desk, given)
        try:
            return await attachments.blacked_out(given.tracking_id, given.file, areas, anew=given.anew)
        except NoPublicVariant as none:
            raise Refusal("publicity_no_variant", type=none.media_type) from None
        except AttachmentRefused as refused:
            if refused.code == "unknown_attachment":
                raise Refusal("unknown_files", files=given.file) from None
            raise Refusal("publicity_picture", detail=refused.sentence) from None
