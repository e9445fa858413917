"""Four eyes: nobody decides what the same person asked for or did, in whatever role, as a deputy or not.

Source: domain rule "Accounts" [P]. Persons are compared, not accounts (domain.persons): these guards stand in
`transitions` beside those of `guards`.
"""

from __future__ import annotations

from datetime import datetime

from kawal.domain.names import Role, Spokesman
from kawal.domain.persons import ACTING, HANDLERS, person_of
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.process.state import State
from kawal.domain.refusals import Refusal


def extension_of_another(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require another person than the one who asked for the extension."""
    if state.extension_by == _person(parsed):
        raise Refusal("own_request")


def handled_by_others(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that an Inspectorate's decision is none about the same person's own handling."""
    if parsed.command.actor.role is Role.INSPECTORATE and _has_acted(state, _person(parsed), HANDLERS):
        raise Refusal("own_handling")


def spoken_by_another(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require of whoever speaks for a reporter at the desk that the same person did not act on the report.

    From the tray an admin may speak who has acted; a verdict on the same person's own follow-up is refused there too.
    """
    behalf, person = parsed.command.behalf, _person(parsed)
    if behalf is None:
        return
    if behalf.via is Spokesman.DESK and _has_acted(state, person, ACTING):
        raise Refusal("acted_on_it")
    if person in state.followed_up_by:
        raise Refusal("own_follow_up")


def _person(parsed: ParsedCommand) -> str:
    return person_of(parsed.command.actor.account)


def _has_acted(state: State, person: str, roles: tuple[Role, ...]) -> bool:
    return any(person in state.acted.get(role, ()) for role in roles)
