"""What the page's script asks for: all categories and OPDs to find one by its words, and who has what open."""

from __future__ import annotations

import gzip
import json

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import check_form
from kawal.console.pages.frame import HEADERS
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.verification.deciding import as_json
from kawal.console.pages.staff.verification.practice import practice_of
from kawal.console.pages.staff.verification.queue import admin, agency_of, colleagues, take
from kawal.console.pages.staff.verification.report import own_row
from kawal.domain.verification import offered_opds

_KEPT_SECONDS = 300


async def choices(request: Request) -> Response:
    """Answer with every category in use, those given most often first, each with the OPDs that are offered for it."""
    signed = await admin(request)
    agency = await practice_of(request, await agency_of(request, signed))
    told = [[name, list(offered_opds(name, agency.practice))] for name in agency.categories]
    body = gzip.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)
    kept = {"Cache-Control": f"private, max-age={_KEPT_SECONDS}", "Content-Encoding": "gzip"}
    return Response(body, 200, {**HEADERS, **kept}, "application/json")


async def still_here(request: Request) -> Response:
    """Hold a report open further, and answer with who has which of the queue's reports open."""
    signed = await admin(request)
    form = await request.form(max_fields=60)
    check_form(request, signed, form)
    number = request.path_params["number"]
    await own_row(complaints_of(request), signed.actor, number)
    await take(request, signed, number)
    asked = [number, *(one for one in form.getlist("nomor") if isinstance(one, str))]
    return as_json(200, await colleagues(request, signed, asked))
