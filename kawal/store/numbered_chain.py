"""A chain whose rows are numbered from 1: appended one at a time, their words encrypted with a data key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import DataKey, decrypt, encrypt
from kawal.proof.chain import GENESIS, row_hash
from kawal.store.data_keys import DataKeyStore


class NumberedChain:
    """A table of such rows: `n` is the first of its fields, `data_key_id` and `ciphertext` are the last."""

    def __init__(self, table: str, fields: Sequence[str], tag: bytes, lock: int, binding: str) -> None:
        """Describe a table by the fields that its rows' hashes cover, in order, and by the tag of these hashes.

        `lock` is the advisory lock under which rows get their numbers, so that there is no gap and no fork; `binding`
        binds a ciphertext to this table.
        """
        columns = (*fields, "prev_hash", "hash")
        places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        self._insert = f"insert into {table} ({', '.join(columns)}) values ({places})"  # noqa: S608 - own column names
        self._last = f"select n, hash from {table} order by n desc limit 1"  # noqa: S608 - own name
        self._tag = tag
        self._lock = lock
        self._binding = binding

    async def append(
        self, conn: asyncpg.Connection, key: DataKey, plain: Sequence[object], secret: Mapping[str, Any]
    ) -> int:
        """Add a row within the caller's transaction, for which all other rows then wait; return its number.

        `plain` are the fields between the number and the key.
        """
        await conn.execute("select pg_advisory_xact_lock($1)", self._lock)
        last = await conn.fetchrow(self._last)
        number, prev = (1, GENESIS) if last is None else (int(last["n"]) + 1, last["hash"])
        fields = (number, *plain, key.key_id, encrypt(key, json.dumps(secret).encode(), self._aad(number)))
        await conn.execute(self._insert, *fields, prev, row_hash(self._tag, prev, fields))
        return number

    async def secret(self, keys: DataKeyStore, row: Any) -> dict[str, Any]:
        """Return what of a row is encrypted; empty once its key is destroyed. Raises KeyUnavailable, NotAuthentic."""
        try:
            key = await keys.key_by_id(row["data_key_id"])
        except KeyDestroyed:
            return {}
        if key is None:
            return {}
        secret: dict[str, Any] = json.loads(decrypt(key, row["ciphertext"], self._aad(row["n"])))
        return secret

    def _aad(self, number: int) -> bytes:
        return f"{self._binding}\x00{number}".encode()
