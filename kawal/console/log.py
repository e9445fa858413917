"""The log by HTTP, for anyone: its signed heads, the public keys, and proofs. None of this is personal.

A proof consists of hashes alone: whoever has a receipt can follow its head to a later one without being identified.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from kawal.client.complaints import Complaints
from kawal.domain.msgids import msgid, sentence
from kawal.store.log import Log
from kawal.web.callers import address_of
from kawal.web.problems import Problem

MOST_HEADS = 1_000
_Size = Annotated[int, Query(ge=1, lt=1 << 63)]

_NONE_YET = msgid("Nothing has been sealed yet.")
_NO_HEAD = msgid("The log never had the size {size}.")
_NO_PROOF = msgid("There is no such proof in this log.")


async def _counted(request: Request) -> None:
    """Raise Problem 429 for an address that asks too often."""
    await request.app.state.gate.let_in("public", address_of(request))


router = APIRouter(prefix="/log", tags=["log"], dependencies=[Depends(_counted)])


@router.get("/head")
async def newest_head(request: Request) -> dict[str, Any]:
    """Return the signed head of the whole log."""
    head = await _log(request).newest_head()
    if head is None:
        raise Problem(404, "nothing_sealed", _NONE_YET)
    return head.to_json()


@router.get("/heads")
async def heads(
    request: Request, after: Annotated[int, Query(ge=0, lt=1 << 63)] = 0, limit: Annotated[int, Query(ge=1)] = 100
) -> list[dict[str, Any]]:
    """Return the signed heads larger than `after`, the smallest first, at most 1,000."""
    return [head.to_json() for head in await _log(request).heads(after, min(limit, MOST_HEADS))]


@router.get("/keys")
async def keys(request: Request) -> dict[str, Any]:
    """Return every public key from the first to today's, each endorsed by the one before."""
    complaints: Complaints = request.app.state.complaints
    known = await complaints.system.signing_keys.known_keys()
    if not known.keys:
        raise Problem(404, "nothing_sealed", _NONE_YET)
    return known.to_json()


@router.get("/proof/consistency")
async def consistency(request: Request, older: _Size, newer: _Size) -> dict[str, Any]:
    """Return the proof (RFC 9162, 2.1.4) that the log of size `newer` is the one of size `older`, with leaves added."""
    log = _log(request)
    for size in (older, newer):
        if await log.head(size) is None:
            raise Problem(404, "no_such_head", sentence(_NO_HEAD, size=size))
    return {"older": older, "newer": newer, "hashes": await _proved(log.consistency, older, newer)}


@router.get("/proof/inclusion")
async def inclusion(request: Request, leaf: Annotated[int, Query(ge=0, lt=1 << 63)], size: _Size) -> dict[str, Any]:
    """Return the proof (RFC 9162, 2.1.3) that leaf number `leaf`, counted from 0, is in the log of that size."""
    log = _log(request)
    if await log.head(size) is None:
        raise Problem(404, "no_such_head", sentence(_NO_HEAD, size=size))
    return {"leaf": leaf, "size": size, "hashes": await _proved(log.inclusion, leaf, size)}


async def _proved(proof: Any, first: int, size: int) -> list[str]:
    try:
        return [hash_.hex() for hash_ in await proof(first, size)]
    except (KeyError, ValueError):
        raise Problem(404, "no_such_proof", _NO_PROOF) from None


def _log(request: Request) -> Log:
    complaints: Complaints = request.app.state.complaints
    return complaints.system.log
