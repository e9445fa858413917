"""An item of the Inspectorate's as a page shows it: from the folded state, so it says what the timers will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kawal.domain.access import Act, may
from kawal.domain.calendar import Calendar, local_day
from kawal.domain.labels import REASONS
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.msgids import Message
from kawal.domain.names import OWED_STEPS, CommandName
from kawal.domain.opd_lines import HOLDS
from kawal.domain.process.forecast import foresight
from kawal.domain.process.permissions import Permission, permissions
from kawal.domain.process.state import INSPECTORATE_OWNER, State
from kawal.wording.report_outlook import Outlook, OwedStep, outlook, owed_steps
from kawal.wording.report_standing import Names

ACTS = (CommandName.INSTRUCT, CommandName.TAKE_OVER, CommandName.RESOLVE)
"""What the Inspectorate does with an item, in the order in which it is offered."""

_FORESEEN = 4
"""The instants of the clocks that are told of each item; the report's own page tells of more."""

_AS_ADMIN = "admin"
"""How an instruction names the agency's admin."""


class ItemView(NamedTuple):
    """What an item says besides its report's line in the queue."""

    why: Message | str
    opened_at: datetime
    age: int
    """The working days since it was opened."""
    done_late: bool
    """Whether a late step of it was done in the end."""
    instructed: str | None
    """Whom an open instruction addresses; "" stands for the agency's admin, None for no instruction."""
    owed: Sequence[OwedStep]
    coming: Sequence[Outlook]
    """What happens by itself if nobody acts, and who then hears of it."""
    acts: Sequence[Permission]
    may_release: bool
    """Whether the words are withheld from the public, and this official may release them."""

    @property
    def allowed(self) -> list[CommandName]:
        """The acts that are possible now."""
        return [one.name for one in self.acts if one.refusal is None]

    @property
    def refused(self) -> list[Permission]:
        """The acts that are not possible now, with why."""
        return [one for one in self.acts if one.refusal is not None]


class ItemReader(NamedTuple):
    """What the items of a page are read by."""

    actor: Actor
    now: datetime
    calendar: Calendar
    """The agency's of today, by which an item's age is counted for the reader."""
    names: Names
    holidays: dict[date, str]

    def view(self, state: State, row: Snapshot, *, withheld: bool) -> ItemView | None:
        """Return a report's open item; None of one that was resolved meanwhile."""
        item = state.item
        if item is None or not item.open:
            return None
        coming = foresight(state, self.now, _FORESEEN)
        permitted = permissions(state, self.actor, self.now, coming, ACTS)
        return ItemView(
            why=REASONS.get(item.why, item.why),
            opened_at=item.opened_at,
            age=self.calendar.between(local_day(item.opened_at), local_day(self.now)),
            done_late=bool(item.done_late),
            instructed=self._instructed(row),
            owed=owed_steps(state, self.names, self.holidays),
            coming=outlook(coming, self.names),
            acts=[permitted[name] for name in ACTS],
            may_release=withheld and may(self.actor, Act.RELEASE, row) is None,
        )

    def latest_day(self, state: State) -> date:
        """Return the last day by which an instruction that is given now can be due."""
        return state.rules.calendar.add(local_day(self.now), state.rules.policy.instruct_max)

    def _instructed(self, row: Snapshot) -> str | None:
        if row.instructed_to is None or row.instructed_to == row.instansi:
            return None if row.instructed_to is None else ""
        return self.names.get(row.instructed_to, row.instructed_to)


def addressee(row: Snapshot) -> Sequence[str]:
    """Return to whom an instruction's form is addressed at first: the one OPD that is late, else the agency's admin."""
    late = [line for line in row.clocks if line.kind in OWED_STEPS and line.breached_at is not None]
    owing = [line.code for line in row.opds if line.state == "owes"]
    offices = {code for line in late for code in ([line.opd] if line.opd else owing)}
    held = {line.code for line in row.opds if line.state in HOLDS} - {INSPECTORATE_OWNER, row.instansi}
    return [*offices] if len(offices) == 1 and offices <= held else [_AS_ADMIN]


def filled(command: CommandName, row: Snapshot) -> Mapping[str, Sequence[str]]:
    """Return what a form of an act holds before anybody typed in it."""
    return {"to": addressee(row)} if command is CommandName.INSTRUCT else {}
