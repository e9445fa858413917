"""All pages, composed: the public ones, and those of the officials; and how what goes wrong on one is said."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from kawal.client.complaints import Complaints
from kawal.console.auth.oidc.known_providers import KnownProviders
from kawal.console.auth.password_check import PasswordCheck
from kawal.console.auth.signed_in import NotSignedIn, OtherRole, lead_to_sign_in
from kawal.console.pages.announcements import CurrentAnnouncements
from kawal.console.pages.demo import routes as demo_pages
from kawal.console.pages.frame import error_page
from kawal.console.pages.public import app as public
from kawal.console.pages.public import entrance
from kawal.console.pages.public.agencies import Agencies
from kawal.console.pages.public.board import BoardChoices
from kawal.console.pages.public.entrance import NotOpened
from kawal.console.pages.public.home_figures import HomeFigures
from kawal.console.pages.public.likeness import Likenesses
from kawal.console.pages.public.parts import public_address
from kawal.console.pages.site import Site
from kawal.console.pages.staff import app as staff
from kawal.console.pages.staff.auditor.background_verification import Verifications
from kawal.console.pages.staff.live.open_streams import OpenStreams
from kawal.console.pages.staff.live.watches import Watches
from kawal.console.pages.staff.signing_out import ask_for_role
from kawal.console.pages.staff.verification.practice import Practices
from kawal.intake.list_file import ListFiles
from kawal.web.problems import Answering

ROUTES = [*public.ROUTES, *staff.ROUTES]
"""What every installation has."""

STRAIGHT = public.STRAIGHT

_FIRST_PARTS = frozenset({"", *(str(route.path).split("/")[1] for route in (*ROUTES, *demo_pages.ROUTES))})


def is_page(path: str) -> bool:
    """Tell whether a path is a page's, so that what goes wrong there is said on a page."""
    return path.startswith("/") and path.split("/")[1] in _FIRST_PARTS  # of HTTP's targets `*` has no slash


def limit_of(path: str, largest_upload: int) -> int | None:
    """Return the most bytes of a body for a page's path; None for any other path."""
    if not is_page(path):
        return None
    return staff.limit_of(path, largest_upload) or public.limit_of(path, largest_upload)


def answering_pages(elsewhere: Answering) -> Answering:
    """Return the function that answers an error on a page as a page, and any other as `elsewhere` does."""

    def answered(request: Request, error: Exception) -> Response:
        if isinstance(error, NotOpened):
            return entrance.ask_for_code(request, error)
        if isinstance(error, NotSignedIn) and is_page(request.url.path):
            return lead_to_sign_in(request)
        if isinstance(error, OtherRole) and is_page(request.url.path):
            return ask_for_role(request, error)
        return (error_page if _is_for_a_reader(request) else elsewhere)(request, error)

    return answered


def mount(app: FastAPI, complaints: Complaints, answering: Answering) -> None:
    """Serve the pages; errors are answered by `answering`."""
    site = Site(app.state.settings.home)
    state: dict[str, object] = {
        "agencies": Agencies(complaints, site),
        "announcements": CurrentAnnouncements(complaints, site),
        "board_choices": BoardChoices(complaints),
        "demo": None,
        "home_figures": HomeFigures(complaints),
        "identity_providers": KnownProviders(app.state.settings.home),
        "likenesses": Likenesses(complaints),
        "list_files": ListFiles(),
        "password_check": PasswordCheck(),
        "practices": Practices(complaints),
        "public_address": public_address,
        "site": site,
        "streams": OpenStreams(),
        "verifications": Verifications(complaints),
        "watches": Watches(complaints),
    }
    for name, part in state.items():
        setattr(app.state, name, part)
    app.router.routes.extend(ROUTES)

    async def asked(request: Request, error: Exception) -> Response:
        return answering(request, error)

    app.add_exception_handler(NotOpened, asked)


def _is_for_a_reader(request: Request) -> bool:
    """Tell whether an error is to be said on a page: on a page's path, and to a browser that looked for one."""
    wants_a_page = "text/html" in request.headers.get("accept", "") and request.method in ("GET", "HEAD")
    return is_page(request.url.path) or (wants_a_page and request.scope.get("endpoint") is None)
