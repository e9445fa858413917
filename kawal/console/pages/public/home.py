"""`/`: what happened, and where is my report."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.frame import page


async def show_home(request: Request) -> Response:
    """Show the first page."""
    return page(request, "public/home.html", {})
