"""`/auditor/segel`: the signed heads, to be kept elsewhere; `/auditor/bukti`: the check of a receipt."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn, check_form, need_role, signed_in
from kawal.console.pages.frame import HEADERS
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.public.seal import FORM_BYTES, check_values, checked
from kawal.console.pages.staff.auditor.entrance import READ
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import FormOutcome, page_route
from kawal.domain.access import RIGHTS
from kawal.store.log import Log
from kawal.web.application import API

PATH = "/auditor/segel"
HEADS_FILE = "/auditor/segel.jsonl"
CHECK = "/auditor/bukti"

LINES = 50


async def show_heads(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show a page of the heads, the newest first, and the keys that sign them."""
    record, before = complaints_of(request).record, _size(request, "sebelum")
    found = await record.log.newest_heads(LINES + 1, before)
    values = {
        "heads": found[:LINES],
        "keys": (await record.signing_keys.known_keys()).keys,
        "older": f"{PATH}?sebelum={found[LINES - 1].size}" if len(found) > LINES else None,
        "first": PATH if before is not None else None,
        "heads_file": HEADS_FILE,
        "log": f"{API}/log",
    }
    return staff_page(request, signed, "staff/auditor/heads.html", values)


async def send_heads(request: Request, _: SignedIn, _told: FormOutcome) -> Response:
    """Send every head after a size, a line each, in the published form; they are read as they are sent."""
    sent = _lines(complaints_of(request).record.log, _size(request, "setelah") or 0)
    saved = {"Content-Disposition": 'attachment; filename="heads.jsonl"', "Cache-Control": "no-store"}
    return StreamingResponse(sent, 200, {**HEADERS, **saved}, "application/jsonl")


async def show_check(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show the form for a receipt."""
    return _checked(request, signed, check_values())


async def check_receipt(request: Request) -> Response:
    """Check a receipt that was chosen or pasted, as the public page does."""
    signed = await signed_in(request)
    need_role(signed, *RIGHTS[READ].who)
    async with request.form(max_files=1, max_fields=5, max_part_size=FORM_BYTES) as form:
        check_form(request, signed, form)
        values, status = await checked(request, form)
    return _checked(request, signed, values, status)


def _checked(request: Request, signed: SignedIn, values: dict[str, object], status: int = 200) -> Response:
    own = {"frame": "staff/base.html", "check": CHECK}
    return staff_page(request, signed, "public/seal_check.html", values | own, status=status)


async def _lines(log: Log, after: int) -> AsyncIterator[str]:
    while heads := await log.heads(after):
        yield "".join(json.dumps(head.to_json()) + "\n" for head in heads)
        after = heads[-1].size


def _size(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None


ROUTES: list[Route] = [
    page_route(PATH, READ, show_heads),
    page_route(HEADS_FILE, READ, send_heads),
    page_route(CHECK, READ, show_check),
    Route(CHECK, check_receipt, methods=["POST"]),
]
