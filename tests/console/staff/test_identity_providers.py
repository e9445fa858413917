"""Signing in through an identity provider that also lies, and what it says of two factors and roles.

It is a mock (`identity_provider.py`): no real one signs a false token. A real one, with its own pages, keys and
refusals, is in `tests/console/sso`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie
from kawal.domain.names import Role
from kawal.store.people import Person
from kawal.system import System
from tests.console.pages.browser import Page
from tests.console.staff.signing import (
    LEAVE,
    ORIGIN,
    Visitor,
    address_in,
    application_with,
    is_signed_in,
    left,
    running_provider,
    visiting,
    with_password,
)
from tests.people import person_with

BACK = f"{LEAVE}/kembali"
LINK = "/akun/identitas/sso"
MFA = {"amr": ["pwd", "mfa"]}
"""What a provider says of somebody who proved two factors."""


class Provider:
    """The provider's program, and people who sign in there."""

    def __init__(self, issuer: str, client: httpx.AsyncClient) -> None:
        self.issuer = issuer
        self.client = client

    async def signs_in(self, page: Page, subject: str, **lie: object) -> str:
        """Sign somebody in where a page of ours leads; return the path to which the provider sends them back.

        `lie` is what the token says instead of the truth.
        """
        assert page.status == 200, page.text
        await self.client.post("/lie", json=lie)
        answer = await self.client.post(address_in(page), data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"].removeprefix(ORIGIN)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the provider."""
    with running_provider() as address:
        yield address


@pytest.fixture
async def provider(issuer: str) -> AsyncIterator[Provider]:
    """Yield the running provider."""
    async with httpx.AsyncClient(base_url=issuer) as client:
        yield Provider(issuer, client)


@pytest.fixture
async def complaints(connected: System) -> Complaints:
    """Return the client of an installation without a worker."""
    return Complaints(connected)


Serving = Callable[..., FastAPI]


@pytest.fixture
def serving(complaints: Complaints, tmp_path: Path) -> Serving:
    """Return a function that makes the application with the provider of an issuer."""

    return partial(application_with, complaints, tmp_path)


@pytest.fixture
async def budi(complaints: Complaints) -> Person:
    """Return a liaison."""
    person, _ = await person_with(complaints, Role.LIAISON, "budi@kepri.example", "DISHUB")
    return person


async def linked(visitor: Visitor, provider: Provider, subject: str) -> httpx.Response:
    """Link an identity on the account's page of whoever is signed in."""
    page = Page(await visitor.send(await visitor.open("/akun"), LINK))
    return await visitor.client.get(await provider.signs_in(page, subject))


async def test_a_provider_that_confirms_two_factors_signs_in_at_once_and_leads_nowhere_but_to_a_page_of_ours(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    await complaints.record.linked_identities.link(budi.id, provider.issuer, "pegawai-17")
    app = serving(provider.issuer)
    for wanted, led in (("/kerja/opd", "/kerja/opd"), ("//evil.example", "/kerja"), ("https://evil.example", "/kerja")):
        async with visiting(app) as visitor:
            page = await visitor.open("/masuk")
            form = page.form(LEAVE)
            away = Page(await visitor.client.post(LEAVE, data={**form.fields, "ke": wanted}))
            asked = parse_qs(urlsplit(address_in(away)).query)
            assert asked["redirect_uri"] == [ORIGIN + BACK]
            answer = await visitor.client.get(await provider.signs_in(away, "pegawai-17", **MFA))
            assert answer.headers["location"] == led
            assert is_signed_in(visitor)


LIES: dict[str, dict[str, object]] = {
    "another question's": {"nonce": "x" * 43},
    "for somebody else": {"aud": "another-client"},
    "for several, and not asked by us": {"aud": ["kawal", "another"], "azp": "another"},
    "of another issuer": {"iss": "https://evil.example"},
    "expired": {"ago": 7200},
    "issued long ago": {"iat": 1_700_000_000},
    "from the future": {"ago": -7200},
    "without a subject": {"sub": None},
    "unsigned": {"alg": "none"},
    "signed with what is published": {"alg": "HS256"},
    "signed by a stranger": {"key": "another"},
}


async def test_a_token_that_is_not_the_answer_to_our_question_signs_nobody_in(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    await complaints.record.linked_identities.link(budi.id, provider.issuer, "pegawai-17")
    app = serving(provider.issuer)
    async with visiting(app) as visitor:
        for what, lie in LIES.items():
            back = await provider.signs_in(await left(visitor), "pegawai-17", **{**MFA, **lie})
            page = await visitor.open(back)
            assert (page.status, is_signed_in(visitor)) == (403, False), what
            assert "tidak dapat dipastikan" in page.text, what
        back = await provider.signs_in(await left(visitor), "pegawai-17", **MFA)
        assert (await visitor.open(f"{back}&iss=https://evil.example")).status == 403
        denied = await left(visitor)
        state = parse_qs(urlsplit(address_in(denied)).query)["state"][0]
        page = await visitor.open(f"{BACK}?error=access_denied&error_description=%3Cb%3Ex&state={state}")
        assert (page.status, "<b>x" in page.answer.text) == (403, False)


async def test_an_answer_counts_once_and_only_for_the_browser_that_asked(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    await complaints.record.linked_identities.link(budi.id, provider.issuer, "pegawai-17")
    app = serving(provider.issuer)
    async with visiting(app) as victim, visiting(app) as thief:
        await thief.open("/masuk")
        back = await provider.signs_in(await left(victim), "pegawai-17", **MFA)
        held = victim.client.cookies[browser_cookie.NAME]
        assert (await thief.open(back)).status == 403
        assert (await victim.open(back.replace("state=", "state=x"))).status == 403
        assert (await victim.open(back)).status == 303
        for used in (victim, thief):
            used.client.cookies.clear()
            used.client.cookies.set(browser_cookie.NAME, held, domain="kawal.test")
            assert ((await used.open(back)).status, is_signed_in(used)) == (403, False)
        assert (await thief.open(BACK.replace("sso", "other"))).status == 404
    stored = await complaints.record.pool.fetch("select * from identity_request")
    assert stored == []


async def test_an_identity_that_nobody_linked_makes_no_account_and_a_closed_account_is_told_the_same(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    identities, people = complaints.record.linked_identities, complaints.record.people
    await identities.link(budi.id, provider.issuer, "pegawai-17")
    eka, held = await person_with(complaints, Role.LIAISON, "eka@kepri.example", "DISHUB")
    await identities.link(eka.id, provider.issuer, "pegawai-18")
    await people.end_role(held)
    await complaints.record.pool.execute("update person set active = false where id = $1", budi.id)
    app, before, told = serving(provider.issuer), len(await people.all()), []
    for subject in ("pegawai-17", "eka@kepri.example", "pegawai-99"):
        async with visiting(app) as visitor:
            back = await provider.signs_in(await left(visitor), subject, email=eka.login, email_verified=True, **MFA)
            page = await visitor.open(back)
            told.append((page.status, page.text, is_signed_in(visitor)))
    assert len(set(told)) == 1
    assert (told[0][0], told[0][2], "Akun saya" in told[0][1]) == (403, False, True)
    assert len(await people.all()) == before
    async with visiting(app) as visitor:
        await visitor.open(await provider.signs_in(await left(visitor), "pegawai-18", **MFA))
        assert (await visitor.open("/kerja")).status == 403, "who holds no role any more may do nothing"


async def test_an_identity_is_linked_by_a_form_of_the_own_session_alone_and_opens_one_account(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    eka, _ = await person_with(complaints, Role.LIAISON, "eka@kepri.example", "DISHUB")
    app = serving(provider.issuer)
    async with visiting(app) as victim, visiting(app) as attacker:
        await with_password(complaints, victim, budi)
        await with_password(complaints, attacker, eka)
        form = (await victim.open("/akun")).form(LINK)
        assert (await victim.client.post(LINK, data={})).status_code == 403
        foreign = {"sec-fetch-site": "cross-site"}
        assert (await victim.client.post(LINK, data=form.fields, headers=foreign)).status_code == 403
        begun = Page(await attacker.send(await attacker.open("/akun"), LINK))
        planted = await provider.signs_in(begun, "pegawai-18")
        assert (await victim.open(planted)).status == 403
        page = Page(await victim.send(await victim.open("/akun"), LINK))
        unasked = await victim.open(await provider.signs_in(page, "pegawai-19", auth_time=int(time.time()) - 3600))
        assert (unasked.status, "tidak menanyakan" in unasked.text) == (409, True)
        assert (await attacker.open(planted)).status == 303
        assert (await linked(victim, provider, "pegawai-18")).status_code == 409
        assert await complaints.record.linked_identities.of(budi.id) == []
        await with_password(complaints, attacker, eka)  # by a new link: what was lost may be in somebody's hands
    assert await complaints.record.linked_identities.of(eka.id) == []


async def test_the_operators_rules_leave_some_of_the_roles_that_are_held_and_give_none(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    await person_with(complaints, Role.ADMIN, budi.login)
    await complaints.record.linked_identities.link(budi.id, provider.issuer, "pegawai-17")
    app = serving(
        provider.issuer,
        '[[provider.role]]\nclaim = "groups"\nvalue = "loket"\nrole = "liaison"\nopd = "DISHUB"\n'
        '[[provider.role]]\nclaim = "groups"\nvalue = "pengawas"\nrole = "inspectorate"\n',
    )
    for groups, status in ((["loket", "pengawas"], 303), (["pengawas"], 403), ([], 403)):
        async with visiting(app) as visitor:
            back = await provider.signs_in(await left(visitor), "pegawai-17", groups=groups, **MFA)
            assert (await visitor.open(back)).status == status
            if status == 303:
                account = await visitor.open("/akun")
                assert "DISHUB" in account.text
                assert "/peran" not in {form.action for form in account.forms}
                assert (await visitor.open("/kerja/keputusan")).status == 403


async def test_without_codes_of_ones_own_the_passkey_is_the_second_factor(
    complaints: Complaints, serving: Serving, provider: Provider, budi: Person
) -> None:
    await complaints.record.linked_identities.link(budi.id, provider.issuer, "pegawai-17")
    async with visiting(serving(provider.issuer)) as visitor:
        page = await visitor.open(await provider.signs_in(await left(visitor), "pegawai-17"))
        assert ("kunci sandi" in page.text, page.forms, is_signed_in(visitor)) == (True, [], False)
        assert await complaints.record.pool.fetch("select * from identity_request") == []
