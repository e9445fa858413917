"""The routes of `/kelola`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.administration import (
    accounts,
    announcement_page,
    calendar_page,
    canned_texts,
    category_page,
    dead_letters,
    entrance,
    gateway_page,
    health_page,
    letter_page,
    machine_access,
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
    *canned_texts.ROUTES,
    *machine_access.ROUTES,
    *gateway_page.ROUTES,
    *dead_letters.ROUTES,
    *announcement_page.ROUTES,
    *letter_page.ROUTES,
    *health_page.ROUTES,
]
