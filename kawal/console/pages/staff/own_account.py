"""`/akun`: how a person signs in, where they are signed in, their roles, and who stands in for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.console.auth.browser_cookie import browser_in_session
from kawal.console.auth.means import MeansSetup, NewPassword
from kawal.console.auth.oidc.known_providers import offered_providers, providers_of
from kawal.console.auth.passkey_ceremony import NewPasskey
from kawal.console.auth.signed_in import NotSignedIn, SignedIn, check_form, need_recent, session_ends, signed_in
from kawal.console.auth.signing_in import device_of
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import performed
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.refusals import Refusal
from kawal.store.people import Person
from kawal.store.staff_sessions import How

PATH = "/akun"

_FIELDS = 10
_LAST_MEANS = msgid("This is your last means of signing in. Add another one first.")
_DAY = msgid("Type each day as year-month-day, such as 2026-03-09.")
_GONE = msgid("This is no longer there.")

WAYS: Mapping[How, Sayable] = {
    "passkey": msgid("with a passkey"),
    "password": msgid("with password and code"),
    "link": msgid("with a one-time link"),
    "demo": msgid("as in a demo"),
}
"""How a session began, in words; one begun through a provider is told by the provider's name."""

Form = Mapping[str, Any]
Act = Callable[[Request, SignedIn, Form], Awaitable[Sayable | None]]
"""Does what a form asks for, and returns why it could not be done."""


async def show_account(request: Request) -> Response:
    """Show everything about one's own account."""
    return await account_page(request, await signed_in(request))


async def account_page(
    request: Request, signed: SignedIn, fault: Sayable | None = None, typed: Form | None = None
) -> Response:
    """Return the page of one's own account, with what was wrong and what was typed."""
    complaints: Complaints = request.app.state.complaints
    record = complaints.record
    person = await _owner(request, signed)
    values = {
        "login": person.login,
        "passkeys": await record.passkeys.of(signed.person),
        "has_password": await record.passwords.has(signed.person),
        "offer": await _setup(request, signed, person).offer(person.login, signed.name, signed.person),
        "providers": offered_providers(request),
        "identities": await record.linked_identities.of(signed.person),
        "provider_named": providers_of(request).name_of,
        "ways": WAYS,
        "sessions": await record.staff_sessions.of(signed.person, session_ends(complaints.settings)),
        "deputies": await record.deputies.of(signed.person, local_day(complaints.now())),
        "today": local_day(complaints.now()),
        "fault": fault,
        "typed": typed or {},
    }
    return staff_page(request, signed, "staff/account.html", values, status=200 if fault is None else 409)


async def _owner(request: Request, signed: SignedIn) -> Person:
    complaints: Complaints = request.app.state.complaints
    person = await complaints.record.people.find(signed.person)
    if person is None:
        raise NotSignedIn
    return person


def _setup(request: Request, signed: SignedIn, person: Person) -> MeansSetup:
    return MeansSetup(request, browser_in_session(signed.session, signed.form_secret), person.handle)


# --- What forms do ---------------------------------------------------------------------------------------------------


async def _add_passkey(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    need_recent(signed)
    person = await _owner(request, signed)
    setup = _setup(request, signed, person)
    made = await setup.passkey(form)
    if not isinstance(made, NewPasskey):
        return made
    fault = await setup.keep_passkey(person, made, str(form.get("nama-kunci", "")) or device_of(request))
    if fault is None:
        await note_means(request, signed, "means_set", how="passkey")
    return fault


async def _rename_passkey(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    name = " ".join(str(form.get("nama-kunci", "")).split())[:60] or "–"
    passkeys = request.app.state.complaints.record.passkeys
    return None if await passkeys.rename(_number(form), signed.person, name) else _GONE


async def _remove_passkey(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    need_recent(signed)
    if not await request.app.state.complaints.record.passkeys.remove(_number(form), signed.person):
        return _LAST_MEANS
    await note_means(request, signed, "means_removed", how="passkey")
    return None


async def _set_password(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    need_recent(signed)
    person = await _owner(request, signed)
    setup = _setup(request, signed, person)
    made = await setup.password(form, (signed.name, person.login))
    if not isinstance(made, NewPassword):
        return made
    await setup.keep_password(person, made)
    await note_means(request, signed, "means_set", how="password")
    return None


async def _remove_password(request: Request, signed: SignedIn, _form: Form) -> Sayable | None:
    need_recent(signed)
    if not await request.app.state.complaints.record.passwords.remove(signed.person):
        return _LAST_MEANS
    await note_means(request, signed, "means_removed", how="password")
    return None


async def _unlink_identity(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    need_recent(signed)
    issuer = await request.app.state.complaints.record.linked_identities.unlink(_number(form), signed.person)
    if issuer is None:
        return _GONE
    await note_means(request, signed, "means_removed", how="provider", issuer=issuer)
    return None


async def _end_session(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    number = _number(form)
    if not await request.app.state.complaints.record.staff_sessions.end(number, signed.person):
        return _GONE
    await _revoked(request, signed, session=number)
    return None


async def _end_other_sessions(request: Request, signed: SignedIn, _form: Form) -> Sayable | None:
    sessions = request.app.state.complaints.record.staff_sessions
    ended = await sessions.end_all(signed.person, but=signed.session)
    await _revoked(request, signed, sessions=ended)
    return None


async def _set_shortcuts(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    people = request.app.state.complaints.record.people
    await people.set_shortcuts(signed.person, on=form.get("pintasan") == "ya")
    return None


async def _name_deputy(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    try:
        first, last = (date.fromisoformat(str(form.get(name, ""))) for name in ("dari", "sampai"))
    except ValueError:
        return _DAY
    given = {"number": _number(form), "login": str(form.get("nama", "")).strip(), "first": first, "last": last}
    return await _performed(request, signed, "deputy name", given)


async def _end_deputy(request: Request, signed: SignedIn, form: Form) -> Sayable | None:
    return await _performed(request, signed, "deputy end", {"number": _number(form)})


async def _performed(request: Request, signed: SignedIn, command: str, given: dict[str, Any]) -> Sayable | None:
    try:
        await performed(request, signed, command, given)
    except Refusal as refusal:
        return refusal.sentence
    return None


async def note_means(request: Request, signed: SignedIn, act: str, **facts: str) -> None:
    """Put on record that somebody changed how they sign in."""
    complaints: Complaints = request.app.state.complaints
    told = {"act": act, **facts}
    await complaints.record.access_log.append(AccessKind.ADMINISTERED, signed.actor, complaints.now(), facts=told)


async def _revoked(request: Request, signed: SignedIn, **facts: int) -> None:
    complaints: Complaints = request.app.state.complaints
    kind = AccessKind.SESSION_REVOKED
    await complaints.record.access_log.append(kind, signed.actor, complaints.now(), facts=dict(facts))


def _number(form: Form) -> int:
    given = str(form.get("nomor", ""))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0


def _act(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def acted(request: Request) -> Response:
        signed = await signed_in(request)
        form = dict(await request.form(max_fields=_FIELDS, max_files=0))
        check_form(request, signed, form)
        fault = await act(request, signed, form)
        return see_other(PATH) if fault is None else await account_page(request, signed, fault, form)

    return acted


ACTS: dict[str, Act] = {
    "kunci": _add_passkey,
    "kunci-nama": _rename_passkey,
    "kunci-hapus": _remove_passkey,
    "sandi": _set_password,
    "sandi-hapus": _remove_password,
    "identitas-lepas": _unlink_identity,
    "sesi": _end_session,
    "sesi-lain": _end_other_sessions,
    "pintasan": _set_shortcuts,
    "pengganti": _name_deputy,
    "pengganti-akhiri": _end_deputy,
}

ROUTES = [
    Route(PATH, read_in_time(show_account), methods=["GET"]),
    *(Route(f"{PATH}/{name}", _act(act), methods=["POST"]) for name, act in ACTS.items()),
    *(Route(f"{PATH}/{name}", lead_up, methods=["GET"]) for name in ACTS),
]
