"""The routes of `/pimpinan/andai`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.what_if import answer, asking, reports

ROUTES: list[Route] = [*asking.ROUTES, *reports.ROUTES, *answer.ROUTES]
