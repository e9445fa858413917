"""The step that tries the ways out: a letter to an address and a message to a number, sent at once, on record."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, done, performed
from kawal.console.pages.staff.setup.progress import PATHS, step_page, step_routes
from kawal.domain.agency_setup import SetupStep
from kawal.gateways.choice import ways_of
from kawal.gateways.outgoing import outgoing_gateways_of

_PATH = PATHS[SetupStep.TRIAL]


def sends_letters(settings: Settings) -> bool:
    """Tell whether a mail server is configured."""
    return settings.smtp_host is not None


def gateway_names(settings: Settings, instansi: str) -> Sequence[str]:
    """Return the gateways that serve an agency's reporters; raises SystemUnavailable for an unreadable file."""
    return [one.name for one in ways_of(list(outgoing_gateways_of(settings.home).values()), instansi, None)]


async def show_trial(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show both forms, and what is not configured."""
    settings = complaints_of(request).settings
    try:
        gateways, unreadable = gateway_names(settings, agency_of(signed)), None
    except SystemUnavailable as error:
        gateways, unreadable = (), error.sentence
    values = {"sends_letters": sends_letters(settings), "gateways": gateways, "unreadable": unreadable}
    return await step_page(request, signed, "trial", told, values)


async def _letter(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "agency try-letter", {"address": fields.get("alamat", "").strip() or "–"})
    return done(_PATH, "surat-uji")


async def _message(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "agency try-message", {"phone": fields.get("nomor", "").strip() or "–"})
    return done(_PATH, "pesan-uji")


ROUTES = step_routes(SetupStep.TRIAL, show_trial, {"surat": _letter, "pesan": _message})
