"""Browsers that were sent to an identity provider: each comes back once, within ten minutes, as the same browser.

Of the random text by which it is recognised (`state`) only a hash is kept; the nonce and the secret of PKCE are keyed
hashes of it and of what only that browser holds, and so are not kept at all.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.store.data_keys import DataKeyStore
from kawal.store.secret_cache import hash_of

VALID = timedelta(minutes=10)
"""How long a browser may be away, and how long after that a one-time code may be typed."""

LONGEST_TEXT = 100
"""The maximum length of a `state` in characters; anything longer is not looked up."""


class RequestSecrets(NamedTuple):
    """What a question to a provider is recognised by."""

    state: str
    nonce: str
    verifier: str


class IdentityRequest(BaseModel):
    """A browser that is back."""

    secrets: RequestSecrets
    onward: str
    """The page of ours to which it wanted."""
    session: int | None
    """The session in which the identity is to be linked; None: somebody signs in."""


class RecognisedPerson(BaseModel):
    """Somebody whose identity was proved, and who still has to type a one-time code."""

    provider: str
    person: str
    allowed: list[str] | None
    """The held roles that may be used; None: all."""
    onward: str


class IdentityRequests:
    """A store of questions that are out."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; secrets are derived with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def begin(self, browser: str, provider: str, onward: str, session: int | None = None) -> RequestSecrets:
        """Send a browser to a provider, to sign in or to link an identity in a session."""
        state = secrets.token_urlsafe(32)
        await self._keep(state, browser, provider, onward, session=session)
        return await self._secrets(state, browser)

    async def take(self, state: str, provider: str, browsers: Sequence[str]) -> IdentityRequest | None:
        """Return the question to a provider to which a browser brings the answer, which ends it.

        `browsers` are the names under which the browser may have been sent; None if it was not, or too long ago.
        """
        if len(state) > LONGEST_TEXT:
            return None
        by_hash = {hash_of(browser): browser for browser in browsers}
        row = await self._pool.fetchrow(
            "delete from identity_request where token_hash = $1 and provider = $2 and browser_hash = any($3)"
            " and person is null and expires_at > now() returning browser_hash, onward, session",
            hash_of(state),
            provider,
            list(by_hash),
        )
        if row is None:
            return None
        found = await self._secrets(state, by_hash[bytes(row["browser_hash"])])
        return IdentityRequest(secrets=found, onward=row["onward"], session=row["session"])

    async def recognise(self, browser: str, known: RecognisedPerson) -> str:
        """Keep whose identity a browser proved; return the text by which the page of the second step knows."""
        text = secrets.token_urlsafe(32)
        await self._keep(text, browser, known.provider, known.onward, person=known.person, allowed=known.allowed)
        return text

    async def recognised(self, text: str, browser: str) -> RecognisedPerson | None:
        """Return whose identity the browser proved; None if nobody's, or too long ago."""
        row = await self._pool.fetchrow(
            "select provider, person, allowed, onward from identity_request"
            " where token_hash = $1 and browser_hash = $2 and person is not null and expires_at > now()",
            hash_of(text[:LONGEST_TEXT]),
            hash_of(browser),
        )
        return None if row is None else RecognisedPerson.model_validate(dict(row))

    async def end(self, text: str) -> bool:
        """End a second step; return False if it was done a moment before."""
        done = await self._pool.execute("delete from identity_request where token_hash = $1", hash_of(text))
        return bool(done == "DELETE 1")

    async def _keep(
        self,
        text: str,
        browser: str,
        provider: str,
        onward: str,
        *,
        session: int | None = None,
        person: str | None = None,
        allowed: list[str] | None = None,
    ) -> None:
        await self._pool.execute("delete from identity_request where expires_at < now()")
        await self._pool.execute(
            "insert into identity_request (token_hash, browser_hash, provider, onward, session, person, allowed,"
            " expires_at) values ($1, $2, $3, $4, $5, $6, $7, now() + $8::interval)",
            hash_of(text),
            hash_of(browser),
            provider,
            onward,
            session,
            person,
            allowed,
            VALID,
        )

    async def _secrets(self, state: str, browser: str) -> RequestSecrets:
        nonce, verifier = [await self._derived(use, state, browser) for use in ("nonce", "verifier")]
        return RequestSecrets(state, nonce, verifier)

    async def _derived(self, use: str, state: str, browser: str) -> str:
        mac = await self._keys.mac("identity request", use, state, browser)
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
