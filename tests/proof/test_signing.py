"""Signing keys: each endorsed by its predecessor, none beyond its period, and nothing malformed accepted as one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kawal.proof.heads import Head, head_text, leaf_data, row_leaf
from kawal.proof.merkle import leaf_hash
from kawal.proof.signing import (
    KeySet,
    MalformedProof,
    PublicKey,
    endorsement_text,
    fresh_private,
    is_signed,
    name_of,
    public_of,
    sign,
)

NOON = datetime(2026, 3, 7, 5, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)


def successors(count: int) -> tuple[list[bytes], KeySet]:
    privates = [fresh_private() for _ in range(count)]
    names = [name_of(public_of(one)) for one in privates]
    keys = []
    for n, private in enumerate(privates):
        before, public = max(n - 1, 0), public_of(private)
        text = endorsement_text(names[0], names[n], public, NOON + n * DAY, names[before])
        retired = NOON + (n + 1) * DAY if n + 1 < count else None
        keys.append(PublicKey(names[n], public, NOON + n * DAY, retired, names[before], sign(privates[before], text)))
    return privates, KeySet(keys)


def head_by(private: bytes, keys: KeySet, at: datetime) -> Head:
    name, root = name_of(public_of(private)), bytes(32)
    return Head(keys.log_id, 7, root, at, name, sign(private, head_text(keys.log_id, 7, root, at, name)))


def test_a_signature_is_of_its_key_and_message_alone() -> None:
    private, other = fresh_private(), fresh_private()
    signature = sign(private, b"message")
    assert is_signed(public_of(private), b"message", signature)
    assert not is_signed(public_of(other), b"message", signature)
    assert not is_signed(public_of(private), b"another", signature)
    assert not is_signed(public_of(private), b"message", signature[:-1])
    assert not is_signed(b"no key", b"message", signature)


def test_a_set_in_which_each_key_is_endorsed_by_the_one_before_has_no_fault() -> None:
    _, keys = successors(3)
    assert keys.fault() is None
    assert KeySet.from_json(json.loads(json.dumps(keys.to_json()))).keys == keys.keys


@pytest.mark.parametrize(
    "change",
    [
        {"endorsement": bytes(64)},
        {"created_at": NOON},
        {"endorsed_by": "0" * 64},
        {"key_id": "0" * 64},
        {"public": public_of(fresh_private())},
    ],
)
def test_a_key_that_does_not_follow_is_named(change: dict[str, Any]) -> None:
    _, keys = successors(3)
    keys.keys[1] = keys.keys[1]._replace(**change)
    assert keys.fault() == keys.keys[1].key_id


def test_a_removed_key_leaves_its_successor_without_endorsement() -> None:
    _, keys = successors(3)
    assert KeySet([keys.keys[0], keys.keys[2]]).fault() == keys.keys[2].key_id


def test_old_heads_verify_with_retired_keys_and_new_ones_by_them_do_not() -> None:
    privates, keys = successors(2)
    assert head_by(privates[0], keys, NOON + DAY / 2).is_signed_by(keys)
    assert head_by(privates[1], keys, NOON + 2 * DAY).is_signed_by(keys)
    assert not head_by(privates[0], keys, NOON + 2 * DAY).is_signed_by(keys)
    assert not head_by(privates[1], keys, NOON + DAY / 2).is_signed_by(keys)
    assert not head_by(fresh_private(), keys, NOON + DAY / 2).is_signed_by(keys)


def test_a_head_of_another_log_or_changed_in_anything_is_not_signed() -> None:
    privates, keys = successors(1)
    head = head_by(privates[0], keys, NOON)
    assert Head.from_json(json.loads(json.dumps(head.to_json()))) == head
    _, others = successors(1)
    assert not head.is_signed_by(others)
    changes: list[dict[str, Any]] = [{"size": 8}, {"root": b"x" * 32}, {"at": NOON + DAY}, {"log_id": "0" * 64}]
    for change in [*changes, {"signature": b"x" * 64}]:
        assert not head._replace(**change).is_signed_by(keys)


def test_a_leaf_is_hashed_as_the_tree_hashes_its_data() -> None:
    assert row_leaf("complaint-1234567", 3, b"h" * 32) == leaf_hash(leaf_data("complaint-1234567", 3, b"h" * 32))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"form": "kawal-head-1"},
        {"form": "kawal-head-1", "size": True},
        {"form": "kawal-head-1", "size": 3, "root": "zz"},
        {"form": "kawal-head-1", "size": 3, "root": "00"},
        {"form": "kawal-head-1", "size": 3, "root": "00" * 32, "at": "yesterday"},
        {"form": "kawal-head-1", "size": -3, "root": "00" * 32, "at": "2026-01-31T23:59:59.000000Z"},
    ],
)
def test_what_is_no_head_is_refused(value: Any) -> None:
    with pytest.raises(MalformedProof):
        Head.from_json(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"form": "kawal-signing-keys-1"},
        {"form": "kawal-signing-keys-1", "keys": [1]},
        {"form": "other", "keys": []},
    ],
)
def test_what_is_no_set_of_keys_is_refused(value: Any) -> None:
    with pytest.raises(MalformedProof):
        KeySet.from_json(value)


def test_no_key_is_no_log() -> None:
    with pytest.raises(MalformedProof):
        _ = KeySet([]).log_id
