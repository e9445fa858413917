"""The OpenAPI document: complete, its examples are accepted, and nothing derived from it makes the server fail."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kawal.intake.http.schemas import ReportIn
from tests.intake.http.fuzzing import answers_to_anything

EXAMPLES = 40
"""For each operation; all together take well under a minute."""


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
    answers = await answers_to_anything(app, document, EXAMPLES)
    assert len(answers) > 3 * EXAMPLES / 2
    assert any(status < 300 for status in answers)
