"""`/laporan/NUMBER/COMMAND`: where every page's forms about one report are sent.

A form holds the fields of the command's model, `formulir` (its token), `kunci` (its idempotency key), `langkah` (the
number of the last event that was shown) and `ke` (the path to go back to). What the rules refuse comes back with all
that was typed and the reason, and the report beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import SignedIn, check_form, signed_in
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.report.act_fields import arguments_of, faults_of
from kawal.console.pages.staff.report.act_form import FormMaker, own_path, with_text
from kawal.console.pages.staff.report.sent_form import TOO_MANY, SentForm, not_taken
from kawal.console.pages.staff.report.sight import seen
from kawal.console.pages.staff.report.warnings import warnings_of
from kawal.console.pages.staff.unsent import CHECK_AGAIN
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import CommandName
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.official_access import OfficialAttachments
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.web.problems import REFUSED_STATUS, Problem
from kawal.wording.act_words import ACT_WORDS, ENDS

VIA = "page"
"""By which way officials come, as the access log tells it."""

_NO_SUCH_ACT = msgid("There is no act of this name.")
_SENT_BEFORE = msgid(
    "This form was sent before and was carried out then. What you changed since was not sent: look at the report first."
)
_LOOK_AT_FIELDS = msgid("NOT SENT YET: something is missing or not right. Look at the marked fields.")


@dataclass(frozen=True)
class Attempt:
    """Why a form is shown again, and how."""

    status: int
    notice: Sayable | None = None
    faults: Mapping[str, Sayable] = field(default_factory=dict)
    new_key: bool = False
    anew: bool = False
    """Whether its sender now sees the report as it is, so that the next attempt is about that."""
    confirm: Sequence[Sayable] = ()
    """What will happen, where it is asked once more before it is done."""


_OPENED = Attempt(200)


async def show_act(request: Request) -> Response:
    """Show an act's form; nothing is done."""
    command = _command(request)
    signed = await signed_in(request)
    row = (await seen(_complaints(request), signed.actor, request.path_params["number"])).row
    return await _form_page(request, signed, row, command, SentForm.empty(request), _OPENED)


async def act(request: Request) -> Response:
    """Do what a form asks for, once; else show it again with all that was typed."""
    refuse_foreign(request)
    command = _command(request)
    form = await SentForm.of(request)
    try:
        return await _act(request, command, form)
    except AttachmentRefused as refusal:  # of the form as a whole: a file too many, or it ended too early
        raise Problem(422, refusal.code, TOO_MANY) from refusal


async def _act(request: Request, command: CommandName, form: SentForm) -> Response:
    complaints, number = _complaints(request), request.path_params["number"]
    signed = await signed_in(request)
    row = (await seen(complaints, signed.actor, number)).row
    try:
        check_form(request, signed, form.lines)
    except Problem as problem:
        again = Attempt(problem.status_code, sentence(CHECK_AGAIN, why=problem.sentence))
        return await _form_page(request, signed, row, command, await form.without_files(), again)
    if "sisipkan" in form.typed:
        return await _form_page(request, signed, row, command, form, _OPENED, text=form.one("sisip"))
    files, refused = await _taken(request, signed, row, form)
    form = form.with_files(files)
    if refused is not None:
        return await _form_page(request, signed, row, command, form, Attempt(422, refused))
    arguments = arguments_of(command, form.typed, files)
    faults = faults_of(command, arguments)
    if faults:
        return await _form_page(request, signed, row, command, form, Attempt(422, _LOOK_AT_FIELDS, faults))
    if command in ENDS and not form.one("pasti"):
        return await _form_page(request, signed, row, command, form, Attempt(200, confirm=ENDS[command]))
    key = form.one("kunci")
    try:
        await complaints.send(
            number, command, signed.actor, arguments, f"page:{key}" if key else None, if_seq=_seq(form)
        )
    except Refusal as refusal:
        return await _form_page(request, signed, row, command, form, _refused(refusal))
    return done(request, command, number, form.one("ke"))


def _refused(refusal: Refusal) -> Attempt:
    status = REFUSED_STATUS.get(refusal.code, 409)
    if refusal.code == "key_reused":
        return Attempt(409, _SENT_BEFORE, new_key=True, anew=True)
    return Attempt(status, refusal.sentence, anew=refusal.code == "changed_meanwhile")


def done(_request: Request, command: CommandName, number: str, back: str) -> Response:
    """Return the answer to an act that was done: the page that its form named, told what was done."""
    path = own_path(back) or f"/laporan/{number}"
    path, _, anchor = path.partition("#")
    joined = f"{path}{'&' if '?' in path else '?'}sudah={quote(command)}.{number}"
    return see_other(f"{joined}#{anchor}" if anchor else joined)


async def _form_page(
    request: Request,
    signed: SignedIn,
    row: Snapshot,
    command: CommandName,
    form: SentForm,
    attempt: Attempt,
    *,
    text: str | None = None,
) -> Response:
    complaints = _complaints(request)
    if attempt.anew:
        row = await complaints.snapshot(row.tracking_id)
    maker = await FormMaker.of(complaints, row, str(request.app.state.lang))
    made = maker.form(
        command,
        form.typed if text is None else with_text(maker.form(command, form.typed), form.typed, text),
        faults=attempt.faults,
        seq=row.last_seq if attempt.anew else None,
        warnings=await warnings_of(complaints, row, command),
        new_key=attempt.new_key,
    )
    values = {
        "form": made,
        "notice": attempt.notice,
        "confirm": attempt.confirm,
        "categories": await complaints.directory.categories() if made.asks_category else [],
        "refused": attempt.status >= 400,
    }
    return staff_page(request, signed, "staff/act.html", values, status=attempt.status)


async def _taken(request: Request, signed: SignedIn, row: Snapshot, form: SentForm) -> tuple[list[str], Sayable | None]:
    """Return the ids of the form's files, those of an attempt before too, and why one was not taken."""
    attachments: Attachments = request.app.state.attachments
    office = OfficialAttachments(_complaints(request), attachments, VIA)
    files = [one for one in form.one("berkas").split(",") if one]
    refused: Sayable | None = None
    async for name, content in form.contents():
        try:
            files.append((await office.add(row.tracking_id, signed.actor, name, content)).id)
        except AttachmentRefused as refusal:
            refused = not_taken(name, refusal)
    return files, refused


def _seq(form: SentForm) -> int | None:
    given = form.one("langkah")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _command(request: Request) -> CommandName:
    name = request.path_params["command"].replace("-", "_")
    if name not in ACT_WORDS:
        raise Problem(404, "no_such_act", _NO_SUCH_ACT)
    return CommandName(name)


def _complaints(request: Request) -> Complaints:
    complaints: Complaints = request.app.state.complaints
    return complaints


ROUTES = [
    Route("/laporan/{number}/{command}", read_in_time(show_act), methods=["GET"]),
    Route("/laporan/{number}/{command}", act, methods=["POST"]),
]
