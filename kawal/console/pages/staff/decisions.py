"""`/kerja/keputusan`: what the agency's admin has to decide, by what it is, each with its count and what is due first.

More days asked for, reports that no OPD has, disputes, what reporters sent or wrote, instructions; notices that could
not be delivered; the tray. Acts are sent to `/laporan/NUMBER/COMMAND` and lead back here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.reading import Readings
from kawal.console.auth.signed_in import SignedIn, need_role, signed_in
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.act_forms import ActForms, act_done
from kawal.console.pages.staff.desk_form import do_desk_act, sent_form
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.queue_address import QueueAddress
from kawal.console.pages.staff.queue_lines import Clockwork, ShownLine, clockwork_of, counted, list_values, shown_line
from kawal.console.pages.staff.report.act_form import ActForm
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.access import may
from kawal.domain.labels import ROLES
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import CommandName, EventKind
from kawal.domain.persons import person_of
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from kawal.domain.work_queues import Queue
from kawal.store.office_reports import LastFacts, last_facts
from kawal.store.outbox import NoticeLine
from kawal.store.queues import MOST_COUNTED, QueueLine, queue_counts, queue_page, scope_of
from kawal.web.problems import REFUSED_STATUS

PATH = "/kerja/keputusan"

LINES = 40
"""Reports on a page: each has its forms."""

C = CommandName

SECTIONS: Mapping[str, tuple[Message, Message, Sequence[CommandName]]] = {
    "extension": (
        msgid("More days asked for"),
        msgid("The OPD asked before its deadline. Completion can be extended once."),
        (C.GRANT, C.REFUSE_EXTENSION),
    ),
    "forward": (
        msgid("No OPD has it"),
        msgid("Returned or withdrawn. Where the OPD said that it belongs is filled in."),
        (C.FORWARD, C.HANDLE),
    ),
    "dispute": (
        msgid("Disputed"),
        msgid("The OPDs owe again by themselves. Speak to them, or close with grounds."),
        (C.NUDGE, C.CLOSE),
    ),
    "hold_answer": (msgid("Holds answered"), msgid("The reporter sent what was missing: verify, or hold again."), ()),
    "answer": (msgid("Questions answered"), msgid("You asked, and the reporter answered."), ()),
    "instruction": (msgid("Ordered by the Inspectorate"), msgid("The report itself says what and by when."), ()),
    "reply": (
        msgid("Reporters wrote"),
        msgid("Act on it, or note it as read. It waits until then."),
        (),
    ),
}
"""What is decided, by the first of what a report waits for: its name, what is to be known, and the acts right here."""

_ASKED_BY = {"extension": EventKind.EXTENSION_ASKED, "forward": EventKind.RETURNED}
"""By which event a report came to be decided about, where that says more."""

_SAID = frozenset({"dispute", "hold_answer", "answer", "reply"})

_READ = msgid("Noted as read.")
_RESENT = msgid("The notice will be sent again.")
_DONE = {"dibaca": _READ, "kirim-ulang": _RESENT}


class Matter(NamedTuple):
    """What was read of a line of the queue."""

    kind: str
    """Of which of the sections it is."""
    line: QueueLine
    row: Snapshot
    last: LastFacts | None
    """By whom and how it was asked for or returned last; None of other kinds."""


class Decision(NamedTuple):
    """A report about which something is to be decided."""

    shown: ShownLine
    asked_by: str | None
    """The OPD that asked for more days, or returned the report."""
    belongs_to: str | None
    forms: Sequence[ActForm]
    own: Sayable | None
    """Why not this official, who asked for it in another role; None if they may decide."""
    read_event: int | None
    """The event that can be noted as read."""


class Section(NamedTuple):
    """What of one kind is to be decided."""

    code: str
    name: Message
    about: Message
    decisions: Sequence[Decision]


async def show_decisions(request: Request) -> Response:
    """Show everything that waits for a decision."""
    signed = await signed_in(request)
    need_role(signed, *TRANSITIONS[CommandName.GRANT].who)
    return await _shown(request, signed)


async def _shown(request: Request, signed: SignedIn, notice: Sayable | None = None, *, status: int = 200) -> Response:
    complaints, clockwork = complaints_of(request), await clockwork_of(request, signed)
    address, scope = QueueAddress.of(PATH, request.query_params), scope_of(signed.actor)
    instansi = signed.actor.instansi or await complaints.default_instansi()
    forms = await ActForms.of(request, signed, address.address())
    async with complaints.seen_at_once(signed.actor) as seen:
        found = await queue_page(seen.pool, Queue.DECISIONS, scope, after=address.after, limit=LINES)
        counts = await queue_counts(seen.pool, scope)
        matters = await _matters(seen, found.lines)
        undelivered = await seen.record.outbox.undelivered(instansi)
        tray = await _tray(seen, instansi, clockwork)
    values = {
        **list_values(),
        "sections": await _sections(signed, matters, forms, clockwork),
        "count": counted(counts[Queue.DECISIONS]),
        "wanted": address,
        "following": address.following(found.next),
        "undelivered": [(line, _to(line)) for line in undelivered],
        "tray": tray,
        "counted": counted,
        "notice": notice,
        "act_done": act_done(request),
        "done": _DONE.get(request.query_params.get("sudah", "")),
    }
    return staff_page(request, signed, "staff/decisions.html", values, status=status)


async def _matters(seen: Readings, lines: Sequence[QueueLine]) -> Sequence[Matter]:
    """Return what is read of the lines of the queue, in their order."""
    numbers = [line.number for line in lines]
    rows = await seen.ledger.snapshots(numbers)
    last = {kind: await last_facts(seen.pool, numbers, event) for kind, event in _ASKED_BY.items()}
    return [
        Matter(_kind_of(line), line, rows[line.number], last.get(_kind_of(line), {}).get(line.number))
        for line in lines
        if line.number in rows  # else it has left the reader's scope since the queue was read
    ]


def _kind_of(line: QueueLine) -> str:
    return next((why for why in line.why if why in SECTIONS), "reply")


async def _sections(
    signed: SignedIn, matters: Sequence[Matter], forms: ActForms, clockwork: Clockwork
) -> list[Section]:
    """Return the kinds of which there is something, those with the most urgent report first."""
    found: dict[str, list[Decision]] = {}
    for one in matters:
        found.setdefault(one.kind, []).append(await _decision(signed, forms, one, clockwork))
    return [Section(kind, SECTIONS[kind][0], SECTIONS[kind][1], decisions) for kind, decisions in found.items()]


async def _decision(signed: SignedIn, forms: ActForms, matter: Matter, clockwork: Clockwork) -> Decision:
    kind, line, row, last = matter
    belongs = last.facts.get("belongs_to") if last is not None and kind == "forward" else None
    suggested = line.suggested_opd.key if line.suggested_opd is not None else None
    to = belongs or (suggested if last is None or suggested != _opd_of(last) else None)
    filled = {C.FORWARD: {"opds": [to]} if to else {}}
    own = kind == "extension" and last is not None and person_of(last.account) == person_of(signed.actor.account)
    return Decision(
        shown_line(line, Queue.DECISIONS, clockwork),
        None if last is None else _opd_of(last),
        belongs,
        [
            await forms.form(row, command, filled.get(command, {}))
            for command in SECTIONS[kind][2]
            if not own and may(signed.actor, command, row) is None
        ],
        Refusal("own_request").sentence if own else None,
        row.said_seq if line.said in _SAID else None,
    )


def _opd_of(last: LastFacts) -> str | None:
    return last.facts.get("opd") or last.opd


async def _tray(seen: Readings, instansi: str, clockwork: Clockwork) -> Mapping[str, Any]:
    """Return how many letters wait in the tray, and when the first comes before the Inspectorate."""
    lines = [line for line in await seen.record.tray.lines(instansi=instansi, limit=MOST_COUNTED) if line.person]
    first = min((line.escalate_at for line in lines), default=None)
    return {"count": counted(len(lines)), "left": None if first is None else clockwork.left(first)}


def _to(line: NoticeLine) -> Message:
    return ROLES[line.to_role]


async def note_read(request: Request) -> Response:
    """Note as read what a reporter said."""
    form = await sent_form(request)
    try:
        await do_desk_act(request, form, "replies read")
    except Refusal as refusal:
        return await _shown(request, form.signed, refusal.sentence, status=REFUSED_STATUS.get(refusal.code, 409))
    return see_other(f"{PATH}?sudah=dibaca")


async def send_again(request: Request) -> Response:
    """Send a notice again that could not be delivered."""
    form = await sent_form(request)
    try:
        await do_desk_act(request, form, "notices resend", number=form.given("notice"))
    except Refusal as refusal:
        return await _shown(request, form.signed, refusal.sentence, status=REFUSED_STATUS.get(refusal.code, 409))
    return see_other(f"{PATH}?sudah=kirim-ulang")


ROUTES = [
    Route(PATH, read_in_time(show_decisions), methods=["GET"]),
    Route(f"{PATH}/dibaca", note_read, methods=["POST"]),
    Route(f"{PATH}/kirim-ulang", send_again, methods=["POST"]),
    *(Route(f"{PATH}/{name}", lead_up, methods=["GET"]) for name in _DONE),
]
