"""`/kelola/akses-mesin`: tokens of systems that send reports, and passes of officials' programs; each shown once."""

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
    number_of,
    page_with_forms,
    performed,
    result_of,
)
from kawal.domain.access import Act, may
from kawal.domain.grants import GRANTS
from kawal.domain.labels import CHANNELS
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Channel, Scope

ACCESS = f"{PATH}/akses-mesin"

SCOPES: dict[Scope, Message] = {
    Scope.SUBMIT: msgid("send reports"),
    Scope.REPLY: msgid("send what reporters add"),
    Scope.READ: msgid("read how the reports stand"),
}

DAYS: dict[int, Message] = {
    30: msgid("30 days"),
    90: msgid("90 days"),
    365: msgid("a year"),
}
"""For how long something is valid; what is needed longer is made anew."""

_NO_SCOPE = msgid("Choose at least one thing that the system may do.")
_NO_DAYS = msgid("Choose for how long it is valid.")
_NOT_YOURS = msgid("You cannot issue a pass for this role.")


async def show_access(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show what is valid, what has ended, and the forms that make more."""
    complaints, agency = complaints_of(request), agency_of(signed)
    now = complaints.now()
    manages_tokens = may(signed.actor, Act.CREATE_TOKEN, agency) is None
    tokens = [one for one in await complaints.record.tokens.all() if one.instansi in (None, agency)]
    passes = [one for one in await complaints.record.passes.all() if one.instansi == agency]
    ended = {one.id for one in tokens if one.revoked_at or (one.expires_at and one.expires_at <= now)}
    over = {one.id for one in passes if one.revoked_at or one.expires_at <= now}
    values = {
        "manages_tokens": manages_tokens,
        "tokens": [one for one in tokens if one.id not in ended],
        "ended_tokens": [one for one in tokens if one.id in ended],
        "passes": [one for one in passes if one.id not in over],
        "ended_passes": [one for one in passes if one.id in over],
        "channel_names": CHANNELS,
        "channels": [one for one in Channel if one is not Channel.WALK_IN],
        "scopes": SCOPES,
        "days": DAYS,
        "roles": GRANTS.get(signed.actor.role, ()),
        "opds": [one for one in await complaints.directory.opds(agency) if one.active],
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/machine_access.html", values, status=told.status)


async def _create(request: Request, signed: SignedIn, fields: Fields) -> Response:
    scopes = [str(scope) for scope in SCOPES if fields.get(f"boleh-{scope}")]
    if not scopes:
        raise TypedFault(_NO_SCOPE)
    given = {
        "name": fields.get("nama", "").strip() or " ",
        "channel": fields.get("saluran", ""),
        "scopes": scopes,
        "days": _days(fields),
    }
    made = await result_of(request, signed, "token create", given, named=agency_of(signed))
    return _show_once(request, signed, msgid("Token"), made.name, made.token, made.expires_at)


async def _issue(request: Request, signed: SignedIn, fields: Fields) -> Response:
    if fields.get("peran") not in GRANTS.get(signed.actor.role, ()):
        raise TypedFault(_NOT_YOURS)
    given = {
        "name": fields.get("nama", "").strip() or " ",
        "role": fields.get("peran", ""),
        "opd": fields.get("opd", ""),
        "days": _days(fields),
    }
    made = await result_of(request, signed, "pass issue", given, named=agency_of(signed))
    return _show_once(request, signed, msgid("Pass"), made.name or "", made.text, made.expires_at)


def _days(fields: Fields) -> int:
    days = number_of(fields, "hari")
    if days not in DAYS:
        raise TypedFault(_NO_DAYS)
    return days


def _show_once(
    request: Request, signed: SignedIn, kind: Message, name: str, secret: str, expires_at: object
) -> Response:
    """Show a secret: this once, for the database keeps only its hash."""
    values = {"kind": kind, "name": name, "secret": secret, "expires_at": expires_at}
    return staff_page(request, signed, "staff/administration/secret.html", values)


def _revoking(command: str) -> FormAct:
    async def act(request: Request, signed: SignedIn, fields: Fields) -> Response:
        await performed(request, signed, command, {"number": chosen_number(fields)})
        return done(ACCESS, "cabut")

    return act


ACTS: dict[str, FormAct] = {
    "token": _create,
    "kartu": _issue,
    "cabut-token": _revoking("token revoke"),
    "cabut-kartu": _revoking("pass revoke"),
}

ROUTES = page_with_forms(ACCESS, Act.ISSUE_PASS, show_access, ACTS)
