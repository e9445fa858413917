"""Texts that an agency keeps for its officials' forms: with places that are filled when one is chosen.

{nomor}    the report's number
{opd}      the OPDs that have it, by name
{tenggat}  the day of the next deadline, in words
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kawal.domain.names import CommandName
from kawal.domain.refusals import Refusal

PLACES = ("nomor", "opd", "tenggat")
"""The names that a text may hold in braces."""

COMMANDS = frozenset(
    {
        CommandName.HOLD,
        CommandName.ARCHIVE,
        CommandName.PASS_ON,
        CommandName.FORWARD,
        CommandName.HANDLE,
        CommandName.RETURN,
        CommandName.WITHDRAW,
        CommandName.ASK,
        CommandName.FOLLOW_UP,
        CommandName.EXTEND,
        CommandName.REFUSE_EXTENSION,
        CommandName.CLOSE,
        CommandName.REOPEN,
        CommandName.ESCALATE,
        CommandName.INSTRUCT,
        CommandName.RESOLVE,
        CommandName.NUDGE,
    }
)
"""The commands of officials whose forms hold a text of their own."""

_PLACE = re.compile(r"\{([^{}]*)\}")


def check_places(text: str, places: Sequence[str] = PLACES) -> None:
    """Refuse a text with a place that nothing fills."""
    unknown = next((name for name in _PLACE.findall(text) if name not in places), None)
    if unknown is not None:
        raise Refusal("canned_place", place=unknown[:40], known=", ".join(f"{{{name}}}" for name in places))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its places filled; one without a value stays as it is, to be seen by whoever sends it."""
    return _PLACE.sub(lambda found: values.get(found[1]) or found[0], text)


def is_of(category: str | None, kept_for: str | None) -> bool:
    """Tell whether a text kept for a category is for a report of this one: the same, or one below it."""
    if kept_for is None:
        return True
    return category is not None and (category == kept_for or category.startswith(f"{kept_for} / "))
