"""`/kelola`: what can be administered, and what of it is missing."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.announcement_page import ANNOUNCEMENT
from kawal.console.pages.staff.administration.category_page import main_places
from kawal.console.pages.staff.administration.health_page import HEALTH
from kawal.console.pages.staff.administration.letter_page import LETTERS
from kawal.console.pages.staff.administration.offices import offices_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.navigation import SETUP
from kawal.console.pages.staff.page_forms import FormOutcome, agency_of, page_route
from kawal.domain.access import RIGHTS, Act
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Message, Sayable, msgid, msgids, sentence

_SILENT = msgids(
    "{count} office has no address and gets no letters.", "{count} offices have no address and get no letters."
)
_NOBODYS = msgids("{count} main category is answered by nobody.", "{count} main categories are answered by nobody.")
_UNKNOWN_YEAR = msgid("The calendar of {year} is not known yet.")
_GIVEN_UP = msgids("{count} waits for a person.", "{count} wait for a person.")

MOST = 100
"""The most of what was given up that is counted."""


class Part(NamedTuple):
    """One of the pages, and what stands there in a line."""

    path: str
    name: Message
    act: Act
    stands: Sayable
    missing: Sayable | None = None


async def show_overview(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show the pages that the role may open."""
    parts = [part for part in await _parts(request, signed) if signed.actor.role in RIGHTS[part.act].who]
    agency = await complaints_of(request).directory.instansi(agency_of(signed))
    values = {"done": done_on(request), "parts": parts, "agency": agency}
    return staff_page(request, signed, "staff/administration/overview.html", values)


async def _parts(request: Request, signed: SignedIn) -> list[Part]:
    complaints, agency = complaints_of(request), agency_of(signed)
    today = local_day(complaints.now())
    grants = await complaints.record.people.grants(agency)
    people = {one.person for one in grants if one.ended_at is None and (one.until is None or one.until >= today)}
    opds = await complaints.directory.opds(agency)
    used = sum(one.active for one in opds)
    silent = sum(one.email is None for one in await offices_of(request, agency))
    nobodys = sum(not one.value for one in await main_places(request, agency))
    return [
        Part(
            f"{PATH}/akun",
            msgid("People and their roles"),
            Act.INVITE_PERSON,
            sentence(msgids("{count} person can sign in.", "{count} people can sign in."), count=len(people)),
        ),
        Part(
            f"{PATH}/opd",
            msgid("OPDs"),
            Act.ADD_OPD,
            sentence(msgids("{count} OPD is in use.", "{count} OPDs are in use."), count=used),
        ),
        Part(
            f"{PATH}/alamat",
            msgid("Addresses of the offices"),
            Act.SET_OFFICE,
            msgid("Where each office receives its notices."),
            _missing(_SILENT, silent),
        ),
        Part(
            f"{PATH}/kategori",
            msgid("Categories"),
            Act.SET_CATEGORY,
            msgid("Which OPD answers which main category."),
            _missing(_NOBODYS, nobodys),
        ),
        *await _rules_and_ways(request, agency),
        *_own_words(signed),
    ]


async def _rules_and_ways(request: Request, agency: str) -> list[Part]:
    """Return the pages of what deadlines are reckoned by, of ready texts, and of what comes and goes by machines."""
    complaints = complaints_of(request)
    year = local_day(complaints.now()).year + 1
    known = (await complaints.rulebook.calendar_for(agency)).knows(year)
    dead = await complaints.record.dead_letters.count(agency, MOST)
    dead += await complaints.record.outbox.count_undelivered(agency, MOST)
    return [
        Part(
            f"{PATH}/kalender",
            msgid("Calendar"),
            Act.IMPORT_CALENDAR,
            msgid("Which days are off, with their decrees."),
            None if known else sentence(_UNKNOWN_YEAR, year=year),
        ),
        Part(
            f"{PATH}/kebijakan",
            msgid("Limits"),
            Act.IMPORT_POLICY,
            msgid("How long each step may take, and by which regulation."),
        ),
        Part(
            f"{PATH}/teks",
            msgid("Texts for forms"),
            Act.KEEP_CANNED_TEXTS,
            msgid("What officials choose while they fill in a form."),
        ),
        Part(
            f"{PATH}/akses-mesin",
            msgid("Access of programs"),
            Act.ISSUE_PASS,
            msgid("Tokens of systems that send reports, and passes of officials' programs."),
        ),
        Part(
            f"{PATH}/gerbang",
            msgid("How letters and messages leave"),
            Act.TEST_GATEWAY,
            msgid("Mail server and gateways, and what became of the last ones."),
        ),
        Part(
            f"{PATH}/mati",
            msgid("Given up"),
            Act.RETRY_INBOX,
            msgid("Reports that cannot be started, and notices that cannot be delivered."),
            _missing(_GIVEN_UP, dead),
        ),
    ]


def _own_words(signed: SignedIn) -> list[Part]:
    """Return the pages of what the agency says of itself, and of how the system stands."""
    unfinished = None if signed.role.set_up else msgid("It is not finished.")
    return [
        Part(ANNOUNCEMENT, msgid("Message to readers"), Act.KEEP_ANNOUNCEMENT, msgid("Such as planned maintenance.")),
        Part(LETTERS, msgid("Words of letters"), Act.KEEP_LETTER_TEXTS, msgid("A first paragraph, and the signature.")),
        Part(HEALTH, msgid("How the system stands"), Act.SEE_HEALTH, msgid("What works, what does not, what to do.")),
        Part(SETUP, msgid("Set-up"), Act.SET_UP, msgid("From the agency's name to the first letter."), unfinished),
    ]


def _missing(what: Message, count: int) -> Sayable | None:
    return sentence(what, count=count) if count else None


ROUTES = [page_route(PATH, Act.INVITE_PERSON, show_overview)]
