"""Fuzzing of an application with whatever schemathesis derives from its OpenAPI document, and more."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import hypothesis
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode

from tests.intake.http.conftest import client_of


async def answers_to_anything(
    app: FastAPI, document: dict[str, Any], examples: int, headers: dict[str, str] | None = None
) -> list[int]:
    """Return the statuses answered; no answer may be a server failure, and each error is a problem without a traceback.

    `examples` for each operation; `headers` are sent with every request.
    """
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
        given["headers"] |= headers or {}
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
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            bounded(hypothesis.given(case=strategy)(lambda case: try_one(case)))()

    await asyncio.to_thread(try_all)
    return answers
