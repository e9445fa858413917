"""The chain's canonical form: one form for one row, two for two rows, also after a round trip through jsonb."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.proof.chain import EVENT_FIELDS, EVENT_TAG, GENESIS, canonical_json, event_hash

INSTANTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
FACTS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | NUMBERS | st.text(max_size=9), lambda s: st.lists(s, max_size=3), max_leaves=5
    ),
    max_size=4,
)
ROWS = st.tuples(
    st.text(max_size=20),
    st.integers(1, 999),
    INSTANTS,
    FACTS,
    st.none() | st.binary(max_size=9),
    st.binary(max_size=40),
)


def as_jsonb(value: object) -> object:
    """Return what jsonb makes of a number: whole ones lose their point, large ones their exponent."""
    if isinstance(value, float) and value.is_integer() and abs(value) >= 1e16:
        return int(value)
    if isinstance(value, list):
        return [as_jsonb(item) for item in value]
    if isinstance(value, dict):
        return {key: as_jsonb(value[key]) for key in sorted(value, key=len)}
    return value


@given(FACTS)
def test_json_has_one_form_whatever_jsonb_makes_of_it(facts: dict[str, object]) -> None:
    assert canonical_json(as_jsonb(facts)) == canonical_json(facts)
    assert canonical_json(json.loads(canonical_json(facts))) == canonical_json(facts)


@given(ROWS, ROWS, st.binary(min_size=32, max_size=32))
def test_two_rows_have_the_same_hash_only_if_they_are_the_same(
    one: tuple[object, ...], other: tuple[object, ...], prev: bytes
) -> None:
    assert event_hash(prev, one) == event_hash(prev, one)
    if repr(one) != repr(other):
        same = all(
            canonical_json(a) == canonical_json(b) if isinstance(a, dict) else a == b
            for a, b in zip(one, other, strict=True)
        )
        assert (event_hash(prev, one) == event_hash(prev, other)) is same


@given(ROWS)
def test_a_row_behind_another_has_another_hash(row: tuple[object, ...]) -> None:
    assert event_hash(GENESIS, row) != event_hash(event_hash(GENESIS, row), row)


def test_moving_bytes_from_one_field_to_the_next_changes_the_hash() -> None:
    assert event_hash(GENESIS, ["ab", "c"]) != event_hash(GENESIS, ["a", "bc"])
    assert event_hash(GENESIS, ["1"]) != event_hash(GENESIS, [1])
    assert event_hash(GENESIS, [None]) != event_hash(GENESIS, [""])
    assert event_hash(GENESIS, [b"x"]) != event_hash(GENESIS, ["x"])


def test_an_instant_has_one_form_in_every_time_zone() -> None:
    at = datetime(2022, 3, 7, 5, 0, 0, 7, tzinfo=UTC)
    assert event_hash(GENESIS, [at]) == event_hash(GENESIS, [at.astimezone(timezone(timedelta(hours=7)))])


def test_a_value_without_a_canonical_form_is_a_programming_error() -> None:
    with pytest.raises(TypeError):
        event_hash(GENESIS, [1.5])
    with pytest.raises(ValueError, match="JSON"):
        event_hash(GENESIS, [{"a": float("nan")}])


def test_the_form_can_be_written_down_by_hand() -> None:
    def part(text: bytes) -> bytes:
        return len(text).to_bytes(8, "big") + text

    at = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    fields = ["complaint-1234567", 1, at, None, b"\x00", {"b": 1.0, "a": "é"}, UUID(int=1)]
    by_hand = b"".join(
        [
            part(EVENT_TAG),
            part(bytes(32)),
            part(b"scomplaint-1234567"),
            part(b"i1"),
            part(b"t1000000"),
            part(b"n"),
            part(b"b\x00"),
            part(b"j" + '{"a":"é","b":1}'.encode()),
            part(b"s00000000-0000-0000-0000-000000000001"),
        ]
    )
    assert event_hash(GENESIS, fields) == sha256(by_hand).digest()
    assert len(EVENT_FIELDS) == 13
