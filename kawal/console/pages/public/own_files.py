"""`/l/NUMBER/berkas/ID`: the report's files for its reporter, without the place and date that a photo holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.public.entrance import opened
from kawal.console.pages.public.parts import attachments_of, complaints_of, count_call
from kawal.intake.attachments.refusals import AttachmentRefused, NoPublicVariant
from kawal.intake.attachments.routes import original, served
from kawal.intake.attachments.service import AttachmentRef
from kawal.web.problems import Problem


class OwnFiles(NamedTuple):
    """A report's files: those of the reporter, and those that offices added to a follow-up."""

    own: list[AttachmentRef]
    of_offices: list[AttachmentRef]

    def named(self, ids: Collection[str]) -> list[AttachmentRef]:
        """Return those that a step names."""
        return [ref for ref in (*self.own, *self.of_offices) if ref.id in ids]


def own_files(refs: Sequence[AttachmentRef], from_offices: Collection[int]) -> OwnFiles:
    """Divide a report's files; `from_offices` are the numbers of the offices' follow-ups."""
    return OwnFiles(
        [ref for ref in refs if ref.event_seq not in from_offices],
        [ref for ref in refs if ref.event_seq in from_offices],
    )


async def send_file(request: Request) -> Response:
    """Send one file; for a rahasia report the reading goes on record."""
    await count_call(request)
    tracking_id = await opened(request)
    attachments = attachments_of(request)
    file, reader = request.path_params["file"], await complaints_of(request).reporter(tracking_id)
    try:
        try:
            ref, content = await attachments.open(tracking_id, file, public=True, reader=reader)
        except NoPublicVariant:
            return await original(attachments, tracking_id, file, reader)
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence) from refusal
    return served(ref, content, ref.public_size or ref.size)
