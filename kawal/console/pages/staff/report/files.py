"""`/laporan/NUMBER/berkas/ID`: a report's files for its officials; each opening is on record before the first byte."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.client.reading import Readings
from kawal.console.auth.signed_in import signed_in
from kawal.console.pages.staff.report.purposes import purpose_of
from kawal.console.pages.staff.report.reading import VIA
from kawal.console.pages.staff.report.sight import seen
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.access import Act
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import served
from kawal.intake.attachments.service import AttachmentRef, Attachments
from kawal.store.public_versions import PublicFile
from kawal.web.problems import Problem

PLAIN = "tanpa-data"
"""The query's word for a picture as it is shown: without the place and date that a photo holds."""


class StaffFile(NamedTuple):
    """A file with what the public sees of it."""

    ref: AttachmentRef
    public: PublicFile | None

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it."""
        return self.ref.media_type.startswith("image/") and self.ref.public_size is not None


async def files_of(seen: Readings, attachments: Attachments, number: str) -> list[StaffFile]:
    """Return a report's files, the oldest first; the caller has put the reading of its words on record."""
    own = attachments.seen_by(seen.record)
    public = {str(file.id): file for file in await seen.record.public_versions.files(number)}
    return [StaffFile(ref, public.get(ref.id)) for ref in await own.list(number)]


async def send_file(request: Request) -> Response:
    """Send a file as it came; or, asked for so, as a picture without metadata, to be shown on the page."""
    complaints: Complaints = request.app.state.complaints
    attachments: Attachments = request.app.state.attachments
    number, file = request.path_params["number"], request.path_params["file"]
    signed = await signed_in(request)
    purpose = purpose_of(request, signed)
    await seen(complaints, signed.actor, number, purpose)
    plain = PLAIN in request.query_params
    facts = {"what": "attachment", "public": plain}
    await complaints.authority.reading(
        signed.actor, Act.READ_ATTACHMENTS, number, via=VIA, purpose=purpose, facts=facts
    )
    try:
        own = attachments.seen_by(complaints.seen_by(signed.actor).record)
        ref, content = await own.open(number, file, public=plain, reader=None)
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence) from refusal
    return shown_inline(ref, content, ref.public_size or ref.size) if plain else served(ref, content, ref.size)


def shown_inline(ref: AttachmentRef, content: AsyncIterator[bytes], size: int) -> Response:
    """Answer with a form of a file that holds no metadata: a picture is shown on the page, anything else saved."""
    answer = served(ref, content, size)
    if ref.media_type.startswith("image/"):
        answer.headers["Content-Disposition"] = "inline"
    return answer


ROUTES = [Route("/laporan/{number}/berkas/{file}", read_in_time(send_file), methods=["GET"])]
