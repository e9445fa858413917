"""What of a report the public will see, decided before it is verified: words redacted, files released one by one."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import attachments_of, complaints_of
from kawal.console.pages.staff.verification.deciding import sent_form
from kawal.console.pages.staff.verification.fields import Faults
from kawal.console.pages.staff.verification.queue import PATH, Attempt, admin, queue_page
from kawal.console.pages.staff.verification.report import VIA, own_row
from kawal.desks.table import Desk, perform
from kawal.domain.msgids import msgid
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.official_access import OfficialAttachments
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import served
from kawal.web.problems import REFUSED_STATUS, Problem

REDACT, RELEASE = "sunting", "rilis"

_NO_PASSAGE = msgid("Write the words that the public shall not read, each passage on a line of its own.")
_NO_WHY = msgid("Write why; the public reads it, too.")


async def redact(request: Request) -> Response:
    """Replace passages of the words that the public will read, each on a line of its own."""
    signed, form = await sent_form(request)
    passages = [line.strip() for line in str(form.get("kata", "")).splitlines() if line.strip()]
    why = str(form.get("alasan", "")).strip()
    faults: Faults = ({} if passages else {"kata": _NO_PASSAGE}) | ({} if why else {"alasan": _NO_WHY})
    if faults:
        return await _back(request, signed, Attempt(REDACT, None, _typed(form), faults), 422)
    return await _act(request, signed, form, "public redact", {"passages": passages, "why": why})


async def release(request: Request) -> Response:
    """Let the public see one file, once the report is verified."""
    signed, form = await sent_form(request)
    return await _act(request, signed, form, "public release", {"file": str(form.get("berkas", ""))})


async def open_file(request: Request) -> Response:
    """Send a file as it was received; the reading goes on record before the first byte."""
    signed, number = await admin(request), request.path_params["number"]
    await own_row(complaints_of(request), signed.actor, number)
    files = OfficialAttachments(complaints_of(request), attachments_of(request), VIA)
    try:
        ref, content = await files.open(number, request.path_params["file"], signed.actor, None)
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence) from refusal
    return served(ref, content, ref.size)


async def _act(request: Request, signed: SignedIn, form: Any, name: str, arguments: dict[str, Any]) -> Response:
    number, complaints = request.path_params["number"], complaints_of(request)
    row = await own_row(complaints, signed.actor, number)
    desk = Desk(complaints, signed.actor, row.instansi)
    try:
        await perform(desk, name, {"tracking_id": number} | arguments)
    except Refusal as refusal:
        attempt = Attempt(REDACT if name == "public redact" else RELEASE, None, _typed(form), {}, refusal.sentence)
        return await _back(request, signed, attempt, REFUSED_STATUS.get(refusal.code, 409))
    return see_other(f"{PATH}/{number}")


async def _back(request: Request, signed: SignedIn, attempt: Attempt, status: int) -> Response:
    number = request.path_params["number"]
    return await queue_page(request, signed, number, opening=True, attempt=attempt, status=status)


def _typed(form: Any) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}
