"""The routes of `/mutu`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.quality import plans, registers, review, sample, samples

ROUTES: list[Route] = [
    *samples.ROUTES,
    *sample.ROUTES,
    *review.ROUTES,
    *registers.ROUTES,
    *plans.ROUTES,
]
