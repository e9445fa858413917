"""What the pages of the calendar and of the limits share: what moves is told first, then reckoned anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.errors import SystemUnavailable
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.page_forms import Fields, FormAct, done, performed
from kawal.desks.moved_deadlines import Moves
from kawal.domain.labels import CLOCKS
from kawal.domain.msgids import Sayable, msgid, msgids, sentence
from kawal.wording.catalogues import say

_LATER = msgids("{count} day later", "{count} days later")
_EARLIER = msgids("{count} day earlier", "{count} days earlier")
_LOG_LINES = 50
"""The most acts of one kind among which the one behind a version is looked for."""


LATEST = 10
"""How many changes are listed."""


class Change(NamedTuple):
    """A version of the calendar or the limits, as a list of the latest changes shows it."""

    version: str
    about: str
    """Its source."""
    at: datetime
    who: str | None
    """None: it came with the installation, or from whoever runs the machine."""


def preview_values(moves: Moves) -> dict[str, object]:
    """Return what a preview shows of the deadlines that move (`moves_shown` of moves.html)."""
    return {"moves": moves, "moved": _moves_in_words(moves), "clocks": CLOCKS, "days_in_words": _days_in_words}


def _moves_in_words(moves: Moves) -> Sequence[Sayable]:
    days = moves.days
    if not days:
        return [msgid("No open deadline moves.")]
    said: list[Sayable] = [
        sentence(
            msgids("{count} open deadline moves ({reports}): {by}.", "{count} open deadlines move ({reports}): {by}."),
            count=len(days),
            reports=sentence(msgids("{count} report", "{count} reports"), count=len(moves.reports)),
            by=_by(days[0], days[-1]),
        )
    ]
    if moves.not_looked_at:
        said.append(
            sentence(
                msgids(
                    "{count} more report was not looked at; its deadlines may move, too.",
                    "{count} more reports were not looked at; their deadlines may move, too.",
                ),
                count=moves.not_looked_at,
            )
        )
    return said


def _days_in_words(days: int) -> Sayable:
    return sentence(_LATER if days > 0 else _EARLIER, count=abs(days))


def _by(least: int, most: int) -> Sayable:
    if least == most:
        return _days_in_words(least)
    return sentence(msgid("from {least} to {most}"), least=_days_in_words(least), most=_days_in_words(most))


async def reckon_anew(
    request: Request, signed: SignedIn, path: str, why: Sayable, word: str, more: str = ""
) -> Response:
    """Have every open deadline reckoned by the rules in force, and lead to the page of a path.

    It says the `word` of `DONE`, or that the reckoning has to wait. `more` is added to its address.
    """
    try:
        await performed(request, signed, "calendar recompute", {"why": say(request.app.state.lang, why)})
    except SystemUnavailable:
        word = "belum-dihitung"
    return done(path, f"{word}{more}")


def reckoning_on(path: str) -> FormAct:
    """Return what a page's button does that has the open deadlines reckoned where that was left undone."""

    async def reckon(request: Request, signed: SignedIn, _: Fields) -> Response:
        return await reckon_anew(request, signed, path, msgid("Reckoned by the rules in force"), "hitung-ulang")

    return reckon


async def who_changed(request: Request, what: str) -> dict[str, str]:
    """Return who brought in each of the latest versions, by their names, as the access log has it."""
    entries = await complaints_of(request).access_log.administered(what, _LOG_LINES)
    found: dict[str, str] = {}
    for entry in entries:
        versions = entry.facts.get("versions") or [entry.facts.get("version")]
        found.update({str(version): entry.actor.name for version in versions if entry.actor.name})
    return found
