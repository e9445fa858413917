"""Readings of protected data are recorded, and so is every refusal of one."""

from __future__ import annotations

from typing import Any

import pytest

from kawal.domain.access import Act
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.store.access_log import AccessEntry
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import Case, Office

__all__ = ["office"]


async def read(case: Case, role: Role, opd: str | None = None, **more: Any) -> None:
    asked = {"via": "cli", "purpose": "Sidang 12", **more}
    act = asked.pop("act", Act.READ_EVENTS)
    await case.office.complaints.authority.reading(await case.person(role, opd), act, case.tracking_id, **asked)


async def last_entry(case: Case) -> AccessEntry:
    return [entry async for entry in case.office.complaints.access_log.entries()][-1]


async def test_a_reading_is_on_record_with_its_purpose_encrypted(office: Office) -> None:
    case = await office.receive(rahasia=True)
    await read(case, Role.AUDITOR, identity=True, act=Act.READ_CHRONICLE)
    entry = await last_entry(case)
    assert (entry.kind, entry.tracking_id, entry.actor.role) == ("read_history", case.tracking_id, "auditor")
    assert entry.facts == {"via": "cli", "matter": "chronicle", "identity": True}
    assert entry.words == {"purpose": "Sidang 12"}
    assert "Sidang" not in str(await office.complaints.pool.fetch("select a::text from access_log a"))


async def test_every_refusal_is_on_record_with_its_reason(office: Office) -> None:
    case = await office.receive(rahasia=True)
    await case.forward("DPUPR")
    asked: list[tuple[str, Role, str | None, dict[str, Any]]] = [
        ("words_not_of_opd", Role.LIAISON, "DISHUB", {}),
        ("words_not_yours", Role.ADAPTER, None, {}),
        ("words_not_yours", Role.LIAISON, "DPUPR", {"act": Act.READ_CHRONICLE}),
        ("purpose_needed", Role.AUDITOR, None, {"purpose": None}),
        ("purpose_too_long", Role.AUDITOR, None, {"purpose": "x" * 1_000_000}),
    ]
    for code, role, opd, more in asked:
        with pytest.raises(Refusal) as caught:
            await read(case, role, opd, **more)
        entry = await last_entry(case)
        assert caught.value.code == entry.facts["code"] == code
        assert (entry.kind, entry.facts["command"], entry.actor.role) == ("refused", "read_history", role)
        assert len(str(entry.words)) < 200


async def test_a_liaison_whose_opd_has_the_complaint_reads_it(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR")
    await read(case, Role.LIAISON, "DPUPR", purpose=None)
    assert (await last_entry(case)).words == {}


async def test_an_official_of_another_agency_is_refused(office: Office) -> None:
    case = await office.receive()
    stranger = (await case.person(Role.AUDITOR)).model_copy(update={"instansi": "BATAM"})
    with pytest.raises(Refusal) as caught:
        await office.complaints.authority.reading(stranger, Act.DECODE, case.tracking_id, via="codec")
    assert caught.value.code == (await last_entry(case)).facts["code"] == "wrong_instansi"


@pytest.mark.parametrize("typed", ["7654321", "no number", "\x00" * 100, "x" * 1_000_000])
async def test_what_is_no_complaint_is_refused_and_kept_encrypted(office: Office, typed: str) -> None:
    case = await office.receive()
    actor = await case.person(Role.AUDITOR)
    with pytest.raises(Refusal) as caught:
        await office.complaints.authority.reading(actor, Act.TAKE_RECEIPT, typed, via="http")
    assert caught.value.code == "unknown_complaint"
    assert (await last_entry(case)).facts["code"] == "unknown_complaint"
