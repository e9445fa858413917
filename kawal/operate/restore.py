"""Restoring a backup into an empty home: everything is checked first, and every erasure is applied again.

A marker is in the home from the first step to the last. If the restore is interrupted, running it again starts from
the beginning; nothing else starts on a home with that mark.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from kawal.base.database_roles import make_roles, owner_address
from kawal.base.endpoints import home_lock
from kawal.base.errors import AlreadyRunning, SystemUnavailable
from kawal.base.postgres import LONG_WITHIN, close_pool, connect, open_pool
from kawal.base.settings import Settings
from kawal.crypto.durable_files import sync_folder
from kawal.crypto.master_keys import KeyUnavailable, MasterKey, MasterKeys, load_master_key
from kawal.domain.msgids import msgid, sentence
from kawal.embedded.postgres import postgres, until_stopped
from kawal.embedded.postgres_tools import RESTORE, fitting_tool, run_tool, server_major
from kawal.embedded.restore_mark import restoring_mark
from kawal.operate.backup import Parts
from kawal.operate.manifest import (
    ATTACHMENTS,
    COUNTED,
    DATA_KEYS,
    DATABASE,
    ENGINE,
    ENGINE_SERVER,
    MASTER,
    PUBLISHED,
    WITH_SECRETS,
    DataManifest,
    KeysManifest,
    Tell,
    UnfitFolder,
    check_files,
    open_private,
    read_manifest,
)
from kawal.record import master_key_file
from kawal.store.data_keys import DataKeyStore
from kawal.store.dump import analyze, count_rows, is_empty, throw_away
from kawal.store.erasure_list import ErasureEntry, ErasureList
from kawal.store.erasures import Erasures, reapply
from kawal.store.schema import check_schema, grant_rights, make_schema
from kawal.store.signing_keys import SigningKeys

BROUGHT = ("keys", "erasures", *WITH_SECRETS, "run", "log", "postgres.lock")
"""The only entries of an otherwise empty home: what the operator puts there, and what the locks leave behind."""

_PIECE = 1 << 18


class Objects(Protocol):
    """Where the attachments' objects go (intake.attachments.storage)."""

    async def put_incoming(self, pieces: AsyncIterator[bytes]) -> str:
        """Write an object under a temporary name; return that name."""

    async def settle(self, incoming: str, path: str) -> None:
        """Give the object its final name."""


class RestoreResult(BaseModel):
    """The result of a restore."""

    backup: str
    made_at: str
    rows: dict[str, int]
    attachments: int
    engine: str
    erased_again: list[str]
    """Complaints that the backup brought back and that the list of erasures names."""
    listed: int | None
    """Number of entries in the list of erasures; None: restored without a list."""


class _Backup(BaseModel):
    parts: Parts
    data: DataManifest
    keys: KeysManifest


async def restore(
    settings: Settings, objects: Objects, parts: Parts, tell: Tell, *, erasures: Path | None, without_erasures: bool
) -> RestoreResult:
    """Restore a backup into the settings' home.

    `erasures` is the list to apply; None: the one at its place in the home. Raises UnfitFolder for a backup that is
    incomplete or a home that is not empty, Refusal for a list that was changed, SystemUnavailable.
    """
    backup = await _checked(parts, tell)
    with home_lock(settings.home) as ours:
        if not ours:
            raise AlreadyRunning(settings.home)
        again = _is_again(settings.home, backup)
        source = _list_to_apply(settings, erasures, without_erasures=without_erasures)
        entries = [] if source is None else ErasureList(source).entries()
        master = await _master_key(settings, backup)
        _put_mark(settings.home, backup)
        await until_stopped(settings.home / "postgres")
        await asyncio.to_thread(_clear, settings.home)
        _place_files(settings.home, backup)
        async with postgres(settings) as database_url:
            owner_url = owner_address(settings, database_url)
            await _restore_database(owner_url, backup, tell, again=again)
            erased = await _erase_again(database_url, master, source, entries)
        await master.close()
        copied = await _place_attachments(objects, backup, {entry.tracking_id for entry in entries}, tell)
        if source is not None:
            _keep_list(source, settings.erasure_list)
        restoring_mark(settings.home).unlink()
        sync_folder(settings.home)
    return RestoreResult(
        backup=backup.data.backup,
        made_at=backup.data.made_at.isoformat(),
        rows=backup.data.rows,
        attachments=copied,
        engine=backup.data.engine,
        erased_again=erased,
        listed=None if source is None else len(entries),
    )


# --- Checks -----------------------------------------------------------------------------------------------------------


async def _checked(parts: Parts, tell: Tell) -> _Backup:
    data, written = read_manifest(parts.data, DataManifest)
    keys, _ = read_manifest(parts.keys, KeysManifest)
    if keys.backup != data.backup:
        raise UnfitFolder("parts_differ", data=parts.data, keys=parts.keys)
    if keys.data_manifest != written:
        raise UnfitFolder("file_changed", path=parts.data / "manifest.json")
    check_schema(data.schema_digest)
    for folder, manifest in ((parts.data, data), (parts.keys, keys)):
        await check_files(folder, manifest, tell)
    return _Backup(parts=parts, data=data, keys=keys)


def _is_again(home: Path, backup: _Backup) -> bool:
    """Tell whether this very restore was interrupted here before.

    Raises UnfitFolder for a home that holds anything else.
    """
    mark = restoring_mark(home)
    if mark.exists():
        if json.loads(mark.read_text()).get("backup") != backup.data.backup:
            raise UnfitFolder("of_another", path=home)
        return True
    if any(path.name not in BROUGHT and not _is_empty_folder(path) for path in home.iterdir()):
        raise UnfitFolder("home_taken", path=home)
    return False


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _list_to_apply(settings: Settings, given: Path | None, *, without_erasures: bool) -> Path | None:
    source = given or settings.erasure_list
    if source.exists():
        return source
    if given is not None:
        raise UnfitFolder("no_such_list", path=given)
    if not without_erasures:
        raise UnfitFolder("needs_list", path=settings.erasure_list)
    return None


async def _master_key(settings: Settings, backup: _Backup) -> MasterKeys:
    """Return the master keys: from the home, the environment, or the keys' part; raises SystemUnavailable."""
    file = master_key_file(settings.home)
    if not file.exists():
        _bring_master(backup, file.parent)
    try:
        master = load_master_key(file)
        lacking = [wanted for wanted in backup.keys.master_keys if not await master.opens(wanted)]
        at_hand = await master.current_id()
    except KeyUnavailable as error:
        raise SystemUnavailable(
            sentence(
                msgid("Put the master key at {file} first (readable by its owner alone): {error}"),
                file=file,
                error=error.why,
            ),
        ) from error
    if lacking:
        raise SystemUnavailable(
            sentence(
                msgid("This backup needs master key {lacking}; the one available is {at_hand}."),
                lacking=", ".join(lacking),
                at_hand=at_hand,
            ),
        )
    return master


def _bring_master(backup: _Backup, folder: Path) -> None:
    for name in backup.keys.files:
        kind, _, path = name.partition("/")
        if kind == MASTER:
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _copy(backup.parts.keys / name, place)


# --- Restoring --------------------------------------------------------------------------------------------------------


def _put_mark(home: Path, backup: _Backup) -> None:
    mark = restoring_mark(home)
    if not mark.exists():
        draft = mark.with_suffix(".new")
        with open_private(draft) as file:
            file.write(json.dumps({"backup": backup.data.backup}).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(mark)
        sync_folder(home)


def _clear(home: Path) -> None:
    """Remove what an earlier attempt has put here; a home that is restored into holds nothing else of Kawal's."""
    for name in ("postgres", "temporal", PUBLISHED):
        shutil.rmtree(home / name, ignore_errors=True)


def _place_files(home: Path, backup: _Backup) -> None:
    data, keys = backup.parts
    if backup.data.engine == "embedded":
        (home / "temporal").mkdir(mode=0o700)
        for name in (ENGINE, ENGINE_SERVER):
            _copy(data / name, home / "temporal" / name)
    if (data / PUBLISHED).is_dir():
        shutil.copytree(data / PUBLISHED, home / PUBLISHED)
    for name in WITH_SECRETS:
        if name in backup.keys.files and not (home / name).exists():
            _copy(keys / name, home / name)


async def _restore_database(owner_url: str, backup: _Backup, tell: Tell, *, again: bool) -> None:
    """Restore tables, rows, the keys' rows, and last the triggers and references that guard them, and the rights."""
    await _empty(owner_url, again=again)
    tool = await fitting_tool(RESTORE, await server_major(owner_url))
    dump, keys = backup.parts.data / DATABASE, backup.parts.keys / DATA_KEYS
    shared = ("--no-owner", "--no-privileges", "--exit-on-error")
    for what, file in (
        ("--section=pre-data", dump),
        ("--section=data", dump),
        ("--data-only", keys),
        ("--section=post-data", dump),
    ):
        tell(f"{file.name} {what.removeprefix('--')}")
        await run_tool(tool, (*shared, what, str(file)), owner_url)
    connection = await connect(owner_url, within=LONG_WITHIN)
    try:
        if await count_rows(connection, COUNTED) != backup.data.rows:
            raise UnfitFolder("rows_differ", path=backup.parts.data)
        await analyze(connection)
        await make_schema(connection)
        await grant_rights(connection)
    finally:
        await connection.close()


async def _empty(owner_url: str, *, again: bool) -> None:
    """Check that the database is empty, after removing what an earlier attempt of this restore left there."""
    connection = await connect(owner_url, within=LONG_WITHIN)
    try:
        await make_roles(connection)
        if again:
            await throw_away(connection)
        elif not await is_empty(connection):
            raise UnfitFolder("database_taken")
    finally:
        await connection.close()


async def _erase_again(
    database_url: str, master: MasterKey, source: Path | None, entries: Sequence[ErasureEntry]
) -> list[str]:
    """Erase what the backup brought back; the list must be this installation's. Return the complaints' numbers."""
    if source is None:
        return []
    pool = await open_pool(database_url, max_size=2, within=LONG_WITHIN)
    try:
        keys = DataKeyStore(pool, master)
        known = await SigningKeys(pool, keys).known_keys()
        if known.keys:
            ErasureList(source).entries(known.log_id)
        return await reapply(Erasures(pool, keys), entries)
    finally:
        await close_pool(pool)


async def _place_attachments(objects: Objects, backup: _Backup, erased: set[str], tell: Tell) -> int:
    number = 0
    for name in sorted(backup.data.files):
        kind, _, path = name.partition("/")
        if kind != ATTACHMENTS or path.partition("/")[0] in erased:
            continue
        tell(f"{ATTACHMENTS} {number}")
        await objects.settle(await objects.put_incoming(_pieces(backup.parts.data / name)), path)
        number += 1
    return number


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _keep_list(source: Path, place: Path) -> None:
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(source, place)


def _copy(source: Path, target: Path) -> None:
    """Copy a file, readable only by its owner; it appears under its name only when it is complete."""
    draft = target.with_name(f"{target.name}.new")
    with source.open("rb") as given, open_private(draft) as file:
        shutil.copyfileobj(given, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
