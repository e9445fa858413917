"""The routes of `/auditor`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.auditor import entrance, heads, life, record_search, verification

ROUTES: list[Route] = [
    *entrance.ROUTES,
    *life.ROUTES,
    *record_search.ROUTES,
    *verification.ROUTES,
    *heads.ROUTES,
]
