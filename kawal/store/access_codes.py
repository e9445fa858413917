"""A report's access code: derived from its number and from how often it was changed; only the latter is stored."""

from __future__ import annotations

import base64
from datetime import datetime

import asyncpg

from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import workflow_id
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore
from kawal.store.link_requests import LinkRequestRows

SECRET_LENGTH = 10
COOKIE_BYTES = 16
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_CHANGE = """
    insert into access_code as a (tracking_id, generation, changed_at, form_mac)
    select tracking_id, 1, $2, $3 from inbox where tracking_id::text = $1
    on conflict (tracking_id) do update
    set generation = a.generation + 1, changed_at = excluded.changed_at, form_mac = excluded.form_mac
    where excluded.form_mac is null or a.form_mac is distinct from excluded.form_mac
    returning generation
"""


class AccessCodes:
    """A store of generations: a report's first access code is of generation 0, and each change makes the next one."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; changes go on record in the access log, with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._access_log = AccessLog(pool, keys)
        self._letters = LinkRequestRows(pool, keys)

    async def secret(self, tracking_id: str, *, fresh: bool = False) -> str:
        """Return the present access code: ten characters of Crockford's base32.

        A report that is `fresh`, accepted just now, has its first one: the database is not asked.
        """
        mac = await self._derived("tracking secret", tracking_id, fresh=fresh)
        number = int.from_bytes(mac[:8])
        return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(SECRET_LENGTH))

    async def cookie(self, tracking_id: str, *, fresh: bool = False) -> str:
        """Return what a browser keeps instead of the code: 128 bits, for URLs and cookies; it ends with the code."""
        mac = await self._derived("tracking cookie", tracking_id, fresh=fresh)
        return base64.urlsafe_b64encode(mac[:COOKIE_BYTES]).rstrip(b"=").decode()

    async def _derived(self, use: str, tracking_id: str, *, fresh: bool) -> bytes:
        """Return the keyed hash for the report's present generation; that of the first one names none."""
        generation = 0 if fresh else await self.generation(tracking_id)
        later = () if generation == 0 else (str(generation),)
        return await self._keys.mac(use, workflow_id(tracking_id), *later)

    async def generation(self, tracking_id: str) -> int:
        """Return the generation of a report's present code; that of a report that does not exist is 0, too."""
        found: int | None = await self._pool.fetchval(
            "select generation from access_code where tracking_id::text = $1", tracking_id
        )
        return found or 0

    async def change(self, tracking_id: str, actor: Actor, at: datetime, form: str | None = None) -> int | None:
        """End a report's present code, on record; return the new one's generation, None if nothing was changed.

        It is not for an unknown report, nor by a `form` that changed it last. The reporter is told by letter, which is
        stored with the change.
        """
        form_mac = None if form is None else await self._of_form(tracking_id, form)
        async with self._pool.acquire() as conn, conn.transaction():
            generation: int | None = await conn.fetchval(_CHANGE, tracking_id, at, form_mac)
            if generation is not None:
                await self._letters.put_change(conn, tracking_id, at)
                told = {"what": "code_changed"}
                await self._access_log.append_lasting(
                    conn, AccessKind.ADMINISTERED, actor, at, tracking_id=tracking_id, facts=told
                )
            return generation

    async def changed_by(self, tracking_id: str, form: str) -> bool:
        """Tell whether this very form changed the report's code last: then it was sent again."""
        found: bool = await self._pool.fetchval(
            "select exists (select from access_code where tracking_id::text = $1 and form_mac = $2)",
            tracking_id,
            await self._of_form(tracking_id, form),
        )
        return found

    async def _of_form(self, tracking_id: str, form: str) -> bytes:
        return await self._keys.mac("code form", workflow_id(tracking_id), form)
