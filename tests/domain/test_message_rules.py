"""Messages by SMS and WhatsApp: their length is counted exactly, and nobody is woken by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.message_rules import (
    JUST_SENT,
    WINDOW,
    Form,
    fits_sms,
    fits_whatsapp,
    is_gsm,
    quiet_until,
    segments,
    waits_until,
    whatsapp_form,
)

INSTANTS = st.datetimes(datetime(2022, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
PLAIN = st.text("abcXYZ019 .,:/?=-_@", max_size=700)
EXTENDED = st.text("ab[]{}|~€^\\", max_size=700)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),  # 76 in each: half a segment's last place stays empty
        ("€" * 153, 3),
        ("a" + "€" * 152, 2),
        ("–" + "a" * 69, 1),
        ("–" + "a" * 70, 2),
        ("–" + "a" * 133, 2),
        ("–" + "a" * 134, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),  # 33 in each
        ("😀" * 67, 3),
    ],
)
def test_the_segments_of_an_sms_are_those_of_the_standard(text: str, count: int) -> None:
    assert segments(text) == count
    assert fits_sms(text) == (count <= 2)


@given(PLAIN)
def test_plain_letters_take_one_place_each(text: str) -> None:
    assert is_gsm(text)
    assert segments(text) == (1 if len(text) <= 160 else -(-len(text) // 153))


@given(EXTENDED)
def test_signs_behind_an_escape_take_two_and_are_never_divided(text: str) -> None:
    places = sum(2 if char in "[]{}|~€^\\" else 1 for char in text)
    assert is_gsm(text)
    if places <= 160:
        assert segments(text) == 1
    else:
        assert -(-places // 153) <= segments(text) <= -(-places // 152)


@given(st.text(max_size=300))
def test_any_text_is_counted_by_its_alphabet(text: str) -> None:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if not is_gsm(text):
        assert (segments(text) == 1) == (units <= 70)
        if units > 70:
            assert -(-units // 67) <= segments(text) <= -(-units // 66)


@given(st.text(max_size=300), st.text(max_size=20))
def test_more_text_never_has_fewer_segments(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text)


@given(INSTANTS)
def test_nothing_goes_between_eight_in_the_evening_and_seven_in_the_morning(now: datetime) -> None:
    hour = (now + timedelta(hours=7)).hour
    until = quiet_until(now)
    assert (until is None) == (7 <= hour < 20)
    if until is not None:
        assert timedelta() < until - now <= timedelta(hours=11)
        assert (until + timedelta(hours=7)).time().isoformat() == "07:00:00"
        assert quiet_until(until) is None


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(hours=30)))
def test_an_answer_to_what_was_just_sent_goes_at_night_too(now: datetime, ago: timedelta) -> None:
    just = ago <= JUST_SENT
    assert waits_until(now, now - ago, answers=True) == (None if just else quiet_until(now))
    assert waits_until(now, now - ago, answers=False) == quiet_until(now)


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=3)))
def test_outside_of_whatsapps_window_only_a_template_may_go(now: datetime, ago: timedelta) -> None:
    assert whatsapp_form(now, now - ago) is (Form.WORDS if ago < WINDOW else Form.TEMPLATE)
    assert whatsapp_form(now, None) is Form.TEMPLATE


def test_whatsapp_takes_what_a_template_holds() -> None:
    assert fits_whatsapp("a" * 1024)
    assert not fits_whatsapp("a" * 1025)
