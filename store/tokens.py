"""API tokens of adapters: a random secret told once, of which only the hash is kept."""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import asyncpg
from pydantic import BaseModel

SCOPES = ("submit", "reply", "read")
PREFIX = "kawal_"
"""What tokens begin with, so that one that leaked is recognised."""

REMEMBERED = 5.0
"""Seconds for which a process may go on trusting a token without asking: the longest that a revocation takes."""

_USED_EVERY = 60.0
_MOST_REMEMBERED = 10_000


class Token(BaseModel):
    """A token as lists show it; never the secret itself."""

    id: int
    name: str
    channel: str
    instansi: str | None
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class _Known(NamedTuple):
    token: Token | None
    at: float


class Tokens:
    """Makes tokens, recognises and revokes them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool
        self._known: dict[bytes, _Known] = {}
        self._used: dict[int, float] = {}

    async def create(
        self, name: str, channel: str, instansi: str | None = None, scopes: tuple[str, ...] = SCOPES
    ) -> tuple[Token, str]:
        """Make a token of 256 random bits; the text is told this once and stored nowhere.

        Raises asyncpg's ForeignKeyViolationError for an unknown agency, CheckViolationError for an unknown channel or
        scope.
        """
        text = PREFIX + secrets.token_urlsafe(32)
        row = await self._pool.fetchrow(
            "insert into api_token (name, token_hash, channel, instansi, scopes) values ($1, $2, $3, $4, $5)"
            " returning *",
            name,
            _hash(text),
            channel,
            instansi,
            list(scopes),
        )
        return _token(row), text

    async def find(self, text: str) -> Token | None:
        """The token of that text if it holds; None for an unknown or revoked one."""
        hashed, now = _hash(text), time.monotonic()
        known = self._known.get(hashed)
        if known is None or now - known.at > REMEMBERED:
            row = await self._pool.fetchrow(
                "select * from api_token where token_hash = $1 and revoked_at is null", hashed
            )
            known = _Known(None if row is None else _token(row), now)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[hashed] = known
        if known.token is not None:
            await self._note_use(known.token.id, now)
        return known.token

    async def revoke(self, token_id: int) -> bool:
        """End a token for good; False if there is none of that number or it was revoked before."""
        self._known.clear()
        done = await self._pool.execute(
            "update api_token set revoked_at = now() where id = $1 and revoked_at is null", token_id
        )
        return bool(done == "UPDATE 1")

    async def all(self) -> list[Token]:
        """Every token, revoked ones too, by number."""
        return [_token(row) for row in await self._pool.fetch("select * from api_token order by id")]

    async def _note_use(self, token_id: int, now: float) -> None:
        if now - self._used.get(token_id, -_USED_EVERY) < _USED_EVERY:
            return
        self._used[token_id] = now
        await self._pool.execute("update api_token set last_used_at = now() where id = $1", token_id)


def _hash(text: str) -> bytes:
    # The token is 256 random bits: a plain hash of it can be searched no faster than the token guessed.
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _token(row: asyncpg.Record) -> Token:
    return Token.model_validate({name: row[name] for name in Token.model_fields})
