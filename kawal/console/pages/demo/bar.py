"""The line above every page of a demo: that it is one, what its clock says, and the way to move it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import Request

from kawal.console.pages.form_guard import TOKEN
from kawal.demo.people import PEOPLE, DemoPerson
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Message
from kawal.wording.weekdays import WEEKDAYS

if TYPE_CHECKING:
    from kawal.demo.demo import Demo

START = "/demo"
STEPS = (1, 3)
"""By how many working days a button moves the clock."""


class DemoBar(NamedTuple):
    """What the templates say of the demo."""

    now: datetime
    """The demo's time (UTC)."""
    token: str
    """What every form of the demo holds."""
    token_field: str
    back: str
    """The page to which a moved clock leads back."""
    people: Sequence[DemoPerson]
    steps: Sequence[int] = STEPS

    @property
    def weekday(self) -> Message:
        """The name of the demo's day."""
        return WEEKDAYS[local_day(self.now).weekday()]


def bar_of(request: Request) -> DemoBar | None:
    """Return what stands above the page that is asked for; None where this is no demo."""
    demo: Demo | None = request.app.state.demo
    if demo is None:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    back = f"{request.url.path}{query}" if request.method == "GET" else START
    return DemoBar(demo.complaints.now(), demo.form_token, TOKEN, back, PEOPLE)
