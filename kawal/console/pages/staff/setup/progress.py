"""What every step of the first set-up has: the steps with how each stands, and the way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.navigation import SETUP
from kawal.console.pages.staff.page_forms import (
    Fields,
    FileReader,
    FormAct,
    FormOutcome,
    Show,
    agency_of,
    page_route,
    page_with_forms,
    performed,
)
from kawal.domain.access import Act
from kawal.domain.agency_setup import STEP_WORDS, STEPS, SetupStep, StepWord, first_open
from kawal.domain.msgids import Message

PATHS: Mapping[SetupStep, str] = {
    SetupStep.AGENCY: f"{SETUP}/instansi",
    SetupStep.OPDS: f"{SETUP}/opd",
    SetupStep.CATEGORIES: f"{SETUP}/kategori",
    SetupStep.PEOPLE: f"{SETUP}/orang",
    SetupStep.TRIAL: f"{SETUP}/uji",
}
LAST = f"{SETUP}/selesai"

_WORD = "kata"
"""The field with the word with which a step is over."""


class StepLine(NamedTuple):
    """A step, and how it stands."""

    name: Message
    path: str
    word: Message | None
    """With which word it is over; None: it is not."""
    passed_over: bool


async def lines_of(request: Request, signed: SignedIn) -> list[StepLine]:
    """Return every step with how it stands."""
    settled = await complaints_of(request).record.agency_setup.settled(agency_of(signed))
    return [
        StepLine(
            name,
            PATHS[step],
            STEP_WORDS[settled[step]] if step in settled else None,
            settled.get(step, StepWord.DONE) is not StepWord.DONE,
        )
        for step, name in STEPS.items()
    ]


async def step_page(
    request: Request, signed: SignedIn, template: str, told: FormOutcome, values: Mapping[str, Any]
) -> Response:
    """Return the page of a step, or the last one, with the list of all steps."""
    shown = {
        "steps": await lines_of(request, signed),
        "last": LAST,
        "page_path": next((one for one in PATHS.values() if request.url.path.startswith(one)), LAST),
        "told": told,
        "done": done_on(request),
        **values,
    }
    return staff_page(request, signed, f"staff/setup/{template}.html", shown, status=told.status)


def step_routes(
    step: SetupStep, show: Show, acts: Mapping[str, FormAct], files: FileReader | None = None
) -> list[Route]:
    """Return the routes of a step: its page, its forms, and the form by which it is over."""
    return page_with_forms(PATHS[step], Act.SET_UP, show, {**acts, "lanjut": _settling(step)}, files)


def onward_from(step: SetupStep) -> Response:
    """Lead to the step after one."""
    steps = list(SetupStep)
    following = steps[steps.index(step) + 1 :]
    return see_other(PATHS[following[0]] if following else LAST)


def _settling(step: SetupStep) -> FormAct:
    async def settle(request: Request, signed: SignedIn, fields: Fields) -> Response:
        await performed(request, signed, "agency step", {"step": step, "word": fields.get(_WORD, "")})
        return onward_from(step)

    return settle


async def _show_start(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Lead to the first step that is not over; once all are, to the last page."""
    settled = await complaints_of(request).record.agency_setup.settled(agency_of(signed))
    step = first_open(settled)
    return see_other(LAST if step is None else PATHS[step])


ROUTES = [page_route(SETUP, Act.SET_UP, _show_start)]
