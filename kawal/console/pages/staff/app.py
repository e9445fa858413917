"""The routes of the officials' pages, room by room."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.auth import link_page, sign_in_page
from kawal.console.auth.oidc import routes as oidc
from kawal.console.pages.public.seal import FORM_BYTES
from kawal.console.pages.staff import (
    counter,
    decisions,
    guides,
    own_account,
    own_office,
    saved_views,
    search,
    signing_out,
    tray,
    unsent,
    work,
)
from kawal.console.pages.staff.administration import calendar_page, list_upload, opd_page
from kawal.console.pages.staff.administration import routes as administration
from kawal.console.pages.staff.auditor import heads
from kawal.console.pages.staff.auditor import routes as auditor
from kawal.console.pages.staff.inspectorate import worklist as inspectorate
from kawal.console.pages.staff.leadership import routes as leadership
from kawal.console.pages.staff.live import feed
from kawal.console.pages.staff.quality import routes as quality
from kawal.console.pages.staff.report import routes as report
from kawal.console.pages.staff.setup import routes as setup
from kawal.console.pages.staff.setup.progress import PATHS
from kawal.console.pages.staff.verification import routes as verification
from kawal.console.pages.staff.what_if import routes as what_if
from kawal.domain.agency_setup import SetupStep

_OF_WHOEVER_SIGNED_IN: list[Route] = [
    *own_account.ROUTES,
    *signing_out.ROUTES,
    *work.ROUTES,
    *saved_views.ROUTES,
    *verification.ROUTES,
    *own_office.ROUTES,
    *decisions.ROUTES,
    *tray.ROUTES,
    *search.ROUTES,
    *counter.ROUTES,
    *guides.ROUTES,
    *inspectorate.ROUTES,
    *leadership.ROUTES,
    *what_if.ROUTES,
    *report.ROUTES,
    *setup.ROUTES,
    *administration.ROUTES,
    *auditor.ROUTES,
    *quality.ROUTES,
    *feed.ROUTES,
]

ROUTES: list[Route] = [*sign_in_page.ROUTES, *link_page.ROUTES, *oidc.ROUTES, *unsent.keeping(_OF_WHOEVER_SIGNED_IN)]
"""Each room's module has its own; what comes first counts."""


UPLOADS: tuple[str, ...] = ("/follow_up", "/follow-up", "/pemeriksaan/mulai", "/catat-dokumen", *counter.UPLOADS)
"""What the paths of forms with files end with."""

LISTS: tuple[str, ...] = (
    *(f"{path}/periksa" for path in (opd_page.OPDS, PATHS[SetupStep.OPDS])),
    f"{calendar_page.CALENDAR}/berkas",
)
"""The paths of forms that take a list as a file."""

UPLOADS_AT_ONCE = 10
"""The most files in one form."""


def limit_of(path: str, largest_upload: int) -> int | None:
    """Return the most bytes of a body for an official's page; None where the public pages' limit is enough."""
    if path == heads.CHECK:
        return FORM_BYTES
    if path in LISTS:
        return list_upload.FORM_BYTES
    return largest_upload * UPLOADS_AT_ONCE if path.endswith(UPLOADS) and not path.startswith("/l/") else None
