"""Views that officials saved: in one role each, in their own order. Name and filters may name people: encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.messages import Actor
from kawal.domain.saved_views import MOST_VIEWS, ListView
from kawal.store.data_keys import DataKeyStore


class SavedView(BaseModel):
    """A saved view; which of its page's filters still mean something is for the reader."""

    number: int
    name: str
    path: str
    filters: Mapping[str, str]
    shared: bool
    """Whether everybody in the role in the agency is shown it."""
    own: bool
    """Whether it is that of whoever asks."""


class SavedViews:
    """A store of saved views."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; name and filters are encrypted with the system key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def of(self, actor: Actor) -> list[SavedView]:
        """Return an official's own views of the role in their order, then what colleagues share in the same role."""
        rows = await self._pool.fetch(_OF, actor.account, str(actor.role), actor.instansi)
        return [await self._opened(row, actor) for row in rows]

    async def add(self, actor: Actor, name: str, view: ListView) -> int | None:
        """Save a view after those that the official has, and return its number; None where there are MOST_VIEWS."""
        number: int | None = await self._pool.fetchval(
            "insert into saved_view (account, role, instansi, place, body)"
            " select $1::text, $2::role_word, $3::code_word, coalesce(max(place), 0) + 1, $4::bytea from saved_view"
            " where account = $1::text having count(*) < $5 returning id",
            actor.account,
            str(actor.role),
            actor.instansi,
            await self._sealed(actor.account, name, view),
            MOST_VIEWS,
        )
        return number

    async def rename(self, actor: Actor, view: SavedView, name: str) -> None:
        """Give an own view another name."""
        body = await self._sealed(actor.account, name, ListView(view.path, view.filters))
        await self._pool.execute(
            "update saved_view set body = $3 where id = $1 and account = $2", view.number, actor.account, body
        )

    async def swap(self, actor: Actor, one: int, other: int) -> None:
        """Let two of an official's views change places."""
        await self._pool.execute(
            "update saved_view v set place = o.place from saved_view o"
            " where v.account = $1 and o.account = $1 and (v.id, o.id) in (($2, $3), ($3, $2))",
            actor.account,
            one,
            other,
        )

    async def share(self, actor: Actor, number: int, *, shared: bool) -> None:
        """Show an own view to everybody in the role in the agency, or no longer."""
        await self._pool.execute(
            "update saved_view set shared = $3 where id = $1 and account = $2", number, actor.account, shared
        )

    async def remove(self, actor: Actor, number: int) -> None:
        """Remove an own view."""
        await self._pool.execute("delete from saved_view where id = $1 and account = $2", number, actor.account)

    async def _sealed(self, account: str, name: str, view: ListView) -> bytes:
        told = {"name": name, "path": view.path, "filters": dict(view.filters)}
        return encrypt(await self._keys.key_for(SYSTEM), json.dumps(told).encode(), _aad(account))

    async def _opened(self, row: asyncpg.Record, actor: Actor) -> SavedView:
        key = await self._keys.key_of(SYSTEM, row["body"])
        told = json.loads(decrypt(key, row["body"], _aad(row["account"])))
        return SavedView(number=row["id"], shared=row["shared"], own=row["account"] == actor.account, **told)


def _aad(account: str) -> bytes:
    return f"saved view\x00{account}".encode()


_OF = """
    select * from saved_view
    where account = $1 or (shared and role = $2::role_word and instansi = $3::code_word)
    order by account <> $1, place, id
"""
