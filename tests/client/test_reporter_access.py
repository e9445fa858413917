"""The access code of a report: derived and never stored, and once it is changed nothing made of the old one opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.base.settings import Settings
from kawal.client.reading import Readings
from kawal.client.reporter_access import ReporterAccess
from kawal.crypto.master_keys import LocalMasterKey
from kawal.desks.reporters import NewCode
from kawal.desks.table import Desk, perform
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Reporter
from kawal.domain.names import Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.record import open_record
from kawal.store.access_log import AccessEntry
from kawal.store.erasure_list import ErasureEntry
from kawal.store.setup import prepare_database
from tests.store.lives import NOON, report

ALPHABET = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
URL_SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
SITI = Reporter(name="Siti", email="siti@example.org", phone="0812 7000 4321")


@pytest.fixture
async def complaints(database_url: str, tmp_path: Path) -> AsyncIterator[Readings]:
    master = LocalMasterKey(bytes(range(32)))
    await prepare_database(database_url, master)
    async with open_record(Settings(home=tmp_path), database_url=database_url, master=master) as record:
        yield Readings(record)


@pytest.fixture
def access(complaints: Readings) -> ReporterAccess:
    return ReporterAccess(complaints)


@pytest.fixture
async def number(complaints: Readings) -> str:
    accepted = await complaints.record.inbox.accept(report(reporter=SITI), "KEPRI", NOON)
    return accepted.tracking_id


async def recorded(complaints: Readings, kind: AccessKind) -> list[AccessEntry]:
    return [entry async for entry in complaints.access_log.entries() if entry.kind is kind]


async def test_codes_given_out_before_there_were_generations_stay_valid(complaints: Readings, number: str) -> None:
    mac = await complaints.record.keys.mac("tracking secret", workflow_id(number))
    access = ReporterAccess(complaints)
    places = int.from_bytes(mac[:8])
    secret = await access.secret_of(number)
    assert secret == "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(places >> (5 * n)) & 31] for n in range(10))
    assert await access.has_secret(number, f" {secret[:5].lower()}-{secret[5:]} ")


async def test_a_changed_code_ends_the_old_one_and_its_cookie(access: ReporterAccess, number: str) -> None:
    before = (await access.secret_of(number), await access.cookie_of(number))
    assert await access.has_cookie(number, before[1])
    fresh = await access.change_code(number, NOON)
    after = (await access.secret_of(number), await access.cookie_of(number))
    assert fresh == after[0]
    assert set(before).isdisjoint(after)
    assert not await access.has_secret(number, before[0])
    assert not await access.has_cookie(number, before[1])
    assert await access.has_secret(number, after[0])
    assert await access.has_cookie(number, after[1])


async def test_a_code_has_50_bits_and_a_cookie_128(access: ReporterAccess, number: str) -> None:
    for _ in range(3):
        secret, cookie = await access.secret_of(number), await access.cookie_of(number)
        assert (len(secret), len(cookie)) == (10, 22)
        assert set(secret) <= ALPHABET
        assert set(cookie) <= URL_SAFE
        await access.change_code(number, NOON)


async def test_a_code_is_no_cookie_and_one_reports_nothing_to_another(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    other = (await complaints.record.inbox.accept(report(), "KEPRI", NOON)).tracking_id
    secret, cookie = await access.secret_of(number), await access.cookie_of(number)
    assert not await access.has_cookie(number, secret)
    assert not await access.has_secret(number, cookie)
    assert not await access.has_secret(other, secret)
    assert not await access.has_cookie(other, cookie)


class Fixed(ReporterAccess):
    """The same comparison, with a code and a cookie that are given."""

    def __init__(self) -> None:
        """Ask no database."""

    async def secret_of(self, tracking_id: str, *, fresh: bool = False) -> str:  # noqa: ARG002 - as the other has it
        """Return one code for every report."""
        return f"7KX2M{tracking_id[:5]}"

    async def cookie_of(self, tracking_id: str, *, fresh: bool = False) -> str:  # noqa: ARG002 - as the other has it
        """Return one cookie for every report."""
        return f"aZ-_56789012345{tracking_id}"


@given(typed=st.text(max_size=40))
def test_whatever_else_is_typed_opens_nothing(typed: str) -> None:
    assert not asyncio.run(Fixed().has_secret("1234567", typed))
    assert not asyncio.run(Fixed().has_cookie("1234567", typed))


async def test_changes_at_the_same_time_are_each_counted_and_one_code_is_left(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    await asyncio.gather(*(access.change_code(number, NOON) for _ in range(4)))
    assert await complaints.record.access_codes.generation(number) == 4
    assert len(await recorded(complaints, AccessKind.ADMINISTERED)) == 4


async def test_the_code_of_a_report_that_does_not_exist_cannot_be_changed(access: ReporterAccess) -> None:
    for unknown in ("7654321", "1' or 1=1", "", "١٢٣٤٥٦٧"):
        with pytest.raises(Refusal) as refused:
            await access.change_code(unknown, NOON)
        assert refused.value.code == "no_such_report"


async def test_neither_code_nor_cookie_is_stored_anywhere(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    fresh = await access.change_code(number, NOON)
    cookie = await access.cookie_of(number)
    for table in ("access_code", "access_log", "inbox"):
        rows = str(await complaints.pool.fetch(f"select t::text from {table} t"))  # noqa: S608 - own words
        assert fresh not in rows
        assert cookie not in rows


async def test_a_change_is_on_record_as_the_reporters_or_as_that_of_the_desk(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    await access.change_code(number, NOON)
    desk = await complaints.actor(Role.DESK, "Loket Satu")
    await access.change_code(number, NOON, desk)
    entries = await recorded(complaints, AccessKind.ADMINISTERED)
    reporter = await complaints.reporter(number)
    assert [entry.actor.account for entry in entries] == [reporter.account, desk.account]
    assert {(entry.tracking_id, entry.facts["what"]) for entry in entries} == {(number, "code_changed")}


async def test_the_code_of_an_erased_report_still_opens_and_changes(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    async def listed(_entry: ErasureEntry) -> None:
        return None

    entry = ErasureEntry(tracking_id=number, at=NOON, role="agency_admin", account="a1", ground="request")
    assert await complaints.record.erasures.erase(entry, listed)
    secret = await access.secret_of(number)
    assert await access.has_secret(number, secret)
    assert await access.change_code(number, NOON) != secret


# --- At the front desk ------------------------------------------------------------------------------------------------


async def desk_of(complaints: Readings) -> Desk:
    return Desk(complaints, await complaints.actor(Role.DESK, "Loket Satu"))


@pytest.mark.parametrize("known", ["access_code", "contact"])
async def test_the_desk_changes_the_code_of_whoever_it_recognises(
    complaints: Readings, access: ReporterAccess, number: str, known: str
) -> None:
    shown = {"access_code": await access.secret_of(number), "contact": "+62 812-7000-4321"}
    new = await perform(await desk_of(complaints), "code change", {"tracking_id": number, known: shown[known]})
    assert isinstance(new, NewCode)
    assert await access.has_secret(number, new.secret)
    assert not await access.has_secret(number, shown["access_code"])


async def test_the_desk_changes_nothing_for_somebody_unrecognised_and_that_is_on_record(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    secret = await access.secret_of(number)
    for shown in ({}, {"access_code": "0000000000"}, {"contact": "0812 7000 9999"}, {"contact": "siti@example.com"}):
        with pytest.raises(Refusal) as refused:
            await perform(await desk_of(complaints), "code change", {"tracking_id": number} | shown)
        assert refused.value.code == "code_or_contact"
    assert await access.has_secret(number, secret)
    entries = await recorded(complaints, AccessKind.REFUSED)
    assert [entry.facts for entry in entries] == [{"command": "code change", "code": "code_or_contact"}] * 4


async def test_no_other_official_changes_a_reporters_code(
    complaints: Readings, access: ReporterAccess, number: str
) -> None:
    given_code = {"tracking_id": number, "access_code": await access.secret_of(number)}
    for role in (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR):
        with pytest.raises(Refusal) as refused:
            await perform(Desk(complaints, await complaints.actor(role, "Ani")), "code change", given_code)
        assert refused.value.code == "wrong_role"
