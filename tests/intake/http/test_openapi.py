"""The OpenAPI document: whole, with examples that the interface takes, and nothing sent by it breaks the server."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode

from intake.http.schemas import ReportIn
from tests.intake.http.conftest import client_of

EXAMPLES = 40
"""For each operation; the whole takes well under a minute."""


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        if path.startswith("/api/v1/reports")
        for method, operation in methods.items()
    ]


async def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len(found) >= 3
    for path, _method, operation in found:
        assert operation["summary"], path
        assert operation["description"], path
        assert {"401", "429", "503"} <= set(operation["responses"]), path


async def test_the_examples_of_the_document_are_taken(document: dict[str, Any], client: httpx.AsyncClient) -> None:
    examples = document["components"]["schemas"]["ReportIn"]["examples"]
    assert examples
    for example in examples:
        ReportIn.model_validate(example)
        assert (await client.post("/api/v1/reports", json=example)).status_code == 201


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # schemathesis's own
async def test_nothing_that_schemathesis_sends_breaks_the_server(app: FastAPI, document: dict[str, Any]) -> None:
    schema = schemathesis.openapi.from_dict(document)
    loop = asyncio.get_running_loop()
    answers: list[int] = []

    async def send(given: dict[str, Any]) -> httpx.Response:
        async with client_of(app) as client:
            return await client.request(**given)

    def try_one(case: schemathesis.Case[Any]) -> None:
        given = case.as_transport_kwargs(base_url="http://kawal.test")
        given = {name: given[name] for name in ("method", "url", "headers", "params", "json", "data") if name in given}
        given["headers"] = {str(name): str(value) for name, value in (given.get("headers") or {}).items()}
        if isinstance(given.get("data"), bytes):
            given["content"] = given.pop("data")
        try:
            request = httpx.Request(**given)
        except (UnicodeError, ValueError, TypeError, httpx.InvalidURL):
            return  # nothing that can be sent
        assert request
        answer = asyncio.run_coroutine_threadsafe(send(given), loop).result(30)
        answers.append(answer.status_code)
        assert answer.status_code < 500, (given, answer.text)
        if answer.status_code >= 400 and "/open311/" not in str(given["url"]):
            assert answer.headers["content-type"] == "application/problem+json", (given, answer.text)
            assert "Traceback" not in answer.text

    def try_all() -> None:
        for result in schema.get_all_operations():
            operation = result.ok()  # type: ignore[union-attr]
            strategy = operation.as_strategy(generation_mode=GenerationMode.POSITIVE) | operation.as_strategy(
                generation_mode=GenerationMode.NEGATIVE
            )
            bounded = settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            bounded(hypothesis.given(case=strategy)(lambda case: try_one(case)))()

    await asyncio.to_thread(try_all)
    assert len(answers) > 3 * EXAMPLES / 2
    assert any(status < 300 for status in answers)
