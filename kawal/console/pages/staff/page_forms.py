"""How the forms of an officials' page act: by the desks' table, and back to their page with what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeGuard

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn, check_form, need_recent, need_role, signed_in
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.desk_form import do_act, result_of_act
from kawal.console.pages.time_limits import read_in_time
from kawal.desks.table import GIVES_ACCESS, CommandingDesk
from kawal.domain.access import RIGHTS, Act
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.process.commands import printable
from kawal.domain.refusals import Refusal
from kawal.web.problems import Problem

_FIELDS = 400
"""The most fields of a form: two for each main category, and some."""

_FILES = 2
"""The most files of a form that takes any."""

_AGAIN = "sign_in_again"
_DAY = msgid("Type each day as year-month-day, such as 2026-03-09.")
_NOTHING_CHOSEN = msgid("The form does not say which entry of this page it is about: choose one, and send it again.")


class FormOutcome(NamedTuple):
    """What a page tells about the form that was sent from it: what was not done and why, and what was typed."""

    faults: Sequence[Sayable] = ()
    typed: Mapping[str, str] = {}

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 409 if self.faults else 200


class TypedFault(Exception):  # noqa: N818 - names the condition
    """What was typed cannot be done, or not all of it; `said` is why."""

    def __init__(self, *said: Sayable) -> None:
        """Say why."""
        super().__init__()
        self.said = said


Fields = Mapping[str, str]
Show = Callable[[Request, SignedIn, FormOutcome], Awaitable[Response]]
FileReader = Callable[[Request, UploadFile], Awaitable[str]]
"""Returns what an act is given in the field of a file; raises TypedFault."""

FormAct = Callable[[Request, SignedIn, Fields], Awaitable[Response]]
"""Does what a form asks for and returns the answer; raises Refusal, TypedFault, and Problem."""


def page_route(path: str, act: Act, show: Show) -> Route:
    """Return the route of a page that whoever may do an act can open."""

    async def shown(request: Request) -> Response:
        signed = await signed_in(request)
        need_role(signed, *RIGHTS[act].who)
        return await show(request, signed, FormOutcome())

    return Route(path, read_in_time(shown), methods=["GET"])


def form_routes(
    path: str, act: Act, show: Show, acts: Mapping[str, FormAct], files: FileReader | None = None
) -> list[Route]:
    """Return the routes of a page's forms, by the last part of their addresses; whoever only reads one is led up.

    Without `files` they take no file.
    """
    return [
        route
        for name, done in acts.items()
        for route in (
            Route(f"{path}/{name}", _acted(act, show, done, files), methods=["POST"]),
            Route(f"{path}/{name}", lead_up, methods=["GET"]),
        )
    ]


def page_with_forms(
    path: str, act: Act, show: Show, acts: Mapping[str, FormAct], files: FileReader | None = None
) -> list[Route]:
    """Return the routes of a page and of its forms where one act opens the page and does what they ask for."""
    return [page_route(path, act, show), *form_routes(path, act, show, acts, files)]


def _acted(right: Act, show: Show, act: FormAct, files: FileReader | None) -> Callable[[Request], Awaitable[Response]]:
    async def acted(request: Request) -> Response:
        signed = await signed_in(request)
        async with request.form(max_fields=_FIELDS, max_files=_FILES if files else 0) as given:
            fields = {name: value for name, value in given.items() if isinstance(value, str)}
            check_form(request, signed, fields)
            need_role(signed, *RIGHTS[right].who)
            try:
                if files is not None:
                    fields |= {name: await files(request, value) for name, value in given.items() if _is_file(value)}
                return await act(request, signed, fields)
            except Refusal as refusal:
                faults: Sequence[Sayable] = (refusal.sentence,)
            except TypedFault as typed:
                faults = typed.said
            except Problem as problem:
                if problem.code != _AGAIN or isinstance(problem.sentence, str):
                    raise
                faults = (problem.sentence,)
        return await show(request, signed, FormOutcome(faults, fields))

    return acted


def _is_file(value: UploadFile | str) -> TypeGuard[UploadFile]:
    """Tell whether a field is a file that was chosen; a browser sends an empty one where none was."""
    return isinstance(value, UploadFile) and bool(value.filename)


async def performed(
    request: Request,
    signed: SignedIn,
    command: str,
    given: Mapping[str, Any],
    *,
    named: str | None = None,
) -> None:
    """Do a command of the desks' table as whoever is signed in, lately where it gives access; raises Refusal, Problem.

    `named` is the agency that it is about, where the command would otherwise be about the whole installation.
    Pressed twice, it counts as done.
    """
    await do_act(_desk(request, signed, command, named), command, _said(given), await request.form())


async def result_of(
    request: Request,
    signed: SignedIn,
    command: str,
    given: Mapping[str, Any],
    *,
    named: str | None = None,
) -> Any:
    """Do a command as `performed` does, and return what it gave, which is shown once: a second press is refused."""
    return await result_of_act(_desk(request, signed, command, named), command, _said(given), await request.form())


def _desk(request: Request, signed: SignedIn, command: str, named: str | None) -> CommandingDesk:
    if command in GIVES_ACCESS:
        need_recent(signed)
    return CommandingDesk(complaints_of(request), signed.actor, named)


def _said(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in given.items() if value not in (None, "")}


def done(path: str, word: str, anchor: str = "") -> Response:
    """Lead to a page that says what was done."""
    return see_other(f"{path}?telah={word}" + (f"#{anchor}" if anchor else ""))


def day_of(fields: Fields, name: str) -> date | None:
    """Return a day that was typed, None for none; raises TypedFault."""
    text = fields.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TypedFault(_DAY) from None


def line_of(fields: Fields, name: str, most: int) -> str:
    """Return what was typed into a line, as it can be recorded: no control characters, at most so many characters."""
    return printable(" ".join(fields.get(name, "").split()))[:most]


def number_of(fields: Fields, name: str = "nomor") -> int:
    """Return a number that a form holds, 0 for anything else, which is the number of nothing."""
    given = fields.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0


def chosen_number(fields: Fields, name: str = "nomor") -> int:
    """Return the number of the entry that a form is about; raises TypedFault where it names none."""
    number = number_of(fields, name)
    if not number:
        raise TypedFault(_NOTHING_CHOSEN)
    return number


def agency_of(signed: SignedIn) -> str:
    """Return the agency that is administered: that of the role."""
    if signed.actor.instansi is None:
        raise Problem(403, "not_your_role", msgid("These pages are for roles that are held in an agency."))
    return signed.actor.instansi


def in_line(line: str, why: Sayable) -> Sayable:
    """Return why one line of several was not done."""
    return sentence(msgid("{line}: {why}"), line=line, why=why)
