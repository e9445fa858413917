"""A receipt: one complaint's rows as they were sealed, with all that is needed to check them without this installation.

`verify_receipt.py` beside it checks one with the standard library and `cryptography` alone. The words in it stay
encrypted.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg

from kawal.domain.refusals import Refusal
from kawal.proof.chain import EVENT_FIELDS, canonical_json
from kawal.proof.heads import Head, row_leaf
from kawal.proof.merkle import is_included
from kawal.proof.signing import instant_text
from kawal.store.data_keys import DataKeyStore
from kawal.store.log import LeafLost, Log, Source
from kawal.store.signing_keys import SigningKeys

RECEIPT_FORM = "kawal-receipt-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVENTS = (
    f"select {', '.join(EVENT_FIELDS)}, prev_hash, hash, position from event"  # noqa: S608 - own names
    " where workflow_id = $1 order by seq"
)


class NotSealedYet(Exception):  # noqa: N818 - names the condition
    """None of the complaint's events is under a head yet: a receipt is available after the next sealing."""


class NotAsSealed(Exception):  # noqa: N818 - names the condition
    """The rows are not those that were sealed, so no receipt is given; the message names the first such row.

    Where the row's place in the log cannot be determined, the message names the stretch of the log instead: the fault
    may be in another complaint's row.
    """


class ProvenLeaf(NamedTuple):
    """A row's place in the log, and the hashes that lead from it to the root of a head."""

    leaf: int
    proof: list[bytes]


class _Place(NamedTuple):
    source: Source
    chain: str
    number: int
    """In its chain."""
    position: int
    """In its source, by which ranges of the log are found."""


async def receipt(pool: asyncpg.Pool, keys: DataKeyStore, tracking_id: str) -> dict[str, Any]:
    """Return the receipt of a complaint's sealed events under the newest head.

    Raises Refusal for an unknown complaint, NotSealedYet, NotAsSealed, and asyncpg's errors.
    """
    chain = f"complaint-{tracking_id}"
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        rows = await conn.fetch(_EVENTS, chain)
        if not rows:
            raise Refusal("unknown_complaint", tracking=tracking_id)
        log = Log(conn)
        head = await log.newest_head()
        if head is None:
            raise NotSealedYet
        sealed = [told for row in rows if (told := await _sealed(log, head, chain, row)) is not None]
        known = await SigningKeys(conn, keys).known_keys()
    if not sealed:
        raise NotSealedYet
    return {
        "form": RECEIPT_FORM,
        "log": head.log_id,
        "chain": chain,
        "rows": sealed,
        "not_sealed_yet": len(rows) - len(sealed),
        "head": head.to_json(),
        "keys": known.to_json(),
        "made_at": instant_text(datetime.now(UTC)),
    }


async def act_leaf(pool: asyncpg.Pool, head: Head, row: Any) -> ProvenLeaf | None:
    """Return where an act beside the process stands in the log, with its proof; None where no such head seals it.

    Raises NotAsSealed, and asyncpg's errors.
    """
    return await _leaf(Log(pool), head, _Place(Source.SIDE_ACT, "side_act", row["n"], row["n"]), row["hash"])


async def _sealed(log: Log, head: Head, chain: str, row: Any) -> dict[str, Any] | None:
    """Return a row with its leaf and proof; None where it is not sealed yet."""
    found = await _leaf(log, head, _Place(Source.EVENT, chain, row["seq"], row["position"]), row["hash"])
    if found is None:
        return None
    return {
        "row": [_told(row[field]) for field in EVENT_FIELDS],
        "prev_hash": row["prev_hash"].hex(),
        "hash": row["hash"].hex(),
        "leaf": found.leaf,
        "proof": [hash_.hex() for hash_ in found.proof],
    }


async def _leaf(log: Log, head: Head, place: _Place, hash_of_row: bytes) -> ProvenLeaf | None:
    name, hash_ = f"{place.chain} {place.number}", row_leaf(place.chain, place.number, hash_of_row)
    try:
        leaf = await log.leaf_of(place.source, place.position, name, hash_)
    except LeafLost as lost:
        raise NotAsSealed(f"log {lost.leaf}… ({name}; kawal audit verify)") from None
    if leaf is None or leaf >= head.size:
        return None
    try:
        proof = await log.inclusion(leaf, head.size)
    except (KeyError, ValueError):
        proof = []
    if not is_included(hash_, leaf, head.size, proof, head.root):
        raise NotAsSealed(name)
    return ProvenLeaf(leaf, proof)


def _told(value: Any) -> list[str]:
    """Return a field as its type's letter and its text, as proof.chain hashes it; bytes are in hexadecimal."""
    match value:
        case None:
            return ["n", ""]
        case bytes():
            return ["b", value.hex()]
        case int():
            return ["i", str(value)]
        case datetime():
            microseconds = (value - _EPOCH) // (datetime.resolution)
            return ["t", str(microseconds)]
        case dict():
            return ["j", canonical_json(value)]
        case _:
            return ["s", str(value)]
