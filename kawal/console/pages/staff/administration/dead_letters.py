"""`/kelola/mati`: reports that were accepted and cannot be started, and notices that cannot be delivered.

Listing shows numbers and reasons. A report's words are opened by a form, for a purpose, on record; then it is tried
again, or set aside for a reason.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    TypedFault,
    agency_of,
    chosen_number,
    done,
    page_with_forms,
    performed,
)
from kawal.desks.dead_letters import open_report
from kawal.domain.access import Act, may
from kawal.domain.labels import CHANNELS, ROLES
from kawal.domain.msgids import Message, msgid
from kawal.wording.labels import inbox_reason

DEAD = f"{PATH}/mati"

MOST = 200
"""The most lines of each kind."""

_NO_PURPOSE = msgid("Say what for: it goes on record.")
_NO_REASON = msgid("Say why: it goes on record.")


async def show_dead_letters(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show what was given up, and what was set aside of the reports."""
    record, agency = complaints_of(request).record, agency_of(signed)
    given_up = await record.dead_letters.of(agency, MOST)
    values = {
        "dead": [one for one in given_up if one.status == "dead"],
        "set_aside": [one for one in given_up if one.status == "set_aside"],
        "notices": await record.outbox.undelivered(agency, MOST),
        "sends": may(signed.actor, Act.RESEND_NOTICE, agency) is None,
        "channels": CHANNELS,
        "roles": ROLES,
        "inbox_reason": inbox_reason,
        "most": MOST,
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/dead_letters.html", values, status=told.status)


async def _open(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show what a report says and who sent it, once that is on record."""
    purpose = _stated(fields, "keperluan", _NO_PURPOSE)
    found = await open_report(complaints_of(request), _number(fields), signed.actor, purpose=purpose, via="page")
    values = {"found": found, "channels": CHANNELS}
    return staff_page(request, signed, "staff/administration/dead_letter.html", values)


async def _retry(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "inbox retry", {"tracking_id": _number(fields)}, named=agency_of(signed))
    return done(DEAD, "ulangi")


async def _retry_all(request: Request, signed: SignedIn, _: Fields) -> Response:
    await performed(request, signed, "inbox retry", {}, named=agency_of(signed))
    return done(DEAD, "ulangi")


async def _set_aside(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {"tracking_id": _number(fields), "grounds": _stated(fields, "alasan", _NO_REASON)}
    await performed(request, signed, "inbox set-aside", given)
    return done(DEAD, "kesampingkan")


async def _resend(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "notices resend", {"number": chosen_number(fields)})
    return done(DEAD, "kirim-ulang")


async def _set_notice_aside(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {"number": chosen_number(fields), "grounds": _stated(fields, "alasan", _NO_REASON)}
    await performed(request, signed, "notices set-aside", given)
    return done(DEAD, "kesampingkan")


def _stated(fields: Fields, name: str, missing: Message) -> str:
    """Return what a form has to state; raises TypedFault with `missing` where it is empty."""
    said = fields.get(name, "").strip()
    if not said:
        raise TypedFault(missing)
    return said


def _number(fields: Fields) -> str:
    """Return a report's number, which is none for anything else that a form holds."""
    return fields.get("laporan", "").strip() or "–"


ACTS: dict[str, FormAct] = {
    "buka": _open,
    "ulangi": _retry,
    "ulangi-semua": _retry_all,
    "kesampingkan": _set_aside,
    "kirim-ulang": _resend,
    "kesampingkan-surat": _set_notice_aside,
}

ROUTES = page_with_forms(DEAD, Act.RETRY_INBOX, show_dead_letters, ACTS)
