"""The routes of `/kelola`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.administration import (
    accounts,
    calendar_page,
    category_page,
    entrance,
    offices,
    opd_page,
    policy_page,
)

ROUTES: list[Route] = [
    *entrance.ROUTES,
    *accounts.ROUTES,
    *opd_page.ROUTES,
    *offices.ROUTES,
    *category_page.ROUTES,
    *calendar_page.ROUTES,
    *policy_page.ROUTES,
]
