"""API tokens of adapters: random secrets, shown once and stored only as a hash."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.domain.names import Scope
from kawal.store.secret_cache import SecretCache, hash_of

PREFIX = "kawal_"
"""The prefix of tokens, by which a leaked one can be recognised."""


class Token(BaseModel):
    """A token as lists show it; never the secret itself."""

    id: int
    name: str
    channel: str
    instansi: str | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    """None: it does not end by itself."""
    revoked_at: datetime | None
    last_used_at: datetime | None


class Tokens:
    """A store that creates, recognises and revokes tokens."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool
        self._remembered: SecretCache[Token] = SecretCache()

    async def create(
        self,
        name: str,
        channel: str,
        instansi: str | None = None,
        scopes: Sequence[str] = tuple(Scope),
        expires_at: datetime | None = None,
    ) -> tuple[Token, str]:
        """Create a token of 256 random bits; its text is returned only now and stored nowhere.

        Raises asyncpg's ForeignKeyViolationError for an unknown agency, CheckViolationError for an unknown channel or
        scope.
        """
        text = PREFIX + secrets.token_urlsafe(32)
        row = await self._pool.fetchrow(
            "insert into api_token (name, token_hash, channel, instansi, scopes, expires_at)"
            " values ($1, $2, $3, $4, $5, $6) returning *",
            name,
            hash_of(text),
            channel,
            instansi,
            list(scopes),
            expires_at,
        )
        return _token(row), text

    async def find(self, text: str) -> Token | None:
        """Return the token of that text if it is valid; None for an unknown, ended or revoked one."""
        token = await self._remembered.find(text, self._look_up)
        if token is not None and self._remembered.used(token.id):
            await self._pool.execute("update api_token set last_used_at = now() where id = $1", token.id)
        return token

    async def get(self, token_id: int) -> Token | None:
        """Return the token of that number, whether or not it is valid."""
        row = await self._pool.fetchrow("select * from api_token where id = $1", token_id)
        return None if row is None else _token(row)

    async def revoke(self, token_id: int) -> bool:
        """Revoke a token permanently; return False if there is none of that number or it was revoked before."""
        self._remembered.forget()
        done = await self._pool.execute(
            "update api_token set revoked_at = now() where id = $1 and revoked_at is null", token_id
        )
        return bool(done == "UPDATE 1")

    async def all(self) -> list[Token]:
        """Return every token, revoked ones too, by number."""
        return [_token(row) for row in await self._pool.fetch("select * from api_token order by id")]

    async def systems(self) -> dict[str, list[str]]:
        """Return the names of all tokens that ever existed, by channel."""
        rows = await self._pool.fetch("select distinct channel::text as channel, name from api_token")
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["channel"], []).append(row["name"])
        return found

    async def _look_up(self, hashed: bytes) -> Token | None:
        row = await self._pool.fetchrow(
            "select * from api_token where token_hash = $1 and revoked_at is null"
            " and (expires_at is null or expires_at > now())",
            hashed,
        )
        return None if row is None else _token(row)


def _token(row: asyncpg.Record) -> Token:
    return Token.model_validate({name: row[name] for name in Token.model_fields})
