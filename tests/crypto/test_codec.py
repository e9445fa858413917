"""The payload codec: each workflow's own key, garbage passed on, an error for a missing key."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.converter import ActivitySerializationContext, WorkflowSerializationContext

from kawal.crypto.codec import (
    DATA_KEY_ID,
    ENCRYPTED,
    ERASED,
    FOREIGN,
    NOT_AUTHENTIC,
    REASON,
    UNDECODABLE,
    UNENCRYPTED,
    ComplaintCodec,
)
from kawal.crypto.data_keys import SYSTEM, AnothersKey, KeyDestroyed
from kawal.crypto.encryption import DataKey
from kawal.crypto.master_keys import KeyUnavailable

OWNER = "complaint-1234567"
OTHER = "complaint-7654321"
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"text": "jalan rusak"}')


class FixedKeys:
    """Keys in memory, some of them retired, destroyed or unavailable."""

    def __init__(self, *owners: str) -> None:
        self.keys = {owner: DataKey.fresh(owner) for owner in owners}
        self.retired: list[DataKey] = []
        self.destroyed: set[str] = set()
        self.away = False

    def rotate(self, owner: str) -> None:
        self.retired.append(self.keys[owner])
        self.keys[owner] = DataKey.fresh(owner)

    async def key_for(self, owner: str) -> DataKey:
        if self.away or owner not in self.keys:
            raise KeyUnavailable(owner)
        if owner in self.destroyed:
            raise KeyDestroyed(owner)
        return self.keys[owner]

    async def key_by_id(self, key_id: UUID, of: str | None = None) -> DataKey | None:
        found = next((key for key in (*self.keys.values(), *self.retired) if key.key_id == key_id), None)
        if found is not None and of not in (None, found.owner):
            raise AnothersKey(found.owner)
        if self.away:
            raise KeyUnavailable(str(key_id))
        if found is not None:
            await self.key_for(found.owner)
        return found


@pytest.fixture
def keys() -> FixedKeys:
    return FixedKeys(SYSTEM, OWNER, OTHER)


def of(keys: FixedKeys, workflow_id: str) -> ComplaintCodec:
    return ComplaintCodec(keys).with_context(WorkflowSerializationContext(namespace="kawal", workflow_id=workflow_id))


async def test_a_payload_opens_with_or_without_its_context_and_shows_nothing_encrypted(keys: FixedKeys) -> None:
    (encrypted,) = await of(keys, OWNER).encode([PLAIN])
    assert encrypted.metadata["encoding"] == ENCRYPTED
    assert encrypted.metadata[DATA_KEY_ID].decode() == str(keys.keys[OWNER].key_id)
    assert b"jalan" not in encrypted.SerializeToString()
    assert b"json" not in encrypted.SerializeToString()
    for codec in (of(keys, OWNER), ComplaintCodec(keys), ComplaintCodec(keys, OTHER)):
        assert await codec.decode([encrypted]) == [PLAIN]
    assert await ComplaintCodec(keys, OTHER).decode([PLAIN]) == [PLAIN]


async def test_in_a_context_only_what_its_owner_encrypted_opens_and_the_unencrypted_is_undecodable_too(
    keys: FixedKeys,
) -> None:
    (own,) = await of(keys, OWNER).encode([PLAIN])
    (another,) = await of(keys, OTHER).encode([PLAIN])
    (systems,) = await ComplaintCodec(keys).encode([PLAIN])
    null, empty = Payload(metadata={"encoding": b"binary/null"}), Payload()
    for context, opening in ((OWNER, own), (OTHER, another), ("reconcile-2026-07-01T00:00:00Z", systems)):
        for payload in (own, another, systems, PLAIN, null, empty):
            (found,) = await of(keys, context).decode([payload])
            if payload is opening:
                assert found == PLAIN
                continue
            assert found.metadata["encoding"] == UNDECODABLE
            assert found.metadata[REASON] == (FOREIGN if payload in (own, another, systems) else UNENCRYPTED)
            assert found.data == payload.data


async def test_a_context_after_another_is_as_strict_and_encrypts_for_the_last(keys: FixedKeys) -> None:
    context = WorkflowSerializationContext(namespace="kawal", workflow_id=OTHER)
    (encrypted,) = await of(keys, OWNER).with_context(context).encode([PLAIN])
    assert await of(keys, OTHER).decode([encrypted]) == [PLAIN]
    (found,) = await of(keys, OWNER).decode([encrypted])
    assert found.metadata[REASON] == FOREIGN
    lenient = ComplaintCodec(keys, OWNER)
    (found,) = await lenient.with_context(WorkflowSerializationContext("kawal", OWNER)).decode([PLAIN])
    assert found.metadata[REASON] == UNENCRYPTED


async def test_what_an_owners_retired_key_encrypted_opens_in_its_context_and_in_no_other(keys: FixedKeys) -> None:
    (encrypted,) = await of(keys, OWNER).encode([PLAIN])
    keys.rotate(OWNER)
    assert await of(keys, OWNER).decode([encrypted]) == [PLAIN]
    (found,) = await of(keys, OTHER).decode([encrypted])
    assert found.metadata[REASON] == FOREIGN


async def test_nobody_waits_for_anothers_key_nor_for_a_key_to_refuse_what_is_not_encrypted(keys: FixedKeys) -> None:
    (foreign,) = await of(keys, OTHER).encode([PLAIN])
    keys.away = True
    for context in (OWNER, "complaint-0000000"):
        found = await of(keys, context).decode([foreign, PLAIN])
        assert [one.metadata[REASON] for one in found] == [FOREIGN, UNENCRYPTED]


async def test_activities_use_their_workflows_key_and_other_workflows_the_systems(keys: FixedKeys) -> None:
    activity = ActivitySerializationContext(
        namespace="kawal",
        activity_id="1",
        activity_type="verify",
        activity_task_queue="kawal",
        workflow_id=OWNER,
        workflow_type="ComplaintWorkflow",
        is_local=True,
    )
    for codec, owner in (
        (ComplaintCodec(keys).with_context(activity), OWNER),
        (of(keys, "archiver"), SYSTEM),
        (ComplaintCodec(keys), SYSTEM),
    ):
        (encrypted,) = await codec.encode([PLAIN])
        assert encrypted.metadata[DATA_KEY_ID].decode() == str(keys.keys[owner].key_id)


async def test_a_complaint_without_a_key_cannot_be_encoded(keys: FixedKeys) -> None:
    with pytest.raises(KeyUnavailable):
        await of(keys, "complaint-0000000").encode([PLAIN])


@given(
    garbage=st.binary(max_size=100),
    key_id=st.none() | st.uuids().map(lambda u: str(u).encode()) | st.binary(max_size=9),
)
async def test_garbage_is_handed_on_as_undecodable(garbage: bytes, key_id: bytes | None) -> None:
    keys = FixedKeys(SYSTEM, OWNER)
    metadata = {"encoding": ENCRYPTED, DATA_KEY_ID: str(keys.keys[OWNER].key_id).encode() if key_id is None else key_id}
    (found,) = await of(keys, OWNER).decode([Payload(metadata=metadata, data=garbage)])
    assert found.metadata["encoding"] == UNDECODABLE
    assert found.metadata[REASON] == NOT_AUTHENTIC
    assert found.data == garbage


async def test_a_changed_byte_a_foreign_key_or_no_key_id_is_undecodable(keys: FixedKeys) -> None:
    (encrypted,) = await of(keys, OWNER).encode([PLAIN])
    changed = Payload(metadata=encrypted.metadata, data=encrypted.data[:-1] + bytes([encrypted.data[-1] ^ 1]))
    foreign = Payload(
        metadata={"encoding": ENCRYPTED, DATA_KEY_ID: str(keys.keys[OTHER].key_id).encode()}, data=encrypted.data
    )
    nameless = Payload(metadata={"encoding": ENCRYPTED}, data=encrypted.data)
    for codec in (of(keys, OWNER), ComplaintCodec(keys)):
        found = await codec.decode([changed, foreign, nameless, encrypted])
        assert [one.metadata["encoding"] for one in found] == [UNDECODABLE] * 3 + [b"json/plain"]


async def test_a_key_out_of_reach_or_lost_raises_so_that_the_complaint_waits(keys: FixedKeys) -> None:
    (encrypted,) = await of(keys, OWNER).encode([PLAIN])
    keys.away = True
    with pytest.raises(KeyUnavailable):
        await of(keys, OWNER).decode([encrypted])
    keys.away = False
    lost = keys.keys.pop(OWNER)
    with pytest.raises(KeyUnavailable):
        await of(keys, OWNER).decode([encrypted])
    keys.keys[OWNER] = lost
    assert await of(keys, OWNER).decode([encrypted]) == [PLAIN]


async def test_what_was_erased_is_handed_on_as_erased_and_nothing_new_is_encrypted(keys: FixedKeys) -> None:
    (encrypted,) = await of(keys, OWNER).encode([PLAIN])
    keys.destroyed.add(OWNER)
    (found,) = await of(keys, OWNER).decode([encrypted])
    assert (found.metadata["encoding"], found.metadata[REASON]) == (UNDECODABLE, ERASED)
    with pytest.raises(KeyDestroyed):
        await of(keys, OWNER).encode([PLAIN])
