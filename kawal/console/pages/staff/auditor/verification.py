"""`/auditor/pemeriksaan`: a verification of the record, started here, with its progress and its result in words."""

from __future__ import annotations

import asyncio
import json

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.audit.proof.verification_process import VerificationRequest
from kawal.audit.proof.verification_words import as_json, checked_in_words, conclusion_in_words, place_in_words
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import HEADERS, language_of, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.auditor.background_verification import VerificationJob, verifications_of
from kawal.console.pages.staff.auditor.entrance import READ
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, TypedFault, day_of, page_route, page_with_forms
from kawal.console.pages.staff.report.sight import seen
from kawal.domain.calendar import at_local
from kawal.domain.msgids import msgid, sentence
from kawal.web.problems import Problem

PATH = "/auditor/pemeriksaan"
RESULT = "/auditor/pemeriksaan.json"

SHOWN = 200
"""Findings that are listed on the page; the file has them all."""

MOST_BYTES = 8 * 1024 * 1024
"""The largest file of heads or keys: a head each quarter of an hour for half a year; more are verified by `kawal`."""

_BUSY = msgid("Another verification is under way. Wait for its end, or stop it.")
_ONE_OR_SINCE = msgid("Name one report, or a day, not both.")
_TOO_LARGE = msgid("The file {name} is too large to be verified here. Take fewer seals, or use `kawal audit verify`.")
_NO_TEXT = msgid("The file {name} is no text, so it holds neither seals nor keys.")
_NO_RESULT = msgid("There is no result here: no verification has come to its end since the system was started.")


async def show_verification(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the form, the progress of the verification that is under way, or how the last one ended."""
    verifications, lang = verifications_of(request), language_of(request)
    job = verifications.newest
    values = {
        "told": told,
        "job": job,
        "running": verifications.running,
        "place": place_in_words(job.progress.at, lang) if job is not None and job.progress.at else None,
        **_result(job, lang),
        "result_file": RESULT,
        "megabytes": MOST_BYTES // 1024 // 1024,
    }
    return staff_page(request, signed, "staff/auditor/verification.html", values, status=told.status)


def _result(job: VerificationJob | None, lang: str) -> dict[str, object]:
    result = None if job is None else job.result
    if result is None:
        return {"result": None}
    return {
        "result": result,
        "lines": checked_in_words(result, lang),
        "conclusion": conclusion_in_words(result, lang),
        "findings": result.findings[:SHOWN],
    }


async def send_result(request: Request, _: SignedIn, _told: FormOutcome) -> Response:
    """Send the last result with all its findings, as `kawal audit verify --json` prints it."""
    job = verifications_of(request).newest
    if job is None or job.result is None:
        raise Problem(404, "no_result", _NO_RESULT)
    told = as_json(job.result)
    content = await asyncio.to_thread(json.dumps, told, ensure_ascii=False, indent=2)
    saved = {"Content-Disposition": 'attachment; filename="pemeriksaan.json"', "Cache-Control": "no-store"}
    return Response(content, 200, {**HEADERS, **saved}, "application/json")


async def _start(request: Request, signed: SignedIn, fields: Fields) -> Response:
    complaints, number = complaints_of(request), fields.get("nomor", "").strip().removeprefix("#")
    since = day_of(fields, "sejak")
    if number and since is not None:
        raise TypedFault(_ONE_OR_SINCE)
    if number:
        await seen(complaints, signed.actor, number)
    asked = VerificationRequest(
        home=complaints.settings.home,
        endpoints=complaints.system.endpoints,
        tracking_id=number or None,
        since=None if since is None else at_local(since, 0),
        chains_only="rantai" in fields and not number,
        engine="mesin" in fields,
        heads=fields.get("segel", ""),
        keys=fields.get("kunci-publik", ""),
    )
    if not verifications_of(request).start(signed.actor, asked):
        raise TypedFault(_BUSY)
    return see_other(f"{PATH}#kemajuan")


async def _stop(request: Request, _: SignedIn, _fields: Fields) -> Response:
    await verifications_of(request).stop()
    return see_other(PATH)


async def _text_of(_: Request, file: UploadFile) -> str:
    """Return what is in a file, unread: it is parsed where the verification runs."""
    content = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TypedFault(sentence(_TOO_LARGE, name=(file.filename or "")[:80]))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TypedFault(sentence(_NO_TEXT, name=(file.filename or "")[:80])) from None


ROUTES: list[Route] = [
    *page_with_forms(PATH, READ, show_verification, {"mulai": _start, "hentikan": _stop}, _text_of),
    page_route(RESULT, READ, send_result),
]
