"""A small record as the real code writes it: lives by the rules, entries in the access log, archived histories."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import asyncpg

from activities.event_writer import EventWriter
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor, Batch
from kawal.domain.names import Role
from kawal.domain.process.decide import Decision, begin, decide, tick
from kawal.domain.process.projection import snapshot
from kawal.store.access_log import AccessLog
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.history_archive import ClosedHistory, HistoryArchive
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.sealing import Sealer
from kawal.store.side_acts import SideActKind, SideActs
from kawal.store.signing_keys import SigningKeys
from tests.domain.catalogue import allowed
from tests.domain.lives import ADAPTER, RULES, local
from tests.domain.test_properties import HOURS, choose
from tests.store.lives import ADMIN, NOON, report

TOUCHES_ANOTHER = frozenset({"merge", "attach"})


class Record:
    """A writer of a record into a migrated and seeded database."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        self.pool = pool
        self.keys = keys
        self.log = AccessLog(pool, keys)
        self.signing = SigningKeys(pool, keys)
        self.sealer = Sealer(pool, self.signing)
        self.archive = HistoryArchive(pool)
        self.inbox = Inbox(pool, keys)
        self.accounts = Accounts(pool, keys)
        self.writer = EventWriter(pool, Ledger(pool, keys), Directory(pool))

    async def prepare(self) -> None:
        """Add the OPDs of the catalogue of commands, and one category."""
        await self.pool.executemany(
            "insert into opd (instansi, code, name) values ('KEPRI', $1, $2)", [(opd, opd) for opd in "ABC"]
        )
        self.category = await self.pool.fetchval("select name from category order by name limit 1")

    async def life(self, seed: int, steps: int = 12) -> str:
        """Record a random life; return its tracking id."""
        chance, now = random.Random(seed), local("2022-03-07 09:00")
        filed = report(occurred_on="2022-03-05", rahasia=chance.random() < 0.3)
        accepted = await self.inbox.accept(filed, "KEPRI", now)
        state = (
            await self._written(
                accepted.workflow_id,
                begin(filed, accepted.tracking_id, "KEPRI", RULES, await self._known(ADAPTER, now), now, "k"),
            )
        ).state
        for number in range(steps):
            now += timedelta(hours=chance.choice(HOURS))
            state = (await self._written(accepted.workflow_id, tick(state, now))).state
            found = [one for one in allowed(state, now, f"step-{number}") if one.name not in TOUCHES_ANOTHER]
            for one in found:
                if "category" in one.arguments:
                    one.arguments["category"] = self.category
            chosen = choose(found, chance.randrange(10_000), chance.randrange(10_000))
            if chosen is not None:
                chosen.actor = await self._known(chosen.actor, now, accepted.workflow_id)
                state = (await self._written(accepted.workflow_id, decide(state, chosen, now))).state
        return accepted.tracking_id

    async def _known(self, actor: Actor, at: datetime, workflow: str = "") -> Actor:
        """Return an actor of the catalogue with an account of this database."""
        if actor.role is Role.SYSTEM:
            return actor
        if actor.role is Role.REPORTER:
            return await self.accounts.reporter(workflow)
        return await self.accounts.actor("KEPRI", actor.role, actor.account, actor.opd, at)

    async def _written(self, workflow: str, decision: Decision) -> Decision:
        if decision.events:
            batch = Batch(workflow_id=workflow, events=decision.events, after=snapshot(decision.state))
            assert await self.writer.write(batch) == []
        return decision

    async def entries(self, count: int) -> None:
        """Add entries to the access log."""
        for number in range(count):
            await self.log.append(AccessKind.REFUSED, ADMIN, NOON, facts={"code": "wrong_role", "n": number})

    async def acts(self, count: int) -> None:
        """Add acts beside the process on the first complaint."""
        acts = SideActs(self.pool, self.keys)
        tracking_id = await self.pool.fetchval("select min(tracking_id::text) from complaint")
        for number in range(count):
            key, facts = await acts.key_of(tracking_id), {"what": "words", "n": number}
            async with self.pool.acquire() as conn, conn.transaction():
                await acts.append(conn, key, SideActKind.REDACTED, tracking_id, NOON, ADMIN, facts, {"why": "nama"})

    async def histories(self, count: int) -> None:
        """Add archived histories."""
        for number in range(count):
            at = datetime(2022, 4, 1 + number, tzinfo=UTC)
            await self.archive.add(
                ClosedHistory(
                    workflow_id=f"complaint-{7_000_000 + number}",
                    run_id=f"run-{number}",
                    close_status="completed",
                    started_at=at,
                    closed_at=at,
                    events=3,
                    history=b'{"events": []}' * (number + 1),
                )
            )
