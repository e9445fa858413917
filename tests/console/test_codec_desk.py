"""Payloads are decrypted for those who may read them, for a purpose, and each reading is recorded once."""

from __future__ import annotations

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import WorkflowSerializationContext

from kawal.client.complaints import Complaints
from kawal.console.codec import Visit
from kawal.console.codec_desk import CodecDesk
from kawal.crypto.codec import DATA_KEY_ID, ENCRYPTED, ComplaintCodec
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import Role, workflow_id
from kawal.store.access_log import AccessEntry
from tests.people import pass_of, session_of
from tests.workflows.data_keys import key_away
from tests.workflows.life import Case, Office

LOGIN = "http://127.0.0.1:1/login"
SAID = b"rahasia sekali"


async def encrypted(office: Office, of: str) -> Payload:
    """Return a payload of a workflow as the engine has it."""
    context = WorkflowSerializationContext(namespace="kawal", workflow_id=of)
    codec = ComplaintCodec(office.complaints.system.keys).with_context(context)
    return (await codec.encode([Payload(metadata={"encoding": b"json/plain"}, data=SAID)]))[0]


class Official:
    """An official at the desk with a pass of their own."""

    def __init__(self, office: Office, desk: CodecDesk, visit: Visit | None) -> None:
        self.office = office
        self.desk = desk
        self.visit = visit

    async def sees(self, *payloads: Payload) -> list[bytes]:
        return [shown.data for shown in await self.desk.show(self.visit, payloads, LOGIN)]


@pytest.fixture
def desk(office: Office) -> CodecDesk:
    return CodecDesk(office.complaints)


async def official(
    office: Office, desk: CodecDesk, role: Role, opd: str | None = None, purpose: str = "uji"
) -> Official:
    complaints = office.complaints
    holder = await complaints.actor(role, "Rani", opd)
    text = await pass_of(complaints, holder)
    assert await desk.admits(text)
    return Official(office, desk, Visit(f"{role}-{opd}", text, purpose))


async def entries(office: Office, kind: AccessKind) -> list[AccessEntry]:
    return [entry async for entry in office.complaints.access_log.entries() if entry.kind is kind]


@pytest.fixture
async def case(office: Office) -> Case:
    """Return a rahasia report with DPUPR."""
    case = await office.receive(rahasia=True)
    await case.forward("DPUPR")
    return case


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.INSPECTORATE, Role.ADMIN])
async def test_who_oversees_sees_all_of_it_on_record_once(
    office: Office, desk: CodecDesk, case: Case, role: Role
) -> None:
    who = await official(office, desk, role)
    payload = await encrypted(office, workflow_id(case.tracking_id))
    assert await who.sees(payload, payload) == [SAID, SAID]
    assert await who.sees(payload) == [SAID]
    read = await entries(office, AccessKind.DECODED)
    assert [(entry.tracking_id, entry.actor.role, entry.words) for entry in read] == [
        (case.tracking_id, role, {"purpose": "uji"})
    ]
    assert await who.sees(await encrypted(office, "deliver-notices")) == [SAID]
    assert len(await entries(office, AccessKind.DECODED)) == 2


async def test_a_liaison_sees_what_its_opd_holds_and_a_note_for_the_rest(
    office: Office, desk: CodecDesk, case: Case
) -> None:
    payload = await encrypted(office, workflow_id(case.tracking_id))
    assert await (await official(office, desk, Role.LIAISON, "DPUPR")).sees(payload) == [SAID]
    other = await official(office, desk, Role.LIAISON, "DISHUB")
    of_the_system = await encrypted(office, "deliver-notices")
    for note in await other.sees(payload, of_the_system):
        assert SAID not in note
        assert b'"id"' in note
        assert b'"en"' in note
    refused = await entries(office, AccessKind.REFUSED)
    assert [entry.facts["code"] for entry in refused] == ["words_not_of_opd", "words_not_yours"]


async def test_leadership_and_who_states_no_purpose_get_notes(office: Office, desk: CodecDesk, case: Case) -> None:
    payload = await encrypted(office, workflow_id(case.tracking_id))
    for who in (
        await official(office, desk, Role.LEADERSHIP),
        await official(office, desk, Role.AUDITOR, purpose=""),
        Official(office, desk, None),
        Official(office, desk, Visit("x", "kawalpas_x", "uji")),
    ):
        assert SAID not in (await who.sees(payload))[0]
    assert await entries(office, AccessKind.DECODED) == []


async def test_a_browser_that_has_not_logged_in_is_told_where(office: Office, desk: CodecDesk) -> None:
    note = (await Official(office, desk, None).sees(await encrypted(office, "deliver-notices")))[0]
    assert LOGIN.encode() in note


async def test_a_pass_that_was_revoked_opens_nothing_more(office: Office, desk: CodecDesk, case: Case) -> None:
    who = await official(office, desk, Role.AUDITOR)
    payload = await encrypted(office, workflow_id(case.tracking_id))
    assert await who.sees(payload) == [SAID]
    await office.complaints.pool.execute("update official_pass set revoked_at = now()")
    elsewhere = Complaints(office.complaints.system.but())  # a process without the pass in its cache
    again = Official(office, CodecDesk(elsewhere), who.visit)
    assert LOGIN.encode() in (await again.sees(payload))[0]


async def test_what_cannot_be_opened_is_a_note_and_what_is_not_encrypted_stays(
    office: Office, desk: CodecDesk, case: Case
) -> None:
    who = await official(office, desk, Role.AUDITOR)
    good = await encrypted(office, workflow_id(case.tracking_id))
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b"7")
    changed = Payload(metadata=good.metadata, data=good.data[:-1] + b"!")
    nameless = Payload(metadata={"encoding": ENCRYPTED}, data=good.data)
    unknown = Payload(metadata={"encoding": ENCRYPTED, DATA_KEY_ID: bytes(16).hex().encode()}, data=good.data)
    shown = await who.sees(plain, changed, nameless, unknown, good)
    assert shown[0] == b"7"
    assert all(b"not encrypted here" in note for note in shown[1:4])
    assert shown[4] == SAID
    async with key_away(case):
        assert b"is not available now" in (await who.sees(good))[0]


async def test_what_was_erased_is_said_to_be(office: Office, desk: CodecDesk) -> None:
    keys, owner = office.complaints.system.keys, "complaint-1999999"
    async with office.complaints.pool.acquire() as conn:
        await keys.create(conn, owner)
        payload = await encrypted(office, owner)
        await keys.destroy(conn, owner, "Petugas", "permintaan")
    assert b"destroyed" in (await (await official(office, desk, Role.AUDITOR)).sees(payload))[0]


async def test_whoever_is_signed_in_sees_it_too_until_the_session_ends(
    office: Office, desk: CodecDesk, case: Case
) -> None:
    text = await session_of(office.complaints, Role.AUDITOR, "Nurul Hidayah")
    assert await desk.admits(text)
    who = Official(office, desk, Visit("sesi", text, "uji"))
    payload = await encrypted(office, workflow_id(case.tracking_id))
    assert await who.sees(payload) == [SAID]
    person = await office.complaints.record.people.by_login("Nurul Hidayah")
    assert person is not None
    await office.complaints.record.staff_sessions.end_all(person.id)
    assert await who.sees(payload) != [SAID]
    assert not await desk.admits(text)
