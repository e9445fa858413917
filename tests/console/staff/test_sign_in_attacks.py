"""What attackers of the sign-in try at once or in between: many guesses together, what was ended a moment before."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.auth.means import MeansSetup, NewPassword
from kawal.console.auth.password_check import PasswordCheck, weakness
from kawal.console.auth.sign_in_page import FREE_FAILURES
from kawal.console.auth.signed_in import session_ends
from kawal.domain.names import Role
from kawal.store.identity_requests import RecognisedPerson
from kawal.store.people import Person
from kawal.system import System
from tests.console.staff.authenticator import Authenticator
from tests.console.staff.signing import (
    ORIGIN,
    PASSWORD,
    PLENTY,
    Visitor,
    asked,
    code_of,
    is_signed_in,
    key_of,
    link_for,
    visiting,
    with_passkey,
    with_password,
)
from tests.people import person_with

GUESSES = 12


@pytest.fixture
async def complaints(connected: System) -> Complaints:
    """Return the client of an installation without a worker."""
    return Complaints(connected)


@pytest.fixture
def app(complaints: Complaints) -> FastAPI:
    """Return the application, reached by the public's address."""
    settings = complaints.settings.model_copy(update={"http_public_rate": PLENTY, "public_url": ORIGIN})
    return create_app(complaints, settings)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[Visitor]:
    """Yield a browser without cookies."""
    async with visiting(app) as opened:
        yield opened


@pytest.fixture
async def budi(complaints: Complaints) -> Person:
    """Return a liaison who has not set up yet how to sign in."""
    person, _ = await person_with(complaints, Role.LIAISON, "budi@kepri.example", "DISHUB")
    return person


async def test_guesses_that_are_made_at_once_are_as_few_as_those_one_after_the_other(
    app: FastAPI, visitor: Visitor, budi: Person, complaints: Complaints
) -> None:
    secret = await with_password(complaints, visitor, budi)
    async with AsyncExitStack() as opened:
        guessers = [await opened.enter_async_context(visiting(app)) for _ in range(GUESSES)]
        sent = [one.by_password(budi.login, "salah sama sekali 123", code_of(secret, 1)) for one in guessers]
        answered = Counter(answer.status_code for answer in await asyncio.gather(*sent))
    assert answered == {403: FREE_FAILURES, 429: GUESSES - FREE_FAILURES}


async def test_an_attempt_that_nobody_judged_counts_as_none(
    app: FastAPI, visitor: Visitor, budi: Person, complaints: Complaints
) -> None:
    secret = await with_password(complaints, visitor, budi)
    able, app.state.password_check = app.state.password_check, PasswordCheck(most=0)
    for _ in range(FREE_FAILURES + 1):
        async with visiting(app) as other:
            assert (await other.by_password(budi.login, PASSWORD, code_of(secret, 1))).status_code == 503
    app.state.password_check = able
    async with visiting(app) as other:
        assert (await other.by_password(budi.login, PASSWORD, code_of(secret, 1))).status_code == 303


async def test_the_secret_of_codes_is_one_persons_and_is_not_shown_once_it_is_in_use(
    app: FastAPI, visitor: Visitor, budi: Person, complaints: Complaints
) -> None:
    eka, _ = await person_with(complaints, Role.LIAISON, "eka@kepri.example", "DISHUB")
    async with visiting(app) as shared:
        shown = [key_of(await shared.open(await link_for(complaints, one))) for one in (budi, eka)]
    assert len(set(shown)) == 2, "whoever used this browser before knows no other's secret"
    await with_passkey(complaints, visitor, budi, Authenticator(ORIGIN, "kawal.test"))
    page = await visitor.open("/akun")
    secret = key_of(page)
    assert key_of(await visitor.open("/akun")) == secret, "a page that is opened again still shows it"
    assert (await visitor.send(page, "/akun/sandi", sandi=PASSWORD, kode=code_of(secret))).status_code == 303
    assert secret not in (await visitor.open("/akun")).answer.text, "a desk may be left open"
    async with visiting(app) as other:
        assert (await other.by_password(budi.login, PASSWORD, code_of(secret, 1))).status_code == 303


async def test_a_link_that_its_maker_kept_opens_nothing_once_the_person_holds_more_than_the_maker_grants(
    visitor: Visitor, budi: Person, complaints: Complaints
) -> None:
    _, held = await person_with(complaints, Role.ADMIN, "ani")
    admin = await complaints.record.people.held(held)
    assert admin is not None
    token, _ = await complaints.record.sign_in_links.make(budi.id, admin.actor.account)
    page = await visitor.open(f"/masuk/tautan/{token}")
    sent = {"sandi": PASSWORD, "kode": code_of(key_of(page))}
    _, more = await person_with(complaints, Role.INSPECTORATE, budi.login)
    assert (await visitor.send(page, "", "sandi", **sent)).status_code == 410
    assert (await visitor.open(f"/masuk/tautan/{token}")).status == 410
    await complaints.record.people.end_role(more)
    assert (await visitor.send(page, "", "sandi", **sent)).status_code == 303


async def test_means_that_a_new_link_took_away_sign_nobody_in_who_had_begun_a_moment_before(
    app: FastAPI, visitor: Visitor, budi: Person, complaints: Complaints
) -> None:
    record = complaints.record
    secret = await with_password(complaints, visitor, budi)
    means = await record.passwords.find(await record.people.login_mac(budi.login))
    assert means is not None
    recognised = RecognisedPerson(provider="sso", person=budi.id, allowed=None, onward="")
    step = await record.identity_requests.recognise("a browser", recognised)
    await record.sign_in_links.start_anew(budi.id)
    assert not await record.passwords.use_step(means, means.step + 1)
    assert await record.identity_requests.recognised(step, "a browser") is None
    assert not await record.linked_identities.used(1)
    device = Authenticator(ORIGIN, "kawal.test")
    await with_passkey(complaints, visitor, budi, device)
    (passkey,) = await record.passkeys.of(budi.id)
    await record.sign_in_links.start_anew(budi.id)
    assert not await record.passkeys.used(passkey.id, 1)
    async with visiting(app) as other:
        page = await other.open("/masuk")
        await other.send(page, "/masuk/kunci", jawaban=device.signed(asked(page)))
        await other.by_password(budi.login, PASSWORD, code_of(secret, 1))
        assert not is_signed_in(other)


async def test_a_session_that_begins_while_a_link_is_used_is_over_when_it_was(
    visitor: Visitor, budi: Person, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, begun, keep = complaints.record.staff_sessions, list[str](), MeansSetup.keep_password

    async def kept(setup: MeansSetup, person: Person, made: NewPassword) -> None:
        begun.append((await sessions.begin(person.id, "passkey"))[1])
        await keep(setup, person, made)

    monkeypatch.setattr(MeansSetup, "keep_password", kept)
    await with_password(complaints, visitor, budi)
    assert (await visitor.open("/kerja")).status == 200
    assert [await sessions.find(text, session_ends(complaints.settings)) for text in begun] == [None]


async def test_unlinking_an_identity_ends_what_waits_for_its_code(budi: Person, complaints: Complaints) -> None:
    record = complaints.record
    await record.linked_identities.link(budi.id, "https://sso.example", "pegawai-17")
    recognised = RecognisedPerson(provider="sso", person=budi.id, allowed=None, onward="")
    step = await record.identity_requests.recognise("a browser", recognised)
    (linked,) = await record.linked_identities.of(budi.id)
    await record.linked_identities.unlink(linked.id, budi.id)
    assert await record.identity_requests.recognised(step, "a browser") is None


async def test_a_password_of_signs_is_judged_by_its_beginning_and_holds_up_nobody_meanwhile() -> None:
    signs = "4@8({[<369&%#!" * 18  # each is read as several letters, in every combination

    def seconds_for(password: str) -> float:
        began = time.process_time()
        weakness(password)
        return time.process_time() - began

    assert 3 * seconds_for(signs[:32]) > seconds_for(signs)
    judged, turns = asyncio.create_task(PasswordCheck().weakness_of(signs)), 0
    while not judged.done():
        await asyncio.sleep(0)
        turns += 1
    assert (judged.result(), turns > 10) == (None, True)
