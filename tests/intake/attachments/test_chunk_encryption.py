"""The encrypted form: a round trip gives the same bytes, and every change in between is detected."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.crypto.encryption import DataKey, NotAuthentic
from kawal.intake.attachments.chunk_encryption import HEADER, TAG, Encryptor, Header, decrypt_chunks
from tests.intake.attachments.files import joined, pieces

OWNER = "complaint-1234567"
KEY = DataKey.fresh(OWNER)
CHUNK = 16


async def key_by_id(key_id: UUID) -> DataKey | None:
    return KEY if key_id == KEY.key_id else None


def encrypted(content: bytes, cut: int = 7, key: DataKey = KEY) -> tuple[bytes, bytes]:
    encryptor = Encryptor(key, CHUNK)
    out = b"".join(encryptor.update(content[start : start + cut]) for start in range(0, len(content), cut))
    return out + encryptor.finish(), encryptor.file_id


def opened(blob: bytes, file_id: bytes, cut: int = 11, owner: str = OWNER) -> bytes:
    return asyncio.run(joined(decrypt_chunks(pieces(blob, cut), owner, key_by_id, file_id)))


@given(st.binary(max_size=200), st.integers(1, 70), st.integers(1, 70))
def test_whatever_the_pieces_the_content_comes_back(content: bytes, cut: int, read_cut: int) -> None:
    blob, file_id = encrypted(content, cut)
    assert opened(blob, file_id, read_cut) == content
    chunks = max(1, -(-len(content) // CHUNK))
    assert len(blob) == HEADER + len(content) + chunks * TAG


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_changed_byte_anywhere_is_noticed(content: bytes, data: st.DataObject) -> None:
    blob, file_id = encrypted(content)
    place = data.draw(st.integers(0, len(blob) - 1))
    changed = bytearray(blob)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NotAuthentic):
        opened(bytes(changed), file_id)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_file_cut_short_anywhere_is_noticed(content: bytes, data: st.DataObject) -> None:
    blob, file_id = encrypted(content)
    with pytest.raises(NotAuthentic):
        opened(blob[: data.draw(st.integers(0, len(blob) - 1))], file_id)


@given(st.integers(2, 6), st.data())
def test_chunks_in_another_order_or_fewer_or_more_are_noticed(count: int, data: st.DataObject) -> None:
    blob, file_id = encrypted(bytes(CHUNK * count))
    body = blob[HEADER:]
    chunks = [body[start : start + CHUNK + TAG] for start in range(0, len(body), CHUNK + TAG)]
    assert len(chunks) == count
    other = data.draw(st.lists(st.sampled_from(chunks), min_size=0, max_size=8).filter(lambda some: some != chunks))
    with pytest.raises(NotAuthentic):
        opened(blob[:HEADER] + b"".join(other), file_id)


def test_a_chunk_of_another_file_of_the_same_complaint_is_noticed() -> None:
    blob, file_id = encrypted(b"a" * CHUNK * 2)
    other, _ = encrypted(b"b" * CHUNK * 2)
    with pytest.raises(NotAuthentic):
        opened(blob[: HEADER + CHUNK + TAG] + other[HEADER + CHUNK + TAG :], file_id)


def test_another_file_in_the_place_of_the_one_meant_does_not_open() -> None:
    _, meant = encrypted(b"satu")
    other, _ = encrypted(b"dua")
    with pytest.raises(NotAuthentic):
        opened(other, meant)


def test_a_file_of_another_complaint_does_not_open() -> None:
    blob, file_id = encrypted(b"satu")
    with pytest.raises(NotAuthentic):
        opened(blob, file_id, owner="complaint-7654321")
    foreign, foreign_id = encrypted(b"satu", key=DataKey.fresh("complaint-7654321"))
    with pytest.raises(NotAuthentic):
        opened(foreign, foreign_id)


def test_the_same_content_encrypted_twice_shows_no_likeness() -> None:
    (one, first), (two, second) = encrypted(b"sama" * 10), encrypted(b"sama" * 10)
    assert first != second
    assert one[HEADER:] != two[HEADER:]


def test_a_header_that_asks_for_much_memory_is_refused() -> None:
    with pytest.raises(NotAuthentic):
        Header.read(Header(KEY.key_id, bytes(16), 2**31).packed())
