"""`/pimpinan.pdf`, `.xlsx`, `.csv`: the figures of the leadership's page as a file, for the day of the address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.pages.frame import HEADERS, language_of, see_other
from kawal.console.pages.public.figures import BOM, area_names
from kawal.console.pages.staff.leadership.asked import OVERVIEW, asked_day, reader_of
from kawal.console.pages.staff.leadership.overview import figures_of
from kawal.console.pages.time_limits import read_in_time
from kawal.reports.leadership_render import FigureSheets, as_csv, as_xlsx, sheets_of
from kawal.wording.catalogues import lang_of


def _csv(sheets: FigureSheets) -> bytes:
    return (BOM + as_csv(sheets)).encode()


def _pdf(sheets: FigureSheets) -> bytes:
    from kawal.reports.leadership_pdf import as_pdf  # reads in far more than the rest of the pages

    return as_pdf(sheets)


_KINDS: dict[str, tuple[str, Callable[[FigureSheets], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", _csv),
}


async def send_file(request: Request) -> Response:
    """Send the figures as a file; an address without a day that exists leads to the page, which says so."""
    _, agency = await reader_of(request)
    asked, kind = asked_day(request), request.path_params["kind"]
    if asked.fault is not None or kind not in _KINDS:
        return see_other(f"{OVERVIEW}?{request.url.query}")
    figures = await figures_of(request, agency, asked)
    names = await area_names(agency.area, list(figures.areas))
    media_type, made = _KINDS[kind]
    content = await asyncio.to_thread(made, sheets_of(figures, names, lang_of(language_of(request))))
    name = f"pimpinan-{agency.code}-{figures.day.isoformat()}.{kind}"
    headers = {**HEADERS, "Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, media_type)


ROUTES = [Route(f"{OVERVIEW}.{{kind}}", read_in_time(send_file), methods=["GET"])]
