"""Agencies, OPDs, categories and people."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from kawal.domain.names import Role
from kawal.store.accounts import Accounts
from kawal.store.directory import CategoryPlace, Directory
from kawal.store.seed_data import add_agency, seed
from tests.store.lives import NOON


@pytest.fixture
def directory(pool: asyncpg.Pool) -> Directory:
    return Directory(pool)


async def test_the_shipped_agency_its_opds_and_the_national_tree_are_there(directory: Directory) -> None:
    assert [(one.code, one.area) for one in await directory.all_instansi()] == [("KEPRI", "21")]
    assert len(await directory.opds("KEPRI")) >= 30
    assert len(await directory.categories()) == 958
    assert await directory.has_category("PEKERJAAN UMUM DAN PENATAAN RUANG / BENDUNGAN")
    assert not await directory.has_category("pekerjaan umum dan penataan ruang")
    assert await directory.missing_opds("KEPRI", ["DISHUB", "ANTAH", "DINKES"]) == ["ANTAH"]
    assert await directory.instansi("ANTAH") is None
    assert await directory.opd("KEPRI", "ANTAH") is None


async def test_a_category_below_another_has_its_place_unless_it_has_its_own(directory: Directory) -> None:
    hall = "POLITIK DAN HUKUM / KORUPSI, KOLUSI, DAN NEPOTISME"
    assert await directory.place_of("KEPRI", hall) == CategoryPlace(category=hall, opd="INSPEKTORAT")
    assert (await directory.place_of("KEPRI", "AGAMA")).outside == "Kementerian Agama"
    main = await directory.place_of("KEPRI", "PEKERJAAN UMUM DAN PENATAAN RUANG")
    below = await directory.place_of("KEPRI", "PEKERJAAN UMUM DAN PENATAAN RUANG / BENDUNGAN")
    assert below.opd == main.opd is not None
    assert await directory.place_of("LAIN", "AGAMA") == CategoryPlace(category="AGAMA")


async def test_seeding_again_leaves_what_was_edited(pool: asyncpg.Pool, directory: Directory) -> None:
    await pool.execute("update opd set active = false where code = 'DISHUB'")
    async with pool.acquire() as conn:
        assert await seed(conn) == []
    assert await directory.missing_opds("KEPRI", ["DISHUB"]) == ["DISHUB"]


async def test_a_second_agency_can_be_added_and_added_again(pool: asyncpg.Pool, directory: Directory) -> None:
    text = """
        [instansi]
        code = "RIAU"
        name = "{name}"
        [[opd]]
        code = "DISHUB"
        name = "Dinas Perhubungan"
        categories = ["PERHUBUNGAN"]
        [[outside]]
        agency = "Kementerian Agama"
        categories = ["AGAMA"]
    """
    async with pool.acquire() as conn:
        for name in ("Riau", "Pemerintah Provinsi Riau"):
            assert await add_agency(conn, text.replace("{name}", name)) == "RIAU"
        with pytest.raises(ValueError, match="not an agency's file"):
            await add_agency(conn, "[instansi]\ncode = 'X'")
    found = await directory.instansi("RIAU")
    assert found is not None
    assert found.name == "Pemerintah Provinsi Riau"
    assert found.area is None
    assert (await directory.place_of("RIAU", "PERHUBUNGAN")).opd == "DISHUB"


async def test_an_agencys_area_is_set_by_its_file_and_kept_by_one_that_says_none(
    pool: asyncpg.Pool, directory: Directory
) -> None:
    text = '[instansi]\ncode = "BATAM"\nname = "Pemkot Batam"\n{area}\n[[opd]]\ncode = "DISHUB"\nname = "Dishub"'
    async with pool.acquire() as conn:
        for area in ('area = "21.71"', ""):
            await add_agency(conn, text.format(area=area))
            found = await directory.instansi("BATAM")
            assert found is not None
            assert found.area == "21.71"
        for area in ('area = "Batam"', "area = 21", 'area = "21.71.01"'):
            with pytest.raises(ValueError, match="area should be the code"):
                await add_agency(conn, text.format(area=area))


async def test_offices_have_one_address_each(directory: Directory) -> None:
    assert await directory.office_email("KEPRI", "liaison", "DISHUB") is None
    for address in ("lama@kepri.example", "baru@kepri.example"):
        await directory.set_office_email("KEPRI", "liaison", address, "DISHUB")
        await directory.set_office_email("KEPRI", "sekda", f"sekda-{address}")
    assert await directory.office_email("KEPRI", "liaison", "DISHUB") == "baru@kepri.example"
    assert await directory.office_email("KEPRI", "sekda") == "sekda-baru@kepri.example"
    with pytest.raises(asyncpg.CheckViolationError):
        await directory.set_office_email("KEPRI", "liaison", "a@b")


async def test_one_person_has_one_account_for_each_role_and_the_name_is_encrypted(
    pool: asyncpg.Pool, accounts: Accounts
) -> None:
    first = await accounts.actor("KEPRI", Role.LIAISON, "Sri Wahyuni", "DISHUB", NOON)
    again = await accounts.actor("KEPRI", Role.LIAISON, " sri  wahyuni", "DISHUB", NOON + timedelta(days=40))
    other = await accounts.actor("KEPRI", Role.LIAISON, "Sri Wahyuni", "DINKES", NOON)
    assert first.account == again.account != other.account
    assert await accounts.name_of(first.account) == "Sri Wahyuni"
    assert await accounts.name_of("unknown") is None
    row = await pool.fetchrow("select last_seen_at, a::text as clear from account a where opd = 'DISHUB'")
    assert row["last_seen_at"] == NOON + timedelta(days=40)
    assert "wahyuni" not in row["clear"].lower()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await accounts.actor("KEPRI", Role.LIAISON, "Sri Wahyuni", "ANTAH", NOON)


async def test_a_reporters_pseudonym_links_no_two_complaints(accounts: Accounts) -> None:
    one = await accounts.reporter("complaint-1234567", "Zul")
    assert one.account == (await accounts.reporter("complaint-1234567")).account
    assert one.account != (await accounts.reporter("complaint-1234568", "Zul")).account
