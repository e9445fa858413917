"""The form in which a note is left: for whom, and which colleagues it may name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request

from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of
from kawal.console.pages.staff.report.sight import SeenReport
from kawal.desks.mentions import to_be_named
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.notes import AUDIENCES, Audience
from kawal.wording.labels import role_in_words

MOST_SUGGESTED = 100
"""How many colleagues the form suggests; others are typed."""


class SuggestedColleague(NamedTuple):
    """A colleague whom the note may name."""

    called: str
    """The name, or the log-in name where several bear the same name."""
    as_what: str


async def note_form(request: Request, signed: SignedIn, found: SeenReport, *, erased: bool) -> Mapping[str, Any]:
    """Return what the template needs of the form; `may_note` is False where there is none."""
    complaints: Complaints = request.app.state.complaints
    if erased or may(signed.actor, Act.ADD_NOTE, found.row, main=found.main) is not None:
        return {"may_note": False}
    audiences = _audiences(signed.actor)
    return {
        "may_note": True,
        "audiences": [(str(one), AUDIENCES[one]) for one in audiences],
        "colleagues": await _suggested(complaints, signed.actor, found, audiences, language_of(request)),
    }


def with_named(text: str, called: str) -> str:
    """Return a note's text with the name that was chosen beside it at its end."""
    name = " ".join(called.split()).removeprefix("@")
    return f"{text}\n@{name}" if name else text


async def _suggested(
    complaints: Complaints, writer: Actor, found: SeenReport, audiences: Sequence[Audience], lang: str
) -> list[SuggestedColleague]:
    people = await to_be_named(complaints, writer, found.row, audiences)
    bearers = Counter(one.name.casefold() for one in people)
    return [
        SuggestedColleague(
            one.name if bearers[one.name.casefold()] == 1 else one.login,
            "; ".join(role_in_words(role.role, role.opd, None, lang) for role in one.roles),
        )
        for one in people[:MOST_SUGGESTED]
    ]


def _audiences(writer: Actor) -> Sequence[Audience]:
    """Return for whom somebody may write a note."""
    return [Audience.INSPECTORATE] if writer.role is Role.LEADERSHIP else list(Audience)
