"""`/kerja/cari`: reports by their number, a number of another system, words, or place, as far as they are one's own.

The exact number of a report that one may see leads straight to it. What is rahasia is found by number alone.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import signed_in
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.queue_address import LONGEST, QueueAddress
from kawal.console.pages.staff.queue_lines import clockwork_of, list_values, shown_line
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.msgids import msgid
from kawal.domain.report_numbers import is_number
from kawal.domain.work_queues import Queue
from kawal.store.queues import QueuePage
from kawal.store.staff_search import StaffSearch

PATH = "/kerja/cari"

_NOTHING = msgid(
    "Nothing of yours was found. Try fewer words; a confidential report (rahasia) is found by its number alone."
)
_ASK = msgid("Type a number, words, or a place.")


async def show_found(request: Request) -> Response:
    """Show what is found, or lead to the one report whose number was typed."""
    signed = await signed_in(request)
    words = " ".join(request.query_params.get("q", "").split())[:LONGEST]
    address = QueueAddress.of(PATH, request.query_params)._replace(antrean="", q=words)
    found = QueuePage([], None)
    if words:
        record = complaints_of(request).record
        search = StaffSearch(record.pool, record.keys, signed.actor)
        found = await search.page(words, address.filters, address.after)
    number = words.removeprefix("#").strip()
    if is_number(number) and [line.number for line in found.lines] == [number]:
        return see_other(f"/laporan/{number}")
    clockwork = await clockwork_of(request, signed)
    values = {
        **list_values(),
        "wanted": address,
        "words": words,
        "lines": [shown_line(line, Queue.OPEN, clockwork) for line in found.lines],
        "empty": _NOTHING if words else _ASK,
        "chips": list(address.chips()),
        "following": address.following(found.next),
        "view_address": address.anew(),
    }
    return staff_page(request, signed, "staff/search.html", values)


ROUTES = [Route(PATH, read_in_time(show_found), methods=["GET"])]
