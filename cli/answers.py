"""What the sender of a command is shown: its answer, or the refusal in words that name the option at fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from cli.dates import show_instant
from cli.faults import Refused
from cli.operator import Operator
from domain.commands import ARGUMENTS
from domain.names import CommandName
from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.messages import Answer

_FAULTS = {
    "string_too_long": "fault_too_long",
    "string_too_short": "fault_empty",
    "string_pattern_mismatch": "fault_tracking",
    "greater_than_equal": "fault_at_least",
    "less_than_equal": "fault_at_most",
    "too_long": "fault_too_many",
    "too_short": "fault_too_few",
    "value_error": "fault_value",
}
"""pydantic's kinds of error -> the sentence; date_* are dates, others are told as the rules told them."""


def tell_answer(operator: Operator, answer: Answer) -> None:
    """Show an accepted command's answer."""
    if operator.json:
        operator.write_json(answer.model_dump(mode="json"))
        return
    at = show_instant(answer.at, operator.lang)
    operator.write(operator.say("answer", id=answer.tracking_id, status=answer.status, at=at, seq=answer.first_seq))


@contextmanager
def refuse_in_words(operator: Operator, name: CommandName, arguments: dict[str, Any]) -> Iterator[None]:
    """Tell a malformed argument's fault by the option, its limit and what to do, in the reader's language."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code != "malformed":
            raise
        sentence = fault_in(ARGUMENTS[name], arguments, operator)
        if sentence is None:
            raise
        raise Refused("malformed", detail=sentence) from refusal


def fault_in(model: type[BaseModel], arguments: dict[str, Any], operator: Operator) -> str | None:
    """Return what is wrong with the first bad argument, None if they are well formed or there are no words for it."""
    try:
        model.model_validate(arguments)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
    else:
        return None
    kind = str(fault["type"])
    key = "fault_date" if kind.startswith("date_") else _FAULTS.get(kind)
    if key is None:
        return None
    option = "--" + str(fault["loc"][0]).replace("_", "-").replace("opds", "opd")
    context = fault.get("ctx", {})
    given = arguments.get(str(fault["loc"][0]))
    length = len(given.strip()) if isinstance(given, str) else None
    return operator.say(key, option=option, limit=_limit(context), length=length)


def _limit(context: dict[str, Any]) -> Any:
    return next((context[name] for name in ("max_length", "min_length", "ge", "le") if name in context), "")
