"""The codec server opens payloads for the Temporal UI and for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from stack.codec_server import codec_server

UI = "http://127.0.0.1:8233"


class Reverser:
    """Opens a payload by turning it round."""

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [Payload(metadata=payload.metadata, data=payload.data[::-1]) for payload in payloads]


@pytest.fixture
async def server() -> AsyncIterator[str]:
    async with codec_server(Reverser(), ui_origin=UI) as url:
        yield url


async def post(url: str, body: str, **headers: str) -> tuple[int, str, str | None]:
    async with aiohttp.ClientSession() as session, session.post(f"{url}/decode", data=body, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers.get("Access-Control-Allow-Origin")


SEALED = json_format.MessageToJson(Payloads(payloads=[Payload(metadata={"encoding": b"x"}, data=b"abc")]))


async def test_the_ui_gets_its_payloads_opened(server: str) -> None:
    status, body, allowed = await post(server, SEALED, Origin=UI)
    assert status == 200
    assert allowed == UI
    assert json_format.Parse(body, Payloads()).payloads[0].data == b"cba"


async def test_a_preflight_is_answered_for_the_ui_alone(server: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.options(f"{server}/decode", headers={"Origin": UI}) as answer:
            assert answer.status == 200
            assert "x-namespace" in answer.headers["Access-Control-Allow-Headers"]
        async with session.options(f"{server}/decode", headers={"Origin": "http://elsewhere.example"}) as answer:
            assert answer.status == 403


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://elsewhere.example"}, {"Origin": UI, "Host": "elsewhere.example"}]
)
async def test_anyone_else_is_refused(server: str, headers: dict[str, str]) -> None:
    status, body, allowed = await post(server, SEALED, **headers)
    assert status == 403
    assert "cba" not in body
    assert allowed is None


@pytest.mark.parametrize("body", ["", "7", "{", '{"payloads": 3}'])
async def test_garbage_is_a_bad_request(server: str, body: str) -> None:
    status, _, _ = await post(server, body, Origin=UI)
    assert status == 400
