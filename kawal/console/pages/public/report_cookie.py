"""The cookie that opens one report in one browser, in the place of its code: set once, sent for that report alone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.frame import is_secure

KEPT = 400 * 24 * 3600
"""How long browsers keep it at most (seconds): as long as they keep any."""


def path_of(tracking_id: str) -> str:
    """Return the path of a report's own page."""
    return f"/l/{tracking_id}"


def name_of(tracking_id: str) -> str:
    """Return the name of a report's cookie."""
    return f"laporan-{tracking_id}"


def cookie_of(request: Request, tracking_id: str) -> str | None:
    """Return what the browser holds for a report."""
    return request.cookies.get(name_of(tracking_id))


def give(request: Request, response: Response, tracking_id: str, cookie: str) -> None:
    """Let this browser open the report from now on."""
    response.set_cookie(
        name_of(tracking_id),
        cookie,
        max_age=KEPT,
        path=path_of(tracking_id),
        httponly=True,
        # Links in letters and messages come from elsewhere and must find it; forms from elsewhere are refused.
        samesite="lax",
        secure=is_secure(request),
    )


def take_away(request: Request, response: Response, tracking_id: str) -> None:
    """Let this browser forget the report."""
    response.delete_cookie(
        name_of(tracking_id), path=path_of(tracking_id), httponly=True, samesite="lax", secure=is_secure(request)
    )
