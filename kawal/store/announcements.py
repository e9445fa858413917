"""What agencies tell every reader for a time; one announcement an agency."""

from __future__ import annotations

import asyncpg

from kawal.domain.announcements import Announcement


class Announcements:
    """A store of announcements."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def set(self, one: Announcement) -> None:
        """Keep an agency's announcement instead of the one before."""
        await self._pool.execute(
            "insert into announcement (instansi, id_text, en_text, from_at, until_at) values ($1, $2, $3, $4, $5)"
            " on conflict (instansi) do update set id_text = excluded.id_text, en_text = excluded.en_text,"
            " from_at = excluded.from_at, until_at = excluded.until_at",
            one.instansi,
            one.id_text,
            one.en_text,
            one.from_at,
            one.until_at,
        )

    async def end(self, instansi: str) -> bool:
        """Take an agency's announcement away; return False if it had none."""
        done = await self._pool.execute("delete from announcement where instansi = $1", instansi)
        return bool(done == "DELETE 1")

    async def of(self, instansi: str) -> Announcement | None:
        """Return an agency's announcement, shown now or not."""
        row = await self._pool.fetchrow("select * from announcement where instansi = $1", instansi)
        return None if row is None else Announcement(**dict(row))

    async def all(self) -> list[tuple[str, Announcement]]:
        """Return those of agencies in use, each with the agency's name, in the order of the names."""
        rows = await self._pool.fetch(
            "select i.name, a.* from announcement a join instansi i on i.code = a.instansi and i.active order by i.name"
        )
        return [(row["name"], Announcement(**dict(row))) for row in rows]
