"""How a running complaint appears in the Temporal UI: search attributes and a details text in sentences.

Search attributes are not encrypted: codes, dates and numbers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from temporalio.common import SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from kawal.domain.calendar import local_day
from kawal.domain.labels import CLOCKS, REASONS, ROLES, STATUSES, WITHOUT_DEADLINE
from kawal.domain.messages import ClockLine, Snapshot
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import ClockKind
from workflows import search_attributes as keys


def attribute_values(row: Snapshot) -> dict[Any, Any]:
    """Return each search attribute with its value for a complaint; None where it has none."""
    return {
        keys.STATUS: str(row.status),
        keys.INSTANSI: row.instansi,
        keys.REPORT_CLASS: row.report_class and str(row.report_class),
        keys.CHANNEL: str(row.channel),
        keys.OPD: [opd.code for opd in row.opds if opd.state == "owes"] or None,
        keys.NEXT_DEADLINE: row.next_deadline,
        keys.LEVEL: row.level,
        keys.OVERDUE: row.overdue,
    }


def starting_attributes(row: Snapshot) -> TypedSearchAttributes:
    """Return the attributes of a run that is about to start; whoever starts it sets them."""
    pairs = [SearchAttributePair(key, value) for key, value in attribute_values(row).items() if value is not None]
    return TypedSearchAttributes(pairs)


def search_attribute_updates(before: Snapshot, after: Snapshot) -> list[SearchAttributeUpdate[Any]]:
    """Return the attributes that have changed; none at the start, which sets them itself."""
    old, new = attribute_values(before), attribute_values(after)
    return [
        key.value_unset() if value is None else key.value_set(value) for key, value in new.items() if old[key] != value
    ]


def summary_of(tracking_id: str, instansi: str, channel: str) -> str:
    """Return the static summary, fixed for the whole life: a number and codes, the same in every language."""
    return f"{tracking_id} · {instansi} · {channel}"


_OWED = msgid("{step}, due from the {who}")
_PAUSED = msgid("{owed}: paused, waiting for the reporter.")
_UNTIL = msgid("{owed}: until the end of {day}.")
_UNTIL_PROVISIONAL = msgid("{owed}: until the end of {day} (provisional).")
_LATE = msgid("{owed}: until the end of {day}, **LATE**.")
_STANDS = msgid("This complaint: **{status}**.")
_STANDS_AS = msgid("This complaint ({kind}): **{status}**.")
_ESCALATED = msgid("On the Inspectorate's worklist since {day} ({why}), escalation level {level}.")
_NO_DEADLINE = msgid("No deadline: {reason}.")

MESSAGES: tuple[Message, ...] = (
    *(_OWED, _PAUSED, _UNTIL, _UNTIL_PROVISIONAL, _LATE, _STANDS, _STANDS_AS, _ESCALATED, _NO_DEADLINE),
    *CLOCKS.values(),
    *ROLES.values(),
    *STATUSES.values(),
    *REASONS.values(),
    *WITHOUT_DEADLINE.values(),
)
"""All messages that the details use."""

_TEXTS: dict[Message, str] = {}


def speak(texts: Mapping[Message, str]) -> None:
    """Set the texts of the details' language; called before a worker starts, since no workflow reads files."""
    _TEXTS.update(texts)


def details_of(row: Snapshot, reason: str | None) -> str:
    """Return the current details: the complaint's status, and who must do what by when (Markdown)."""
    status = _said(STATUSES[row.status])
    stands = (
        _said(_STANDS_AS, kind=row.report_class, status=status) if row.report_class else _said(_STANDS, status=status)
    )
    lines = [stands, "", *(f"- {_clock_sentence(clock)}" for clock in row.clocks)]
    if row.item_open and row.item_opened_at:
        since, why = local_day(row.item_opened_at), _said_code(REASONS, row.item_why)
        lines.append(f"- {_said(_ESCALATED, day=since, why=why, level=row.level)}")
    if reason:
        lines.append(f"- {_said(_NO_DEADLINE, reason=_said_code(WITHOUT_DEADLINE, reason))}")
    return "\n".join(lines)


def _clock_sentence(clock: ClockLine) -> str:
    step = _said(CLOCKS[clock.kind]).capitalize()
    who = clock.opd or (_said(ROLES[clock.owed_by]) if clock.owed_by else "")
    unowed = clock.kind in (ClockKind.AUTO_CLOSE, ClockKind.AFTERCARE)
    owed = step if unowed else _said(_OWED, step=step, who=who)
    if clock.deadline is None:
        return _said(_PAUSED, owed=owed)
    # A deadline is the end of a day: show the day that ends, which is the one people mean.
    day = local_day(clock.deadline - timedelta(seconds=1))
    form = _LATE if clock.breached_at else _UNTIL_PROVISIONAL if clock.provisional else _UNTIL
    return _said(form, owed=owed, day=day)


def _said(message: Message, **places: object) -> str:
    return _TEXTS.get(message, str(message)).format(**places)


def _said_code(table: Mapping[str, Message], code: str | None) -> str:
    return _said(table[code]) if code is not None and code in table else str(code)
