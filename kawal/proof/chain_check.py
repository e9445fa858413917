"""The hash of a chain's row, as proof.chain defines it, computed fast for millions of rows.

A row is given as the server prints it: instants as microseconds since 1970 (None for an infinite one, which no valid
row has), JSON as text, a UUID as text. Encoded fields are cached where the same text occurs again and again.
`tests/proof/test_chain_check.py` compares the results with proof.chain.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from json import encoder
from typing import Any

from pydantic_core import from_json

from kawal.proof.chain import (
    ACCESS_FIELDS,
    ACCESS_TAG,
    EVENT_TAG,
    HISTORY_ARCHIVE_FIELDS,
    HISTORY_ARCHIVE_TAG,
    SIDE_ACT_FIELDS,
    SIDE_ACT_TAG,
)

_INSTANTS = frozenset({"at", "recorded_at", "started_at", "closed_at", "archived_at"})
_JSON = frozenset({"facts"})
_UUIDS = frozenset({"data_key_id"})
_BYTES = frozenset({"idempotency_mac", "ciphertext", "body_hash"})


def selected(field: str, table: str = "") -> str:
    """Return the SQL for a column in the form that `hasher_of` takes; `table` is its alias."""
    column = f"{table}.{field}" if table else field
    if field in _INSTANTS:
        return f"case when isfinite({column}) then (extract(epoch from {column}) * 1000000)::bigint end as {field}"
    if field in _JSON or field in _UUIDS:
        return f"{column}::text as {field}"
    return column


def _whole(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
# Created once; `encode` would create it anew at every call.
_make: Any = getattr(encoder, "c_make_encoder", None)
_encode: Callable[[Any, int], Iterable[str]] = (
    _make(None, _encoder.default, encoder.encode_basestring, None, ":", ",", True, False, False)
    if _make is not None
    else lambda value, _depth: [_encoder.encode(value)]
)
_decode = json.JSONDecoder(parse_float=_whole).decode


def canonical_text(text: str) -> str:
    """Return JSON text in canonical form, as proof.chain.canonical_json would; raises ValueError for invalid JSON.

    A number may have a decimal point or a signed exponent, as PostgreSQL and Python print them; if the text has
    neither, all numbers are integers and a faster reader gives the same result.
    """
    may_be_broken = "." in text or "e+" in text or "e-" in text
    return "".join(_encode(_decode(text) if may_be_broken else from_json(text, allow_inf_nan=False), 0))


def _part(field: bytes) -> bytes:
    return len(field).to_bytes(8) + field


@lru_cache(8192)
def _text(value: str | None) -> bytes:
    return _part(b"n") if value is None else _part(b"s" + value.encode())


def _bytes(value: bytes | None) -> bytes:
    return _NOTHING if value is None else (len(value) + 1).to_bytes(8) + b"b" + value


def _number(value: int) -> bytes:
    field = b"i%d" % value
    return len(field).to_bytes(8) + field


@lru_cache(8192)
def _instant(value: int | None) -> bytes:
    if value is None:
        raise ValueError("an infinite instant")
    return _part(b"t%d" % value)


def _json(value: str) -> bytes:
    field = canonical_text(value).encode()
    return (len(field) + 1).to_bytes(8) + b"j" + field


_NOTHING = _part(b"n")
_PREVIOUS = (32).to_bytes(8)


def _form(field: str) -> Callable[[Any], bytes]:
    if field in ("seq", "n", "events"):
        return _number
    if field in _INSTANTS:
        return _instant
    if field in _JSON:
        return _json
    return _bytes if field in _BYTES else _text


def hasher_of(tag: bytes, fields: Sequence[str]) -> Callable[[bytes, Sequence[Any]], tuple[bytes, int]]:
    """Return a function from the predecessor's hash and the fields to a row's hash and the number of bytes hashed.

    The function raises ValueError or TypeError for a value that has no canonical form.
    """
    begin = _part(tag) + _PREVIOUS
    forms = [_form(field) for field in fields]

    def hash_of(prev: bytes, stored: Sequence[Any]) -> tuple[bytes, int]:
        image = b"".join([begin, prev, *[form(value) for form, value in zip(forms, stored, strict=True)]])
        return sha256(image).digest(), len(image)

    return hash_of


_event_begin = _part(EVENT_TAG) + _PREVIOUS


def event_hash(prev: bytes, stored: Sequence[Any]) -> tuple[bytes, int]:
    """Return the hash of an event's row (EVENT_FIELDS in order), as `hasher_of` would; written out for speed."""
    workflow, seq, tracking, at, recorded_at, kind, role, account, opd, status, facts, idempotency_mac, ciphertext = (
        stored
    )
    image = b"".join(
        (
            _event_begin,
            prev,
            _text(workflow),
            _number(seq),
            _text(tracking),
            _instant(at),
            _instant(recorded_at),
            _text(kind),
            _text(role),
            _text(account),
            _text(opd),
            _text(status),
            _json(facts),
            _bytes(idempotency_mac),
            _bytes(ciphertext),
        )
    )
    return sha256(image).digest(), len(image)


access_hash = hasher_of(ACCESS_TAG, ACCESS_FIELDS)
history_archive_hash = hasher_of(HISTORY_ARCHIVE_TAG, HISTORY_ARCHIVE_FIELDS)
side_act_hash = hasher_of(SIDE_ACT_TAG, SIDE_ACT_FIELDS)
