"""Signals: a good one executes its command, a bad one is recorded, and no rubbish ever wedges a complaint.

The rubbish is properly encrypted: what strangers without a key send is in test_strangers.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.converter import PayloadCodec

from kawal.base.engine_connection import data_converter
from kawal.crypto.codec import DATA_KEY_ID, ENCRYPTED, ComplaintCodec
from kawal.domain.names import EventKind, Role, Status, workflow_id
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Case, Office, eventually

__all__ = ["office"]

ENCRYPTED_RUBBISH = Payload(metadata={"encoding": ENCRYPTED}, data=b"\x00\x01rubbish")


class EncryptedAlready(PayloadCodec):
    """A codec that decrypts what it receives, and sends unchanged what a test has encrypted itself."""

    def __init__(self, codec: ComplaintCodec) -> None:
        self._codec = codec

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return await self._codec.decode(payloads)


@pytest.fixture
async def careless(office: Office) -> Client:
    """Connect a client that sends the engine bytes that no client of ours sends."""
    connection = office.complaints.system
    return await Client.connect(
        connection.endpoints.temporal_address,
        namespace=connection.client.namespace,
        data_converter=data_converter(EncryptedAlready(ComplaintCodec(connection.keys))),
    )


def encrypted_for(key_id: str) -> Payload:
    return Payload(metadata={"encoding": ENCRYPTED, DATA_KEY_ID: key_id.encode()}, data=os.urandom(200))


def plain(json_text: str | bytes) -> Payload:
    text = json_text.encode() if isinstance(json_text, str) else json_text
    return Payload(metadata={"encoding": b"json/plain"}, data=text)


NOT_ENCRYPTED_BY_US: dict[str, Payload] = {
    "rubbish": ENCRYPTED_RUBBISH,
    "a key id that is none": encrypted_for("no uuid"),
    "a key that does not exist": encrypted_for(str(uuid.uuid4())),
    "nothing at all": Payload(),
    "null": Payload(metadata={"encoding": b"binary/null"}),
}

RUBBISH: dict[str, Sequence[Payload]] = {
    "no argument": [],
    "two arguments": [plain("{}"), plain("{}")],
    "an encoding that nobody knows": [Payload(metadata={"encoding": b"binary/klingon"}, data=b"Qapla")],
    "no encoding at all": [Payload(data=b"\xff\xfe")],
    "no JSON": [plain("{")],
    "JSON that is not UTF-8": [plain(b'"\xff"')],
    "another type": [plain('"verify"')],
    "null": [Payload(metadata={"encoding": b"binary/null"})],
    "a number": [plain("1e400")],
    "deeply nested JSON": [plain("[" * 50_000)],
    "a megabyte of text": [plain('{"name": "%s"}' % ("x" * 1_000_000))],
    "a command without an actor": [plain('{"name": "hold", "idempotency_key": "k", "arguments": {"missing": "x"}}')],
}


def saying(name: str, actor: str, arguments: str = "{}", key: str = '"k"') -> Payload:
    return plain(f'{{"name": "{name}", "idempotency_key": {key}, "actor": {actor}, "arguments": {arguments}}}')


ADMIN = '{"role": "agency_admin", "account": "a"}'

UNPRESENTABLE: dict[str, Payload] = {
    "an account with a NUL": saying("hold", '{"role": "agency_admin", "account": "a\\u0000"}', '{"missing": "x"}'),
    "an account of a megabyte": saying("hold", '{"role": "agency_admin", "account": "%s"}' % ("a" * 1_000_000)),
    "an empty account": saying("hold", '{"role": "agency_admin", "account": ""}', '{"missing": "x"}'),
    "a name with a NUL": saying("hold", '{"role": "agency_admin", "account": "a", "name": "\\u0000"}'),
    "an OPD with a NUL": saying("receive", '{"role": "liaison", "account": "a", "opd": "A\\u0000"}'),
    "a role that is none": saying("hold", '{"role": "king", "account": "a"}'),
    "a key of a megabyte": saying("hold", ADMIN, '{"missing": "x"}', '"%s"' % ("k" * 1_000_000)),
    "a text with a NUL": saying("hold", ADMIN, '{"missing": "\\u0000"}'),
    "a text of a megabyte": saying("hold", ADMIN, '{"missing": "%s"}' % ("x" * 1_000_000)),
    "another command's name": saying("archive", ADMIN, '{"reason": "x"}'),
}


async def refused(case: Case, number: int = 1) -> list[str]:
    """Return the codes of the recorded refusals, once there are that many."""

    async def there() -> list[str]:
        events = await case.events(EventKind.REFUSED)
        return [event.facts["code"] for event in events] if len(events) >= number else []

    codes: list[str] = await eventually(there)
    return codes


async def goes_on(case: Case) -> None:
    """Check that the complaint accepts commands and its clocks run."""
    await case.verify()
    assert (await case.row()).status is Status.BELUM_DITINDAKLANJUTI
    assert await case.handle().query("state") == (await case.state()).model_dump(mode="json")


def of(client: Client, case: Case) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(workflow_id(case.tracking_id))


async def test_a_good_signal_has_its_effect_and_its_key_counts(office: Office) -> None:
    case = await office.receive()
    command = await case.command("verify", **VERIFYING)
    await case.handle().signal("verify", command)
    await eventually(lambda: case.events(EventKind.VERIFIED))
    await case.handle().signal("verify", command)
    answer = await office.complaints.send(
        case.tracking_id, "verify", command.actor, command.arguments, command.idempotency_key
    )
    assert answer.last_seq == 2
    assert len(await case.events()) == 2


async def test_a_refused_signal_is_recorded_with_who_what_and_why(office: Office) -> None:
    case = await office.receive()
    await case.signal("accept", Role.ADMIN)
    await case.signal("forward", opds=["DPUPR"])
    await case.signal("verify", **{**VERIFYING, "category": "JALAN KAMI"})
    await case.signal("merge", main="0000000")
    codes = await refused(case, 4)
    assert sorted(codes) == ["main_unknown", "not_verified", "unknown_category", "wrong_role"]
    event = (await case.events(EventKind.REFUSED))[0]
    assert event.facts == {"command": "accept", "code": "wrong_role"}
    assert (event.actor.role, event.actor.name) == (Role.ADMIN, "Dewi")
    await goes_on(case)


async def test_every_kind_of_rubbish_as_a_signal_is_recorded_and_the_complaint_goes_on(office: Office) -> None:
    case = await office.receive()
    for number, payloads in enumerate(RUBBISH.values(), 1):
        await case.handle().signal("hold", args=[RawValue(payload) for payload in payloads])
        codes = await refused(case, number)
        assert codes[-1] in ("unreadable", "malformed"), list(RUBBISH)[number - 1]
    await goes_on(case)


async def test_what_could_not_stand_in_the_record_is_recorded_without_it(office: Office) -> None:
    case = await office.receive()
    for number, payload in enumerate(UNPRESENTABLE.values(), 1):
        await case.handle().signal("hold", RawValue(payload))
        assert (await refused(case, number))[-1] in ("malformed", "unreadable"), list(UNPRESENTABLE)[number - 1]
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    await goes_on(case)


async def test_an_unknown_signal_is_recorded_whatever_it_is_called(office: Office) -> None:
    case = await office.receive()
    for number, name in enumerate(("polish", "x" * 900, "a\x00b\n", "__proto__"), 1):
        await case.handle().signal(name, RawValue(saying("hold", ADMIN, '{"missing": "x"}')))
        await refused(case, number)
    assert [event.facts["command"] for event in await case.events(EventKind.REFUSED)] == [
        "polish",
        "x" * 40,
        "a?b?",
        "__proto__",
    ]
    await goes_on(case)


async def test_what_no_key_of_ours_encrypted_and_what_was_changed_is_unreadable(
    office: Office, careless: Client
) -> None:
    case = await office.receive()
    for number, payload in enumerate(NOT_ENCRYPTED_BY_US.values(), 1):
        await of(careless, case).signal("hold", RawValue(payload))
        assert (await refused(case, number))[-1] == "unreadable", list(NOT_ENCRYPTED_BY_US)[number - 1]
        with pytest.raises(WorkflowUpdateFailedError):
            await of(careless, case).execute_update("hold", RawValue(payload))
    codec = ComplaintCodec(office.complaints.system.keys, workflow_id(case.tracking_id))
    (good,) = await codec.encode([plain("{}")])
    changed = Payload(metadata=good.metadata, data=good.data[:-1] + bytes([good.data[-1] ^ 1]))
    sent = 2 * len(NOT_ENCRYPTED_BY_US)
    await of(careless, case).signal("hold", RawValue(changed))
    assert await refused(case, sent + 1) == ["unreadable"] * (sent + 1)
    await goes_on(case)


async def test_rubbish_as_an_update_is_refused_and_recorded_and_the_complaint_goes_on(office: Office) -> None:
    case = await office.receive()
    for kind, payloads in RUBBISH.items():
        with pytest.raises(WorkflowUpdateFailedError):
            await case.handle().execute_update("hold", args=[RawValue(payload) for payload in payloads])
        assert await case.handle().query("state") == (await case.state()).model_dump(mode="json"), kind
    assert len(await case.events(EventKind.REFUSED)) == len(RUBBISH) - 2  # the SDK itself rejects none and two
    await goes_on(case)


async def test_what_could_not_stand_in_the_record_is_refused_as_an_update_as_well(office: Office) -> None:
    case = await office.receive()
    for payload in UNPRESENTABLE.values():
        with pytest.raises(WorkflowUpdateFailedError):
            await case.handle().execute_update("hold", RawValue(payload))
    with pytest.raises(WorkflowUpdateFailedError):
        await case.handle().execute_update("polish", RawValue(plain("{}")))
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    await goes_on(case)


async def test_rubbish_in_a_storm_of_good_commands_harms_none_of_them(office: Office, careless: Client) -> None:
    case = await office.receive()
    await case.forward()
    raw = of(careless, case)
    await asyncio.gather(
        *(case.admin("nudge", opd="DPUPR", how=f"telepon {number}") for number in range(8)),
        *(raw.signal("nudge", RawValue(ENCRYPTED_RUBBISH)) for _ in range(8)),
    )
    await refused(case, 8)
    assert len(await case.events(EventKind.NUDGED)) == 8
