"""From a file's rows to complaints: checked in a dry run or accepted into the inbox, in batches.

Every good row goes through the inbox like any report, unique by its channel and its id there: importing again, after a
kill or by mistake, finds what was accepted and counts it as known. Only one batch of the file is held in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, Field

from kawal.domain.msgids import msgid, sentence
from kawal.domain.names import Status
from kawal.domain.policy import Rules
from kawal.domain.refusals import Refusal
from kawal.intake.files.faults import WHOLE_ROW, Fault, FileFault
from kawal.intake.files.format_detection import open_table
from kawal.intake.files.mapping import Mapping
from kawal.intake.files.rows import PlannedReport, Planner, RowNames
from kawal.intake.files.table import Row
from kawal.intake.service import IntakeService
from kawal.store.digests import send_digest
from kawal.store.rules import NoRules

AT_ONCE = 200
"""Rows that are looked up together and, since the inbox groups what arrives at once, committed together."""
MOST_WAITING = 1_000
"""How many accepted reports may wait for their start before the import waits for the engine."""
ENGINE_SECONDS = 30.0
"""How long an import waits for the engine without any progress before it leaves the rest to the relay (seconds)."""


class Verdict(StrEnum):
    """The result for a row: `new` starts a complaint (or would), `known` was imported before."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


class Outcome(NamedTuple):
    """The actual or expected result for one row; the faults of a refused one."""

    row: int
    verdict: Verdict
    planned: PlannedReport | None = None
    tracking_id: str | None = None
    faults: tuple[Fault, ...] = ()
    done: float = 0.0


class Summary(BaseModel):
    """The result of an import, in rows."""

    rows: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    skipped: int = 0
    """Rows that an interrupted import of the same file had handled (with resume)."""
    statuses: dict[str, int] = Field(default_factory=dict)
    """The new ones by status."""
    encoding: str | None = None
    waiting: int = 0
    """Accepted, and left to the relay to start."""
    late: int = 0
    """Reports that went to the Inspectorate's worklist, if this run notified it of them."""


class Progress:
    """How far a file was imported: a line in a small file, from which an interrupted import continues."""

    def __init__(self, folder: Path, source: str, mapping: Mapping) -> None:
        """Keep it in `folder`, under a name derived from the contents of the file and the mapping."""
        by = hashlib.sha256(f"{source}{mapping.model_dump_json()}".encode()).hexdigest()[:24]
        self._path = folder / f"{by}.json"

    def row(self) -> int:
        """Return the last row handled; 0 if there is no such import."""
        try:
            return int(json.loads(self._path.read_text(encoding="utf-8"))["row"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def keep(self, row: int) -> None:
        """Note that everything up to that row was handled."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"row": row}), encoding="utf-8")
        new.replace(self._path)

    def forget(self) -> None:
        """Delete the note, once the file was handled to its end."""
        self._path.unlink(missing_ok=True)


def source_of(path: Path) -> str:
    """Return a digest that identifies a file by its content; reads it in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


class Import:
    """One import of one file."""

    def __init__(
        self,
        service: IntakeService,
        path: Path,
        mapping: Mapping,
        *,
        instansi: str | None = None,
        patience: float = ENGINE_SECONDS,
    ) -> None:
        """Import into `instansi`, or the mapping's agency, or the only one there is; `patience` is in seconds."""
        self._service = service
        self._complaints = service.complaints
        self._inbox = service.complaints.system.inbox
        self._path = path
        self._mapping = mapping
        self._instansi = instansi or mapping.instansi
        self._rules: dict[date, Rules | None] = {}
        self._same: dict[tuple[str, str], Rules] = {}
        self._unstarted: set[str] = set()
        self._patience = patience
        self._engine_away = False
        self.source = source_of(path)
        self.summary = Summary()

    async def run(
        self,
        tell: Callable[[Outcome], None],
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
        after: int = 0,
    ) -> Summary:
        """Handle every row after row `after`, calling `tell` with the outcome of each, in order; return the summary.

        Raises FileFault for the file or a mapping that does not fit it, and the database's errors: what was accepted by
        then stays, and running again continues from there.
        """
        now = self._complaints.now()
        table = open_table(self._path, delimiter=self._mapping.delimiter, sheet=self._mapping.sheet)
        check_columns(self._mapping, table.columns)
        self.summary.encoding = table.encoding
        planner = Planner(self._mapping, await self._known(), self._rules.get, self.source, now)
        async for outcomes in self._batches(table.rows, planner, after):
            handled = (
                await self._looked_up(outcomes) if dry_run else await self._accepted(await self._looked_up(outcomes))
            )
            for outcome in handled:
                self._count(outcome)
                tell(outcome)
            if progress is not None and not dry_run:
                progress.keep(handled[-1].row)
        if not dry_run:
            await self._finish()
            if progress is not None and not self.summary.waiting:
                progress.forget()
        return self.summary

    # --- Reading -----------------------------------------------------------------------------------------------------

    async def _batches(self, rows: Iterator[Row | Fault], planner: Planner, after: int) -> AsyncIterator[list[Outcome]]:
        while batch := list(islice(rows, AT_ONCE)):
            fresh = [row for row in batch if (row.row if isinstance(row, Fault) else row.number) > after]
            self.summary.skipped += len(batch) - len(fresh)
            for row in fresh:
                if isinstance(row, Row):
                    await self._rules_of(planner.received_on(row))
            outcomes = [_planned(planner, row) for row in fresh]
            if outcomes:
                yield outcomes

    async def _known(self) -> RowNames:
        directory = self._complaints.directory
        code = self._instansi or await self._complaints.default_instansi()
        if await directory.instansi(code) is None:
            raise Refusal("malformed", detail=f"instansi: {code} is not registered")
        self._instansi = code
        opds: dict[str, str] = {}
        for opd in await directory.opds(code):
            if opd.active:
                opds |= {opd.code.casefold(): opd.code, " ".join(opd.name.split()).casefold(): opd.code}
        categories = {" ".join(name.split()).casefold(): name for name in await directory.categories()}
        return RowNames(code, opds, categories)

    async def _rules_of(self, day: date | None) -> None:
        """Load the rules of a day; identical versions are kept once."""
        if day is None or day in self._rules or self._instansi is None:
            return
        try:
            rules = await self._complaints.rulebook.rules_for(self._instansi, day)
        except NoRules:
            self._rules[day] = None
            return
        self._rules[day] = self._same.setdefault((rules.policy.version, rules.calendar.version), rules)

    # --- Accepting ---------------------------------------------------------------------------------------------------

    async def _looked_up(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Return the batch, with those marked that were accepted before, by this import or another."""
        systems = await self._systems()
        macs: dict[int, list[tuple[str, bytes]]] = {}
        for place, outcome in enumerate(outcomes):
            if outcome.planned is not None:
                report = outcome.planned.report
                names = (None, *systems.get(report.channel, ()))
                macs[place] = [(str(report.channel), await self._inbox.external_mac(report, name)) for name in names]
        known = await self._inbox.known_by([mac for each in macs.values() for _, mac in each])
        found = {place: known[mac] for place, each in macs.items() for mac in each if mac in known}
        return [
            outcome._replace(verdict=Verdict.KNOWN, tracking_id=found[place]) if place in found else outcome
            for place, outcome in enumerate(outcomes)
        ]

    async def _systems(self) -> dict[str, list[str]]:
        """Return the systems that send by HTTP, by channel: their reports are known by their ids in a file, too."""
        return await self._complaints.system.tokens.systems()

    async def _accepted(self, outcomes: list[Outcome]) -> list[Outcome]:
        async def one(outcome: Outcome) -> Outcome:
            if outcome.planned is None or outcome.verdict is not Verdict.NEW:
                return outcome
            return await self._submitted(outcome, outcome.planned)

        done = list(await asyncio.gather(*(one(outcome) for outcome in outcomes)))
        self._unstarted |= {outcome.tracking_id for outcome in done if outcome.tracking_id is not None}
        await self._keep_pace(MOST_WAITING)
        return done

    async def _submitted(self, outcome: Outcome, planned: PlannedReport) -> Outcome:
        try:
            receipt = await self._service.submit(
                planned.report, instansi=self._instansi, received_at=planned.received_at
            )
        except Refusal as refusal:
            fault = Fault(planned.row, WHOLE_ROW, refusal.sentence)
            return outcome._replace(verdict=Verdict.REFUSED, planned=None, faults=(fault,))
        verdict = Verdict.NEW if receipt.fresh else Verdict.KNOWN
        return outcome._replace(verdict=verdict, tracking_id=receipt.tracking_id)

    async def _keep_pace(self, most: int) -> None:
        """Wait until at most that many accepted reports are not on record yet, but not for an unavailable engine."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        pause = 0.05
        while len(self._unstarted) > most and not self._engine_away:
            begun = await self._begun()
            if begun:
                self._unstarted -= begun
                until = loop.time() + self._patience
            elif loop.time() > until:
                self._engine_away = True
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)
        if self._engine_away and len(self._unstarted) > most:
            # Only their number is reported at the end; keeping them all would make memory grow with the file.
            self.summary.waiting += len(self._unstarted)
            self._unstarted.clear()

    async def _begun(self) -> set[str]:
        return await self._complaints.system.complaint_rows.begun(sorted(self._unstarted))

    async def _finish(self) -> None:
        """Tell the Inspectorate, once every report is on record, what went to its worklist, in one notice."""
        await self._keep_pace(0)
        if self._instansi is not None and not self.summary.waiting:
            self.summary.late = await send_digest(
                self._complaints.pool, self._complaints.system.keys, self._instansi, self.source
            )

    def _count(self, outcome: Outcome) -> None:
        self.summary.rows += 1
        match outcome.verdict:
            case Verdict.NEW:
                self.summary.new += 1
                status = str(outcome.planned.status if outcome.planned else Status.BELUM_DIVERIFIKASI)
                self.summary.statuses[status] = self.summary.statuses.get(status, 0) + 1
            case Verdict.KNOWN:
                self.summary.known += 1
            case Verdict.REFUSED:
                self.summary.refused += 1


def check_columns(mapping: Mapping, columns: tuple[str, ...]) -> None:
    """Raise FileFault where required columns of the mapping are missing in the file's header; others may be absent."""
    required = {"title", "text", "received_at", "status", "external_id"}
    lacking = [name for name, fields in mapping.columns.items() if required & set(fields) and name not in columns]
    if lacking:
        there = ", ".join(name for name in columns if name)
        raise FileFault(
            sentence(msgid("columns missing: {lacking}; there are: {there}"), lacking=", ".join(lacking), there=there),
        )


def _planned(planner: Planner, row: Row | Fault) -> Outcome:
    if isinstance(row, Fault):
        return Outcome(row.row, Verdict.REFUSED, faults=(row,))
    planned = planner.plan(row)
    if isinstance(planned, PlannedReport):
        return Outcome(row.number, Verdict.NEW, planned, done=row.done)
    return Outcome(row.number, Verdict.REFUSED, faults=tuple(planned), done=row.done)
