"""A sender that retries makes no second complaint; two reports remain two."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kawal.store.tokens import Tokens
from tests.intake.open311.conftest import FORM, V2, Sender


async def accepted(sender: Sender) -> int:
    number: int = await sender.office.complaints.pool.fetchval("select count(*) from inbox")
    return number


@pytest.mark.parametrize(
    "mark",
    [
        {"attribute[fixmystreet_id]": "80"},
        {"attribute[external_id]": "80"},
        {"attribute[service_request_id_ext]": "80"},
        {"external_id": "80"},
    ],
)
async def test_a_report_with_the_senders_own_number_is_accepted_once_whatever_else_changes(
    sender: Sender, mark: dict[str, str]
) -> None:
    first = await sender.post("requests.json", FORM | mark)
    edited = {"description": "Lubang (disunting)", "email": "b@example.org"}
    again = await sender.post("requests.json", FORM | mark | edited)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = await sender.submit(**dict.fromkeys(mark, "81"))
    assert other != first.json()[0]["service_request_id"]
    assert await accepted(sender) == 2


async def test_many_tries_at_once_make_one_complaint(sender: Sender) -> None:
    form: dict[str, Any] = FORM | {"attribute[fixmystreet_id]": "80"}
    assert len(set(await asyncio.gather(*(sender.submit(**form) for _ in range(12))))) == 1
    assert await accepted(sender) == 1


async def test_the_same_form_of_the_same_reporter_on_one_day_is_a_retry(sender: Sender) -> None:
    first = await sender.submit()
    assert await sender.submit() == first
    assert await sender.submit(description="Yang lain") != first
    assert await sender.submit(email="budi@example.org") != first


async def test_two_reports_of_nobody_in_particular_are_two(sender: Sender) -> None:
    nobody: dict[str, Any] = {"email": None, "phone": None}
    assert await sender.submit(**nobody) != await sender.submit(**nobody)


async def test_an_idempotency_key_in_the_header_counts_too(sender: Sender) -> None:
    form = {"service_code": FORM["service_code"], "address_string": "Jalan Bintan", "api_key": sender.key}
    numbers = set()
    for key in ("a", "a", "b"):
        response = await sender.client.post(f"{V2}/requests.json", data=form, headers={"Idempotency-Key": key})
        numbers.add(response.json()[0]["service_request_id"])
    assert len(numbers) == 2


async def test_two_systems_may_use_the_same_numbers(sender: Sender, tokens: Tokens) -> None:
    _, other = await tokens.create("aplikasi-lain", "open311", "KEPRI")
    mark = {"attribute[fixmystreet_id]": "80"}
    assert await sender.submit(**mark) != await sender.submit(**mark, api_key=other)
