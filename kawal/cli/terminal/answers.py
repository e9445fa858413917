"""Shows the sender of a command its answer, or the refusal in words that name the faulty option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal
from kawal.cli.terminal.operator import Operator
from kawal.domain.labels import STATUSES
from kawal.domain.refusals import Refusal
from kawal.wording.labels import label

if TYPE_CHECKING:
    from kawal.domain.messages import Answer
    from kawal.domain.reachability import Reachability

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
"""pydantic's kinds of error -> the sentence; date_* are dates, others are shown in the rules' own words."""

_OF_A_FORM = {
    ("email", "string_pattern_mismatch"): "fault_email",
    ("phone", "string_pattern_mismatch"): "fault_phone",
    ("code", "string_pattern_mismatch"): "fault_code",
    ("occurred_on", "value_error"): "fault_date",
    ("by", "value_error"): "fault_date",
}
"""Fields with a special form, by the kind of error."""

_OPTIONS = {"opds": "--opd", "files": "--file", "attachments": "--file", "chosen_opd": "--opd"}
"""Options with another name than their field's."""


def tell_answer(operator: Operator, answer: Answer) -> None:
    """Show an accepted command's answer."""
    if operator.json:
        operator.write_json(answer.model_dump(mode="json"))
        return
    at = show_instant(answer.at, operator.lang)
    operator.write(
        operator.say(
            "answer",
            id=answer.tracking_id,
            status=label(STATUSES, answer.status, operator.lang),
            at=at,
            seq=answer.first_seq,
        )
    )


def reached_in_words(operator: Operator, reached: Reachability) -> str:
    """Return how a reporter is told what happens."""
    why = "" if reached.why is None else why_not_reached(operator, reached.why)
    return operator.say(_REACHED[reached.means], gateway=reached.gateway, why=why)


_REACHED = {"email": "reached_by_email", "telephone": "reached_by_telephone", "page": "reached_by_page"}
"""The sentence for each of kawal.domain.reachability.Means."""


def why_not_reached(operator: Operator, code: str) -> str:
    """Return why nothing reaches a reporter."""
    from kawal.domain.reachability import UNREACHABLE
    from kawal.wording.catalogues import say

    return say(operator.lang, UNREACHABLE[code])


@contextmanager
def refuse_in_words(operator: Operator, options: Mapping[str, str] = _OPTIONS) -> Iterator[None]:
    """Report a malformed argument by its option, its limit and what to do, in the reader's language.

    `options` are those with another name than their field's.
    """
    try:
        yield
    except Refusal as refusal:
        cause = refusal.__cause__
        if refusal.code != "malformed" or not isinstance(cause, ValidationError):
            raise
        sentence = fault_in(
            cause, operator, options, of_actor=str(refusal.details.get("detail", "")).startswith("actor.")
        )
        if sentence is None:
            raise
        raise CommandRefusal("malformed", detail=sentence) from refusal


def fault_in(
    error: ValidationError, operator: Operator, options: Mapping[str, str] = _OPTIONS, *, of_actor: bool = False
) -> str | None:
    """Return what is wrong with the first bad argument, None if there are no words for it."""
    fault = error.errors(include_url=False)[0]
    kind = str(fault["type"])
    field = _field(fault["loc"])
    key = _OF_A_FORM.get((field, kind)) or ("fault_date" if kind.startswith("date_") else _FAULTS.get(kind))
    if key is None:
        return None
    option = "--as" if of_actor else options.get(field, f"--{field.replace('_', '-')}")
    given = fault["input"]
    length = len(given.strip()) if isinstance(given, str) else None
    return operator.say(key, option=option, limit=_limit(fault.get("ctx", {})), length=length)


def _field(place: tuple[int | str, ...]) -> str:
    """Return the name of the faulty field; a key is checked by itself, so that its error has no place."""
    names = [part for part in place if isinstance(part, str)]
    if names == ["place", "text"]:
        return "place"
    return names[-1] if names else "key"


def _limit(context: dict[str, Any]) -> Any:
    return next((context[name] for name in ("max_length", "min_length", "ge", "le") if name in context), "")
