"""`/lapor`: the form, sent at the first press; `/lapor/periksa` where something very like it is public."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import HEADERS, page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.agencies import agency_meant, area_of, districts_of, must_be_chosen
from kawal.console.pages.public.likeness import LikeReport
from kawal.console.pages.public.parts import NOT_SENT, agencies_of, complaints_of, count_call, intake_of, likenesses_of
from kawal.domain.labels import STATUSES
from kawal.domain.messages import Report
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.places import CREDIT
from kawal.domain.refusals import Refusal
from kawal.domain.visibility import of_the_reporter, of_the_words
from kawal.intake.page_form import Faults, TypedReport, read_report
from kawal.intake.service import Receipt
from kawal.store.directory import Instansi
from kawal.web.problems import Problem

SENDER = "page:"
"""Put before the keys of pages, so that nobody else's are taken for theirs."""

KEPT_FOR_GOING_BACK = "private, max-age=0"
"""Whoever goes back, perhaps without a network, finds the form with all that was typed, also without a script."""

WHOM = msgid("Choose for whom the report is.")
_GUESSED = msgid("NOT SENT YET: by its place the report is for {agency}. If that is right, send it once more.")
_NOT_NOW = msgid("NOT SENT YET: {why}")
_SENT_BEFORE = msgid(
    "What you sent from this page before was received. If this is another report, send it with the button below."
)


async def show_form(request: Request) -> Response:
    """Show the empty form."""
    return await show(request, TypedReport.blank())


async def continue_form(request: Request) -> Response:
    """Show the form with what was typed on another page, or before a look at the map; nothing is sent by it."""
    refuse_foreign(request)
    await count_call(request)
    return await show(request, TypedReport.of(await request.form()))


async def send(request: Request) -> Response:
    """Accept a report, or show again all that was typed with what is wrong, or first what is very like it."""
    return await _sent(request, compared=False)


async def send_compared(request: Request) -> Response:
    """Accept a report whose sender has seen what is like it."""
    return await _sent(request, compared=True)


async def _sent(request: Request, *, compared: bool) -> Response:
    refuse_foreign(request)
    try:
        await count_call(request)
    except Problem as too_often:
        return await _not_now(request, too_often)
    typed = TypedReport.of(await request.form())
    report = read_report(typed)
    if not isinstance(report, Report):
        return await show(request, typed, faults=report, status=422)
    try:
        return await _submitted(request, typed, report, compared=compared)
    except Refusal as refusal:
        if refusal.code == "key_reused":
            return await show(request, typed.with_a_new_key(), notice=_SENT_BEFORE, status=409)
        return await show(request, typed, faults={"text": refusal.sentence}, status=422)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return await show(request, typed, notice=NOT_SENT, status=503)


async def _not_now(request: Request, too_often: Problem) -> Response:
    """Show again all that was typed, and when it can be sent: too many came from this address, which may be many's."""
    notice = sentence(_NOT_NOW, why=too_often.sentence)
    response = await show(request, TypedReport.of(await request.form()), notice=notice, status=too_often.status_code)
    response.headers.update(too_often.headers or {})
    return response


async def _submitted(request: Request, typed: TypedReport, report: Report, *, compared: bool) -> Response:
    agencies = await agencies_of(request).offered(request)
    if must_be_chosen(typed.agency, agencies):
        return await _ask_for_whom(request, typed, agencies)
    # None are known where they could not be read in time: then what was chosen counts.
    instansi = agencies[0].code if len(agencies) == 1 else typed.agency or None
    if not compared and instansi is not None:
        alike = await likenesses_of(request).of(instansi, report)
        if alike:
            return _comparison(request, typed, alike)
    receipt = await intake_of(request).submit(report, instansi=instansi, idempotency_key=typed.key, sender=SENDER)
    return await _accepted(request, receipt, typed.key)


async def _ask_for_whom(request: Request, typed: TypedReport, agencies: Sequence[Instansi]) -> Response:
    """Ask which of several agencies is meant; where the place tells it, it is filled in and only to be confirmed."""
    guess = await asyncio.to_thread(agency_meant, typed.place, agencies)
    if guess is None:
        return await show(request, typed, faults={"agency": WHOM}, status=422)
    guessed = typed._replace(agency=guess.code)
    return await show(request, guessed, notice=sentence(_GUESSED, agency=guess.name), status=422)


async def _accepted(request: Request, receipt: Receipt, key: str) -> Response:
    """Lead to the receipt; a script is told where it is, or finds the key of the draft that ends in its address."""
    tracking_id = receipt.tracking_id
    where = f"{report_cookie.path_of(tracking_id)}/tanda-terima"
    response = see_other(f"{where}#terkirim-{key}")
    if "application/json" in request.headers.get("accept", ""):
        response = Response(json.dumps({"location": where}), 201, HEADERS, "application/json")
    cookie = await ReporterAccess(complaints_of(request)).cookie_of(tracking_id, fresh=receipt.fresh)
    report_cookie.give(request, response, tracking_id, cookie)
    return response


async def show(
    request: Request,
    typed: TypedReport,
    *,
    faults: Faults | None = None,
    notice: Sayable | None = None,
    status: int = 200,
) -> Response:
    """Show the form with what was typed, what is wrong with it, and what is to be said about it."""
    agencies = await agencies_of(request).offered(request)
    area = area_of(typed.agency, agencies)
    values: Mapping[str, object] = {
        "typed": typed,
        "faults": faults or {},
        "notice": notice,
        "agencies": agencies,
        "area": area,
        "credit": CREDIT,
        "districts": await asyncio.to_thread(districts_of, area),
        "anonim_readers": of_the_reporter(anonim=True),
        "rahasia_readers": of_the_words(rahasia=True),
    }
    headers = {"Cache-Control": KEPT_FOR_GOING_BACK}
    return page(request, "public/report_form.html", values, status=status, headers=headers)


def _comparison(request: Request, typed: TypedReport, alike: Sequence[LikeReport]) -> Response:
    return page(request, "public/comparison.html", {"typed": typed, "alike": alike, "statuses": STATUSES})
