"""`/laporan/NUMBER`: one report for its officials: where it stands and why, what was written, what can be done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.advice import Adviser
from kawal.client.complaints import Complaints
from kawal.client.reachability import reachability_of
from kawal.client.reading import Readings
from kawal.console.auth.signed_in import SignedIn, check_form, signed_in
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import language_of, lead_up, see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.presence import also_here
from kawal.console.pages.staff.report.act_form import ActForm, FormMaker
from kawal.console.pages.staff.report.files import PLAIN, StaffFile, files_of
from kawal.console.pages.staff.report.note_form import note_form
from kawal.console.pages.staff.report.public_view import PublicView, public_view_of
from kawal.console.pages.staff.report.purposes import MINUTES, drop_purpose, keep_purpose, purpose_of
from kawal.console.pages.staff.report.reading import VIA, StaffReport, leaving_of, read_report, reporter_in
from kawal.console.pages.staff.report.sight import SeenReport, Sight, seen
from kawal.console.pages.staff.report.warnings import warnings_of
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.mentions import end_mentions_of
from kawal.domain.access import PURPOSE_LIMIT, RIGHTS, Act, may, stated
from kawal.domain.checks import SimilarReport
from kawal.domain.labels import CHANNELS, CLASSES, OPD_STATES, ROLES, STATUSES
from kawal.domain.messages import Reporter
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import FINAL, CommandName, ReportClass, Status
from kawal.domain.notes import AUDIENCES
from kawal.domain.persons import absents_in
from kawal.domain.reachability import UNREACHABLE
from kawal.domain.refusals import Refusal
from kawal.wording.act_words import ACT_WORDS
from kawal.wording.explanations import said_explanation
from kawal.wording.staff_timeline import staff_step, who_in_words

MEANINGS: dict[Status, Message] = {
    Status.BELUM_DIVERIFIKASI: msgid("The agency's admin has not decided on it yet."),
    Status.DITUNDA: msgid("It waits for the reporter to complete it."),
    Status.BELUM_DITINDAKLANJUTI: msgid("Verified; no OPD has followed up yet."),
    Status.PROSES: msgid("An OPD has followed up; it has not ended yet."),
    Status.SELESAI: msgid("It has ended as done."),
    Status.DIARSIPKAN: msgid("It has ended; it was archived."),
    Status.BUKAN_WEWENANG: msgid("It has ended here; another agency is responsible."),
    Status.DIGABUNG: msgid("It has ended; its reporter follows the main report."),
}
_PAGE_DIGITS = 16
_PURPOSE = msgid("State the purpose; it goes on record with each reading.")


@dataclass(frozen=True)
class FailedForm:
    """A form of the page that was not done: which one, why, and what was typed in it."""

    name: str
    why: Sayable
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 409


async def show_report(request: Request) -> Response:
    """Show the report, as far as its reader may see it; the reading of its words goes on record."""
    return await report_page(request, await signed_in(request))


async def report_page(
    request: Request, signed: SignedIn, failed: FailedForm | None = None, reporter: Reporter | None = None
) -> Response:
    """Return the page; with a form that was not done, its fields filled again."""
    complaints: Complaints = request.app.state.complaints
    purpose, number = purpose_of(request, signed), request.path_params["number"]
    found = await seen(complaints, signed.actor, number, purpose)
    status = 200 if failed is None else failed.status
    if found.sight is Sight.LEFT:
        return await _left_page(request, signed, found, status)
    lang = language_of(request)
    async with complaints.seen_at_once(signed.actor) as own:
        shown = await read_report(complaints, own, signed.actor, found, purpose, lang)
        beside = await _beside(request, own, signed, shown)
    await end_mentions_of(complaints, signed.actor, number, [note.number for note in shown.notes])
    values = {
        **_heading(shown, lang),
        **beside,
        "similar": await _similar(complaints, signed, shown, purpose) if shown.words is not None else [],
        **await _forms(request, shown),
        "shown": shown,
        **await _presence(complaints, signed, number),
        "number": number,
        "done": _done(request),
        "failed": failed,
        "reporter": reporter,
        "purpose": purpose,
        "purpose_limit": PURPOSE_LIMIT,
        "minutes": MINUTES,
        "plain": PLAIN,
        "unreachable": UNREACHABLE,
        "roles": ROLES,
        "audience_names": AUDIENCES,
        **await note_form(request, signed, found, erased=shown.erased),
        "audits": signed.actor.role in RIGHTS[Act.SEARCH].who,
        "may_know": _may_know(signed, found, purpose),
        "explanations": [said_explanation(one.why, lang) for one in shown.owed],
    }
    return staff_page(request, signed, "staff/report.html", values, status=status)


async def still_here(request: Request) -> Response:
    """Hold the report open further for whoever looks at its page, or no longer; nothing goes on record."""
    signed, form = await _form(request)
    complaints: Complaints = request.app.state.complaints
    found = await seen(complaints, signed.actor, request.path_params["number"])
    presences, own = complaints.record.presences, form.get("halaman", "")[:_PAGE_DIGITS] or None
    if form.get("pergi"):
        await presences.leave(found.row.tracking_id, signed.actor.account, own)
    else:
        await presences.open(found.row.tracking_id, signed.actor.account, complaints.now(), own)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


async def _presence(complaints: Complaints, signed: SignedIn, number: str) -> Mapping[str, Any]:
    """Hold the report open for its reader by this page, and return who else has it open."""
    page = secrets.token_hex(_PAGE_DIGITS // 2)
    await complaints.record.presences.open(number, signed.actor.account, complaints.now(), page)
    return {"page_name": page, "also_here": await also_here(complaints, signed.actor, number)}


async def open_for_purpose(request: Request) -> Response:
    """Open a rahasia report for a purpose that was stated, for some minutes in this browser."""
    signed, form = await _form(request)
    number = request.path_params["number"]
    try:
        purpose = stated(form.get("tujuan"))
    except Refusal as refusal:
        return await report_page(request, signed, FailedForm("buka", refusal.sentence, form, 422))
    if purpose is None:
        return await report_page(request, signed, FailedForm("buka", _PURPOSE, form, 422))
    await seen(request.app.state.complaints, signed.actor, number, purpose)
    answer = see_other(f"/laporan/{number}")
    keep_purpose(request, answer, signed, number, purpose)
    return answer


async def close_again(request: Request) -> Response:
    """Close a rahasia report again in this browser."""
    await _form(request)
    number = request.path_params["number"]
    answer = see_other(f"/laporan/{number}")
    drop_purpose(request, answer, number)
    return answer


async def show_reporter(request: Request) -> Response:
    """Show who the reporter is, once, for a purpose that was stated; the reading goes on record before."""
    signed, form = await _form(request)
    complaints: Complaints = request.app.state.complaints
    number = request.path_params["number"]
    purpose = (form.get("tujuan") or "").strip()
    if not purpose:
        return await report_page(request, signed, FailedForm("pelapor", _PURPOSE, form, 422))
    try:
        await complaints.authority.reading(
            signed.actor, Act.READ_EVENTS, number, via=VIA, purpose=purpose, identity=True
        )
    except Refusal as refusal:
        return await report_page(request, signed, FailedForm("pelapor", refusal.sentence, form))
    return await report_page(
        request, signed, reporter=reporter_in(await complaints.seen_by(signed.actor).history(number))
    )


async def _form(request: Request) -> tuple[SignedIn, dict[str, str]]:
    refuse_foreign(request)
    signed = await signed_in(request)
    async with request.form(max_fields=10) as sent:
        form = {name: value for name, value in sent.items() if isinstance(value, str)}
    check_form(request, signed, form)
    return signed, form


async def _left_page(request: Request, signed: SignedIn, found: SeenReport, status: int) -> Response:
    """Say that the report left the OPD, when and why; the words of why are read only where the OPD may read them."""
    complaints: Complaints = request.app.state.complaints
    number, lang = found.row.tracking_id, language_of(request)
    readable = may(signed.actor, Act.READ_EVENTS, found.row, main=found.main) is None
    if readable:
        await complaints.authority.reading(signed.actor, Act.READ_EVENTS, number, via=VIA, facts={"what": "leaving"})
    events = complaints.seen_by(signed.actor).history(number) if readable else complaints.process_record(number)
    leaving = leaving_of(await events, signed.actor.opd)
    names = await complaints.directory.names(found.row.instansi)
    absents = await complaints.accounts.names_of(absents_in([leaving.facts])) if leaving and readable else {}
    values = {
        "number": number,
        "status_label": STATUSES[found.row.status],
        "leaving": None if leaving is None else staff_step(leaving, names, lang, words=readable, absents=absents),
        "done": _done(request),
    }
    return staff_page(request, signed, "staff/report_left.html", values, status=status)


def _heading(shown: StaffReport, lang: str) -> dict[str, Any]:
    row = shown.row
    return {
        "status_label": STATUSES[row.status],
        "status_means": MEANINGS[row.status],
        "class_label": CLASSES.get(str(row.report_class)) if row.report_class else None,
        "channel_label": CHANNELS[row.channel],
        "holders": [
            (shown.names.get(line.code, line.code), OPD_STATES.get(line.state, Message(line.state)))
            for line in row.opds
        ],
        "note_author": lambda note: who_in_words(note.author, shown.names, lang, named=True),
    }


async def _beside(request: Request, seen: Readings, signed: SignedIn, shown: StaffReport) -> dict[str, Any]:
    """Return what stands beside the words: files, what the public sees, how the reporter is told."""
    complaints: Complaints = request.app.state.complaints
    opened = shown.words is not None
    files: list[StaffFile] = []
    if opened:
        files = await files_of(seen, request.app.state.attachments, shown.row.tracking_id)
    public: PublicView = await public_view_of(seen, signed.actor, shown.row)
    return {
        "files": files,
        "by_id": {one.ref.id: one for one in files},
        "public": public,
        "reached": await reachability_of(complaints, shown.row.tracking_id) if opened else None,
    }


async def _similar(
    complaints: Complaints, signed: SignedIn, shown: StaffReport, purpose: str | None
) -> list[SimilarReport]:
    """Return reports that may be about the same matter, to whoever could merge it; none before the advice is there."""
    merging = next((one for one in shown.permissions if one.name is CommandName.MERGE), None)
    if merging is None or merging.refusal is not None:
        return []
    advice = await Adviser(complaints).advice(shown.row.tracking_id, signed.actor, purpose, VIA)
    return [] if advice is None else advice.similar


async def _forms(request: Request, shown: StaffReport) -> dict[str, Any]:
    """Return a form for each act that is allowed now, and the refusals of the others."""
    complaints: Complaints = request.app.state.complaints
    maker = await FormMaker.of(complaints, shown.row, str(request.app.state.lang))
    forms: list[ActForm] = []
    for one in shown.permissions:
        if one.refusal is None:
            warnings = await warnings_of(complaints, shown.row, one.name)
            forms.append(maker.form(one.name, _defaults(shown, one.name), warnings=warnings))
    asks = any(form.asks_category for form in forms)
    return {
        "forms": forms,
        "until": {one.name: one.changes_at for one in shown.permissions},
        "refused": [one for one in shown.permissions if one.refusal is not None],
        "act_words": ACT_WORDS,
        "categories": await complaints.directory.categories() if asks else [],
        "final": shown.row.status in FINAL,
    }


def _defaults(shown: StaffReport, command: CommandName) -> dict[str, list[str]]:
    """Return what a form is filled with at first: what the reporter proposed, and what the report is now."""
    row = shown.row
    decided = {
        "class": [str(row.report_class or ReportClass.PENGADUAN)],
        "category": [row.category] if row.category else [],
    }
    if command in (CommandName.VERIFY, CommandName.HANDLE):
        return decided | ({"title": [shown.words.title]} if shown.words is not None else {})
    if command is CommandName.RECLASSIFY:
        return {"class": decided["class"], "pengawasan": ["ya"] if row.pengawasan else []}
    if command is CommandName.INSTRUCT:
        return {"to": ["admin"]}
    return {}


def _may_know(signed: SignedIn, found: SeenReport, purpose: str | None) -> bool:
    stated_one = purpose or "?"
    return may(signed.actor, Act.READ_EVENTS, found.row, purpose=stated_one, identity=True, main=found.main) is None


def _done(request: Request) -> Message | None:
    """Return what the form before this page has done, if it was about this report."""
    command, _, number = request.query_params.get("sudah", "").partition(".")
    if number not in ("", request.path_params["number"]):
        return None
    return ACT_WORDS[CommandName(command)].label if command in ACT_WORDS else DONE.get(command)


DONE: dict[str, Message] = {
    "catatan": msgid("The note is left."),
    "coret": msgid("The note is struck."),
    "rilis": msgid("It is public now."),
    "sunting": msgid("The public reads the new version."),
}
"""What the page's other forms have done, by the word in the address."""

ROUTES = [
    Route("/laporan/{number}", read_in_time(show_report), methods=["GET"]),
    Route("/laporan/{number}/buka", open_for_purpose, methods=["POST"]),
    Route("/laporan/{number}/tutup", close_again, methods=["POST"]),
    Route("/laporan/{number}/pelapor", show_reporter, methods=["POST"]),
    Route("/laporan/{number}/hadir", still_here, methods=["POST"]),
    *(Route(f"/laporan/{{number}}/{name}", lead_up, methods=["GET"]) for name in ("buka", "tutup", "pelapor", "hadir")),
]
