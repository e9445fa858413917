"""A complaint's attachments: adding, reading, listing, removing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from kawal.base.errors import StorageUnavailable
from kawal.base.log import log
from kawal.base.unavailable import unavailable
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import DataKey, NotAuthentic
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import workflow_id
from kawal.intake.attachments.chunk_encryption import CHUNK, Encryptor, decrypt_chunks
from kawal.intake.attachments.file_names import safe_name
from kawal.intake.attachments.file_types import KINDS, TEXT, Kind
from kawal.intake.attachments.images import Area, RedactedPicture
from kawal.intake.attachments.inspection import JUDGED_AT_ONCE, Inspectors
from kawal.intake.attachments.object_paths import PUBLIC, owner_of, path_of
from kawal.intake.attachments.refusals import AttachmentRefused, NoPublicVariant
from kawal.intake.attachments.settings import MEGABYTE, AttachmentSettings
from kawal.intake.attachments.storage import INCOMING, ObjectStorage
from kawal.intake.attachments.upload import Upload
from kawal.record import Record
from kawal.store.attachments import AttachmentDetails, AttachmentRow
from kawal.store.public_versions import FileVersion

ORPHAN_AFTER = timedelta(hours=1)
"""An object without a row that is older was left by a process that died; no upload takes so long."""

SWEEP_EVERY = timedelta(hours=1)
SETTLED_AT_ONCE = 4
"""How many uploads may hold a database connection while their object gets its name."""

_SWEPT_TOGETHER = 500


class AttachmentRef(BaseModel):
    """One attachment; its `id` goes into a report's `attachments` or a reply's or follow-up's `files`."""

    id: str
    name: str
    media_type: str
    size: int
    """Bytes of the original."""
    public_size: int | None
    """Bytes of the variant without metadata; None where there is none."""
    added_at: datetime
    event_seq: int | None = None
    """The number of the event that names it first; None while none does."""
    by_office: bool = False
    """Added by an official, and never sent by the reporter."""
    fresh: bool = True
    """False if the complaint already had this content: then this is the first attachment."""


class _SettledUpload(NamedTuple):
    """An upload whose objects have temporary names and which was found good."""

    row: AttachmentRow
    moves: list[tuple[str, str]]


class Attachments:
    """The attachments of all complaints of an installation."""

    def __init__(self, connected: Record, settings: AttachmentSettings) -> None:
        """Keep the objects where `settings` says, the rows in the database of the connection."""
        self.settings = settings
        self.storage = ObjectStorage(settings.url)
        self._keys = connected.keys
        self._rows = connected.attachment_rows
        self._shown_rows = self._rows
        self._versions = connected.public_versions
        self._access_log = connected.access_log
        # Also limits what is held in memory for it.
        self._judging = asyncio.Semaphore(JUDGED_AT_ONCE)
        self._judges = Inspectors()
        self._settling = asyncio.Semaphore(SETTLED_AT_ONCE)

    def seen_by(self, seen: Record) -> Attachments:
        """Return the same attachments as an official sees them: one whose row `seen` does not show is not there."""
        own = copy(self)
        own._shown_rows = seen.attachment_rows
        return own

    # --- Adding ------------------------------------------------------------------------------------------------------

    async def add(
        self, tracking_id: str, name: str, stream: AsyncIterator[bytes], *, by_office: bool = False
    ) -> AttachmentRef:
        """Take a file for an accepted report; memory does not grow with an upload, and a refused one leaves nothing.

        It is an official's (`by_office`), or else the reporter's. The same content twice is one attachment, the first.
        Raises AttachmentRefused, StorageUnavailable and the database's and the keys' errors: then nothing was taken.
        """
        key = await self._key(tracking_id)
        async with self._rows.locked(tracking_id) as conn:
            await self._check_room(conn, tracking_id, 0)
        incoming = await Upload.begun(stream, key, self.settings.max_bytes)
        written: list[str] = []
        try:
            settled = await self._written(tracking_id, name, key, incoming, written)
            settled.row.by_office = by_office
            async with self._settling:
                return await self._settle(tracking_id, key, settled)
        finally:
            await self._throw_away(written)

    async def _written(
        self, tracking_id: str, name: str, key: DataKey, incoming: Upload, written: list[str]
    ) -> _SettledUpload:
        written.append(await self.storage.put_incoming(incoming.encrypted()))
        if incoming.fault is not None:
            raise incoming.fault
        kind, variant = incoming.kind, None
        if kind.whole:
            kind, variant = await self._judged(key, written[0], incoming)
        details = AttachmentDetails(
            name=safe_name(name, kind.extension), sha256=incoming.sha256, file_id=incoming.file_id.hex()
        )
        row = AttachmentRow(
            id=uuid.uuid4(),
            tracking_id=tracking_id,
            name_mac=incoming.name_mac,
            size=incoming.size,
            public_size=None,
            media_type=kind.media_type,
            added_at=datetime.now(UTC),
            event_seq=None,
            details=details,
        )
        moves = [(written[0], path_of(row))]
        if variant is not None:
            encryptor = Encryptor(key)
            written.append(await self.storage.put_incoming(_encrypted(encryptor, variant)))
            row.public_size, details.public_file_id = len(variant), encryptor.file_id.hex()
            moves.append((written[1], path_of(row) + PUBLIC))
        elif kind is TEXT:
            # A text has no metadata: it is its own variant.
            row.public_size, details.public_file_id = row.size, details.file_id
        return _SettledUpload(row, moves)

    async def _judged(self, key: DataKey, path: str, incoming: Upload) -> tuple[Kind, bytes | None]:
        async with self._judging:
            content = BytesIO()
            async for piece in decrypt_chunks(
                self.storage.read(path), key.owner, self._keys.key_by_id, incoming.file_id
            ):
                content.write(piece)
            return await self._judges.judge(incoming.kind, content.getvalue())

    async def _settle(self, tracking_id: str, key: DataKey, settled: _SettledUpload) -> AttachmentRef:
        row = settled.row
        async with self._rows.locked(tracking_id) as conn:
            first = await self._rows.id_of_content(conn, tracking_id, row.name_mac)
            if first is None:
                await self._check_room(conn, tracking_id, row.size)
                # First the objects, then the row: what a crash leaves in between is an object that no row names.
                for incoming, path in settled.moves:
                    await self.storage.settle(incoming, path)
                await self._rows.add(conn, key, row)
                return _ref(row)
            if not row.by_office:
                await self._rows.sent_by_reporter(conn, first)
        found = await self._rows.find(tracking_id, first)
        if found is None:
            raise AttachmentRefused("erased", tracking=tracking_id)
        return _ref(found, fresh=False)

    async def _check_room(self, conn: asyncpg.Connection, tracking_id: str, more: int) -> None:
        room = await self._rows.room(conn, tracking_id)
        if room.count >= self.settings.max_count:
            raise AttachmentRefused("too_many", limit=self.settings.max_count)
        if room.size + more > self.settings.total_bytes:
            raise AttachmentRefused("complaint_full", limit=self.settings.total_bytes // MEGABYTE)

    async def _throw_away(self, incoming: Sequence[str]) -> None:
        """Remove what still has temporary names; where that fails, the sweep does it later."""
        for path in incoming:
            try:
                await self.storage.remove(path)
            except StorageUnavailable as error:
                log.warning("upload_left_behind", reason=str(error)[:200])

    # --- Reading -----------------------------------------------------------------------------------------------------

    async def open(
        self, tracking_id: str, attachment_id: str, *, public: bool, reader: Actor | None
    ) -> tuple[AttachmentRef, AsyncIterator[bytes]]:
        """Return an attachment with the pieces of its content: the original, or with `public` without metadata.

        The caller checks that `reader` may see it (domain.access, or the tracking secret). For a rahasia report the
        reading goes on record before the first byte, unless the caller has recorded it: then `reader` is None. Raises
        AttachmentRefused, NoPublicVariant, StorageUnavailable.
        """
        row = await self._find(tracking_id, attachment_id)
        file_id = row.details.public_file_id if public else row.details.file_id
        if file_id is None:
            raise NoPublicVariant(row.media_type)
        if reader is not None and await self._rows.rahasia(tracking_id):
            await self._access_log.append(
                AccessKind.READ_REPORT,
                reader,
                datetime.now(UTC),
                tracking_id=tracking_id,
                facts={"what": "attachment", "attachment": str(row.id), "public": public},
            )
        path = path_of(row) + (PUBLIC if public and file_id != row.details.file_id else "")
        content = self._content(path, row.tracking_id, bytes.fromhex(file_id))
        # The first piece now, so that an unreadable attachment is reported before an answer has begun.
        return _ref(row), _resumed(await anext(content), content)

    async def open_public(self, tracking_id: str, attachment_id: str) -> tuple[AttachmentRef, AsyncIterator[bytes]]:
        """Return a file as the public may see it now: released, without metadata, in its redacted form if it has one.

        What is not public is refused as if it did not exist. Raises AttachmentRefused, StorageUnavailable.
        """
        row = await self._find(tracking_id, attachment_id)
        if not await self._versions.is_public(tracking_id, row.id):
            raise AttachmentRefused("unknown_attachment")
        ref, content = await self.open_as_public(tracking_id, attachment_id)
        name = f"{row.id}.{KINDS[row.media_type].extension}"  # what a reporter called it is no part of what is public
        return ref.model_copy(update={"name": name}), content

    async def open_as_public(self, tracking_id: str, attachment_id: str) -> tuple[AttachmentRef, AsyncIterator[bytes]]:
        """Return a file in the form that the public sees once it is released; the caller checks who may see it."""
        row = await self._find(tracking_id, attachment_id)
        version = await self._versions.file(tracking_id, row.id)
        content = await self._public_form(row, version)
        size = version.size or row.public_size or row.size
        return _ref(row).model_copy(update={"size": size, "public_size": size}), _resumed(await anext(content), content)

    async def blacked_out(
        self, tracking_id: str, attachment_id: str, areas: Sequence[Area], *, anew: bool
    ) -> RedactedPicture:
        """Return a picture's public form with these areas black, besides what was black before; nothing is stored.

        With `anew` only these are. Raises AttachmentRefused for what is no picture, and for an area outside it;
        StorageUnavailable.
        """
        row = await self._find(tracking_id, attachment_id)
        kind = KINDS[row.media_type]
        if kind.image is None:
            raise AttachmentRefused("not_a_picture")
        version = await self._versions.file(tracking_id, row.id)
        async with self._judging:
            form = await self._public_form(row, version._replace(file_id=None) if anew else version)
            content = b"".join([piece async for piece in form])
            black = await self._judges.black_out(kind, content, areas)
        return RedactedPicture(row.id, version.latest + 1, black)

    async def store_redacted(self, tracking_id: str, picture: RedactedPicture) -> str:
        """Store a redacted picture beside its original; return the id of its object, which nothing names yet."""
        row = await self._find(tracking_id, str(picture.attachment))
        encryptor = Encryptor(await self._key(tracking_id))
        incoming = await self.storage.put_incoming(_encrypted(encryptor, picture.content))
        await self.storage.settle(incoming, f"{path_of(row)}{PUBLIC}-{picture.variant}")
        return encryptor.file_id.hex()

    async def _public_form(self, row: AttachmentRow, version: FileVersion) -> AsyncIterator[bytes]:
        """Return the content of a file's redacted form, or of the one without metadata."""
        if version.file_id is None:
            _, content = await self.open(row.tracking_id, str(row.id), public=True, reader=None)
            return content
        path = f"{path_of(row)}{PUBLIC}-{version.variant}"
        return self._content(path, row.tracking_id, bytes.fromhex(version.file_id))

    async def list(self, tracking_id: str) -> list[AttachmentRef]:
        """Return a complaint's attachments, the oldest first; refuse for an unknown or erased one."""
        await self._key(tracking_id)
        return [_ref(row) for row in await self._shown_rows.all_of(tracking_id)]

    async def _find(self, tracking_id: str, attachment_id: str) -> AttachmentRow:
        await self._key(tracking_id)
        try:
            row = await self._shown_rows.find(tracking_id, UUID(attachment_id))
        except ValueError:
            row = None
        if row is None:
            raise AttachmentRefused("unknown_attachment")
        return row

    async def _content(self, path: str, tracking_id: str, file_id: bytes) -> AsyncIterator[bytes]:
        owner = workflow_id(tracking_id)
        try:
            async for piece in decrypt_chunks(self.storage.read(path), owner, self._keys.key_by_id, file_id):
                yield piece
        except NotAuthentic as error:
            log.error("attachment_damaged", workflow_id=owner, path=path, reason=str(error))
            raise StorageUnavailable(f"{path}: {error}") from error
        except KeyDestroyed as error:
            raise AttachmentRefused("erased", tracking=tracking_id) from error

    async def _key(self, tracking_id: str) -> DataKey:
        if not await self._rows.accepted(tracking_id):
            raise AttachmentRefused("unknown_complaint", tracking=tracking_id[:20])
        try:
            return await self._keys.key_for(workflow_id(tracking_id))
        except KeyDestroyed as error:
            raise AttachmentRefused("erased", tracking=tracking_id) from error

    # --- Removing ----------------------------------------------------------------------------------------------------

    async def remove_all(self, tracking_id: str) -> int:
        """Remove all attachments of a complaint, rows before objects; return how many, 0 when repeated."""
        async with self._rows.locked(tracking_id) as conn:
            removed = await self._rows.remove_all(conn, tracking_id)
        objects = [stored.path async for stored in self.storage.under(tracking_id)]
        for path in objects:
            await self._remove_if_orphan(path, None)
        return removed

    async def sweep(self, older_than: timedelta = ORPHAN_AFTER) -> int:
        """Remove objects that no row names and interrupted uploads, if older than that; return how many."""
        before = datetime.now(UTC) - older_than
        removed = await self.storage.remove_broken_off(before)
        suspects: list[str] = []
        async for stored in self.storage.under():
            if stored.changed_at < before:
                suspects.append(stored.path)
            if len(suspects) == _SWEPT_TOGETHER:
                removed += await self._sweep_these(suspects, before)
                suspects = []
        return removed + await self._sweep_these(suspects, before)

    async def sweeping(self) -> None:
        """Sweep now and every SWEEP_EVERY, until cancelled."""
        while True:
            try:
                removed = await self.sweep()
                if removed:
                    log.info("attachment_orphans_removed", number=removed)
            except Exception as error:
                if unavailable(error) is None:
                    raise
                log.warning("attachments_not_swept", reason=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY.total_seconds())

    async def _sweep_these(self, paths: Sequence[str], before: datetime) -> int:
        removed = 0
        for path in paths:
            if path.startswith(INCOMING + "/"):
                await self.storage.remove(path)
                removed += 1
        named = {path: owner for path in paths if (owner := owner_of(path)) is not None}
        unknown: set[tuple[str, bytes]] = set(await self._rows.unknown(list(named.values())))
        for path, owner in named.items():
            if owner in unknown:
                removed += await self._remove_if_orphan(path, before)
        return removed

    async def _remove_if_orphan(self, path: str, before: datetime | None) -> int:
        """Remove an object if no row names it and it is still old, with exclusive access to its complaint's
        attachments.
        """
        owner = owner_of(path)
        if owner is None:
            return 0
        async with self._rows.locked(owner[0]) as conn:
            if await self._rows.id_of_content(conn, *owner) is not None:
                return 0
            if before is not None:
                changed_at = await self.storage.changed_at(path)
                if changed_at is None or changed_at >= before:
                    return 0
            await self.storage.remove(path)
        return 1


def _ref(row: AttachmentRow, *, fresh: bool = True) -> AttachmentRef:
    same = row.model_dump(include={"size", "public_size", "media_type", "added_at", "event_seq", "by_office"})
    return AttachmentRef(id=str(row.id), name=row.details.name, fresh=fresh, **same)


async def _encrypted(encryptor: Encryptor, content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), CHUNK):
        yield encryptor.update(content[start : start + CHUNK])
    yield encryptor.finish()


async def _resumed(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
