"""The cookie of a session: bound to https and to this host; plain http has none but on the machine itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

NAME = "__Host-kawal"

LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")
"""This machine's own names."""


def can_sign_in(request: Request) -> bool:
    """Tell whether browsers keep the cookie here: by https, or on this very machine."""
    address = urlsplit(str(request.app.state.public_address(request)))
    return address.scheme == "https" or address.hostname in LOCAL


def cookie_of(request: Request) -> str | None:
    """Return what the browser holds."""
    return request.cookies.get(NAME)


def give(response: Response, text: str) -> None:
    """Let this browser be somebody's until it is closed, or the session ends."""
    response.set_cookie(NAME, text, path="/", secure=True, httponly=True, samesite="lax")


def take_away(response: Response) -> None:
    """Let this browser be nobody's."""
    response.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="lax")
