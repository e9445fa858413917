"""`/masuk/langkah-kedua`: whom a provider named, without a word of a second factor, types a code of their own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie
from kawal.console.auth.oidc.discovery import KnownProvider
from kawal.console.auth.oidc.known_providers import providers_of
from kawal.console.auth.one_time_codes import step_of
from kawal.console.auth.sign_in_page import STALE, attempt, sign_in_form, taken_form, wait_until
from kawal.console.auth.signed_in import SIGN_IN
from kawal.console.auth.signing_in import begin, note_failure
from kawal.console.pages.form_guard import TOKEN, token_of
from kawal.console.pages.frame import page
from kawal.domain.msgids import Sayable, msgid
from kawal.store.identity_requests import RecognisedPerson
from kawal.store.passwords import PasswordMeans
from kawal.store.people import Person
from kawal.store.staff_sessions import ThroughProvider

PATH = f"{SIGN_IN}/langkah-kedua"

_WRONG_CODE = msgid("This is not the app's present code, or it was used already. Wait for a new one and type that.")


async def ask_for_code(request: Request, known: KnownProvider, recognised: RecognisedPerson) -> Response:
    """Ask whoever a provider recognised for their one-time code, or to use a passkey where they have no codes."""
    complaints: Complaints = request.app.state.complaints
    browser = browser_cookie.browser_or_new(request)
    person = await complaints.record.people.find(recognised.person)
    means = None if person is None else await _means_of(complaints, person)
    step = None if means is None else await complaints.record.identity_requests.recognise(browser, recognised)
    answer = _form(request, known, browser, recognised.onward, step)
    browser_cookie.give(answer, browser)
    return answer


async def take_code(request: Request) -> Response:
    """Sign in whoever typed the code of the person whom the provider recognised."""
    form, onward, browser = await taken_form(request)
    complaints: Complaints = request.app.state.complaints
    record, step = complaints.record, str(form.get("langkah", ""))
    recognised = None if browser is None else await record.identity_requests.recognised(step, browser)
    known = None if recognised is None else providers_of(request).find(recognised.provider)
    person = None if recognised is None else await record.people.find(recognised.person)
    means = None if person is None else await _means_of(complaints, person)
    if browser is None or recognised is None or known is None or person is None or means is None:
        return await sign_in_form(request, onward, STALE, status=403)
    mac = await record.people.login_mac(person.login)
    until = await attempt(request, mac)
    if until is not None:
        await note_failure(request, "provider", "wait", known.provider.issuer)
        return _form(request, known, browser, recognised.onward, step, wait_until(request, until), status=429)
    used = step_of(means.secret, str(form.get("kode", ""))[:20], means.step)
    if used is None or not await record.passwords.use_step(means, used):
        await note_failure(request, "provider", "not_right", known.provider.issuer)
        return _form(request, known, browser, recognised.onward, step, _WRONG_CODE, status=403)
    await record.passwords.forget_failures(mac)
    if not await record.identity_requests.end(step):
        return await sign_in_form(request, onward, STALE, status=403)
    through = ThroughProvider(known.provider.issuer, recognised.allowed)
    return await begin(request, person, "provider", recognised.onward, through)


async def _means_of(complaints: Complaints, person: Person) -> PasswordMeans | None:
    return await complaints.record.passwords.find(await complaints.record.people.login_mac(person.login))


def _form(
    request: Request,
    known: KnownProvider,
    browser: str,
    onward: str,
    step: str | None,
    fault: Sayable | None = None,
    *,
    status: int = 200,
) -> Response:
    values = {
        "name": known.provider.name,
        "step": step,
        "onward": onward,
        "fault": fault,
        "token_field": TOKEN,
        "token": token_of(browser),
    }
    return page(request, "auth/second_step.html", values, status=status)
