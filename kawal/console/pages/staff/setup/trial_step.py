"""The step that tries the ways out: a letter to an address and a message to a number, sent at once, on record.

A few an hour for each person: neither is anybody's way to write to strangers.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.errors import SystemUnavailable
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.form_acts import Fields, FormOutcome, TypedFault, agency_of, done
from kawal.console.pages.staff.setup.progress import PATHS, step_page, step_routes
from kawal.console.pages.time_limits import in_time
from kawal.domain.access import Act
from kawal.domain.agency_setup import SetupStep
from kawal.domain.msgids import Sayable, msgid

_PATH = PATHS[SetupStep.TRIAL]
_LONGEST = 254
_SLOW = msgid("No answer came in time. Try again in a moment.")


Sending = Callable[[], Coroutine[Any, Any, Sayable | None]]
"""Sends something, and returns why it did not leave."""


class Named(Protocol):
    """A gateway, as far as a page names it."""

    @property
    def name(self) -> str:
        """Its name in the operator's file."""


class Trials(Protocol):
    """What sends a test letter and a test message; each returns why it did not leave, None if it did."""

    @property
    def sends_letters(self) -> bool:
        """Whether a mail server is configured."""

    def gateways(self, instansi: str) -> Sequence[Named]:
        """Return the gateways that serve an agency's reporters."""

    def letter(self, address: str, instansi: str, lang: str) -> Coroutine[Any, Any, Sayable | None]:
        """Send a letter in an agency's name."""

    def message(self, phone: str, instansi: str, agency: str, lang: str) -> Coroutine[Any, Any, Sayable | None]:
        """Send a message in an agency's name."""


def trials_of(request: Request) -> Trials:
    """Return what sends them."""
    trials: Trials = request.app.state.trials
    return trials


async def show_trial(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show both forms, and what is not configured."""
    trials = trials_of(request)
    try:
        gateways, unreadable = [one.name for one in trials.gateways(agency_of(signed))], None
    except SystemUnavailable as error:
        gateways, unreadable = [], error.sentence
    values = {"sends_letters": trials.sends_letters, "gateways": gateways, "unreadable": unreadable}
    return await step_page(request, signed, "trial", told, values)


async def _letter(request: Request, signed: SignedIn, fields: Fields) -> Response:
    address = fields.get("alamat", "").strip()[:_LONGEST]
    trials, agency, lang = trials_of(request), agency_of(signed), language_of(request)
    await _try(request, signed, "letter", address, lambda: trials.letter(address, agency, lang))
    return done(_PATH, "surat-uji")


async def _message(request: Request, signed: SignedIn, fields: Fields) -> Response:
    phone = fields.get("nomor", "").strip()[:_LONGEST]
    trials, agency, lang = trials_of(request), agency_of(signed), language_of(request)
    found = await complaints_of(request).directory.instansi(agency)
    name = agency if found is None else found.name
    await _try(request, signed, "message", phone, lambda: trials.message(phone, agency, name, lang))
    return done(_PATH, "pesan-uji")


async def _try(request: Request, signed: SignedIn, what: str, to: str, send: Sending) -> None:
    """Send it, on record; raises TypedFault with why it did not leave."""
    complaints, agency = complaints_of(request), agency_of(signed)
    await complaints.authority.authorise(signed.actor, Act.SET_UP, agency)
    await request.app.state.gate.let_in("trials", signed.person)
    try:
        why = await in_time(send())
    except TimeoutError:
        why = _SLOW
    told = {"what": "trial_sent", "instansi": agency, "how": what, "sent": why is None}
    await complaints.authority.done(signed.actor, Act.SET_UP, told, words={"to": to})
    if why is not None:
        raise TypedFault(why)


ROUTES = step_routes(SetupStep.TRIAL, show_trial, {"surat": _letter, "pesan": _message})
