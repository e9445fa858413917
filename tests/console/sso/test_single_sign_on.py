"""Signing in through the provider that an agency runs: its own pages, keys and refusals, and what they open here."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from kawal.client.complaints import Complaints
from kawal.console.auth.oidc import discovery
from kawal.domain.names import Role
from kawal.store.people import Person
from kawal.system import System
from tests.console.pages.browser import Page
from tests.console.sso.running import CLIENTS, KAWAL, AtProvider, SingleSignOn, running_sign_on
from tests.console.staff.signing import (
    PASSWORD,
    Visitor,
    address_in,
    application_with,
    code_of,
    is_signed_in,
    left,
    visiting,
    with_password,
)
from tests.people import person_with

STEP = "/masuk/langkah-kedua"
AWAY = "tidak dapat dihubungi"
ROLE_RULES = """
[[provider.role]]
claim = "groups"
value = "penghubung"
role = "liaison"

[[provider.role]]
claim = "role"
value = "admin"
role = "agency_admin"

[[provider]]
code = "umum"
name = "SSO tanpa rahasia"
issuer = "{issuer}"
client_id = "kawal-umum"
amr = ["mfa"]
"""


@pytest.fixture(scope="module")
def sign_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SingleSignOn]:
    """Run the provider."""
    with running_sign_on(tmp_path_factory.mktemp("sso")) as running:
        yield running


@pytest.fixture
async def there() -> AsyncIterator[AtProvider]:
    """Yield a browser at the provider, in which nobody signed in yet."""
    async with httpx.AsyncClient(timeout=60) as client:
        yield AtProvider(client)


@pytest.fixture
async def complaints(connected: System) -> Complaints:
    """Return the client of an installation without a worker."""
    return Complaints(connected)


async def official(complaints: Complaints, login: str) -> Person:
    """Return a liaison."""
    return (await person_with(complaints, Role.LIAISON, f"{login}@kepri.example", "DISHUB"))[0]


async def back_from(there: AtProvider, page: Page, login: str, *, agrees: bool = True) -> str:
    """Go where a page of ours leads; return the path of ours to which the provider leads back."""
    return (await there.led_back(address_in(page), login, agrees=agrees)).removeprefix(KAWAL)


async def link(visitor: Visitor, there: AtProvider, login: str, code: str = "sso") -> None:
    """Link an identity on the account's page of whoever is signed in."""
    leaving = Page(await visitor.send(await visitor.open("/akun"), f"/akun/identitas/{code}"))
    answer = await visitor.client.get(await back_from(there, leaving, login))
    assert (answer.status_code, answer.headers.get("location")) == (303, "/akun"), Page(answer).text


async def sign_out(visitor: Visitor) -> None:
    await visitor.send(await visitor.open("/akun"), "/keluar")
    assert not is_signed_in(visitor)


def changed(back: str, **parameters: str | None) -> str:
    """Return an address of which some parameters say something else; None: are not there."""
    query = dict(httpx.QueryParams(urlsplit(back).query)) | parameters
    given = {name: text for name, text in query.items() if text is not None}
    return str(httpx.URL(back).copy_with(params=given))


async def test_an_official_links_an_identity_and_comes_in_by_the_agencys_pages_in_no_role_that_a_claim_names(
    complaints: Complaints,
    sign_on: SingleSignOn,
    there: AtProvider,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    budi = await official(complaints, "budi")
    app = application_with(complaints, tmp_path, sign_on.issuer, ROLE_RULES.format(issuer=sign_on.issuer))
    async with visiting(app) as own, visiting(app) as other:
        secret = await with_password(complaints, own, budi)
        await _for_another_client(sign_on, there)
        await link(own, there, "budi")
        assert there.typed == ["eka", "budi"], "who links signs in anew, whoever is signed in there on this machine"
        back = await back_from(there, await left(other, "/kerja/opd"), "budi")
        step = await other.open(back)
        assert not is_signed_in(other), "the provider tells of a password alone"
        assert (await other.send(step, STEP, kode="000000")).status_code == 403
        code = code_of(secret, 1)
        answer = await other.send(step, STEP, kode=code)
        assert answer.headers["location"] == "/kerja/opd"
        assert "lewat SSO Kepri" in (await other.open("/akun")).text
        assert (await other.open("/kerja/keputusan")).status == 403, "an admin by the claim alone"
        assert (await other.send(await other.open("/akun"), "/akun/sandi-hapus")).status_code == 403

        await sign_out(other)
        again = await other.open(await back_from(there, await left(other), "budi"))
        assert (is_signed_in(other), len(there.typed)) == (False, 2), "the provider let them in unasked"
        assert (await other.send(again, STEP, kode=code)).status_code == 403, "a code counts once"

        assert (await own.send(await own.open("/akun"), "/akun/identitas-lepas")).status_code == 303
        assert (await other.open(await back_from(there, await left(other), "budi"))).status == 403
    known = [(str(one.kind), one.facts) async for one in complaints.access_log.entries()]
    through = {"how": "provider", "issuer": sign_on.issuer}
    assert ("administered", {"act": "means_set", **through}) in known
    assert ("sign_in_failed", {"code": "not_right", **through}) in known
    assert any(kind == "signed_in" and facts.items() >= through.items() for kind, facts in known)
    logged = capfd.readouterr()
    secrets = [parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state")]
    assert not any(one in logged.out + logged.err for one in secrets)


async def test_whom_the_provider_knows_and_nobody_linked_opens_nothing_whatever_it_says_of_them(
    complaints: Complaints, sign_on: SingleSignOn, there: AtProvider, tmp_path: Path
) -> None:
    await person_with(complaints, Role.ADMIN, "budi@kepri.example")
    before = await complaints.record.people.all()
    async with visiting(application_with(complaints, tmp_path, sign_on.issuer)) as visitor:
        page = await visitor.open(await back_from(there, await left(visitor), "siti"))
        assert (page.status, is_signed_in(visitor)) == (403, False), "her address there is his log-in name here"
        assert "belum" in page.text or "tidak membuka" in page.text, page.text
    assert await complaints.record.people.all() == before


async def test_what_answers_another_question_or_was_meant_for_others_signs_nobody_in(
    complaints: Complaints,
    sign_on: SingleSignOn,
    there: AtProvider,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    eka = await official(complaints, "eka")
    app = application_with(complaints, tmp_path, sign_on.issuer, ROLE_RULES.format(issuer=sign_on.issuer))
    async with visiting(app) as visitor, visiting(app) as thief, httpx.AsyncClient(timeout=60) as client:
        await with_password(complaints, visitor, eka)
        await link(visitor, there, "eka")
        await sign_out(visitor)

        async def returned(**parameters: str | None) -> int:
            """Come back with an answer that was changed on the way."""
            page = await visitor.open(changed(await back_from(there, await left(visitor), "eka"), **parameters))
            assert not is_signed_in(visitor), parameters
            return page.status

        with_other_nonce = changed(address_in(await left(visitor)), nonce="x" * 43)
        assert (await visitor.open((await there.led_back(with_other_nonce, "eka")).removeprefix(KAWAL))).status == 403
        assert await returned(code=_code(await _for_another_client(sign_on, there))) == 403
        planted = await back_from(AtProvider(client), await left(thief), "budi")
        assert await returned(code=_code(planted)) == 403, "the thief's own code, for which PKCE vouches not"
        assert await returned(iss=None) == 403
        assert await returned(state="x" * 43) == 403
        denied = await back_from(there, await left(visitor), "eka", agrees=False)
        page = await visitor.open(denied)
        assert (page.status, is_signed_in(visitor)) == (403, False)

        back = await back_from(there, await left(visitor), "eka")
        assert ((await visitor.open(back)).status, is_signed_in(visitor)) == (303, True), "unchanged it signs in"
        await sign_out(visitor)
        assert (await visitor.open(back)).status == 403
        assert await returned(code=_code(back)) == 403, "a code counts once at the provider, too"
        without_secret = await back_from(there, await left(visitor, leave="/masuk/penyedia/umum"), "eka")
        assert (await visitor.open(without_secret)).status == 303, "a public client, by PKCE alone"
    reasons = re.findall(r"identity_provider_not_believed .*reason=(\w+)", capfd.readouterr().out)
    assert reasons == ["invalid_claim", "code_refused", "code_refused", "another_issuer", "code_refused"]


def _code(back: str) -> str:
    return parse_qs(urlsplit(back).query)["code"][0]


async def _for_another_client(sign_on: SingleSignOn, there: AtProvider) -> str:
    """Return where the provider leads somebody whom another of its clients sent."""
    other = CLIENTS[-1]
    asked = {"client_id": other.id, "redirect_uri": other.back, "response_type": "code", "scope": "openid"}
    challenge = {"code_challenge": "x" * 43, "code_challenge_method": "S256"}
    return await there.led_back(f"{sign_on.issuer}/authorize/?{httpx.QueryParams({**asked, **challenge})}", "eka")


async def test_keys_change_and_the_provider_goes_away_and_comes_back_while_kawal_runs(
    complaints: Complaints,
    sign_on: SingleSignOn,
    there: AtProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    eka = await official(complaints, "eka")
    app = application_with(complaints, tmp_path, sign_on.issuer)
    async with visiting(app) as visitor, visiting(application_with(complaints, tmp_path, sign_on.issuer)) as other:
        secret = await with_password(complaints, visitor, eka)
        await link(visitor, there, "eka")
        await sign_out(visitor)
        back = await back_from(there, await left(visitor), "eka")
        sign_on.stop()
        page = await visitor.open(back)
        assert (page.status, AWAY in page.text) == (503, True)
        assert (await left(other)).status == 503
        assert (await other.by_password(eka.login, PASSWORD, code_of(secret, 1))).status_code == 303, "other ways stay"
        unlinked = Page(await other.send(await other.open("/akun"), "/akun/identitas/sso"))
        assert (unlinked.status, AWAY in unlinked.text) == (409, True)

        sign_on.start(token_life=-3600)
        assert not await _comes_in(visitor, there), "a key that nobody knew a moment ago"
        monkeypatch.setattr(discovery, "KEYS_AGAIN_AFTER", 0.0)  # a minute later
        assert not await _comes_in(visitor, there), "expired when it was issued"
        sign_on.stop()
        sign_on.start()
        assert await _comes_in(visitor, there)
    reasons = re.findall(r"identity_provider_not_believed .*reason=(\w+)", capfd.readouterr().out)
    assert reasons == ["unknown_key", "expired_token"]


async def _comes_in(visitor: Visitor, there: AtProvider) -> bool:
    """Go through the provider as Eka; tell whether that signs in."""
    page = await visitor.open(await back_from(there, await left(visitor), "eka"))
    assert page.status == (303 if is_signed_in(visitor) else 403), page.text
    return is_signed_in(visitor)
