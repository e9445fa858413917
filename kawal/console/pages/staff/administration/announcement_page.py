"""`/kelola/pesan`: what every reader of the agency's pages is told for a time, looked at before it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, done, page_with_forms, performed
from kawal.desks.agency_arguments import SetAnnouncement
from kawal.desks.announcements import announcement_of
from kawal.domain.access import Act
from kawal.domain.announcements import LONGEST, Announcement
from kawal.domain.calendar import JAKARTA
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import first_fault

ANNOUNCEMENT = f"{PATH}/pesan"

_FIELDS = {"id_text": "teks-id", "en_text": "teks-en", "begins": "dari", "ends": "sampai"}
"""The form's field of each argument."""


async def show_announcement(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show what is told now or later, and the form."""
    now = await complaints_of(request).record.announcements.of(agency_of(signed))
    return _shown(request, signed, told, told.typed or _held(now), current=now)


async def _preview(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show how readers would see it, in both languages; nothing is told yet."""
    complaints, agency = complaints_of(request), agency_of(signed)
    try:
        given = SetAnnouncement.model_validate(_given(fields))
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
    one = announcement_of(agency, given, complaints.now())
    found = await complaints.directory.instansi(agency)
    values = {"one": one, "agency": agency if found is None else found.name}
    current = await complaints.record.announcements.of(agency)
    return _shown(request, signed, FormOutcome(), fields, current=current, **values)


async def _set(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "announcement set", _given(fields))
    await request.app.state.announcements.read()
    return done(ANNOUNCEMENT, "pesan")


async def _end(request: Request, signed: SignedIn, _: Fields) -> Response:
    await performed(request, signed, "announcement end", {})
    await request.app.state.announcements.read()
    return done(ANNOUNCEMENT, "pesan-hapus")


def _given(fields: Fields) -> dict[str, str]:
    given = {name: " ".join(fields.get(field, "").split()) for name, field in _FIELDS.items()}
    return {name: text for name, text in given.items() if text}


def _held(one: Announcement | None) -> Mapping[str, str]:
    """Return the form's fields as the present announcement fills them; times are local."""
    if one is None:
        return {}
    times = {"dari": one.from_at, "sampai": one.until_at}
    local = {name: f"{at.astimezone(JAKARTA):%Y-%m-%d %H:%M}" for name, at in times.items() if at is not None}
    return {"teks-id": one.id_text, "teks-en": one.en_text, **local}


def _shown(
    request: Request,
    signed: SignedIn,
    told: FormOutcome,
    typed: Mapping[str, str],
    *,
    current: Announcement | None,
    **values: Any,
) -> Response:
    shown = {
        "told": told,
        "typed": typed,
        "done": done_on(request),
        "current": current,
        "longest": LONGEST,
        "one": None,
        **values,
    }
    return staff_page(request, signed, "staff/administration/announcement.html", shown, status=told.status)


ROUTES = page_with_forms(
    ANNOUNCEMENT, Act.KEEP_ANNOUNCEMENT, show_announcement, {"periksa": _preview, "pasang": _set, "hapus": _end}
)
