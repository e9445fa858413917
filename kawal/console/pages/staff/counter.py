"""`/kerja/loket`: the front desk registers a report for somebody present or calling, and speaks for a reporter.

The slip with number, code and QR code is the answer to the form itself and has no address: nobody gets to a code by
reading. Sent again, the form is the same report and gives the same slip. Files that the person brings go along, or are
added later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.base.unavailable import unavailable
from kawal.client.reporter_access import ReporterAccess
from kawal.console.auth.signed_in import SignedIn, need_role, signed_in
from kawal.console.pages.frame import lead_up
from kawal.console.pages.public.parts import NOT_SENT, attachments_of, complaints_of, public_address
from kawal.console.pages.public.receipt import qr_picture_of
from kawal.console.pages.staff.desk_files import FilesTaken, take_files, take_files_of_new
from kawal.console.pages.staff.desk_form import SentForm, result_of_desk_act, sent_form, sent_form_with_files
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.report.sent_form import AT_ONCE
from kawal.console.pages.staff.report.sent_form import SentForm as FormWithFiles
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.reporters import STAMP_MOST_DAYS, Recognition, ReporterDesk
from kawal.domain.access import RIGHTS, Act
from kawal.domain.calendar import at_local, local_day
from kawal.domain.messages import Report
from kawal.domain.msgids import Message, Sayable, msgid, msgids, sentence
from kawal.domain.names import REPORTERS_COMMANDS, Channel, CommandName
from kawal.domain.process.commands import NOTE_LIMIT
from kawal.domain.record_labels import COMMANDS
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.settings import MEGABYTE
from kawal.intake.page_form import Faults, TypedReport, read_report
from kawal.web.problems import REFUSED_STATUS
from kawal.wording.links import report_link

PATH = "/kerja/loket"

UPLOADS = (f"{PATH}/catat", f"{PATH}/berkas")
"""The paths of the forms with files."""

PAPER_MOST_DAYS = 365
"""How many days back the stamp of a report on paper, its day 0, may be: further back it is a typing error [P]."""

_SPOKEN = tuple(command for command in CommandName if command in REPORTERS_COMMANDS)

_STAMP = msgid("Write the day of the stamp as YYYY-MM-DD: not in the future, and at most {most} days back.")
_LOOK = msgid("NOT SENT YET: please correct what is marked below.")
_SAID = msgid("Done for the reporter of {number}: {command}. The reporter is told at once.")
_ADDED = msgids("{count} file was added to report {number}.", "{count} files were added to report {number}.")
_CHOOSE = msgid("Choose at least one file.")
_REGISTERED = msgid("The report is registered")
_NEW_CODE = msgid("The new access code")


async def show_counter(request: Request) -> Response:
    """Show the empty forms."""
    return _page(request, await _at_the_desk(request))


async def _at_the_desk(request: Request) -> SignedIn:
    signed = await signed_in(request)
    need_role(signed, *RIGHTS[Act.SPEAK].who)
    return signed


def _page(
    request: Request,
    signed: SignedIn,
    *,
    report: Mapping[str, str] | None = None,
    faults: Faults | None = None,
    spoken: Mapping[str, str] | None = None,
    code: Mapping[str, str] | None = None,
    files_for: str = "",
    files_again: bool = False,
    notice: Mapping[str, Sayable] | None = None,
    refused: Sequence[Sayable] = (),
    done: Sayable | None = None,
    status: int = 200,
) -> Response:
    """Show the forms, one of them with what was typed and what is wrong with it."""
    values = {
        "report": report or {},
        "faults": faults or {},
        "spoken": spoken or {},
        "code": code or {},
        "files_for": files_for,
        "files_again": files_again,
        "refused": refused,
        **_file_limits(request),
        "notice": notice or {},
        "done": done,
        "commands": [(str(one), COMMANDS[one]) for one in _SPOKEN],
        "today": local_day(complaints_of(request).now()).isoformat(),
        "stamp_days": STAMP_MOST_DAYS,
        "most": NOTE_LIMIT,
    }
    return staff_page(request, signed, "staff/counter.html", values, status=status)


def _file_limits(request: Request) -> dict[str, int]:
    """Return what the forms say of files: how many at once, and how large each may be."""
    return {"at_once": AT_ONCE, "megabytes": attachments_of(request).settings.max_bytes // MEGABYTE}


# --- A report ---------------------------------------------------------------------------------------------------------


async def register(request: Request) -> Response:
    """Register a report for somebody; answer with the slip, or with all that was typed and what is wrong."""
    form, sent = await sent_form_with_files(request)
    need_role(form.signed, *RIGHTS[Act.SPEAK].who)
    report, at, faults = _read(form, complaints_of(request).now())
    if report is None:
        return await _report_again(request, form, sent, _LOOK, 422, faults)
    try:
        return await _registered(request, form, sent, report, at)
    except Refusal as refusal:
        return await _report_again(request, form, sent, refusal.sentence, REFUSED_STATUS.get(refusal.code, 409))
    except Exception as error:
        if unavailable(error) is None:
            raise
        return await _report_again(request, form, sent, NOT_SENT, 503)


async def _report_again(
    request: Request, form: SentForm, sent: FormWithFiles, why: Sayable, status: int, faults: Faults | None = None
) -> Response:
    """Show the report as it was typed; its files have to be chosen again."""
    had_files = bool((await sent.without_files()).file_fields)
    notice = {"report": why}
    return _page(
        request,
        form.signed,
        report=form.fields,
        faults=faults,
        files_again=had_files,
        notice=notice,
        status=status,
    )


def _read(form: SentForm, now: datetime) -> tuple[Report | None, datetime | None, Faults]:
    """Return the report, when it was received if not now, and what is wrong with the fields."""
    faults: Faults = {}
    received_at = None
    stamp = form.given("stamp")
    if stamp is not None:
        day, today = _day(stamp), local_day(now)
        if day is None or not today - timedelta(days=PAPER_MOST_DAYS) <= day <= today:
            faults["stamp"] = sentence(_STAMP, most=PAPER_MOST_DAYS)
        elif day < today:
            received_at = at_local(day, 12)
    read = read_report(TypedReport.of(form.fields))
    if not isinstance(read, Report):
        return None, None, {**read, **faults}
    return (None if faults else read.model_copy(update={"channel": Channel.WALK_IN})), received_at, faults


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _registered(
    request: Request, form: SentForm, sent: FormWithFiles, report: Report, received_at: datetime | None
) -> Response:
    complaints, signed = complaints_of(request), form.signed
    key = TypedReport.of(form.fields).key
    answer = await complaints.start(report, signed.actor, f"page:{key}", signed.actor.instansi, received_at=received_at)
    code = await ReporterAccess(complaints).secret_of(answer.tracking_id)
    at = received_at or complaints.now()
    files = await take_files_of_new(request, signed, answer.tracking_id, sent)
    return await _slip(request, signed, _REGISTERED, answer.tracking_id, code, at, files)


async def _slip(
    request: Request,
    signed: SignedIn,
    title: Message,
    number: str,
    code: str,
    at: datetime | None,
    files: FilesTaken | None,
) -> Response:
    """Return the slip that is handed out, to be printed."""
    complaints = complaints_of(request)
    agency = await complaints.record.inbox.agencies_of([number])
    known = await complaints.directory.instansi(agency[number])
    link = report_link(public_address(request), number, code)
    values = {
        "title": title,
        "number": number,
        "code": code,
        "link": link,
        "qr": qr_picture_of(link),
        "agency": agency[number] if known is None else known.name,
        "received_at": at,
        "files": files,
        **_file_limits(request),
    }
    return staff_page(request, signed, "staff/slip.html", values)


async def add_files(request: Request) -> Response:
    """Add files to a report that was registered here; what is not taken is named, with why."""
    form, sent = await sent_form_with_files(request)
    need_role(form.signed, *RIGHTS[Act.ATTACH].registered)
    number = form.fields.get("number", "")
    try:
        files = await take_files(request, form.signed, number, sent)
    except Refusal as refusal:
        status = REFUSED_STATUS.get(refusal.code, 409)
        return _page(request, form.signed, files_for=number, notice={"files": refusal.sentence}, status=status)
    refused = files.refused if files.taken or files.refused else [_CHOOSE]
    done = sentence(_ADDED, count=files.taken, number=number) if files.taken else None
    status = 422 if refused else 200
    return _page(request, form.signed, files_for=number if refused else "", refused=refused, done=done, status=status)


# --- For a reporter ---------------------------------------------------------------------------------------------------


async def speak(request: Request) -> Response:
    """Pass on what a reporter says who is present or calls and was recognised."""
    form = await sent_form(request)
    need_role(form.signed, *RIGHTS[Act.SPEAK].who)
    number, named = form.fields.get("number", ""), form.fields.get("command", "")
    try:
        command = CommandName(named) if named in _SPOKEN else None
        if command is None:
            raise Refusal("malformed", detail="command")
        stamp = form.given("stamp")
        known = Recognition(
            code=form.given("access_code"),
            contact=form.given("contact"),
            stamp=None if stamp is None else _stamped(stamp),
            grounds=form.given("grounds"),
        )
        desk, key = ReporterDesk(complaints_of(request)), f"page:{form.fields.get('key', '')}"
        await desk.speak(number, command, form.signed.actor, _arguments(command, form), key, known)
    except Refusal as refusal:
        status = REFUSED_STATUS.get(refusal.code, 409)
        return _page(request, form.signed, spoken=form.fields, notice={"spoken": refusal.sentence}, status=status)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _page(request, form.signed, spoken=form.fields, notice={"spoken": NOT_SENT}, status=503)
    return _page(request, form.signed, done=sentence(_SAID, number=number, command=COMMANDS[command]))


def _stamped(text: str) -> date:
    """Return the day of a paper's stamp; what is no day is refused as one out of reach is."""
    day = _day(text)
    if day is None:
        raise Refusal("stamp_out_of_reach", most=STAMP_MOST_DAYS)
    return day


def _arguments(command: CommandName, form: SentForm) -> dict[str, Any]:
    """Return what the command says, from the fields that it has."""
    words, rating = form.given("words"), form.given("rating")
    match command:
        case CommandName.REPLY:
            given: dict[str, Any] = {"text": words}
        case CommandName.DISPUTE:
            given = {"why": words}
        case CommandName.CONCEAL:
            given = {name: True for name in ("anonim", "rahasia") if form.given(name)}
        case CommandName.RATE:
            given = {"rating": rating, "words": words}
        case _:
            given = {"rating": rating}
    return {name: value for name, value in given.items() if value is not None}


async def change_code(request: Request) -> Response:
    """Give a reporter who was recognised a new code, on a new slip; the old one ends."""
    form = await sent_form(request)
    need_role(form.signed, *RIGHTS[Act.CHANGE_CODE].who)
    try:
        changed = await result_of_desk_act(request, form, "code change")
    except Refusal as refusal:
        status = REFUSED_STATUS.get(refusal.code, 409)
        return _page(request, form.signed, code=form.fields, notice={"code": refusal.sentence}, status=status)
    return await _slip(request, form.signed, _NEW_CODE, changed.tracking_id, changed.secret, None, None)


ROUTES = [
    Route(PATH, read_in_time(show_counter), methods=["GET"]),
    Route(f"{PATH}/catat", register, methods=["POST"]),
    Route(f"{PATH}/berkas", add_files, methods=["POST"]),
    Route(f"{PATH}/sampaikan", speak, methods=["POST"]),
    Route(f"{PATH}/kode", change_code, methods=["POST"]),
    *(Route(f"{PATH}/{name}", lead_up, methods=["GET"]) for name in ("catat", "berkas", "sampaikan", "kode")),
]
