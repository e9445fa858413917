"""The routes of the leadership's pages and of the league."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.leadership import exports, league_page, overview, rows

ROUTES: list[Route] = [*overview.ROUTES, *rows.ROUTES, *exports.ROUTES, *league_page.ROUTES]
