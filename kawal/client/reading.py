"""Reading complaints: from PostgreSQL alone; neither the engine nor a worker is asked.

What not every reading needs is imported when it is asked for: a list is shown without the rules of the process.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from kawal.base.postgres import STATEMENT_WITHIN
from kawal.base.settings import Settings
from kawal.client.error_translation import at_the_edge
from kawal.client.no_answer import no_worker, wedged
from kawal.domain.names import Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.domain.report_numbers import is_number
from kawal.record import Record, open_record

if TYPE_CHECKING:
    from kawal.client.authority import Authority
    from kawal.domain.messages import Actor, Event, Snapshot
    from kawal.domain.process.projection import Explanation
    from kawal.domain.process.state import State
    from kawal.store.access_log import AccessLog
    from kawal.store.accounts import Accounts
    from kawal.store.directory import Directory
    from kawal.store.ledger import Ledger
    from kawal.store.rules import Rulebook


class Readings:
    """The record of an installation, as its officials and reporters may read it."""

    def __init__(self, record: Record) -> None:
        """Read through a connection; `now` gives the time of the reader's own acts (UTC)."""
        self.record = record
        self.pool = record.pool
        self.settings = record.settings
        self.now: Callable[[], datetime] = record.clock.now

    @property
    def ledger(self) -> Ledger:
        """Events, read model and outbox."""
        return self.record.ledger

    @property
    def directory(self) -> Directory:
        """Agencies, OPDs, offices, categories."""
        return self.record.directory

    @property
    def rulebook(self) -> Rulebook:
        """Calendars and rule sets."""
        return self.record.rulebook

    @property
    def accounts(self) -> Accounts:
        """People as the record knows them."""
        return self.record.accounts

    @property
    def access_log(self) -> AccessLog:
        """Who read what is protected, and what was refused."""
        return self.record.access_log

    @cached_property
    def authority(self) -> Authority:
        """Authority asked and put on record."""
        from kawal.client.authority import Authority

        return Authority(self.access_log, lambda: self.now(), self.snapshot, self.ledger.registered_by)

    def seen_by(self, actor: Actor) -> OwnReadings:
        """Return the same readings as an official may see them: whatever is shown of a report is read through these."""
        seen = OwnReadings(self.record.seen_by(actor))
        seen.now = self.now
        return seen

    @asynccontextmanager
    async def seen_at_once(self, actor: Actor) -> AsyncIterator[OwnReadings]:
        """Yield the same as `seen_by`, for much that is read together (`Record.seen_at_once`)."""
        async with self.record.seen_at_once(actor) as record:
            seen = OwnReadings(record)
            seen.now = self.now
            yield seen

    # --- Who ---------------------------------------------------------------------------------------------------------

    @at_the_edge
    async def actor(
        self, role: Role, name: str, opd: str | None = None, instansi: str | None = None, *, operator: bool = False
    ) -> Actor:
        """Return the official of that role and name; refused if a liaison names no OPD or an unknown one.

        `operator` marks that whoever runs the machine gives it in this name.
        """
        held_in = instansi or await self.default_instansi()
        if role is Role.LIAISON and not opd:
            raise Refusal("no_opd")
        # One that takes no new reports any more may still owe old ones.
        if opd is not None and await self.directory.opd(held_in, opd) is None:
            raise Refusal("unknown_opd", opd=opd, instansi=held_in)
        return await self.accounts.actor(held_in, role, name, opd, self.now(), operator=operator)

    @at_the_edge
    async def reporter(self, tracking_id: str, name: str | None = None) -> Actor:
        """Return the reporter of a complaint, under the pseudonym used in the record."""
        return await self.accounts.reporter(workflow_id(tracking_id), name)

    @at_the_edge
    async def check_instansi(self, instansi: str | None) -> None:
        """Refuse an agency that does not exist; None is none."""
        if instansi is not None and await self.directory.instansi(instansi) is None:
            known = ", ".join(one.code for one in await self.directory.all_instansi())
            raise Refusal("unknown_instansi", instansi=instansi, known=known)

    @at_the_edge
    async def default_instansi(self) -> str:
        """Return the only agency of this installation; refused if there are several and none was named."""
        active = [instansi.code for instansi in await self.directory.all_instansi() if instansi.active]
        if len(active) != 1:
            raise Refusal("no_instansi", known=", ".join(active))
        return active[0]

    # --- Reading -----------------------------------------------------------------------------------------------------

    @at_the_edge
    async def history(self, tracking_id: str) -> list[Event]:
        """Every event of a complaint, running or ended; refused for an unknown one."""
        check_tracking(tracking_id)
        events = await self.ledger.events(tracking_id)
        if not events:
            raise await self.why_absent(tracking_id)
        return events

    @at_the_edge
    async def process_record(self, tracking_id: str) -> list[Event]:
        """Every event of a complaint without names and what people wrote; refused for an unknown one.

        Where it stands follows from these alone: for whoever may see that and no words.
        """
        check_tracking(tracking_id)
        events = await self.ledger.process_record(tracking_id)
        if not events:
            raise await self.why_absent(tracking_id)
        return events

    @at_the_edge
    async def state(self, tracking_id: str) -> State:
        """Return the state that results from its events."""
        from kawal.domain.process.evolve import fold

        return fold(await self.history(tracking_id))

    @at_the_edge
    async def snapshot(self, tracking_id: str) -> Snapshot:
        """Return the read model's row; refused for an unknown complaint."""
        check_tracking(tracking_id)
        row = await self.ledger.snapshot(tracking_id)
        if row is None:
            raise await self.why_absent(tracking_id)
        return row

    @at_the_edge
    async def explain(self, tracking_id: str) -> list[Explanation]:
        """Why each open deadline is what it is."""
        from kawal.domain.process.projection import explain_clocks

        state = await self.state(tracking_id)
        names = await self.rulebook.holiday_names(state.rules.calendar.version)
        return explain_clocks(state, names)

    async def has(self, tracking_id: str) -> bool:
        """Whether a report of that number was accepted, started or not."""
        from kawal.store.inbox import number_of

        return await number_of(self.pool, tracking_id) is not None

    async def why_absent(self, tracking_id: str) -> Exception:
        """Why nothing of a complaint is on record, as far as the record itself knows."""
        if not await self.has(tracking_id):
            return Refusal("unknown_complaint", tracking=tracking_id[:20])
        return no_worker() if await self.record.wedged.of(tracking_id) is None else wedged(tracking_id)


class OwnReadings(Readings):
    """The record as one official may see it: the database shows the rows of the official's scope (store.scoped)."""

    async def why_absent(self, tracking_id: str) -> Exception:
        """Why nothing is shown: out of scope, or not there at all, which is told in the same words."""
        return Refusal("unknown_complaint", tracking=tracking_id[:20])


@asynccontextmanager
async def open_readings(settings: Settings, *, within: timedelta = STATEMENT_WITHIN) -> AsyncIterator[Readings]:
    """Connect to the database of these settings; a statement may take `within`. Raises SystemUnavailable."""
    async with open_record(settings, within=within) as record:
        yield Readings(record)


def check_tracking(tracking_id: str) -> None:
    """Refuse what no complaint can be called, before anything that cannot even ask for it is asked."""
    if not is_number(tracking_id):
        from kawal.domain.process.commands import printable

        raise Refusal("unknown_complaint", tracking=printable(tracking_id[:20]))
