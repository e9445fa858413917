"""From a letter's header it is read to whom it was delivered, and whether it has a return address."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.mail.delivery_headers import MOST_RECIPIENTS, UNKNOWN_SENDER, recipients_of, return_path_of
from kawal.intake.mail.protocol import LARGEST
from kawal.intake.mail.routing import Delivery

ADDRESS = "lapor@kepri.example.org"
OWN = "lapor+1234567-abcdefghij@kepri.example.org"


@pytest.mark.parametrize(
    ("header", "recipients"),
    [
        ("Subject: x", [ADDRESS]),
        (f"Delivered-To: {OWN}", [OWN]),
        (f"X-Original-To: <{OWN}>", [OWN]),
        (f"Envelope-To: {OWN.upper()}", [OWN.upper()]),
        (f"To: Kawal <{OWN}>, lain@example.org\r\nDelivered-To: {ADDRESS}", [ADDRESS, OWN]),
        (f'To: "Kawal"\r\n\t<{OWN}>', [OWN]),
        (f"Cc: a@example.org,{OWN}", [OWN]),
        (f"To: mailto:{OWN}", [OWN]),
        # Another mailbox's address, or one that only ends or begins like ours, is not ours.
        ("To: lapor+1-A@lain.example.org", [ADDRESS]),
        (f"To: x{OWN}", [ADDRESS]),
        (f"To: {OWN}.evil.example", [ADDRESS]),
        (f"To: {OWN}-x", [ADDRESS]),
        (f"Subject: {OWN}", [ADDRESS]),
        (f"X: y\r\n\r\nDelivered-To: {OWN}", [ADDRESS]),
    ],
)
def test_the_recipient_is_our_own_address_with_what_stands_behind_a_plus(header: str, recipients: list[str]) -> None:
    assert recipients_of(f"{header}\r\n\r\nisi".encode(), ADDRESS) == recipients


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_a_letter_without_a_return_address_is_told_from_one_whose_server_wrote_none(line_end: str) -> None:
    def said(*lines: str) -> str:
        return return_path_of(line_end.join([*lines, "", "Return-Path: <x@example.org>"]).encode())

    assert said("Return-Path: <>", "Subject: x") == ""
    assert said("Subject: x", "return-path:  <siti@example.org> ") == "siti@example.org"
    assert said("Return-Path: <>", "Return-Path: <forged@example.org>") == ""
    assert said("Subject: x") == UNKNOWN_SENDER
    assert not Delivery(b"", UNKNOWN_SENDER, [], []).by_nobody


@given(st.binary(max_size=300), st.lists(st.sampled_from([f"To: {OWN}\r\n", "Return-Path: <", "\r\n", " ", "\xff"])))
def test_any_bytes_give_some_recipient_of_ours(noise: bytes, parts: list[str]) -> None:
    content = "".join(parts).encode("latin-1") + noise
    assert {one.casefold() for one in recipients_of(content, ADDRESS)} <= {ADDRESS, OWN}
    assert recipients_of(content, ADDRESS)
    assert isinstance(return_path_of(content), str)


@pytest.mark.parametrize(
    "content",
    [
        b"To: " + b"lapor+" * (LARGEST // 6),
        b"To: " + b"a" * LARGEST,
        b"To: " + b"lapor@kepri." * (LARGEST // 12),
        b"To: x\r\n " * (LARGEST // 8),
        b"".join(b"To: lapor+%d@kepri.example.org\r\n" % number for number in range(20_000)),
    ],
    ids=["plus", "no end", "beginnings", "folds", "many"],
)
def test_the_largest_header_takes_no_time(content: bytes) -> None:
    began = time.process_time()
    assert 0 < len(recipients_of(content, ADDRESS)) <= MOST_RECIPIENTS
    assert time.process_time() - began < 1
