"""What the public pages work through, as the application's state holds it."""

from __future__ import annotations

from starlette.requests import Request

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.console.pages.public.agencies import Agencies
from kawal.console.pages.public.likeness import Likenesses
from kawal.console.pages.site import Site
from kawal.domain.msgids import msgid
from kawal.intake.attachments.service import Attachments
from kawal.intake.service import IntakeService
from kawal.web.callers import address_of

AWAY = msgid("The system cannot be reached now. Send it again in a moment.")
NOT_SENT = msgid("NOT SENT YET: the system cannot be reached. What you typed is still here; send it again in a moment.")
"""What a form is shown again with while the database is away: for a short one, and for one with words of the reader."""


def complaints_of(request: Request) -> Complaints:
    """Return the client."""
    complaints: Complaints = request.app.state.complaints
    return complaints


def intake_of(request: Request) -> IntakeService:
    """Return the service through which reports and replies are accepted."""
    intake: IntakeService = request.app.state.intake
    return intake


def attachments_of(request: Request) -> Attachments:
    """Return the attachments of all reports."""
    attachments: Attachments = request.app.state.attachments
    return attachments


def agencies_of(request: Request) -> Agencies:
    """Return the agencies that take reports."""
    agencies: Agencies = request.app.state.agencies
    return agencies


def likenesses_of(request: Request) -> Likenesses:
    """Return what compares a report with public ones."""
    likenesses: Likenesses = request.app.state.likenesses
    return likenesses


def site_of(request: Request) -> Site:
    """Return the operator's own texts."""
    site: Site = request.app.state.site
    return site


async def count_call(request: Request) -> None:
    """Count a call against its address's limit for pages, which an office's shared address survives."""
    await request.app.state.gate.let_in("pages", address_of(request))


async def count_download(request: Request) -> None:
    """Count a call for a whole list, which costs what hundreds of pages do, as a stranger's call: few are let in."""
    await request.app.state.gate.let_in("public", address_of(request))


def public_address(request: Request) -> str:
    """Return the origin under which readers reach the pages: as the operator names it, else as this reader did."""
    settings: Settings = request.app.state.settings
    return settings.public_url or str(request.base_url).rstrip("/")
