"""From the first link to signing in again, in a real browser: with a passkey, and with neither it nor JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.domain.names import Role
from kawal.system import System
from kawal.web.server import listen, serving
from tests.console.staff.signing import PASSWORD, allow_provider, code_of, link_for, running_provider
from tests.people import person_with
from tests.system.pages import wcag
from tests.system.pages.visits import PHONE, Visit, visiting

PLENTY = "1000000/minute"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A telephone that knows its owner's finger."""


class Installation(NamedTuple):
    """An installation in which nobody is entered, served under the machine's own name; nothing here needs a worker."""

    url: str
    complaints: Complaints


@asynccontextmanager
async def installed(complaints: Complaints, home: Path) -> AsyncIterator[Installation]:
    """Serve an installation of the test's own, with what an operator wrote into a home."""
    changed = {"http_public_rate": PLENTY, "http_pages_rate": PLENTY, "home": home}
    app = create_app(complaints, complaints.settings.model_copy(update=changed))
    async with serving(app, listen("127.0.0.1", 0, or_free=True), app.state.streams.end) as url:
        yield Installation(url.replace("127.0.0.1", "localhost"), complaints)


@pytest.fixture
async def fresh(connected: System, tmp_path: Path) -> AsyncIterator[Installation]:
    """Yield an installation of the test's own."""
    async with installed(Complaints(connected), tmp_path) as opened:
        yield opened


CHECKS: tuple[wcag.Check, ...] = (
    wcag.axe_finds_nothing_in_light_and_dark,
    wcag.headings_are_in_order_under_one_first,
    wcag.it_fits_320_pixels_and_a_phone_held_across,
    wcag.labels_are_the_names,
    wcag.faults_belong_to_their_fields,
    wcag.messages_are_announced,
    wcag.targets_are_large_enough,
    wcag.pasting_is_allowed,
)


async def _faultless(page: Page) -> None:
    """Check that a page keeps rules that the public pages are held to."""
    await wcag.prepare(page)
    found = {check.__name__: await check(page) for check in CHECKS}
    assert {name: faults for name, faults in found.items() if faults} == {}


async def _sign_out(visit: Visit) -> None:
    await visit.page.locator("[action='/keluar'] button").click()
    await expect(visit.page).to_have_url(f"{visit.url}/masuk")


async def test_the_first_administrator_comes_in_by_a_passkey_and_signs_in_with_it_again(
    browser: Browser, fresh: Installation
) -> None:
    async with visiting(browser, fresh.url, PHONE) as visit:
        page = visit.page
        device = await visit.context.new_cdp_session(page)
        await device.send("WebAuthn.enable")
        await device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        await visit.open(await link_for(fresh.complaints, None))
        await page.locator("#pemilik-kunci").fill("Ani Wijaya")
        await page.locator("#nama-kunci").fill("ani")
        await page.locator("#passkey button").click()
        await expect(page).to_have_url(f"{fresh.url}/kelola/mulai/instansi")
        await expect(page.locator(".me")).to_contain_text("Ani Wijaya")
        await _sign_out(visit)
        await visit.open("/akun")
        await expect(page).to_have_url(f"{fresh.url}/masuk?ke=%2Fakun")
        await page.locator("#passkey button").click()
        await expect(page).to_have_url(f"{fresh.url}/akun")
        await expect(page.locator("#sesi + ul > li")).to_have_count(1)


async def test_without_javascript_one_signs_in_with_password_and_code(browser: Browser, fresh: Installation) -> None:
    person, _ = await person_with(fresh.complaints, Role.LIAISON, "budi", "DISHUB")
    async with visiting(browser, fresh.url, PHONE, script=False) as visit:
        page = visit.page
        await visit.open(await link_for(fresh.complaints, person))
        secret = await page.locator("code").inner_text()
        await page.locator("#sandi").fill(PASSWORD)
        await page.locator("#kode").fill(code_of(secret))
        await page.locator("form:has(#sandi) button").click()
        await expect(page).to_have_url(f"{fresh.url}/kerja")
        await _sign_out(visit)
        await page.locator("#nama").fill("budi")
        await page.locator("#sandi").fill(PASSWORD)
        await page.locator("#kode").fill(code_of(secret, 1))
        await page.locator("form:has(#nama) button").click()
        await expect(page).to_have_url(f"{fresh.url}/kerja")
        await expect(page.locator(".me")).to_contain_text("DISHUB")


async def test_the_pages_of_signing_in_keep_the_rules_of_all_pages(
    browser: Browser, connected: System, tmp_path: Path
) -> None:
    allow_provider(tmp_path, "https://sso.example")
    complaints = Complaints(connected)
    person, _ = await person_with(complaints, Role.LIAISON, "budi", "DISHUB")
    await person_with(complaints, Role.DESK, "budi")
    await complaints.record.linked_identities.link(person.id, "https://sso.example", "pegawai-17")
    async with installed(complaints, tmp_path) as fresh, visiting(browser, fresh.url) as visit:
        await visit.open("/masuk")
        await _faultless(visit.page)
        await visit.open(await link_for(complaints, person))
        secret = await visit.page.locator("code").inner_text()
        await _faultless(visit.page)
        await visit.page.locator("#sandi").fill(PASSWORD)
        await visit.page.locator("#kode").fill(code_of(secret))
        await visit.page.locator("form:has(#sandi) button").click()
        await visit.open("/akun")
        await _faultless(visit.page)


async def _at_the_provider(page: Page, subject: str) -> None:
    """Sign in where the browser was led."""
    await page.locator("[name='sub']").first.fill(subject)
    await page.get_by_role("button", name="Authorize").click()


async def test_through_an_identity_provider_one_links_leaves_and_comes_back(
    browser: Browser, connected: System, tmp_path: Path
) -> None:
    complaints = Complaints(connected)
    person, _ = await person_with(complaints, Role.LIAISON, "budi", "DISHUB")
    with running_provider() as issuer:
        allow_provider(tmp_path, issuer)
        hosts = (urlsplit(issuer).netloc,)
        async with (
            installed(complaints, tmp_path) as here,
            visiting(browser, here.url, PHONE, hosts=hosts) as visit,
        ):
            page = visit.page
            await visit.open(await link_for(complaints, person))
            secret = await page.locator("code").inner_text()
            await page.locator("#sandi").fill(PASSWORD)
            await page.locator("#kode").fill(code_of(secret))
            await page.locator("form:has(#sandi) button").click()
            await visit.open("/akun")
            await page.get_by_role("button", name="Hubungkan SSO Kepri").click()
            await _at_the_provider(page, "pegawai-17")
            await expect(page).to_have_url(f"{here.url}/akun")
            await _sign_out(visit)
            await page.get_by_role("button", name="Masuk dengan SSO Kepri").click()
            await _at_the_provider(page, "pegawai-17")
            await expect(page.locator("#kode")).to_be_visible()
            await _faultless(page)
            await page.locator("#kode").fill(code_of(secret, 1))
            await page.get_by_role("button", name="Masuk").click()
            await expect(page).to_have_url(f"{here.url}/kerja")
            await expect(page.locator(".me")).to_contain_text("DISHUB")
