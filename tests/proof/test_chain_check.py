"""The fast hash of a row equals the hash of proof.chain, whatever the row contains."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.proof.chain import EVENT_FIELDS, canonical_json
from kawal.proof.chain import event_hash as plain_hash
from kawal.proof.chain_check import canonical_text, event_hash

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
facts = st.dictionaries(st.text(), values, max_size=5)
instants = st.integers(-(10**15), 4 * 10**15)
texts = st.text(max_size=20)


@given(facts)
def test_the_canonical_form_of_a_text_is_that_of_what_it_says(value: dict[str, Any]) -> None:
    printed = json.dumps(value)
    assert canonical_text(printed) == canonical_json(json.loads(printed))


@given(st.data())
def test_the_hash_of_an_event_is_the_same(data: st.DataObject) -> None:
    row: dict[str, Any] = {
        field: data.draw(texts) for field in ("workflow_id", "tracking_id", "kind", "actor_role", "status")
    }
    row |= {"actor_account": data.draw(texts), "actor_opd": data.draw(texts | st.none())}
    row |= {"seq": data.draw(st.integers(1, 10**6)), "idempotency_mac": data.draw(st.binary(max_size=32) | st.none())}
    row |= {"ciphertext": data.draw(st.binary(max_size=99)), "facts": json.loads(json.dumps(data.draw(facts)))}
    moments = {"at": data.draw(instants), "recorded_at": data.draw(instants)}
    prev = data.draw(st.binary(min_size=32, max_size=32))
    as_read = row | {name: EPOCH + timedelta(microseconds=moment) for name, moment in moments.items()}
    as_printed = row | moments | {"facts": json.dumps(row["facts"])}
    fast, length = event_hash(prev, [as_printed[field] for field in EVENT_FIELDS])
    assert fast == plain_hash(prev, [as_read[field] for field in EVENT_FIELDS])
    assert length > len(row["ciphertext"])


@pytest.mark.parametrize("text", ["{", "NaN", '{"a": 1e999}'])
def test_what_has_no_canonical_form_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_text(text)
