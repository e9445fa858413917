"""`/kerja`: the queues of the role in which one acts, the most urgent first; filters and pages are in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn, signed_in
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.public.board import Choices
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.desk_form import do_desk_act, sent_form
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.navigation import pages_for
from kawal.console.pages.staff.queue_address import QueueAddress
from kawal.console.pages.staff.queue_lines import clockwork_of, counted, list_values, shown_line
from kawal.console.pages.staff.saved_views import shown_views
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.mentions import waiting_for
from kawal.domain.labels import ROLES
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.domain.work_queues import QUEUES_OF, Queue
from kawal.store.queues import QueuePage, queue_counts, queue_page, scope_of
from kawal.wording.queue_words import EMPTY, QUEUES

PATH = "/kerja"

_PAGE_OF = {
    Queue.VERIFICATION: "/kerja/verifikasi",
    Queue.DECISIONS: "/kerja/keputusan",
    Queue.OWED: "/kerja/opd",
    Queue.ESCALATED: "/inspektorat",
    Queue.COME_UP: "/pimpinan",
    Queue.DESK: "/kerja/loket",
}
"""Where one works on a queue, beyond looking at it; named where the role has that page."""

_NO_QUEUES = msgid("In this role no report waits for you: it reads recaps and changes nothing.")
_NO_OPD = msgid("You are a liaison of no OPD, so no report can wait for you. Ask the admin of your agency for the OPD.")
_NOTHING_FITS = msgid("Nothing fits these filters. Take one away.")
_READ = msgid("Noted as read.")


class QueueTab(NamedTuple):
    """One of the role's queues."""

    name: Message
    address: str
    standing: str | None
    """How many stand in it; None of what is finished, which is not counted."""
    shown: bool


async def show_work(request: Request) -> Response:
    """Show a page of one of the role's queues, and how many stand in each."""
    signed = await signed_in(request)
    queues = QUEUES_OF.get(signed.actor.role, ())
    if not queues or (signed.actor.role is Role.LIAISON and not signed.actor.opd):
        why = _NO_OPD if queues else _NO_QUEUES
        return staff_page(request, signed, "staff/no_work.html", {"why": why})
    address = QueueAddress.of(PATH, request.query_params)
    queue = address.antrean if address.antrean in queues else queues[0]
    return await _shown(request, signed, Queue(queue), address._replace(antrean=queue))


async def _shown(request: Request, signed: SignedIn, queue: Queue, address: QueueAddress) -> Response:
    seen, scope = complaints_of(request).seen_by(signed.actor).pool, scope_of(signed.actor)
    found: QueuePage = await queue_page(seen, queue, scope, address.filters, address.after)
    clockwork = await clockwork_of(request, signed)
    choices: Choices = await request.app.state.board_choices.of(signed.actor.instansi)
    counts = await queue_counts(seen, scope)
    chips = list(address.chips())
    values = {
        **list_values(),
        "wanted": address,
        "queue": queue,
        "tabs": _tabs(QUEUES_OF[signed.actor.role], queue, counts, address),
        "title": QUEUES[queue],
        "works_on": _page_of(signed.actor.role, queue),
        "lines": [shown_line(line, queue, clockwork) for line in found.lines],
        "empty": _why_empty(queue, narrowed=bool(chips)),
        "chips": chips,
        "choices": choices,
        "by_opd": signed.actor.role is not Role.LIAISON,
        "by_words": signed.actor.role is not Role.DESK,  # it reads the words of what it registered alone
        "following": address.following(found.next),
        "view_address": address.anew(),
        "views": await shown_views(request, signed),
        "mentions": await waiting_for(complaints_of(request), signed.actor),
        "roles": ROLES,
        "done": _READ if request.query_params.get("sudah") == "dibaca" else None,
    }
    return staff_page(request, signed, "staff/work.html", values)


async def note_mention_read(request: Request) -> Response:
    """Note as read that a note names whoever is signed in; one that waits no longer is none to complain of."""
    form = await sent_form(request)
    try:
        await do_desk_act(request, form, "mention read")
    except Refusal as refusal:
        if refusal.code != "no_mention":
            raise
    return see_other(f"{PATH}?sudah=dibaca")


def _tabs(
    queues: Sequence[Queue], shown: Queue, counts: Mapping[Queue, int], address: QueueAddress
) -> Sequence[QueueTab]:
    empty = QueueAddress(address.path)
    return [
        QueueTab(
            QUEUES[one],
            empty.address(antrean=str(one)),
            counted(counts[one]) if one in counts else None,
            one is shown,
        )
        for one in queues
    ]


def _page_of(role: Role, queue: Queue) -> str | None:
    path = _PAGE_OF.get(queue)
    return path if path in {page.path for page in pages_for(role)} else None


def _why_empty(queue: Queue, *, narrowed: bool) -> Sayable:
    return _NOTHING_FITS if narrowed else EMPTY[queue]


ROUTES = [
    Route(PATH, read_in_time(show_work), methods=["GET"]),
    Route(f"{PATH}/sebutan", note_mention_read, methods=["POST"]),
    Route(f"{PATH}/sebutan", lead_up, methods=["GET"]),
]
