"""The routes of `/kelola`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.administration import (
    accounts,
    announcement_page,
    category_page,
    entrance,
    health_page,
    letter_page,
    offices,
    opd_page,
)

ROUTES: list[Route] = [
    *entrance.ROUTES,
    *accounts.ROUTES,
    *opd_page.ROUTES,
    *offices.ROUTES,
    *category_page.ROUTES,
    *announcement_page.ROUTES,
    *letter_page.ROUTES,
    *health_page.ROUTES,
]
