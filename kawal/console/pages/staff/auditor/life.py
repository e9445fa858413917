"""`/auditor/laporan/NUMBER`: one report's whole life, its words for a purpose, its receipt and its case file.

Each reading goes on record before anything is shown. Where the engine is away the page says so, and shows what the
record and the history archive have.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.audit.history.case_file import CaseFile, CaseFiles, printed
from kawal.audit.history.chronicle import Chronicles, Life
from kawal.audit.proof.receipt import NotAsSealed, NotSealedYet, receipt
from kawal.base.unavailable import as_unavailable
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import HEADERS, language_of, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.auditor.entrance import LIVES, READ
from kawal.console.pages.staff.auditor.life_steps import LifeRun, entries_of, runs_of, steps_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, TypedFault, number_of, page_route, page_with_forms
from kawal.console.pages.staff.report.purposes import MINUTES, drop_purpose, keep_purpose, purpose_of
from kawal.console.pages.staff.report.reading import VIA
from kawal.console.pages.staff.report.sight import seen
from kawal.domain.access import PURPOSE_LIMIT, Act, stated
from kawal.domain.labels import STATUSES
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import msgid, sentence
from kawal.web.problems import Problem
from kawal.wording.catalogues import lang_of

STEPS = 40
"""Steps on a page."""

ENTRIES = 50
"""The newest entries of the access log that are shown, of refusals and of readings each."""

EVENTS = 200
"""The engine's events on a page of a run."""

FORMS = {"pdf": "application/pdf", "json": "application/json"}

_PURPOSE = msgid("State the purpose; it goes on record with each reading.")
_NOT_SEALED = msgid("This report is not sealed yet; records are sealed every 15 minutes. Try again after that.")
_NOT_AS_SEALED = msgid("No receipt is given: {where} is not as it was sealed. Verify the record.")
_NO_RUN = msgid("This report's workflow has no such run.")


async def show_life(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show a page of the steps; of a rahasia report only for a purpose."""
    number, lang = request.path_params["number"], language_of(request)
    purpose = purpose_of(request, signed)
    found = await seen(complaints_of(request), signed.actor, number, purpose)
    common = _common(found.row, told, purpose)
    if found.row.rahasia and purpose is None:
        values = {**common, "life": None}
        return staff_page(request, signed, "staff/auditor/life.html", values, status=told.status)
    life = await _read(request, signed, purpose)
    steps = steps_of(life.chronicle, lang)
    first = min(max(number_of(request.query_params, "dari"), 1), max(len(steps), 1))
    values = {
        **common,
        "life": life.chronicle,
        "steps": steps[first - 1 : first - 1 + STEPS],
        "count": len(steps),
        "first": first,
        "last": min(first - 1 + STEPS, len(steps)),
        "size": STEPS,
        "runs": runs_of(life),
        "engine_away": life.engine_away,
        "refused": entries_of(reversed(life.chronicle.refused[-ENTRIES:]), lang),
        "readings": entries_of(reversed(life.chronicle.readings[-ENTRIES:]), lang),
        "entries": ENTRIES,
    }
    return staff_page(request, signed, "staff/auditor/life.html", values, status=told.status)


async def show_run(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show a page of everything that the engine recorded of one run."""
    number, purpose = request.path_params["number"], purpose_of(request, signed)
    found = await seen(complaints_of(request), signed.actor, number, purpose)
    if found.row.rahasia and purpose is None:
        return see_other(f"{LIVES}/{number}")
    runs = runs_of(await _read(request, signed, purpose))
    place = number_of(request.path_params, "run")
    if not 1 <= place <= len(runs):
        raise Problem(404, "no_run", _NO_RUN)
    run: LifeRun = runs[place - 1]
    first = min(max(number_of(request.query_params, "dari"), 1), max(len(run.run.events), 1))
    values = {
        "number": number,
        "run": run,
        "events": run.run.events[first - 1 : first - 1 + EVENTS],
        "first": first,
        "last": min(first - 1 + EVENTS, len(run.run.events)),
        "size": EVENTS,
        "count": len(run.run.events),
    }
    return staff_page(request, signed, "staff/auditor/run.html", values)


def _common(row: Snapshot, told: FormOutcome, purpose: str | None) -> dict[str, Any]:
    return {
        "row": row,
        "number": row.tracking_id,
        "status_label": STATUSES[row.status],
        "told": told,
        "purpose": purpose,
        "purpose_limit": PURPOSE_LIMIT,
        "minutes": MINUTES,
    }


async def _read(request: Request, signed: SignedIn, purpose: str | None) -> Life:
    """Return the life, its reading on record before; what people wrote is in it where a purpose was stated."""
    complaints, number = complaints_of(request), request.path_params["number"]
    row = await complaints.authority.reading(signed.actor, Act.READ_CHRONICLE, number, via=VIA, purpose=purpose)
    chronicles = Chronicles(complaints, complaints.seen_by(signed.actor))
    return await chronicles.life(row, words=purpose is not None, lang=lang_of(language_of(request)))


# --- Forms -----------------------------------------------------------------------------------------------------------


async def _open(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Open the words for a purpose that was stated, for some minutes in this browser."""
    number, purpose = request.path_params["number"], _purpose(fields)
    await seen(complaints_of(request), signed.actor, number, purpose)
    answer = see_other(f"{LIVES}/{number}")
    keep_purpose(request, answer, signed, number, purpose, LIVES)
    return answer


async def _close(request: Request, _: SignedIn, _fields: Fields) -> Response:
    number = request.path_params["number"]
    answer = see_other(f"{LIVES}/{number}")
    drop_purpose(request, answer, number, LIVES)
    return answer


async def _take_receipt(request: Request, signed: SignedIn, _: Fields) -> Response:
    complaints, number = complaints_of(request), request.path_params["number"]
    await seen(complaints, signed.actor, number)
    await complaints.authority.reading(signed.actor, Act.TAKE_RECEIPT, number, via=VIA, facts={"what": "receipt"})
    try:
        made = await receipt(complaints.pool, complaints.record.keys, number)
    except NotSealedYet:
        raise TypedFault(_NOT_SEALED) from None
    except NotAsSealed as error:
        raise TypedFault(sentence(_NOT_AS_SEALED, where=str(error))) from None
    content = await asyncio.to_thread(json.dumps, made, indent=1)
    return _saved(content.encode(), f"bukti-{number}.json", FORMS["json"])


async def _take_case_file(request: Request, signed: SignedIn, fields: Fields) -> Response:
    complaints, number, lang = complaints_of(request), request.path_params["number"], lang_of(language_of(request))
    purpose, form = _purpose(fields), fields.get("bentuk", "")
    form = form if form in FORMS else "pdf"
    await seen(complaints, signed.actor, number, purpose)
    try:
        case = await CaseFiles(complaints).make(
            number, signed.actor, purpose=purpose, identity="identitas" in fields, via=VIA, form=form, lang=lang
        )
    except Exception as error:
        away = as_unavailable(error)
        if away is None:
            raise
        raise TypedFault(away.sentence) from error
    content = await asyncio.to_thread(printed, case, lang) if form == "pdf" else await asyncio.to_thread(_as_json, case)
    return _saved(content, f"kawal-{number}.{form}", FORMS[form])


def _as_json(case: CaseFile) -> bytes:
    return case.model_dump_json(indent=2).encode()


def _purpose(fields: Mapping[str, str]) -> str:
    """Return the purpose that was typed; raises Refusal for one that is too long, TypedFault for none."""
    purpose = stated(fields.get("tujuan"))
    if purpose is None:
        raise TypedFault(_PURPOSE)
    return purpose


def _saved(content: bytes, name: str, media_type: str) -> Response:
    """Return a file that is to be saved, and cached nowhere."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, 200, {**HEADERS, **headers}, media_type)


_LIFE = f"{LIVES}/{{number}}"
_ACTS = {"buka": _open, "tutup": _close, "bukti": _take_receipt, "berkas-kasus": _take_case_file}

ROUTES: list[Route] = [
    *page_with_forms(_LIFE, READ, show_life, _ACTS),
    page_route(f"{_LIFE}/jalan/{{run}}", READ, show_run),
]
