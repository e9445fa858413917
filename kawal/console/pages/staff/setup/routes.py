"""The routes of `/kelola/mulai`."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.setup import agency_step, data_steps, last_page, progress, trial_step

ROUTES: list[Route] = [
    *progress.ROUTES,
    *agency_step.ROUTES,
    *data_steps.ROUTES,
    *trial_step.ROUTES,
    *last_page.ROUTES,
]
