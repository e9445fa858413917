"""Routes that take JSON, and the idempotency key that goes with what is sent.

A form of another site's page cannot say that it sends JSON without asking first, so that a signed-in browser cannot be
made to send anything here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.routing import APIRoute

from kawal.domain.msgids import msgid
from kawal.web.problems import Problem

KEY = r"^[!-~]{1,150}$"


class JsonRoute(APIRoute):
    """A route that answers 415 to a body not declared as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, preceded by the check of the media type."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if request.method == "POST":
                says_json(request)
            return await handle(request)

        return checked


def says_json(request: Request) -> None:
    """Raise Problem 415 if the body is not declared as JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(
            415,
            "media_type",
            msgid("Send `Content-Type: application/json`."),
            headers={"Accept": "application/json"},
        )


KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Chosen by the sender, one for each message: sent again under it, a message is accepted once.",
    "schema": {"type": "string", "pattern": KEY},
    "example": "wa-2026-000123",
}

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="Chosen by the sender, one for each message: sent again under it, a message is accepted once.",
        examples=["wa-2026-000123"],
    ),
]
