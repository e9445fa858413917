"""`kawal audit verify`: checks the record against its hashes, the signed log, and the data derived from it.

Everything is read in one transaction that sees one state, a page at a time: memory use does not grow with the record.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from kawal.audit.proof import verify_rows
from kawal.audit.proof.findings import FindingCollector, VerificationResult
from kawal.audit.proof.verify_accounts import AccountCheck
from kawal.audit.proof.verify_leaves import LeafCheck
from kawal.audit.proof.verify_log import LogCheck
from kawal.audit.proof.verify_model import ModelCheck
from kawal.audit.proof.verify_public import public_versions
from kawal.proof.heads import Head
from kawal.proof.signing import KeySet
from kawal.store.data_keys import DataKeyStore
from kawal.store.signing_keys import SigningKeys

if TYPE_CHECKING:
    from temporalio.client import Client


class Verification:
    """Verifies a database."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        keys: DataKeyStore,
        progress: Callable[[str], None] | None = None,
        engine: Client | None = None,
    ) -> None:
        """Verify the database of `pool`; `keys` decrypt the words of public reports for comparison with the read model.

        With an `engine` its own history of each complaint is compared as well.
        """
        self._pool = pool
        self._engine = engine
        self._keys = keys
        self._progress = progress

    async def all(
        self,
        *,
        kept: Sequence[Head] = (),
        kept_keys: KeySet | None = None,
        since: datetime | None = None,
        model: bool = True,
    ) -> VerificationResult:
        """Verify everything; `kept` are heads and `kept_keys` public keys that were kept elsewhere.

        With `since` the read model is compared only for complaints with events recorded since then; the chains of the
        access log and the history archive, and the log itself, are always checked in full. Without `model` only the
        chains and the log are checked.
        """
        report = FindingCollector(self._progress)
        async with self._reading() as conn:
            checked = ModelCheck(conn, self._keys, report) if model else None
            accounts = AccountCheck(conn, self._keys, report)
            async for page in verify_rows.complaints(conn, since):
                histories = await verify_rows.histories(conn, page, report)
                if checked is not None:
                    await accounts.page(histories)
                    await checked.page(histories)
                await self._compare(page, report)
                report.count("complaint", len(page))
                report.show(f"complaint-{page[-1]}")
            await verify_rows.orphans(conn, report)
            await verify_rows.access_log(conn, report)
            await verify_rows.history_archive(conn, report)
            await verify_rows.side_acts(conn, report)
            if checked is not None:
                await checked.sums()
                await public_versions(conn, self._keys, report)
            await self._log(conn, kept, kept_keys, report)
        return report.finish()

    async def one(
        self, tracking_id: str, *, kept: Sequence[Head] = (), kept_keys: KeySet | None = None
    ) -> VerificationResult:
        """Verify one complaint: its chain, its actors, the data derived from it, and that its events are in the log.

        The kept heads are those of that log: each is shown to have grown into the newest head.
        """
        report = FindingCollector(self._progress)
        async with self._reading() as conn:
            histories = await verify_rows.histories(conn, [tracking_id], report)
            report.count("complaint")
            await AccountCheck(conn, self._keys, report).page(histories)
            await ModelCheck(conn, self._keys, report).page(histories)
            await public_versions(conn, self._keys, report, tracking_id)
            known = await SigningKeys(conn, self._keys).known_keys()
            trusted = self._trusted(kept, kept_keys, known, report)
            await LeafCheck(conn, known, trusted, report).run(histories[0])
        await self._compare([tracking_id], report)
        return report.finish()

    async def _compare(self, page: Sequence[str], report: FindingCollector) -> None:
        if self._engine is None:
            return
        from kawal.audit.proof.verify_engine import compare  # the engine's SDK, which nobody else here needs

        for tracking_id in page:
            if not await compare(self._engine, self._pool, tracking_id, report):
                report.count("no_engine")

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[asyncpg.Connection]:
        async with self._pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
            yield conn

    async def _log(
        self, conn: asyncpg.Connection, kept: Sequence[Head], kept_keys: KeySet | None, report: FindingCollector
    ) -> None:
        keys = await SigningKeys(conn, self._keys).known_keys()
        trusted = self._trusted(kept, kept_keys, keys, report)
        await LogCheck(conn, keys, trusted, report).run()

    def _trusted(
        self, kept: Sequence[Head], kept_keys: KeySet | None, keys: KeySet, report: FindingCollector
    ) -> list[Head]:
        """Return the heads from elsewhere that belong to this log and are signed; report the others with the reason."""
        if kept_keys is not None:
            here = {key.key_id for key in keys.keys}
            for key in kept_keys.keys:
                if key.key_id not in here:
                    report.found("key_missing", "keys", key=key.key_id)
        by = kept_keys or keys
        trusted = []
        for head in kept:
            if not keys.keys or head.log_id != by.log_id or by.log_id != keys.log_id:
                report.found("kept_other_log", f"head {head.size}", size=head.size)
            elif not head.is_signed_by(by) and not head.is_signed_by(keys):
                report.found("kept_not_signed", f"head {head.size}", size=head.size)
            else:
                trusted.append(head)
        return trusted
