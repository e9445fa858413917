"""`/kerja`: who is signed in, and as what."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import signed_in
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.time_limits import read_in_time


async def show_work(request: Request) -> Response:
    """Show who is signed in."""
    return staff_page(request, await signed_in(request), "staff/work.html", {})


ROUTES = [Route("/kerja", read_in_time(show_work), methods=["GET"])]
