"""An agency's first set-up: what it is, which steps are over, and when it was finished."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

from kawal.domain.agency_setup import SetupStep, StepWord
from kawal.domain.government import GovernmentKind
from kawal.store.directory import Instansi


class AgencySetup:
    """A store of what the first set-up changes."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def describe(self, code: str, name: str, kind: GovernmentKind, area: str | None) -> None:
        """Give an agency its name, kind and area; from then on it is nobody's example."""
        await self._pool.execute(
            "update instansi set name = $2, kind = $3, area = $4, example = false where code = $1",
            code,
            name,
            kind,
            area,
        )

    async def replace_example(self, example: str, own: Instansi) -> bool:
        """Enter an agency, still to be set up, and take the example out of use; return False if the code is taken.

        The example keeps what it has: OPDs, roles, and reports that somebody tried it with.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            done = await conn.execute(
                "insert into instansi (code, name, kind, area, set_up_at) values ($1, $2, $3, $4, null)"
                " on conflict do nothing",
                own.code,
                own.name,
                own.kind,
                own.area,
            )
            if done != "INSERT 0 1":
                return False
            await conn.execute("update instansi set active = false where code = $1 and example", example)
        return True

    async def settle(self, instansi: str, step: SetupStep, word: StepWord) -> None:
        """Note that a step is over, and with which word."""
        await self._pool.execute(
            "insert into setup_step (instansi, step, word) values ($1, $2, $3)"
            " on conflict (instansi, step) do update set word = excluded.word, settled_at = now()",
            instansi,
            step,
            word,
        )

    async def settled(self, instansi: str) -> Mapping[SetupStep, StepWord]:
        """Return the steps that are over, with their words."""
        rows = await self._pool.fetch("select step, word from setup_step where instansi = $1", instansi)
        return {SetupStep(row["step"]): StepWord(row["word"]) for row in rows}

    async def finish(self, instansi: str) -> None:
        """Note that the first set-up is finished; what the agency has is its own."""
        await self._pool.execute(
            "update instansi set example = false, set_up_at = coalesce(set_up_at, now()) where code = $1", instansi
        )
