"""The page: the queue on the left, one report with its filled-in decision on the right.

Opened without a number it shows the first report that no colleague has open. A report's pane alone is what the page's
script asks for, of the next ones ahead of their turn.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import PART, SignedIn, check_form, need_role, signed_in
from kawal.console.pages.form_guard import TOKEN
from kawal.console.pages.frame import page
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.report.files import PLAIN
from kawal.console.pages.staff.report.purposes import keep_purpose
from kawal.console.pages.staff.verification.fields import DecisionFields, Faults
from kawal.console.pages.staff.verification.practice import practice_of
from kawal.console.pages.staff.verification.report import (
    ShownReport,
    now_of,
    pieces,
    purpose_here,
    shown_report,
)
from kawal.domain.labels import CHANNELS, CLASSES, STATUSES
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.domain.names import CommandName, ReportClass
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.report_numbers import is_number
from kawal.domain.time_left import TimeLeft, time_left
from kawal.domain.verification import Stop, offered_opds
from kawal.domain.work_queues import Queue
from kawal.store.queues import MOST_COUNTED, Cursor, QueueFilters, QueueLine, queue_counts, scope_of
from kawal.store.queues import queue_page as queue_page_of
from kawal.wording.time_left import SHAPES, time_in_words

PATH = "/kerja/verifikasi"

MOST_SEARCHED = 200
"""The most characters of what is searched for."""


class ListedReport(NamedTuple):
    """A line of the queue on the page."""

    line: QueueLine
    left: TimeLeft
    colleague: str | None
    """Who else has it open."""


class QueueList(NamedTuple):
    """What of the queue the page shows."""

    lines: list[ListedReport]
    waiting: int
    """How many wait in all, up to MOST_COUNTED."""
    words: str
    """What was searched for."""
    here: str
    """The query of this page's own address."""
    following: str | None
    """The query of the next page's address."""


class Notice(NamedTuple):
    """What the page says of what was just done, or not done."""

    sentence: Sayable
    good: bool
    number: str | None = None
    """The report that can be taken back."""


DONE: dict[str, Message] = {
    "putuskan": msgid("Report {number} was verified and forwarded."),
    "teruskan": msgid("Report {number} was forwarded."),
    "tunda": msgid("Report {number} is on hold until its reporter completes it."),
    "arsipkan": msgid("Report {number} was archived."),
    "bukan-wewenang": msgid("Report {number} was passed on as outside the agency's authority."),
    "gabungkan": msgid("Report {number} was merged."),
    "kelola": msgid("Report {number} was verified; the agency handles it itself."),
    "tarik": msgid("Report {number} was taken back from its OPD. It waits to be forwarded again."),
}
"""What is said after each act, by the last part of its address."""

TAKEN_BACK = frozenset({"putuskan", "teruskan", "kelola"})
"""The acts that can be taken back, by withdrawing the report from whoever got it."""


class Attempt(NamedTuple):
    """What was typed and is shown again: of which form, what it held, what is wrong with it."""

    form: str
    """`putuskan`, or the name of the other act."""
    fields: DecisionFields | None
    typed: Mapping[str, str]
    faults: Faults
    why: Sayable | None = None
    away: bool = False
    """Whether something was away: the act may be done all the same, and its form sent again is the same one."""


async def admin(request: Request) -> SignedIn:
    """Return the admin who asks; raises what signed_in does, and Problem 403 for another role."""
    signed = await signed_in(request)
    need_role(signed, *TRANSITIONS[CommandName.VERIFY].who)
    return signed


async def agency_of(request: Request, signed: SignedIn) -> str:
    """Return the agency in whose queue the admin works."""
    return signed.actor.instansi or await complaints_of(request).default_instansi()


async def show_queue(request: Request) -> Response:
    """Show the queue, and the first report that no colleague has open."""
    signed = await admin(request)
    found = await queue_lines(request, signed)
    if PART in request.query_params:  # the list alone: nobody opened a report
        return page(request, "staff/verification_part.html", _list_values(found))
    first = next((one.line.number for one in found.lines if one.colleague is None), None)
    return await queue_page(request, signed, first, found=found)


async def show_report(request: Request) -> Response:
    """Show the queue, and the report of this number."""
    signed = await admin(request)
    return await queue_page(request, signed, request.path_params["number"])


async def open_secret(request: Request) -> Response:
    """Show a rahasia report, opened for the queue's purpose by the form that says so."""
    signed = await admin(request)
    form = await request.form(max_fields=5)
    check_form(request, signed, form)
    if wants_pane(request):
        shown = await shown_report(request, signed, request.path_params["number"], opening=True)
        await take(request, signed, shown.number)
        return _with_purpose(request, signed, shown, await _pane(request, signed, shown))
    return await queue_page(request, signed, request.path_params["number"], opening=True)


def _with_purpose(request: Request, signed: SignedIn, shown: ShownReport, response: Response) -> Response:
    """Let the browser hold the purpose of a rahasia report that was just opened, so that its files open, too."""
    if shown.rahasia and shown.opened:
        keep_purpose(request, response, signed, shown.number, purpose_here(request), PATH)
    return response


async def show_pane(request: Request) -> Response:
    """Answer the page's script with one report's pane; `awal=1`: ahead of its turn, so nobody has it open yet."""
    signed, number = await admin(request), request.path_params["number"]
    ahead = request.query_params.get("awal") == "1"
    shown = await shown_report(request, signed, number, ahead=ahead)
    if not ahead:
        await take(request, signed, number)
    return await _pane(request, signed, shown)


async def shown_again(request: Request, signed: SignedIn, attempt: Attempt, told: Notice) -> Response:
    """Return the report as it is now with what was typed: its pane to the script, else the whole page."""
    number = request.path_params["number"]
    if not wants_pane(request):
        return await queue_page(request, signed, number, attempt=attempt, told=told)
    return await _pane(request, signed, await shown_report(request, signed, number), attempt, told)


async def _pane(
    request: Request,
    signed: SignedIn,
    shown: ShownReport,
    attempt: Attempt | None = None,
    told: Notice | None = None,
) -> Response:
    values = await pane_values(request, signed, shown, attempt)
    common = {"signed": signed, "token_field": TOKEN, "told": told}
    return page(request, "staff/verification_pane.html", common | values)


def wants_pane(request: Request) -> bool:
    """Tell whether the page's script asks, which takes a pane or JSON, no page."""
    return "application/json" in request.headers.get("accept", "")


async def queue_page(
    request: Request,
    signed: SignedIn,
    number: str | None,
    *,
    found: QueueList | None = None,
    opening: bool = False,
    attempt: Attempt | None = None,
    told: Notice | None = None,
    status: int = 200,
) -> Response:
    """Return the whole page with a report, or with none where nothing waits."""
    shown = None
    if number is not None:
        shown = await shown_report(request, signed, number, opening=opening)
        await take(request, signed, number)
    agency = await practice_of(request, await agency_of(request, signed))
    values = {
        **_list_values(found or await queue_lines(request, signed)),
        "channels": CHANNELS,
        "opd_names": agency.opd_names,
        "told": told or done(request),
        "key": str(uuid.uuid4()),
    }
    if shown is None:
        return staff_page(request, signed, "staff/verification.html", values | {"shown": None}, status=status)
    pane = await pane_values(request, signed, shown, attempt)
    answer = staff_page(request, signed, "staff/verification.html", values | pane, status=status)
    return _with_purpose(request, signed, shown, answer)


def _list_values(queue: QueueList) -> dict[str, Any]:
    return {"queue": queue, "most": MOST_COUNTED, "shapes": SHAPES, "time_in_words": time_in_words}


async def pane_values(
    request: Request, signed: SignedIn, shown: ShownReport, attempt: Attempt | None
) -> dict[str, Any]:
    """Return what the template of a report's pane takes."""
    seq = shown.row.last_seq
    fields = DecisionFields.offered(shown.offer, seq) if shown.offer is not None else DecisionFields(seq=seq)
    if shown.to_forward:
        fields = fields._replace(opds=offered_opds(shown.row.category or "", shown.agency.practice)[:1])
    if attempt is not None and attempt.fields is not None:
        fields = attempt.fields._replace(seq=seq, key=attempt.fields.key if attempt.away else fields.key)
    fields = fields._replace(key=fields.key or str(uuid.uuid4()))
    others = await colleagues(request, signed, [shown.number])
    return {
        "shown": shown,
        "fields": fields,
        "attempt": attempt,
        "colleague": others.get(shown.number),
        "opd_choices": _opd_choices(shown, fields),
        "pieces": pieces,
        "plain": PLAIN,
        "classes": {one.value: CLASSES[one.value] for one in ReportClass},
        "channels": CHANNELS,
        "statuses": STATUSES,
        "Stop": Stop,
        "shapes": SHAPES,
        "time_in_words": time_in_words,
        "new_key": lambda: str(uuid.uuid4()),
    }


def _opd_choices(shown: ShownReport, fields: DecisionFields) -> list[str]:
    """Return the OPDs to show: those that are offered for the category that is chosen, and those chosen besides."""
    offered: Sequence[str] = ()
    if shown.to_forward:
        offered = offered_opds(shown.row.category or "", shown.agency.practice)
    elif shown.offer is not None:
        offered = next((one.opds for one in shown.offer.choices if one.category == fields.category), ())
    return list(dict.fromkeys([*offered, *fields.opds]))


async def queue_lines(request: Request, signed: SignedIn) -> QueueList:
    """Return a page of the queue as the address asks for it, with who else has which report open."""
    complaints, instansi = complaints_of(request), await agency_of(request, signed)
    scope = scope_of(signed.actor)._replace(instansi=instansi)
    filters = QueueFilters(words=request.query_params.get("cari", "").strip()[:MOST_SEARCHED])
    after = Cursor.decode(request.query_params.get("sesudah", ""))
    seen = complaints.seen_by(signed.actor).pool
    found = await queue_page_of(seen, Queue.VERIFICATION, scope, filters, after)
    others = await colleagues(request, signed, [line.number for line in found.lines])
    calendar, now = (await practice_of(request, instansi)).calendar, now_of(request)
    lines = [
        ListedReport(line, time_left(line.deadline, now, calendar), others.get(line.number)) for line in found.lines
    ]
    counts = await queue_counts(seen, scope)
    here = urlencode({"sesudah": request.query_params.get("sesudah", ""), "cari": filters.words})
    following = None if found.next is None else urlencode({"sesudah": found.next.encode(), "cari": filters.words})
    return QueueList(lines, counts.get(Queue.VERIFICATION, 0), filters.words, here, following)


async def take(request: Request, signed: SignedIn, number: str) -> None:
    """Hold a report open for the admin."""
    await complaints_of(request).record.presences.open(number, signed.actor.account, now_of(request))


async def colleagues(request: Request, signed: SignedIn, numbers: Sequence[str]) -> dict[str, str]:
    """Return the names of colleagues who have reports open, by number."""
    record = complaints_of(request).record
    found = await record.presences.others(numbers, signed.actor.account, now_of(request))
    return {number: await record.accounts.name_of(one.account) or "–" for number, one in found.items()}


def done(request: Request) -> Notice | None:
    """Return what the address says was just done; None if it says nothing."""
    number, act = request.query_params.get("sudah", ""), request.query_params.get("apa", "")
    if act not in DONE or not is_number(number):
        return None
    return Notice(sentence(DONE[act], number=number), True, number if act in TAKEN_BACK else None)
