"""What the pages of figures have in common: who may see them, of which agency, and as of which day."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from kawal.console.auth.signed_in import SignedIn, need_role, signed_in
from kawal.console.pages.public.figures_choice import FUTURE_DAY, NO_SUCH_DAY
from kawal.console.pages.public.parts import complaints_of
from kawal.domain.access import RIGHTS, Act
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Sayable
from kawal.domain.work_figures import WorkNumber
from kawal.reports.leadership import EVER
from kawal.store.directory import Instansi

WHO = RIGHTS[Act.SEE_WORK].who

OVERVIEW, LEAGUE, ROWS = "/pimpinan", "/inspektorat/opd", "/pimpinan/baris"

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class AskedDay(NamedTuple):
    """The day as of whose end something is counted."""

    day: date
    today: date
    fault: Sayable | None = None
    """What is wrong with the one in the address; then today is meant."""

    @property
    def past(self) -> date | None:
        """The day, if it is over; None: as of now."""
        return None if self.day == self.today else self.day


async def reader_of(request: Request) -> tuple[SignedIn, Instansi]:
    """Return who reads, and their agency: without one, the installation's first. Raises Problem 403."""
    signed = await signed_in(request)
    need_role(signed, *WHO)
    agencies = await complaints_of(request).directory.all_instansi()
    return signed, next((one for one in agencies if one.code == signed.actor.instansi), agencies[0])


def asked_day(request: Request, name: str = "per") -> AskedDay:
    """Return the day of an address, today without one."""
    today, text = local_day(complaints_of(request).now()), request.query_params.get(name, "").strip()
    if not text:
        return AskedDay(today, today)
    day = day_of(text)
    if day is None or day < EVER:
        return AskedDay(today, today, NO_SUCH_DAY)
    return AskedDay(min(day, today), today, FUTURE_DAY if day > today else None)


def day_of(text: str) -> date | None:
    """Return a day as an address names it, None for what is none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def rows_address(
    number: WorkNumber, first: date, last: date, *, opd: str | None = None, day: date | None = None, **more: str
) -> str:
    """Return the address of the reports behind a number (`WorkQuery`)."""
    asked = f"{ROWS}?angka={number}&dari={first.isoformat()}&sampai={last.isoformat()}"  # a page has hundreds of them
    given = {"opd": opd, "per": None if day is None else day.isoformat(), **more}
    rest = urlencode({name: value for name, value in given.items() if value is not None})
    return f"{asked}&{rest}" if rest else asked
