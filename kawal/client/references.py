"""Looking up what a workflow does not look at, before it is asked: OPDs, categories, the main report, attachments.

The activities look again before the state changes; the check here gives the sender a clear answer without disturbing
anything.
"""

from __future__ import annotations

import asyncpg

from kawal.domain.category_names import meant, nearest
from kawal.domain.messages import Actor, Report
from kawal.domain.names import CommandName, Role
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.refusals import Refusal
from kawal.store.attachments import missing_files
from kawal.store.complaint_rows import ComplaintRows
from kawal.store.directory import Directory

_NAMED_AT_MOST = 5


class References:
    """Refuses names of things that do not exist."""

    def __init__(self, pool: asyncpg.Pool, directory: Directory) -> None:
        """Look in `directory`, and among the complaints through `pool`."""
        self._pool = pool
        self._rows = ComplaintRows(pool)
        self._directory = directory

    async def check_report(self, report: Report, instansi: str) -> None:
        """Check that the agency, the category and the OPD that a report names exist."""
        if await self._directory.instansi(instansi) is None:
            raise Refusal("malformed", detail=f"instansi: {instansi} is not registered")
        if report.category is not None:
            await self._category(report.category)
        if report.chosen_opd is not None:
            await self._opds(instansi, [report.chosen_opd])

    async def check(self, parsed: ParsedCommand, tracking_id: str) -> None:
        """Check that what a command's arguments name exists."""
        given = parsed.arguments
        if getattr(given, "category", None) is not None:
            await self._category(given.category)
        if parsed.name is CommandName.FORWARD:
            instansi = await self._rows.agency_of(tracking_id)
            if instansi is not None:
                await self._opds(instansi, given.opds)
        if parsed.name is CommandName.RETURN and given.belongs_to is not None:
            instansi = await self._rows.agency_of(tracking_id)
            if instansi is not None:
                await self._opds(instansi, [given.belongs_to])
        if parsed.name is CommandName.MERGE:
            await self._main(given.main, tracking_id)
        if parsed.name is CommandName.ESCALATE:
            await self._own_report(parsed.command.actor, tracking_id)
        if getattr(given, "files", None):
            await self._files(given.files, tracking_id)

    async def category_meant(self, typed: str) -> str:
        """Return the category that somebody means who typed its name in any case, or a part that only one has."""
        if await self._directory.has_category(typed):
            return typed
        names = await self._directory.categories()
        found = meant(typed, names)
        if found is None:
            near = nearest(typed, names)
            raise Refusal("category_unclear", category=typed, near="; ".join(near) or "–")
        return found

    async def _category(self, category: str) -> None:
        if not await self._directory.has_category(category):
            raise Refusal("unknown_category", category=category)

    async def _opds(self, instansi: str, codes: list[str]) -> None:
        missing = await self._directory.missing_opds(instansi, codes)
        if missing:
            raise Refusal("unknown_opd", opd=", ".join(missing), instansi=instansi)

    async def _main(self, main: str, tracking_id: str) -> None:
        instansi = await self._rows.agency_of(main)
        if instansi is None:
            raise Refusal("main_unknown", main=main)
        if instansi != await self._rows.agency_of(tracking_id):
            raise Refusal("main_other_instansi", main=main)

    async def _own_report(self, actor: Actor, tracking_id: str) -> None:
        """Refuse a liaison whose OPD was never sent the report.

        A workflow could see that. But it has let such a command pass, and with a guard of its own what was recorded
        then would not replay.
        """
        sent = await self._rows.sent_to(tracking_id) if actor.role is Role.LIAISON else None
        if sent is not None and actor.opd not in sent:
            raise Refusal("opd_not_holding", opd=actor.opd, holding=", ".join(sent) or "–")

    async def _files(self, files: list[str], tracking_id: str) -> None:
        missing = await missing_files(self._pool, tracking_id, files)
        if missing:
            raise Refusal("unknown_files", files=", ".join(sorted(missing)[:_NAMED_AT_MOST]))
