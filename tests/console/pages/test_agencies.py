"""With several agencies the form asks for whom; a place answers it, and so may the name of the host."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.pages.public.agencies import Agencies, area_of
from kawal.console.pages.site import Site
from kawal.store.directory import Instansi
from tests.console.pages.browser import Browser
from tests.console.pages.test_report_form import TEXT, number_of, reports
from tests.intake.http.conftest import client_of
from tests.workflows.life import Office


@pytest.fixture
async def several(office: Office) -> Office:
    """Return an office of a province and one of its kabupaten."""
    await office.complaints.pool.execute(
        "insert into instansi (code, name, area) values ('BINTAN', 'Kabupaten Bintan', '21.01')"
    )
    return office


async def agency(office: Office, number: str) -> str:
    return (await office.complaints.system.inbox.agencies_of([number]))[number]


async def test_the_agency_is_asked_for_and_nothing_typed_is_lost(browser: Browser, several: Office) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    assert form.fields["agency"] == ""
    page = await browser.send(form, text=TEXT)
    assert page.status == 422
    assert "Pilih untuk siapa" in page.text
    assert page.form("/lapor").fields["text"] == TEXT
    number = number_of(await browser.send(page.form("/lapor"), agency="BINTAN"))
    assert await agency(several, number) == "BINTAN"


@pytest.mark.parametrize(
    ("place", "meant"), [("Desa Toapaya Asri, Bintan", "BINTAN"), ("Kelurahan Dompak, Tanjungpinang", "KEPRI")]
)
async def test_a_place_answers_it_and_the_sender_confirms(
    browser: Browser, several: Office, place: str, meant: str
) -> None:
    page = await browser.send((await browser.open("/lapor")).form("/lapor"), text=TEXT, place=place)
    assert page.status == 422
    assert "menurut tempatnya" in page.text
    assert page.form("/lapor").fields["agency"] == meant
    assert await reports(several) == 0
    assert await agency(several, number_of(await browser.send(page.form("/lapor")))) == meant


@pytest.mark.parametrize(
    ("chosen", "others", "area"),
    [
        ("", (), "21"),
        ("BINTAN", (), "21.01"),
        ("KEPRI", (), "21"),
        ("", (("JATENG", "33"),), None),
        ("BINTAN", (("JATENG", "33"),), "21.01"),
        ("", (("NASIONAL", None),), "21"),
    ],
)
async def test_places_are_offered_of_the_agencys_area_and_before_one_is_chosen_of_what_all_share(
    several: Office, chosen: str, others: Sequence[tuple[str, str | None]], area: str | None
) -> None:
    known = [one for one in await several.complaints.directory.all_instansi() if one.code in ("KEPRI", "BINTAN")]
    more = [Instansi(code=code, name=code, area=other, active=True) for code, other in others]
    assert area_of(chosen, [*known, *more]) == area


async def test_map_and_places_are_there_before_an_agency_is_chosen(browser: Browser, several: Office) -> None:
    page = await browser.open("/lapor")
    assert "/lapor/peta" in page.answer.text
    assert "Bintan Timur" in page.answer.text
    form = page.form("/lapor")
    form.action = "/lapor/peta"
    assert "/peta/21.svg" in (await browser.send(form, text=TEXT)).answer.text
    assert await reports(several) == 0


async def test_the_map_is_that_of_the_chosen_agency_and_where_they_share_no_area_the_choice_is_asked_for(
    browser: Browser, several: Office
) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    form.action = "/lapor/peta"
    assert "/peta/21.01.svg" in (await browser.send(form, text=TEXT, agency="BINTAN")).answer.text
    await several.complaints.pool.execute("update instansi set area = '33' where code = 'BINTAN'")
    # By a process that reads the areas anew:
    async with client_of(create_app(several.complaints, several.complaints.settings, [])) as client:
        asked = await Browser(client).send(form, text=TEXT)
        unmade = await Browser(client).send(form, text=TEXT, agency="BINTAN")
    assert (asked.status, "Pilih untuk siapa" in asked.text) == (422, True)
    assert "Belum ada peta wilayah ini" in unmade.text
    assert {page.form("/lapor").fields["text"] for page in (asked, unmade)} == {TEXT}


async def test_an_agency_that_does_not_exist_is_asked_for_again(browser: Browser, several: Office) -> None:
    page = await browser.send((await browser.open("/lapor")).form("/lapor"), text=TEXT, agency="MARS")
    assert page.status == 422
    assert await reports(several) == 0


async def test_a_host_name_that_is_one_agencys_asks_nothing(several: Office, app: FastAPI) -> None:
    home: Path = several.complaints.settings.home
    (home / "site.toml").write_text('[hosts]\n"kawal.test" = "BINTAN"\n', encoding="utf-8")
    async with client_of(app) as client:
        browser = Browser(client)
        form = (await browser.open("/lapor")).form("/lapor")
        assert "agency" not in form.fields
        page = await browser.open("/lapor")
        assert ('formaction="/lapor/peta"' in page.answer.text, "Toapaya" in page.answer.text) == (True, True)
        form.action = "/lapor/peta"
        assert "/peta/21.01.svg" in (await browser.send(form, text=TEXT)).answer.text
        form.action = "/lapor"
        number = number_of(await browser.send(form, text=TEXT))
    (home / "site.toml").unlink()
    assert await agency(several, number) == "BINTAN"


async def test_of_many_readers_at_once_one_asks_for_a_newer_list_and_the_others_take_the_one_before(
    several: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawal.console.pages.public.agencies.REMEMBERED", -1.0)
    agencies = Agencies(several.complaints, Site(several.complaints.settings.home))
    read, reads = several.complaints.directory.all_instansi, []

    async def counted() -> Sequence[Instansi]:
        reads.append(1)
        return await read()

    monkeypatch.setattr(several.complaints.directory, "all_instansi", counted)
    first = await asyncio.gather(*(agencies.all() for _ in range(20)))
    assert [len(one) for one in first] == [2] * 20
    assert len(reads) == 1
    assert await asyncio.gather(*(agencies.all() for _ in range(20))) == first
    assert len(reads) == 2
