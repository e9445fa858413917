"""`/`: what happened, where is my report, and the month's figures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.frame import page
from kawal.console.pages.public.figures import NAMES
from kawal.console.pages.public.home_figures import HomeFigures
from kawal.console.pages.public.parts import agencies_of, complaints_of
from kawal.console.pages.public.report_form import KEPT_FOR_GOING_BACK
from kawal.domain.calendar import local_day


async def show_home(request: Request) -> Response:
    """Show the first page; while the database is away without figures."""
    kept: HomeFigures = request.app.state.home_figures
    today = local_day(complaints_of(request).now())
    months = await kept.of(await agencies_of(request).offered(request), today)
    return page(
        request,
        "public/home.html",
        {"months": months, "figure_names": {str(figure): name for figure, name in NAMES.items()}},
        headers={"Cache-Control": KEPT_FOR_GOING_BACK},
    )
