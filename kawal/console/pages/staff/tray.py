"""`/kerja/surat`: what lies in the tray, oldest first; each letter is opened for a purpose and then decided about.

Opening is a form, not a link: it puts a reading on record. After a refusal the letter is shown again, with what was
typed, under the purpose that was stated.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import PART, SignedIn, need_role, signed_in
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.desk_form import SentForm, do_desk_act, sent_form
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.arguments import GivenAs
from kawal.desks.table import Desk
from kawal.desks.tray import listed, listed_again
from kawal.domain.access import RIGHTS, Act, may
from kawal.domain.labels import CHANNELS, TRAY_REASONS, TRAY_STATES
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.record_labels import COMMANDS
from kawal.domain.refusals import Refusal
from kawal.domain.time_left import time_left
from kawal.domain.tray import KEPT_DAYS
from kawal.intake.tray_desk import TrayReading, show
from kawal.web.problems import REFUSED_STATUS
from kawal.wording.time_left import SHAPES, time_in_words

PATH = "/kerja/surat"

MOST = 200
"""The most letters that one page lists."""

ACTS = {
    "berikan": "tray give",
    "mulai": "tray start",
    "teruskan": "tray pass",
    "kesampingkan": "tray dismiss",
    "kembalikan": "tray undo",
}
"""The acts by the last part of their address."""

_DONE: Mapping[str, Sayable] = {
    "berikan": msgid("The letter was given to the report."),
    "mulai": msgid("The letter is a report now, received when the letter was."),
    "teruskan": msgid("The letter lies in the other agency's tray now."),
    "kesampingkan": msgid("The letter is dismissed. For 30 days this can be undone."),
    "kembalikan": msgid("The letter waits in the tray again."),
}

_IN_WORDS: Mapping[str, Sayable] = {
    "no_such_item": msgid("There is no such letter."),
    "item_decided": msgid("Somebody has decided about this letter meanwhile."),
    "item_gone": msgid("The letter itself is not there any more."),
    "purpose_needed": msgid("Say what for: it goes on record."),
}
"""Refusals as a page says them; any other in the rules' own words."""


async def show_tray(request: Request) -> Response:
    """List the letters that wait, or also those that were decided about."""
    return await _list(request, await signed_in(request))


async def _list(
    request: Request, signed: SignedIn, notice: Sayable | None = None, *, status: int = 200, typed: str = ""
) -> Response:
    need_role(signed, *RIGHTS[Act.LIST_TRAY].who)
    complaints, everything = complaints_of(request), "semua" in request.query_params
    listing = listed_again if PART in request.query_params else listed
    lines = await listing(Desk(complaints, signed.actor), everything=everything, limit=MOST)
    now = complaints.now()
    # Who belongs to no agency sees the trays of all, each with its own days off.
    calendars = {code: await complaints.rulebook.calendar_for(code) for code in {line.instansi for line in lines}}
    values = {
        "lines": [
            (line, time_left(line.escalate_at, now, calendars[line.instansi]) if line.person else None)
            for line in lines
        ],
        "everything": everything,
        "notice": notice,
        "typed": typed,
        "done": _DONE.get(request.query_params.get("sudah", "")),
        "opens": may(signed.actor, Act.SHOW_ITEM, signed.actor.instansi, purpose="-") is None,
        "decides": may(signed.actor, Act.GIVE_ITEM, signed.actor.instansi) is None,
        "channels": CHANNELS,
        "reasons": TRAY_REASONS,
        "states": TRAY_STATES,
        "shapes": SHAPES,
        "time_in_words": time_in_words,
        "most": MOST,
    }
    return staff_page(request, signed, "staff/tray.html", values, status=status)


async def open_letter(request: Request) -> Response:
    """Show a letter, once its reading is on record for the purpose that was stated."""
    form = await sent_form(request)
    return await _opened(request, form)


async def _opened(
    request: Request, form: SentForm, refusal: Refusal | None = None, act: str = "", status: int = 200
) -> Response:
    """Show a letter with the forms by which it is decided about; after a refusal with what was typed in one of them."""
    complaints, signed, item = complaints_of(request), form.signed, int(request.path_params["item"])
    try:
        reading = await show(Desk(complaints, signed.actor), item, form.given("keperluan"), via="page")
    except Refusal as why:
        said = _said(refusal or why)
        return await _list(request, signed, said, status=REFUSED_STATUS.get(why.code, 409), typed=str(item))
    values = {
        "letter": reading,
        "purpose": form.fields.get("keperluan", ""),
        "decides": may(signed.actor, Act.GIVE_ITEM, reading.instansi) is None,
        "refused": None if refusal is None else _said(refusal),
        "refused_act": act,
        "typed": form.fields if refusal is not None else {},
        "agencies": [one for one in await complaints.directory.all_instansi() if one.code != reading.instansi],
        "given_as": [(str(one), COMMANDS[one]) for one in GivenAs],
        "channels": CHANNELS,
        "reasons": TRAY_REASONS,
        "kept_days": KEPT_DAYS,
        "title": _title(reading),
    }
    return staff_page(request, signed, "staff/tray_letter.html", values, status=status)


def _title(reading: TrayReading) -> str:
    return reading.subject or reading.words.partition("\n")[0][:100]


def _deciding(name: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Return the route's function for an act on a letter."""

    async def decided(request: Request) -> Response:
        form = await sent_form(request)
        try:
            await do_desk_act(request, form, ACTS[name], item=int(request.path_params["item"]))
        except Refusal as refusal:
            status = REFUSED_STATUS.get(refusal.code, 409)
            if form.given("keperluan") is None:
                return await _list(request, form.signed, _said(refusal), status=status)
            return await _opened(request, form, refusal, name, status)
        return see_other(f"{PATH}?sudah={name}")

    return decided


def _said(refusal: Refusal) -> Sayable:
    return _IN_WORDS.get(refusal.code, refusal.sentence)


ROUTES = [
    Route(PATH, read_in_time(show_tray), methods=["GET"]),
    Route(f"{PATH}/{{item:int}}", open_letter, methods=["POST"]),
    *(Route(f"{PATH}/{{item:int}}/{name}", _deciding(name), methods=["POST"]) for name in ACTS),
    Route(f"{PATH}/{{item:int}}", lead_up, methods=["GET"]),
]
