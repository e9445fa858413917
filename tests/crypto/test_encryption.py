"""Encryption: what was encrypted can be decrypted, and nothing else can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.crypto.encryption import OVERHEAD, DataKey, NotAuthentic, decrypt, encrypt, key_id_of

KEY = DataKey.fresh("complaint-1234567")


@given(st.binary(max_size=2000), st.binary(max_size=50))
def test_what_was_encrypted_is_decrypted_and_costs_a_fixed_number_of_bytes(text: bytes, aad: bytes) -> None:
    blob = encrypt(KEY, text, aad)
    assert decrypt(KEY, blob, aad) == text
    assert len(blob) == len(text) + OVERHEAD
    assert key_id_of(blob) == KEY.key_id
    assert encrypt(KEY, text, aad) != blob


@given(st.binary(max_size=60), st.data())
def test_any_changed_bit_is_noticed(text: bytes, data: st.DataObject) -> None:
    blob = bytearray(encrypt(KEY, text, b"use"))
    place = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[place // 8] ^= 1 << place % 8
    with pytest.raises(NotAuthentic):
        decrypt(KEY, bytes(blob), b"use")


@given(st.binary(max_size=200))
def test_garbage_never_opens(garbage: bytes) -> None:
    with pytest.raises(NotAuthentic):
        decrypt(KEY, garbage, b"")
    with pytest.raises(NotAuthentic):
        decrypt(KEY, encrypt(KEY, b"", b"")[: 17 + len(garbage) % 28] + garbage, b"")


def test_another_key_or_another_use_does_not_open() -> None:
    blob = encrypt(KEY, b"text", b"event 1")
    with pytest.raises(NotAuthentic):
        decrypt(KEY, blob, b"event 2")
    with pytest.raises(NotAuthentic):
        decrypt(DataKey.fresh(KEY.owner), blob, b"event 1")
    impostor = DataKey(KEY.key_id, KEY.owner, DataKey.fresh("x").secret)
    with pytest.raises(NotAuthentic):
        decrypt(impostor, blob, b"event 1")


def test_a_key_never_shows_its_secret() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY.secret) not in repr(KEY)
