"""What of a report the public will see, decided before it is verified: words redacted, files released one by one.

The buttons stand in the decision's form, so all that was typed in it comes along and is shown again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import attachments_of, complaints_of
from kawal.console.pages.staff.desk_form import do_act
from kawal.console.pages.staff.report.files import PLAIN, shown_inline
from kawal.console.pages.staff.report.purposes import MINUTES, purpose_of
from kawal.console.pages.staff.verification.deciding import AT_FAULT, given_back, sent_form, typed_in
from kawal.console.pages.staff.verification.fields import DecisionFields, Faults
from kawal.console.pages.staff.verification.queue import Attempt, Notice, admin, shown_again
from kawal.console.pages.staff.verification.report import VIA, own_row, pieces
from kawal.desks.table import Desk
from kawal.domain.msgids import Message, msgid, sentence
from kawal.domain.publicity import REDACTED
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.official_access import OfficialAttachments
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import served
from kawal.web.problems import REFUSED_STATUS, Problem

REDACT, RELEASE = "sunting", "rilis"
_PASSAGES, _WHY, _FILE = "kata", "sebab", "berkas"

_NO_PASSAGE = msgid("Write the words that the public shall not read, each passage on a line of its own.")
_NO_WHY = msgid("Write why; the public reads it, too.")
_HIDDEN = msgid("The words are hidden from the public. What you typed is still here.")
_RELEASED = msgid("The file is released: the public sees it once the report is verified. What you typed is still here.")
_CLOSED = msgid(
    "Open the report in the queue (b), then its file: it is rahasia, and {minutes} minutes later it is closed again."
)


async def redact(request: Request) -> Response:
    """Replace passages of the words that the public will read, each on a line of its own; also of the typed title."""
    signed, form = await sent_form(request)
    fields, typed = DecisionFields.of(form), typed_in(form)
    passages = [line.strip() for line in typed.get(_PASSAGES, "").splitlines() if line.strip()]
    why = typed.get(_WHY, "")
    faults: Faults = ({} if passages else {_PASSAGES: _NO_PASSAGE}) | ({} if why else {_WHY: _NO_WHY})
    if faults:
        return await given_back(request, signed, Attempt(REDACT, fields, typed, faults, AT_FAULT), 422)
    arguments = {"passages": passages, "why": why}
    done = Attempt(REDACT, fields._replace(title=_without(fields.title, passages)), {}, {})
    return await _act(request, signed, form, "public redact", arguments, done, _HIDDEN)


async def release(request: Request) -> Response:
    """Let the public see one file, once the report is verified."""
    signed, form = await sent_form(request)
    done = Attempt(RELEASE, DecisionFields.of(form), typed_in(form), {})
    return await _act(request, signed, form, "public release", {"file": str(form.get(_FILE, ""))}, done, _RELEASED)


async def open_file(request: Request) -> Response:
    """Send a file as it was received, or as the public will see it; the reading goes on record before the first byte.

    Of a rahasia report only while the browser holds the purpose for which it was opened here.
    """
    signed, number, file = await admin(request), request.path_params["number"], request.path_params["file"]
    await own_row(complaints_of(request), signed.actor, number)
    files = OfficialAttachments(complaints_of(request), attachments_of(request), VIA)
    purpose = purpose_of(request, signed)
    try:
        if PLAIN in request.query_params:
            ref, content = await files.open_as_public(number, file, signed.actor, purpose)
            return shown_inline(ref, content, ref.size)
        ref, content = await files.open(number, file, signed.actor, purpose)
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence) from refusal
    except Refusal as refusal:
        if refusal.code != "purpose_needed":
            raise
        raise Problem(409, refusal.code, sentence(_CLOSED, minutes=MINUTES)) from refusal
    return served(ref, content, ref.size)


async def _act(
    request: Request,
    signed: SignedIn,
    form: FormData,
    name: str,
    arguments: Mapping[str, Any],
    done: Attempt,
    said: Message,
) -> Response:
    """Do an act of the desks' table and show the report again, `done` or refused, with what was typed."""
    number, complaints = request.path_params["number"], complaints_of(request)
    row = await own_row(complaints, signed.actor, number)
    try:
        await do_act(Desk(complaints, signed.actor, row.instansi), name, {"tracking_id": number, **arguments}, form)
    except Refusal as refusal:
        attempt = Attempt(done.form, DecisionFields.of(form), typed_in(form), {}, refusal.sentence)
        return await given_back(request, signed, attempt, REFUSED_STATUS.get(refusal.code, 409))
    return await shown_again(request, signed, done, Notice(said, good=True))


def _without(title: str, passages: Sequence[str]) -> str:
    """Return the typed title without what is hidden; the report's own words may differ in capitals and spaces."""
    longest = sorted(passages, key=len, reverse=True)
    found = "|".join(r"\s+".join(map(re.escape, passage.split())) for passage in longest)
    shown = [one.text if one.mark else re.sub(found, REDACTED, one.text, flags=re.IGNORECASE) for one in pieces(title)]
    return "".join(shown)
