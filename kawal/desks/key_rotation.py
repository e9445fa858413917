"""Rotating keys: the master key for all that it wraps, the data key of one owner, the key that signs the log's heads.

All are acts of the admin, on record.

A rotation of the master key may be interrupted at any step: run again, it continues where it was, and in the end
everything is as if it had run once. No event is changed: what changes is how the data keys are wrapped.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.client.reading import Readings
from kawal.crypto.data_keys import LOOKUP, SYSTEM, KeyDestroyed, NotRotatable
from kawal.crypto.master_keys import MasterKeyFile, source
from kawal.desks.arguments import RotateData, RotateMaster
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import workflow_id
from kawal.domain.refusals import Refusal
from kawal.proof.signing import PublicKey
from kawal.record import master_key_file
from kawal.store.master_rotations import Rotation


class Outcome(BaseModel):
    """The state of a master key rotation after a run."""

    master_key: str
    """The id of the key that wraps now."""
    rewrapped: int
    """Data keys rewrapped by this run."""
    closed: int
    """Data keys that could not be unwrapped, and still need the master key that wrapped them."""
    ended: bool
    previous: list[Path]
    """Files of earlier master keys: to be destroyed once the rotation is complete and all processes use the new one."""


def owner_named(tracking_id: str | None) -> str:
    """Return whose key is meant: a complaint's, or the system's where none is named; "lookup" is returned as it is."""
    if tracking_id is None:
        return SYSTEM
    return tracking_id if tracking_id == LOOKUP else workflow_id(tracking_id)


class RotationResult(BaseModel):
    """The owner of a new data key."""

    owner: str


async def rotate_master(desk: Desk, given: RotateMaster) -> Outcome:
    """Begin a rotation of the master key, or continue it; raises Refusal, KeyUnavailable."""
    return await KeyRotation(desk.complaints).rotate_master(desk.actor, given.key_file, desk.progress)


async def rotate_data(desk: Desk, given: RotateData) -> RotationResult:
    """Give a complaint, or what belongs to none, a new data key; raises Refusal."""
    owner = owner_named(given.owner)
    await KeyRotation(desk.complaints).rotate_data(desk.actor, owner)
    return RotationResult(owner=owner)


class KeyRotation:
    """Rotates the keys of an installation."""

    def __init__(self, complaints: Readings, batch: int = 200) -> None:
        """Work through the client of a running system, beside its master key's file; `batch` keys at a time."""
        self._batch = batch
        self._complaints = complaints
        self._keys = complaints.record.keys
        self._rotations = complaints.record.master_rotations
        self._file = MasterKeyFile(master_key_file(complaints.settings.home))

    async def rotate_master(
        self, by: Actor, given: Path | None = None, progress: Callable[[int], None] = lambda _: None
    ) -> Outcome:
        """Begin a rotation, or continue the one that has begun; `progress` is called with how many keys are rewrapped.

        If some key is still wrapped by an earlier master key, the present one rewraps it. Otherwise the next master key
        is generated where a file holds it, or taken from the file `given`; a key of the environment or a service is
        changed there first. Raises Refusal, KeyUnavailable.
        """
        await self._complaints.authority.authorise(by, Act.ROTATE_MASTER)
        rotation = await self._rotations.open() or await self._begin(by, given)
        if source() == "file":
            self._file.install(rotation.to_key)
        rewrapped = closed = 0
        async for batch in self._keys.rewrap(self._batch):
            rewrapped, closed = rewrapped + batch.done, closed + batch.closed
            progress(rewrapped)
        current = await self._keys.master.current_id()
        ended = set(await self._keys.master_keys()) <= {current}
        if ended:
            await self._rotations.end(rotation, by, self._complaints.now())
        return Outcome(
            master_key=current, rewrapped=rewrapped, closed=closed, ended=ended, previous=self._file.previous()
        )

    async def status(self) -> dict[str, Any]:
        """Return which master keys wrap how many data keys, where the present one comes from, and what is left."""
        master, rotation = self._keys.master, await self._rotations.open()
        current = await master.current_id()
        return {
            "current": current,
            "source": source(),
            "rotation": rotation and {"to": rotation.to_key, "began_at": rotation.began_at.isoformat()},
            "previous_files": [str(path) for path in self._file.previous()],
            "master_keys": [
                {
                    "master_key": use.master_key_id,
                    "data_keys": use.keys,
                    "current": use.master_key_id == current,
                    "at_hand": await master.opens(use.master_key_id),
                }
                for use in await self._rotations.use()
            ],
        }

    async def rotate_data(self, by: Actor, owner: str) -> None:
        """Give an owner a new data key; what the previous one encrypted can still be decrypted.

        Raises Refusal, also for the erased. A rotation and an erasure wait for each other: otherwise the new key would
        outlive the erasure.
        """
        await self._complaints.authority.authorise(by, Act.ROTATE_DATA)
        if owner == LOOKUP:
            raise Refusal("lookup_not_rotated")
        tracking_id = None if owner == SYSTEM else owner.removeprefix("complaint-")
        if tracking_id is not None:
            await self._complaints.snapshot(tracking_id)
        async with self._alone(tracking_id) as conn:
            try:
                key = await self._keys.rotate(conn, owner)
            except KeyDestroyed as error:
                raise Refusal("erased", tracking=owner) from error
            except NotRotatable as error:
                raise Refusal("unknown_complaint", tracking=owner[:40]) from error
            await self._complaints.access_log.append_lasting(
                conn,
                AccessKind.KEY_ROTATED,
                by,
                self._complaints.now(),
                tracking_id=tracking_id,
                facts={"act": "data_key", "data_key_id": str(key.key_id)},
            )
        self._keys.forget(owner)

    @asynccontextmanager
    async def _alone(self, tracking_id: str | None) -> AsyncIterator[asyncpg.Connection]:
        """Yield a transaction during which nobody can erase that complaint."""
        if tracking_id is None:
            async with self._complaints.pool.acquire() as conn, conn.transaction():
                yield conn
            return
        erasures = self._complaints.record.erasures
        async with erasures.alone(tracking_id) as conn:
            if await erasures.is_erased(conn, tracking_id):
                raise Refusal("erased", tracking=tracking_id)
            yield conn

    async def rotate_signing(self, by: Actor) -> PublicKey:
        """Take a new signing key, endorsed by the one before, and put it on record. Raises Refusal, KeyUnavailable."""
        await self._complaints.authority.authorise(by, Act.ROTATE_SIGNING)
        signing = self._complaints.record.signing_keys
        await signing.current()
        async with self._complaints.pool.acquire() as conn, conn.transaction():
            new = await signing.rotate_in(conn)
            await self._complaints.access_log.append_lasting(
                conn,
                AccessKind.KEY_ROTATED,
                by,
                self._complaints.now(),
                facts={"act": "signing_key", "signing_key_id": new.key_id},
            )
        return new

    async def _begin(self, by: Actor, given: Path | None) -> Rotation:
        to_key = await self._keys.master.current_id()
        if set(await self._keys.master_keys()) <= {to_key}:
            if source() != "file":
                raise Refusal("master_key_unchanged", master=to_key)
            to_key = self._file.draft(given)
        return await self._rotations.begin(to_key, by, self._complaints.now())
