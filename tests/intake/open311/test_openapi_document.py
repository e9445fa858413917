"""The standard's methods in the OpenAPI document: it describes what is served, and requests derived from it work."""

from __future__ import annotations

import asyncio
from typing import Any
from xml.etree import ElementTree

import httpx
import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode

from kawal.intake.open311.services import service_code
from tests.intake.http.conftest import client_of
from tests.intake.open311.conftest import V2, Sender
from tests.workflows.life import CATEGORY

EXAMPLES = 10
"""For each method; answers to arbitrary queries and forms are tested more thoroughly in test_fuzz."""


@pytest.fixture
async def document(sender: Sender) -> dict[str, Any]:
    told: dict[str, Any] = (await sender.get("/api/v1/openapi.json")).json()
    return told


def example(document: dict[str, Any], path: str, method: str, status: int = 200) -> list[dict[str, Any]]:
    """Return the example of an answer in JSON, which names the same fields in XML."""
    content = document["paths"][f"{V2}/{path}.{{format}}"][method]["responses"][str(status)]["content"]
    (in_xml,) = ElementTree.fromstring(content["text/xml"]["example"].encode())  # noqa: S314 - our own document
    shown: list[dict[str, Any]] = content["application/json"]["example"]
    properties = content["application/json"]["schema"]["items"]["properties"]
    assert [child.tag for child in in_xml] == list(properties)
    return [dict.fromkeys(properties) | line for line in shown]


async def test_every_method_is_described_with_the_fields_that_it_gives(
    sender: Sender, document: dict[str, Any]
) -> None:
    described = {path: set(methods) for path, methods in document["paths"].items() if path.startswith("/open311/")}
    assert {path for path, methods in described.items() if "post" in methods} == {
        f"{V2}/requests.{{format}}",
        f"{V2}/servicerequestupdates.{{format}}",
    }
    assert len(described) == 7
    number = await sender.submit()
    await (await sender.case(number)).forward()
    for path, told in (
        ("services", await sender.get("services.json")),
        ("requests", await sender.get("requests.json")),
        ("requests/{service_request_id}", await sender.get(f"requests/{number}.json")),
        ("servicerequestupdates", await sender.get("servicerequestupdates.json")),
    ):
        assert set(told.json()[0]) == set(example(document, path, "get")[0]), path


async def test_the_examples_of_its_forms_are_taken(sender: Sender, document: dict[str, Any]) -> None:
    forms = {
        path: document["paths"][f"{V2}/{path}.{{format}}"]["post"]["requestBody"]["content"]
        for path in ("requests", "servicerequestupdates")
    }
    given = forms["requests"]["application/x-www-form-urlencoded"]["example"]
    assert given["service_code"] == service_code(CATEGORY)
    answer = await sender.post("requests.json", given | {"api_key": sender.key})
    assert answer.status_code == 201, answer.text
    number = answer.json()[0]["service_request_id"]
    comment = forms["servicerequestupdates"]["application/x-www-form-urlencoded"]["example"]
    changed = {"api_key": sender.key, "service_request_id": number}
    assert (await sender.post("servicerequestupdates.json", comment | changed)).status_code == 200


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # schemathesis's own
async def test_whatever_is_sent_by_the_document_is_answered_in_the_standards_form(
    sender: Sender, app: FastAPI, document: dict[str, Any]
) -> None:
    schema = schemathesis.openapi.from_dict(document).include(path_regex="^/open311/")
    loop = asyncio.get_running_loop()
    answers: list[tuple[str, int]] = []

    async def send(given: dict[str, Any]) -> httpx.Response:
        async with client_of(app) as client:
            return await client.request(**given)

    def try_one(case: schemathesis.Case[Any]) -> None:
        if isinstance(case.body, dict) and "api_key" in case.body:
            case.body["api_key"] = sender.key
        given = case.as_transport_kwargs(base_url="http://kawal.test")
        names = ("method", "url", "params", "data", "files", "headers")
        given = {name: given[name] for name in names if given.get(name) is not None}
        given["headers"] = {str(name): str(value) for name, value in given.get("headers", {}).items()}
        if isinstance(given.get("data"), bytes):
            given["content"] = given.pop("data")
        if "files" in given:
            given["files"] = [(name, (part[0], str(part[1]))) for name, part in given["files"]]
        try:
            httpx.Request(**given)
        except (UnicodeError, ValueError, TypeError, httpx.InvalidURL):
            return  # nothing that can be sent
        answer = asyncio.run_coroutine_threadsafe(send(given), loop).result(30)
        answers.append((given["method"], answer.status_code))
        assert answer.status_code < 500, (given, answer.text)
        if answer.status_code >= 400:
            _is_an_error_of_the_standard(answer)

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
    assert {method for method, status in answers if status < 300} >= {"GET"}
    assert len(answers) > EXAMPLES


def _is_an_error_of_the_standard(answer: httpx.Response) -> None:
    assert "Traceback" not in answer.text
    if answer.headers["content-type"].startswith("application/json"):
        errors = answer.json()
    else:
        top = ElementTree.fromstring(answer.text)  # noqa: S314 - our own answer
        assert top.tag == "errors"
        errors = [{child.tag: child.text for child in error} for error in top]
    assert errors
    assert all({"code", "description"} == set(error) for error in errors)
