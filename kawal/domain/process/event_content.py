"""What a command records in its event, facts (plain text) and words (ciphertext): each row of TRANSITIONS names one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kawal.domain.messages import Command
from kawal.domain.names import Role
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.process.guards import owner_code
from kawal.domain.process.state import State

Written = tuple[dict[str, Any], dict[str, Any]]
Writing = Callable[[State, ParsedCommand], Written]


def plain(_state: State, parsed: ParsedCommand) -> Written:
    """Record all arguments as words."""
    return {}, parsed.arguments.model_dump(mode="json", exclude_none=True)


def decided_class(_state: State, parsed: ParsedCommand) -> Written:
    """Record the decided class, category and title; a pengaduan berkadar pengawasan opens the Inspectorate's item."""
    given = parsed.arguments
    facts: dict[str, Any] = {}
    if given.report_class is not None:
        facts = {"class": str(given.report_class), "pengawasan": bool(given.pengawasan)}
    if getattr(given, "category", None):
        facts["category"] = given.category
    words = given.model_dump(mode="json", include={"title", "note"}, exclude_none=True)
    return _with_item(_state, facts), words


def _with_item(state: State, facts: dict[str, Any]) -> dict[str, Any]:
    opens = facts.get("pengawasan") and not state.pengawasan and not (state.item and state.item.open)
    return facts | {"item_opened": True} if opens else facts


def handle(state: State, parsed: ParsedCommand) -> Written:
    """Record the same, and that the agency itself answers."""
    facts, words = decided_class(state, parsed)
    return facts | {"opds": [state.instansi]}, words


def forward(_state: State, parsed: ParsedCommand) -> Written:
    """Record which OPDs get the report; a note is words."""
    return {"opds": parsed.arguments.opds}, _note(parsed)


def _note(parsed: ParsedCommand) -> dict[str, Any]:
    return {"note": parsed.arguments.note} if parsed.arguments.note else {}


def own_opd(state: State, parsed: ParsedCommand) -> Written:
    """Record the actor's own OPD; the rest is words."""
    return {"opd": owner_code(state, parsed)}, plain(state, parsed)[1]


def returned(state: State, parsed: ParsedCommand) -> Written:
    """Record the actor's own OPD, and to which one it says that the report belongs; the reason is words."""
    given = parsed.arguments
    belongs = {"belongs_to": given.belongs_to} if given.belongs_to else {}
    return {"opd": owner_code(state, parsed)} | belongs, {"reason": given.reason}


def named_opd(_state: State, parsed: ParsedCommand) -> Written:
    """Record the OPD that is named; the rest is words."""
    words = parsed.arguments.model_dump(mode="json", exclude={"opd"})
    return {"opd": parsed.arguments.opd}, words


def ask(state: State, parsed: ParsedCommand) -> Written:
    """Record who asks; the question is words."""
    by = owner_code(state, parsed) if parsed.command.actor.role is Role.LIAISON else None
    return {"by": by}, plain(state, parsed)[1]


def follow_up(state: State, parsed: ParsedCommand) -> Written:
    """Record whose follow-up it is, whether it is final, and whether it is the first."""
    code = owner_code(state, parsed)
    first = state.owners[code].first_follow_up_at is None
    words = parsed.arguments.model_dump(mode="json", exclude={"final"})
    return {"opd": code, "final": parsed.arguments.final, "first": first}, words


def extend(state: State, parsed: ParsedCommand) -> Written:
    """Record days and OPD; the grounds are words."""
    facts = {"days": parsed.arguments.days, "opd": owner_code(state, parsed)}
    return facts, {"grounds": parsed.arguments.grounds}


def grant(state: State, _parsed: ParsedCommand) -> Written:
    """Record the days that were asked for."""
    return {"days": state.extension_days}, {}


def rating(_state: State, parsed: ParsedCommand) -> Written:
    """Record the rating; the rest is words."""
    words = parsed.arguments.model_dump(mode="json", exclude={"rating"}, exclude_none=True)
    return ({"rating": parsed.arguments.rating} if parsed.arguments.rating else {}), words


def conceal(state: State, parsed: ParsedCommand) -> Written:
    """Record what is hidden from now on and was not before."""
    given = parsed.arguments
    return {"anonim": given.anonim and not state.anonim, "rahasia": given.rahasia and not state.rahasia}, {}


def on_behalf(command: Command) -> Written:
    """Record through whom a reporter's command was given, and on what it rests; nothing if the reporter gave it."""
    if command.behalf is None:
        return {}, {}
    facts = command.behalf.model_dump(mode="json", exclude={"grounds"}, exclude_none=True)
    return facts, {"spoken_grounds": command.behalf.grounds} if command.behalf.grounds else {}


def dispute(state: State, parsed: ParsedCommand) -> Written:
    """Record which dispute it is; the second opens the Inspectorate's item."""
    facts: dict[str, Any] = {"count": state.disputes + 1}
    if state.disputes == 1 and not (state.item and state.item.open):
        facts["item_opened"] = True
    return facts, plain(state, parsed)[1]


def escalate(state: State, parsed: ParsedCommand) -> Written:
    """Record that the Inspectorate's item is opened, unless it is open."""
    opens = not (state.item and state.item.open)
    return ({"item_opened": True} if opens else {}), plain(state, parsed)[1]


def instruct(_state: State, parsed: ParsedCommand) -> Written:
    """Record to whom and until when; the instruction is words."""
    given = parsed.arguments
    return {"to": given.to, "by": str(given.by)}, {"text": given.text}


def merge(_state: State, parsed: ParsedCommand) -> Written:
    """Record the main report."""
    return {"main": parsed.arguments.main}, {}


def recompute(_state: State, parsed: ParsedCommand) -> Written:
    """Record the rules from now on; the reason is words."""
    return {"rules": parsed.arguments.rules.model_dump(mode="json")}, {"why": parsed.arguments.why}


def attach(_state: State, parsed: ParsedCommand) -> Written:
    """Record the follower, and the reports that follow it."""
    given = parsed.arguments
    return {"followers": [given.follower, *given.followers]}, {}
