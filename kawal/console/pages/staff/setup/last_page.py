"""The last page of the first set-up: what is set and what is not, and the form that finishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.accounts import people_of
from kawal.console.pages.staff.administration.category_page import main_places
from kawal.console.pages.staff.administration.offices import ADDRESSES, offices_of
from kawal.console.pages.staff.administration.outcomes import PATH
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, done, page_with_forms, performed
from kawal.console.pages.staff.setup.agency_step import has_map
from kawal.console.pages.staff.setup.progress import LAST, PATHS, step_page
from kawal.console.pages.staff.setup.trial_step import sends_letters
from kawal.domain.access import Act
from kawal.domain.agency_setup import SetupStep
from kawal.domain.government import HEADS, KINDS
from kawal.domain.msgids import Message, Sayable, msgid, msgids, sentence
from kawal.domain.names import Role

_IS = msgid("{name} ({code}), {kind}; its head is the {head}.")
_MAP = msgid("Pages offer the map and the names of places of its area.")
_NO_MAP = msgid("Pages offer no map and no names of places: for its area there are none yet. The operator makes them.")
_EXAMPLE = msgid("The agency is the shipped example still.")
_OPDS = msgids("{count} OPD is in use.", "{count} OPDs are in use.")
_NO_OPD = msgid("There is no OPD: no report can be forwarded.")
_ANSWERED = msgid("Every main category is answered by an OPD or lies outside the authority.")
_NOBODYS = msgids("{count} main category is answered by nobody.", "{count} main categories are answered by nobody.")
_LIAISONS = msgids("{count} OPD has a liaison who can sign in.", "{count} OPDs have a liaison who can sign in.")
_NO_LIAISON = msgids("{count} OPD has no liaison who can sign in.", "{count} OPDs have no liaison who can sign in.")
_NO_INSPECTORATE = msgid(
    "Nobody signs in for the Inspectorate, to which everything late goes. The operator invites its first person."
)
_ADDRESSES = msgid("Every office has an address for its notices.")
_SILENT = msgids(
    "{count} office has no address and gets no letters.", "{count} offices have no address and get no letters."
)
_LETTERS = msgid("Letters leave by a mail server.")
_NO_LETTERS = msgid("No letter leaves: no mail server is configured.")
_PUBLIC = msgid("Letters have links to the public address.")
_NO_PUBLIC = msgid("Letters have no links: no public address is configured (KAWAL_PUBLIC_URL).")


class Finding(NamedTuple):
    """Something that is set, or is not, and where it is changed."""

    said: Sayable
    well: bool
    path: str


async def show_last(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show what is set and what is not."""
    findings = [finding for found in (_of_agency, _of_people, _of_letters) for finding in await found(request, signed)]
    return await step_page(request, signed, "last", told, {"findings": findings})


async def _finish(request: Request, signed: SignedIn, _: Fields) -> Response:
    await performed(request, signed, "agency finish", {})
    return done(PATH, "siap")


async def _of_agency(request: Request, signed: SignedIn) -> Sequence[Finding]:
    directory, agency = complaints_of(request).directory, agency_of(signed)
    one = await directory.instansi(agency)
    here = PATHS[SetupStep.AGENCY]
    if one is None or one.example:
        own = [Finding(_EXAMPLE, False, here)]
    else:
        words = {"name": one.name, "code": one.code, "kind": KINDS[one.kind], "head": HEADS[one.kind]}
        mapped = has_map(one.area)
        own = [Finding(sentence(_IS, **words), True, here), Finding(_MAP if mapped else _NO_MAP, mapped, here)]
    opds = sum(opd.active for opd in await directory.opds(agency))
    nobodys = sum(not line.value for line in await main_places(request, agency))
    return [
        *own,
        Finding(sentence(_OPDS, count=opds) if opds else _NO_OPD, bool(opds), PATHS[SetupStep.OPDS]),
        _counted(_ANSWERED, _NOBODYS, nobodys, PATHS[SetupStep.CATEGORIES]),
    ]


async def _of_people(request: Request, signed: SignedIn) -> Sequence[Finding]:
    agency, here = agency_of(signed), PATHS[SetupStep.PEOPLE]
    held = [line.grant.actor for one in await people_of(request, signed) for line in one.roles if not line.over]
    opds = {one.code for one in await complaints_of(request).directory.opds(agency) if one.active}
    with_liaison = opds & {actor.opd for actor in held}
    without = len(opds) - len(with_liaison)
    everybody = _counted(sentence(_LIAISONS, count=len(with_liaison)), _NO_LIAISON, without, here)
    overseen = any(actor.role is Role.INSPECTORATE for actor in held)
    return [everybody, *([] if overseen else [Finding(_NO_INSPECTORATE, False, here)])]


async def _of_letters(request: Request, signed: SignedIn) -> Sequence[Finding]:
    silent = sum(one.email is None for one in await offices_of(request, agency_of(signed)))
    settings = complaints_of(request).settings
    here, sends, public = PATHS[SetupStep.TRIAL], sends_letters(settings), settings.public_url is not None
    return [
        _counted(_ADDRESSES, _SILENT, silent, ADDRESSES),
        Finding(_LETTERS if sends else _NO_LETTERS, sends, here),
        Finding(_PUBLIC if public else _NO_PUBLIC, public, here),
    ]


def _counted(well: Sayable, missing: Message, count: int, path: str) -> Finding:
    """Return what is said where nothing is missing, else how much is."""
    return Finding(sentence(missing, count=count) if count else well, not count, path)


ROUTES = page_with_forms(LAST, Act.SET_UP, show_last, {"tutup": _finish})
