"""For which purpose somebody has opened a rahasia report: kept by the browser for some minutes, for that report alone.

The purpose goes on record with every reading. Another session's, also of the same machine, opens nothing.
"""

from __future__ import annotations

import base64
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import is_secure
from kawal.domain.access import PURPOSE_LIMIT

MINUTES = 15
"""So long a purpose holds; then it is asked for again."""

REPORT = "/laporan"
"""Where the reports' own pages are."""

_NAME = "kawal-tujuan"


def purpose_of(request: Request, signed: SignedIn) -> str | None:
    """Return the purpose that the browser holds for the report of this address; None if none, or another session's."""
    sealed = request.cookies.get(_NAME)
    if sealed is None:
        return None
    with suppress(ValueError):
        session, _, purpose = base64.urlsafe_b64decode(sealed.encode()).decode().partition(":")
        if session == str(signed.session) and 0 < len(purpose) <= PURPOSE_LIMIT:
            return purpose
    return None


def keep_purpose(
    request: Request, response: Response, signed: SignedIn, number: str, purpose: str, room: str = REPORT
) -> None:
    """Let the browser hold a purpose for one report, on its page or on that of its life (`room`)."""
    text = base64.urlsafe_b64encode(f"{signed.session}:{purpose}".encode()).decode()
    response.set_cookie(
        _NAME,
        text,
        max_age=MINUTES * 60,
        path=f"{room}/{number}",
        httponly=True,
        secure=is_secure(request),
        samesite="strict",
    )


def drop_purpose(request: Request, response: Response, number: str, room: str = REPORT) -> None:
    """Close the report again in this browser."""
    response.delete_cookie(_NAME, path=f"{room}/{number}", httponly=True, secure=is_secure(request), samesite="strict")
