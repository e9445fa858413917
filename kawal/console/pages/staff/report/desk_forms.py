"""The report page's forms beside the process: notes, and what of the report the public sees.

Each is a row of the desks' table; one that is refused is shown again on the page with what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import SignedIn, check_form, signed_in
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.staff.desk_form import do_act
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.report.act_form import own_path
from kawal.console.pages.staff.report.files import PLAIN, StaffFile, files_of
from kawal.console.pages.staff.report.note_form import with_named
from kawal.console.pages.staff.report.page import FailedForm, report_page
from kawal.console.pages.staff.report.purposes import purpose_of
from kawal.console.pages.staff.report.reading import VIA
from kawal.console.pages.staff.report.sight import Sight, seen
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.refusals import Refusal
from kawal.web.problems import REFUSED_STATUS, Problem

AREAS = 4
"""So many rectangles can be named at once; sent again, the form takes more."""

_NO_PICTURE = msgid("There is no such picture.")
_NO_AREA = msgid("Name at least one rectangle: its left and upper edge, its width and its height in pixels.")

Typed = Mapping[str, str]


async def add_note(request: Request) -> Response:
    """Leave a note on the report; a colleague who is named beside it stands in it at the end."""
    signed, typed = await _sent(request)
    text = with_named(typed.get("text", ""), typed.get("sebut", ""))
    given = {"text": text, "audience": typed.get("untuk") or "own"}
    return await _done_or_shown(request, signed, "note add", given, "catatan", typed)


async def strike_note(request: Request) -> Response:
    """Strike a note of one's own."""
    signed, typed = await _sent(request)
    given = {"note": request.path_params["note"], "why": typed.get("why", "")}
    return await _done_or_shown(request, signed, "note strike", given, "coret", typed)


async def release(request: Request) -> Response:
    """Make a file public, or the words of a report berkadar pengawasan."""
    signed, typed = await _sent(request)
    file = typed.get("file", "")
    given: dict[str, Any] = {"file": file} if file else {"all_words": True}
    return await _done_or_shown(request, signed, "public release", given, "rilis", typed)


async def redact_words(request: Request) -> Response:
    """Replace passages of the public words, one a line."""
    signed, typed = await _sent(request)
    passages = [line.strip() for line in typed.get("passages", "").splitlines() if line.strip()]
    given: dict[str, Any] = {"passages": passages, "why": typed.get("why", ""), "anew": bool(typed.get("anew"))}
    if typed.get("follow_up"):
        given["follow_up"] = typed["follow_up"]
    return await _done_or_shown(request, signed, "public redact", given, "sunting", typed)


async def show_picture(request: Request) -> Response:
    """Show the form in which parts of a picture are blacked out for the public."""
    signed = await signed_in(request)
    back = {"ke": request.query_params.get("ke", "")}
    return await _picture_page(request, signed, back, None, 200)


async def redact_picture(request: Request) -> Response:
    """Let a picture with black rectangles be what the public gets."""
    signed, typed = await _sent(request)
    areas = [area for number in range(AREAS) if (area := _area(typed, number)) is not None]
    areas += [one for one in typed.get("areas", "").split() if one]
    if not areas and not typed.get("anew"):
        return await _picture_page(request, signed, typed, _NO_AREA, 422)
    given = {
        "file": request.path_params["file"],
        "areas": areas,
        "why": typed.get("why", ""),
        "anew": bool(typed.get("anew")),
    }
    try:
        await _perform(request, signed, "public redact-picture", given, typed)
    except Refusal as refusal:
        status = REFUSED_STATUS.get(refusal.code, 409)
        return await _picture_page(request, signed, typed, refusal.sentence, status)
    back = own_path(typed.get("ke", ""))
    return see_other(back or f"/laporan/{request.path_params['number']}?sudah=sunting#publik")


async def _picture_page(request: Request, signed: SignedIn, typed: Typed, why: Sayable | None, status: int) -> Response:
    complaints: Complaints = request.app.state.complaints
    number, purpose = request.path_params["number"], purpose_of(request, signed)
    found = await seen(complaints, signed.actor, number, purpose)
    if found.sight is not Sight.WHOLE:
        raise Problem(404, "unknown_attachment", _NO_PICTURE)
    await complaints.authority.reading(
        signed.actor, Act.READ_ATTACHMENTS, number, via=VIA, purpose=purpose, facts={"what": "attachments"}
    )
    files: list[StaffFile] = await files_of(complaints, request.app.state.attachments, number)
    file = next((one for one in files if one.ref.id == request.path_params["file"] and one.is_picture), None)
    if file is None:
        raise Problem(404, "unknown_attachment", _NO_PICTURE)
    values = {
        "number": number,
        "file": file,
        "plain": PLAIN,
        "back": own_path(typed.get("ke", "")) or "",
        "typed": typed,
        "why": why,
        "rows": range(AREAS),
    }
    return staff_page(request, signed, "staff/picture.html", values, status=status)


def _area(typed: Typed, number: int) -> str | None:
    """Return one rectangle as the desks' table reads it; None if its four numbers are not all there."""
    parts = [typed.get(f"{name}{number}", "").strip() for name in ("x", "y", "w", "h")]
    return ",".join(parts) if all(parts) else None


async def _done_or_shown(
    request: Request, signed: SignedIn, name: str, given: Mapping[str, Any], word: str, typed: Typed
) -> Response:
    try:
        await _perform(request, signed, name, given, typed)
    except Refusal as refusal:
        status = REFUSED_STATUS.get(refusal.code, 409)
        return await report_page(request, signed, FailedForm(word, refusal.sentence, typed, status))
    anchor = "catatan" if word in ("catatan", "coret") else "publik"
    return see_other(f"/laporan/{request.path_params['number']}?sudah={word}#{anchor}")


async def _perform(request: Request, signed: SignedIn, name: str, given: Mapping[str, Any], typed: Typed) -> None:
    """Do an act on the report; raises Refusal."""
    complaints: Complaints = request.app.state.complaints
    number = request.path_params["number"]
    found = await seen(complaints, signed.actor, number, purpose_of(request, signed))
    if found.sight is Sight.LEFT:
        raise Refusal("words_not_of_opd", opd=signed.actor.opd)
    desk = Desk(complaints, signed.actor, found.row.instansi)
    await do_act(desk, name, {"tracking_id": number, **given}, typed)


async def _sent(request: Request) -> tuple[SignedIn, dict[str, str]]:
    refuse_foreign(request)
    signed = await signed_in(request)
    async with request.form(max_fields=60) as sent:
        typed = {name: value for name, value in sent.items() if isinstance(value, str)}
    check_form(request, signed, typed)
    return signed, typed


_POSTS = {
    "/laporan/{number}/catatan": add_note,
    "/laporan/{number}/catatan/{note}/coret": strike_note,
    "/laporan/{number}/rilis": release,
    "/laporan/{number}/sunting": redact_words,
    "/laporan/{number}/berkas/{file}/sunting": redact_picture,
}

ROUTES = [
    Route("/laporan/{number}/berkas/{file}/sunting", read_in_time(show_picture), methods=["GET"]),
    *(Route(path, handler, methods=["POST"]) for path, handler in _POSTS.items()),
    *(Route(f"/laporan/{{number}}/{name}", lead_up, methods=["GET"]) for name in ("catatan", "rilis", "sunting")),
]
