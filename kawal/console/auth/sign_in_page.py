"""`/masuk`: signing in with a passkey, with log-in name, password and one-time code, or through an identity provider.

Nobody learns here whether a log-in name exists: the same words, the same status and as long a time for every failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.base.unavailable import unavailable
from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie, session_cookie
from kawal.console.auth.oidc.known_providers import PATH as PROVIDERS
from kawal.console.auth.oidc.known_providers import offered_providers
from kawal.console.auth.one_time_codes import step_of
from kawal.console.auth.passkey_ceremony import CeremonyPurpose, PasskeyCeremony, relying_party
from kawal.console.auth.password_check import PasswordCheck
from kawal.console.auth.signed_in import SIGN_IN
from kawal.console.auth.signing_in import begin, note_failure, own_path
from kawal.console.pages.form_guard import TOKEN, is_token, refuse_foreign, token_of
from kawal.console.pages.frame import language_of, lead_up, page
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.store.people import Person
from kawal.web.callers import address_of
from kawal.web.problems import Problem
from kawal.wording.dates import show_instant

_LOGIN_LIMIT = 200
_FIELDS = 8

FREE_FAILURES = 5
"""So many failures of one log-in name in an hour make nobody wait."""

COUNTED_WITHIN = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
"""What one waits after a further failure: twice as long each time, up to the longest; it never locks for good."""

_NOT_RIGHT = msgid("Log-in name, password or code is not right. Type all three again; a code counts once.")
_NO_PASSKEY = msgid("This passkey was not accepted. Try again, or sign in with password and code.")
STALE = msgid("This page lay open too long, or was opened twice. Sign in here.")
_WAIT = msgid("Too many attempts with this log-in name. Try again at {time}; a passkey works at once.")
_AWAY = msgid("Nobody can sign in now: the system cannot be reached. Try again in a few minutes.")


async def show_sign_in(request: Request) -> Response:
    """Show how one signs in here."""
    return await sign_in_form(request, request.query_params.get("ke", ""))


async def sign_in_by_passkey(request: Request) -> Response:
    """Sign in whoever's passkey signed what this browser was asked."""
    form, onward, browser = await taken_form(request)
    party = relying_party(request)
    if browser is None or party is None:
        return await sign_in_form(request, onward, STALE, status=403)
    complaints: Complaints = request.app.state.complaints
    ceremony = PasskeyCeremony(complaints.record.passkeys, party, browser, CeremonyPurpose.SIGN_IN)
    person = await ceremony.signed_in(str(form.get("jawaban", "")), complaints.record.people)
    if person is None:
        await note_failure(request, "passkey", "not_accepted")
        return await sign_in_form(request, onward, _NO_PASSKEY, status=403)
    return await begin(request, person, "passkey", onward)


async def sign_in_by_password(request: Request) -> Response:
    """Sign in whoever typed log-in name, password and code rightly."""
    form, onward, browser = await taken_form(request)
    login = str(form.get("nama", ""))[:_LOGIN_LIMIT]
    if browser is None:
        return await sign_in_form(request, onward, STALE, login, status=403)
    try:
        return await _judged(request, form, onward, login)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return await sign_in_form(request, onward, _AWAY, login, status=503)


async def _judged(request: Request, form: Mapping[str, object], onward: str, login: str) -> Response:
    record = request.app.state.complaints.record
    mac = await record.people.login_mac(login)
    until = await attempt(request, mac)
    if until is not None:
        await note_failure(request, "password", "wait")
        return await sign_in_form(request, onward, wait_until(request, until), login, status=429)
    try:
        person = await _known_by(request, mac, str(form.get("sandi", "")), str(form.get("kode", "")))
    except Problem:
        await record.passwords.take_back(mac)
        raise
    if person is None:
        await note_failure(request, "password", "not_right")
        return await sign_in_form(request, onward, _NOT_RIGHT, login, status=403)
    await record.passwords.forget_failures(mac)
    return await begin(request, person, "password", onward)


def wait_until(request: Request, until: datetime) -> Sayable:
    """Say until when to wait, in whole minutes."""
    minute = until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return sentence(_WAIT, time=show_instant(minute, language_of(request)))


async def _known_by(request: Request, mac: bytes, password: str, code: str) -> Person | None:
    """Return whose password and unused code these are; everything is looked at, whatever is wrong."""
    record = request.app.state.complaints.record
    check: PasswordCheck = request.app.state.password_check
    means = await record.passwords.find(mac)
    right = await check.is_right(None if means is None else means.password_hash, password)
    step = None if means is None else step_of(means.secret, code[:20], means.step)
    if means is None or not right or step is None or not await record.passwords.use_step(means, step):
        return None
    found: Person | None = await record.people.find(means.person)
    return found


async def attempt(request: Request, mac: bytes) -> datetime | None:
    """Count an attempt with a log-in name as failed until it succeeds; return until when (UTC) to wait instead."""
    complaints: Complaints = request.app.state.complaints
    return await complaints.record.passwords.attempt(mac, COUNTED_WITHIN, _wait_after)


def _wait_after(failures: int) -> timedelta:
    if failures < FREE_FAILURES:
        return timedelta()
    doubled: timedelta = FIRST_WAIT * 2 ** min(failures - FREE_FAILURES, 10)
    return min(doubled, LONGEST_WAIT)


async def taken_form(request: Request) -> tuple[Mapping[str, object], str, str | None]:
    """Return the form, where it leads, and the browser's cookie: None if the form is of no page that it was shown.

    Raises Problem 403 for a form of another site, 429 for an address that tries too often.
    """
    refuse_foreign(request)
    await request.app.state.gate.let_in("sign_in", address_of(request))
    form = dict(await request.form(max_fields=_FIELDS, max_files=0))
    browser = browser_cookie.browser_of(request)
    known = browser is not None and is_token(form, browser)
    return form, str(form.get("ke", "")), browser if known else None


async def sign_in_form(
    request: Request, onward: str, fault: Sayable | None = None, login: str = "", *, status: int = 200
) -> Response:
    """Return the page on which one signs in, with what was wrong."""
    browser, party = browser_cookie.browser_or_new(request), relying_party(request)
    passkey = None
    if party is not None:
        passkeys = request.app.state.complaints.record.passkeys
        passkey = await PasskeyCeremony(passkeys, party, browser, CeremonyPurpose.SIGN_IN).options_to_sign_in()
    values = {
        "possible": session_cookie.can_sign_in(request),
        "passkey": passkey,
        "providers": offered_providers(request),
        "providers_path": PROVIDERS,
        "onward": own_path(onward) if onward else "",
        "fault": fault,
        "login": login,
        "token_field": TOKEN,
        "token": token_of(browser),
        "here": request.app.state.public_address(request),
        "local": local_address(request),
    }
    answer = page(request, "auth/sign_in.html", values, status=status)
    if values["possible"]:
        browser_cookie.give(answer, browser)
    return answer


def local_address(request: Request) -> str | None:
    """Return the address of the sign-in page under this machine's own name, for whoever came by its number."""
    address = request.url
    if request.app.state.settings.public_url is not None or address.hostname not in ("127.0.0.1", "::1"):
        return None
    return f"http://localhost:{address.port}{SIGN_IN}"


ROUTES = [
    Route(SIGN_IN, read_in_time(show_sign_in), methods=["GET"]),
    Route(SIGN_IN, sign_in_by_password, methods=["POST"]),
    Route(f"{SIGN_IN}/kunci", sign_in_by_passkey, methods=["POST"]),
    Route(f"{SIGN_IN}/kunci", lead_up, methods=["GET"]),
]
