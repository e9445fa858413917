"""Backing an installation up while it runs: data in one folder, keys in another.

The order is: the engine's file, the database, the attachments. So the record is never older than the engine. An engine
that is behind accepts what is on record, and what it lacks the reconciler starts again from the record; in the other
order the engine's writes would be refused. And a row's attachment is stored before the row is dumped.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import asyncpg
from pydantic import BaseModel

from kawal.base.database_roles import owner_address, require_owner
from kawal.base.endpoints import home_lock, running_endpoints
from kawal.base.last_backup import note_backup
from kawal.base.postgres import LONG_WITHIN, connect
from kawal.base.settings import Settings
from kawal.embedded.postgres import postgres
from kawal.embedded.postgres_tools import DUMP, fitting_tool, run_tool, server_major
from kawal.embedded.restore_mark import refuse_unfinished
from kawal.operate.manifest import (
    ATTACHMENTS,
    COUNTED,
    DATA_KEYS,
    DATABASE,
    ENGINE,
    ENGINE_SERVER,
    FORM,
    MANIFEST,
    MASTER,
    PUBLISHED,
    WITH_SECRETS,
    DataManifest,
    Engine,
    FileSum,
    KeysManifest,
    Tell,
    UnfitFolder,
    open_private,
    sum_of,
    write_manifest,
)
from kawal.record import master_key_file
from kawal.store.dump import count_rows, export_snapshot, master_keys_used
from kawal.store.log import Log
from kawal.store.schema import digest_in

UNFINISHED = "UNFINISHED"
"""Marks a part from its first step until its manifest is written."""

SECRET_SETTINGS = {"database_url", "database_owner_url", "smtp_password"}


class StoredFile(Protocol):
    """One attachment's object in its store."""

    @property
    def path(self) -> str:
        """The object's name in the store."""


class Objects(Protocol):
    """The attachments' objects (intake.attachments.storage)."""

    def under(self, prefix: str | None = None) -> AsyncIterator[Any]:
        """Yield all objects, or those in one folder."""

    def read(self, path: str) -> AsyncIterator[bytes]:
        """Read one object, piece by piece."""

    async def put_incoming(self, pieces: AsyncIterator[bytes]) -> str:
        """Write an object under a temporary name; return that name."""

    async def settle(self, incoming: str, path: str) -> None:
        """Give the object its final name."""


class Parts(NamedTuple):
    """The two folders of a backup."""

    data: Path
    keys: Path


class BackupResult(BaseModel):
    """The contents of a backup."""

    backup: str
    data: Path
    keys: Path
    master_key: bool
    bytes: int
    attachments: int
    rows: dict[str, int]
    engine: Engine


async def back_up(
    settings: Settings, objects: Objects, parts: Parts, release: str, tell: Tell, *, with_master: bool = False
) -> BackupResult:
    """Back the installation up, running or stopped; a backup that was interrupted in these folders starts again.

    Raises UnfitFolder for folders that hold something else, SystemUnavailable, and the store's and the disk's errors.
    """
    refuse_unfinished(settings.home)
    for folder in parts:
        begin_part(folder)
    backup = str(uuid.uuid4())
    async with _database(settings) as owner_url:
        engine = await _copy_engine(settings, parts.data, tell)
        manifest = await _dump(owner_url, parts, tell)
        attachments = await _copy_attachments(objects, parts.data, tell)
    _copy_config(settings, parts, with_master=with_master)
    data = DataManifest(
        form=FORM,
        part="data",
        backup=backup,
        made_at=datetime.now(UTC),
        release=release,
        engine=engine,
        settings=settings.model_dump(mode="json", exclude=SECRET_SETTINGS),
        files=await asyncio.to_thread(_sums, parts.data),
        **manifest.model_dump(include={"schema_digest", "rows", "head"}),
    )
    written = write_manifest(parts.data, data)
    keys = KeysManifest(
        form=FORM,
        part="keys",
        backup=backup,
        made_at=data.made_at,
        data_manifest=written,
        master_keys=manifest.master_keys,
        files=await asyncio.to_thread(_sums, parts.keys),
    )
    write_manifest(parts.keys, keys)
    for folder in parts:
        (folder / UNFINISHED).unlink()
    note_backup(settings.home, data.made_at)
    return BackupResult(
        backup=backup,
        data=parts.data,
        keys=parts.keys,
        master_key=f"{MASTER}/master.key" in keys.files,
        bytes=sum(one.bytes for one in (*data.files.values(), *keys.files.values())),
        attachments=attachments,
        rows=data.rows,
        engine=engine,
    )


def begin_part(folder: Path) -> None:
    """Make an empty folder that is marked as a part in progress.

    Raises UnfitFolder for one that holds anything else.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = folder / UNFINISHED
    standing = {path.name for path in folder.iterdir()}
    if standing and UNFINISHED not in standing:
        raise UnfitFolder("folder_taken", path=folder)
    folder.chmod(0o700)
    mark.touch(mode=0o600)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != mark:
            path.unlink()


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[str]:
    """Yield the owner's URL of the database: of the running system, else of a server started only for this."""
    with home_lock(settings.home) as ours:
        if not ours:
            yield owner_address(settings, running_endpoints(settings).database_url)
            return
        async with postgres(settings) as database_url:
            yield owner_address(settings, database_url)


async def _copy_engine(settings: Settings, data: Path, tell: Tell) -> Engine:
    source = settings.home / "temporal" / ENGINE
    if settings.temporal_address is not None:
        return "external"
    if not source.exists():
        return "none"
    tell(ENGINE)
    target = data / ENGINE
    open_private(target).close()
    await asyncio.to_thread(_copy_sqlite, source, target)
    await asyncio.to_thread(_copy_file, source.with_name(ENGINE_SERVER), data / ENGINE_SERVER)
    return "embedded"


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy all pages in one step, as of one moment, while the engine goes on writing."""
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=-1)


class _DumpInfo(BaseModel):
    schema_digest: str
    rows: dict[str, int]
    head: dict[str, Any] | None
    master_keys: list[str]


async def _dump(owner_url: str, parts: Parts, tell: Tell) -> _DumpInfo:
    """Make both dumps as of one moment; return them with what the manifests say about them."""
    tool = await fitting_tool(DUMP, await server_major(owner_url))
    connection = await connect(owner_url, within=LONG_WITHIN)
    try:
        await require_owner(connection)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await export_snapshot(connection)
            shared = ("--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges")
            for name, folder, what in (
                (DATABASE, parts.data, ("--exclude-table-data=public.data_key",)),
                (DATA_KEYS, parts.keys, ("--data-only", "--table=public.data_key")),
            ):
                tell(name)
                open_private(folder / name).close()
                await run_tool(tool, (*shared, *what, f"--file={folder / name}"), owner_url)
            return await _described(connection)
    finally:
        await connection.close()


async def _described(connection: asyncpg.Connection) -> _DumpInfo:
    head = await Log(connection).newest_head()
    return _DumpInfo(
        schema_digest=await digest_in(connection) or "",
        rows=await count_rows(connection, COUNTED),
        head=None if head is None else head.to_json(),
        master_keys=await master_keys_used(connection),
    )


async def _copy_attachments(objects: Objects, data: Path, tell: Tell) -> int:
    number = 0
    async for stored in objects.under():
        folder, _, name = stored.path.partition("/")
        if not folder.isdigit() or not name or "/" in name:
            continue  # an unfinished upload
        tell(f"{ATTACHMENTS} {number}")
        place = data / ATTACHMENTS / folder
        for made in (place.parent, place):
            made.mkdir(exist_ok=True, mode=0o700)
        with open_private(place / name) as file:
            async for piece in objects.read(stored.path):
                file.write(piece)
        number += 1
    return number


def _copy_config(settings: Settings, parts: Parts, *, with_master: bool) -> None:
    published = settings.home / PUBLISHED
    if published.is_dir():
        shutil.copytree(published, parts.data / PUBLISHED)
    for name in WITH_SECRETS:
        if (settings.home / name).exists():
            _copy_file(settings.home / name, parts.keys / name)
    if with_master:
        _copy_master(master_key_file(settings.home), parts.keys / MASTER)


def _copy_master(master: Path, target: Path) -> None:
    """Copy the file and those beside it: during a rotation one file alone does not open everything."""
    if not master.exists():
        raise UnfitFolder("no_master_file", path=master)
    for file in sorted(master.parent.rglob("*.key")):
        place = target / file.relative_to(master.parent)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy_file(file, place)


def _copy_file(source: Path, target: Path) -> None:
    with open_private(target) as file:
        file.write(source.read_bytes())


def _sums(folder: Path) -> dict[str, FileSum]:
    """Return every file of a part with its SHA-256, all of them written to disk."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (UNFINISHED, MANIFEST):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            found[path.relative_to(folder).as_posix()] = sum_of(path)
    return found
