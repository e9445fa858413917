"""`/masuk/tautan/TOKEN`: a one-time link, by which a person sets up how to sign in, for the first time or after a loss.

Reading it changes nothing. When it is used, what the person signed in with before, and every session, ends. It opens
nothing once the person holds more than its maker grants: whoever made it may have kept it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie, session_cookie
from kawal.console.auth.means import ALREADY_KNOWN, MeansSetup, NewPassword
from kawal.console.auth.passkey_ceremony import NewPasskey
from kawal.console.auth.sign_in_page import local_address
from kawal.console.auth.signed_in import SIGN_IN
from kawal.console.auth.signing_in import actor_of, begin, device_of
from kawal.console.pages.form_guard import TOKEN, check_token, refuse_foreign, token_of
from kawal.console.pages.frame import page
from kawal.console.pages.staff.navigation import SETUP
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.accounts import link_refusal
from kawal.domain.access_kinds import AccessKind
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.names import Role
from kawal.domain.process.commands import printable
from kawal.domain.process.decide import CLOCKWORK
from kawal.store.people import Person
from kawal.store.sign_in_links import SignInLink
from kawal.web.callers import address_of

PATH = f"{SIGN_IN}/tautan"
NAME_LIMIT = 200

_FIELDS = 10
_NAME_NEEDED = msgid("Type your name and a log-in name.")


class LinkHolder(NamedTuple):
    """Whom a link is for, as far as they are known."""

    link: SignInLink
    person: Person | None
    handle: bytes
    """What the person's passkeys know them by, or will."""
    name: str
    login: str

    @property
    def is_first(self) -> bool:
        """Whether it is the first administrator, who says who they are."""
        return self.person is None


async def show_link(request: Request) -> Response:
    """Show what one can set up by the link, or that it is over."""
    held = await _holder(request, {})
    return _over(request) if held is None else await _form(request, held)


async def use_link(request: Request) -> Response:
    """Set up what the form brings, sign in, and end the link."""
    refuse_foreign(request)
    await request.app.state.gate.let_in("sign_in", address_of(request))
    form = dict(await request.form(max_fields=_FIELDS, max_files=0))
    browser = browser_cookie.browser_of(request) or ""
    check_token(form, browser)
    held = await _holder(request, form)
    if held is None:
        return _over(request)
    if held.is_first and not (held.name and held.login):
        return await _form(request, held, _NAME_NEEDED)
    setup = MeansSetup(request, browser, held.handle)
    by_passkey = form.get("cara") == "kunci"
    made = await (setup.passkey(form) if by_passkey else setup.password(form, (held.name, held.login)))
    if not isinstance(made, NewPasskey | NewPassword):
        return await _form(request, held, made)
    return await _set_up(request, held, setup, made)


async def _set_up(request: Request, held: LinkHolder, setup: MeansSetup, made: NewPasskey | NewPassword) -> Response:
    complaints: Complaints = request.app.state.complaints
    record = complaints.record
    if isinstance(made, NewPasskey) and await setup.is_anothers(made, held.link.person):
        return await _form(request, held, ALREADY_KNOWN)
    if not await record.sign_in_links.use(held.link.id):
        return _over(request)
    person = held.person or await _first_administrator(complaints, held)
    await record.sign_in_links.start_anew(person.id)
    if isinstance(made, NewPasskey):
        await setup.keep_passkey(person, made, device_of(request))
    else:
        await setup.keep_password(person, made)
    how = "passkey" if isinstance(made, NewPasskey) else "password"
    facts = {"act": "means_set", "how": how, "link": held.link.id}
    await record.access_log.append(
        AccessKind.ADMINISTERED, await actor_of(complaints, person), complaints.now(), facts=facts
    )
    # Whoever showed what was taken away a moment before that may have begun a session since.
    await record.staff_sessions.end_all(person.id)
    return await begin(request, person, "link", SETUP if held.is_first else "")


async def _first_administrator(complaints: Complaints, held: LinkHolder) -> Person:
    """Enter the first administrator, as the admin of every agency that there is: nobody else is entered yet."""
    people, at = complaints.record.people, complaints.now()
    person = await people.enter(held.name, held.login, held.handle)
    for agency in await complaints.directory.all_instansi():
        number = await people.grant(person, Role.ADMIN, agency.code, None, None, CLOCKWORK.account, at)
        facts = {"act": "role_granted", "held": number, "role": str(Role.ADMIN), "agency": agency.code}
        await complaints.record.access_log.append(AccessKind.ADMINISTERED, CLOCKWORK, at, facts=facts)
    return person


async def _holder(request: Request, form: Mapping[str, object]) -> LinkHolder | None:
    complaints: Complaints = request.app.state.complaints
    record, token = complaints.record, str(request.path_params["token"])
    link = await record.sign_in_links.find(token)
    if link is None:
        return None
    if link.person is not None:
        person = await record.people.find(link.person)
        refused = None if link.maker is None else await link_refusal(complaints, link.maker, link.person)
        return (
            None
            if person is None or refused is not None
            else LinkHolder(link, person, person.handle, person.name, person.login)
        )
    handle = hashlib.sha256(f"handle\x00{token}".encode()).digest()
    name, login = (printable(" ".join(str(form.get(field, "")).split()))[:NAME_LIMIT] for field in ("pemilik", "nama"))
    return LinkHolder(link, None, handle, name, login)


async def _has_means(request: Request, person: Person | None) -> bool:
    """Return whether there is anything that the person signed in with before."""
    record = request.app.state.complaints.record
    return person is not None and (bool(await record.passkeys.of(person.id)) or await record.passwords.has(person.id))


async def _form(request: Request, held: LinkHolder, fault: Sayable | None = None) -> Response:
    browser = browser_cookie.browser_or_new(request)
    known = None if held.person is None else held.person.id
    values = {
        "possible": session_cookie.can_sign_in(request),
        "offer": await MeansSetup(request, browser, held.handle).offer(held.login, held.name, known),
        "first": held.is_first,
        "name": held.name,
        "login": held.login,
        "until": held.link.expires_at,
        "ends_others": await _has_means(request, held.person),
        "fault": fault,
        "token_field": TOKEN,
        "token": token_of(browser),
        "here": request.app.state.public_address(request),
        "local": local_address(request),
    }
    answer = page(request, "auth/link.html", values, status=200 if fault is None else 422)
    if values["possible"]:
        browser_cookie.give(answer, browser)
    return answer


def _over(request: Request) -> Response:
    return page(request, "auth/link_over.html", {}, status=410)


ROUTES = [
    Route(f"{PATH}/{{token}}", read_in_time(show_link), methods=["GET"]),
    Route(f"{PATH}/{{token}}", use_link, methods=["POST"]),
]
