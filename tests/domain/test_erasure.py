"""What is over may be erased; for everything else the reason is given."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.erasure import GROUND_LIMIT, Standing, not_yet, stated_ground
from kawal.domain.names import Status
from kawal.domain.refusals import SENTENCES, Refusal

UNTIL = datetime(2022, 2, 9, 17, tzinfo=UTC)  # 24:00 on 9 February in Asia/Jakarta
FINAL = {Status.SELESAI, Status.DIARSIPKAN, Status.BUKAN_WEWENANG, Status.DIGABUNG}


def standing(**changes: Any) -> Standing:
    return Standing(**{"tracking_id": "1234567", "instansi": "KEPRI", "status": Status.SELESAI, **changes})


def test_in_the_aftercare_the_day_after_it_is_told() -> None:
    why = not_yet(standing(aftercare_until=UNTIL, running=True))
    assert why is not None
    assert (why.code, why.possible_from) == ("erase_aftercare", date(2022, 2, 10))


@given(
    st.builds(
        standing,
        status=st.none() | st.sampled_from(Status),
        item_open=st.booleans(),
        aftercare_until=st.none() | st.just(UNTIL),
        running=st.booleans(),
        erased_at=st.none() | st.just(UNTIL),
    )
)
def test_only_what_is_closed_and_at_rest_may_be_erased_and_every_reason_has_a_sentence(one: Standing) -> None:
    why = not_yet(one)
    at_rest = one.status in FINAL and not (one.item_open or one.aftercare_until or one.running or one.erased_at)
    assert (why is None) == at_rest
    assert why is None or why.code in SENTENCES


@given(st.text(max_size=2 * GROUND_LIMIT))
def test_a_ground_is_one_printable_line_or_refused(text: str) -> None:
    if len(text) > GROUND_LIMIT or not text.split():
        with pytest.raises(Refusal) as caught:
            stated_ground(text)
        assert caught.value.code == ("purpose_too_long" if len(text) > GROUND_LIMIT else "ground_needed")
        return
    said = stated_ground(text)
    assert said.isprintable()
    assert 0 < len(said) <= GROUND_LIMIT
