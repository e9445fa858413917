"""The cookie of a browser in which nobody is signed in yet: forms and passkeys' challenges are bound to it."""

from __future__ import annotations

import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

NAME = "__Host-kawal-masuk"

_OURS = re.compile(r"[A-Za-z0-9_-]{43}")


def browser_of(request: Request) -> str | None:
    """Return what the browser holds; None if that is nothing, or nothing of ours."""
    held = request.cookies.get(NAME, "")
    return held if _OURS.fullmatch(held) else None


def browser_or_new(request: Request) -> str:
    """Return what the browser holds, or else what it is to hold from now on (`give`)."""
    return browser_of(request) or secrets.token_urlsafe(32)


def browser_in_session(number: int, form_secret: bytes) -> str:
    """Return what stands for the browser of a session: nobody but its holder has it."""
    return f"session {number} {form_secret.hex()}"


def give(response: Response, text: str) -> None:
    """Let the browser hold it until it is closed."""
    response.set_cookie(NAME, text, path="/", secure=True, httponly=True, samesite="lax")


def take_away(response: Response) -> None:
    """Let the browser forget it: somebody signed in, and no form of before counts any more."""
    response.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="lax")
