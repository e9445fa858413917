"""Backup and restore: data and keys separate, verified by hashes, erasures repeated, killed anywhere and resumed."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
import stat
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from kawal.audit.proof.verify import Verification
from kawal.base.endpoints import Endpoints
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import close_pool, open_pool
from kawal.base.settings import Settings
from kawal.domain.names import workflow_id
from kawal.domain.refusals import Refusal
from kawal.embedded.postgres import ensure_database, with_database
from kawal.embedded.postgres_tools import fitting_tool
from kawal.embedded.restore_mark import refuse_unfinished
from kawal.operate.backup import Parts, back_up
from kawal.operate.manifest import MANIFEST, UnfitFolder
from kawal.record import master_key_file
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureList
from kawal.store.history_archive import HistoryArchive
from tests.audit.installation import CONTENT, Installation, bring_key, install, quiet, restored, storage
from tests.database_owner import owner_url
from tests.operate.dying_backup import BACKUP_STEPS, RESTORE_STEPS

CHAINS = "select 'event' as of, hash from event union all select 'access', hash from access_log order by 1, 2"


@pytest.fixture
async def installation(database_url: str, tmp_path: Path) -> AsyncIterator[Installation]:
    made = await install(tmp_path / "home", database_url)
    await made.fill(3)
    yield made
    await close_pool(made.pool)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "backup" / "data", tmp_path / "backup" / "keys")


@pytest.fixture
async def empty_database(temporal_server: Endpoints) -> AsyncIterator[str]:
    name = f"kawal_restored_{uuid.uuid4().hex[:8]}"
    owner = owner_url(temporal_server.database_url)
    await ensure_database(owner, name)
    yield with_database(temporal_server.database_url, name)
    connection = await asyncpg.connect(owner)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


def _settings(home: Path, database_url: str) -> Settings:
    return Settings(home=home, database_url=database_url, database_owner_url=owner_url(database_url))


@pytest.fixture
def target(installation: Installation, empty_database: str, tmp_path: Path) -> Settings:
    """Return a new home to restore into, to which the operator has brought the master key."""
    bring_key(installation.settings.home, tmp_path / "new")
    return _settings(tmp_path / "new", empty_database)


async def backed_up(installation: Installation, parts: Parts, *, with_master: bool = False) -> None:
    settings = installation.settings
    await back_up(settings, storage(settings.home), parts, "test", quiet, with_master=with_master)


async def rows(database_url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(owner_url(database_url))
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


async def test_what_was_backed_up_comes_back_and_what_was_erased_since_is_erased_again(
    installation: Installation, parts: Parts, target: Settings
) -> None:
    before = await rows(str(installation.settings.database_url), CHAINS)
    await backed_up(installation, parts)
    first, erased, _ = installation.complaints
    await installation.erase(erased)
    done = await restored(target, parts, erasures=installation.settings.erasure_list)
    assert (done.erased_again, done.listed, done.attachments) == ([erased], 1, 1)
    database = str(target.database_url)
    after = await rows(database, CHAINS)
    assert set(before) <= set(after)
    assert len(after) - len(before) == 2  # the erasure is on record in the access log
    stays = "select owner from data_key where wrapped_key is null"
    assert [row["owner"] for row in await rows(database, stays)] == [workflow_id(erased)]
    words = "select tracking_id::text as id from complaint where erased_at is not null and body is null"
    assert [row["id"] for row in await rows(database, words)] == [erased]
    assert target.erasure_list.read_bytes() == installation.settings.erasure_list.read_bytes()
    pieces = [piece async for piece in storage(target.home).read(f"{first}/abc")]
    assert b"".join(pieces) == CONTENT
    assert not (target.home / "restoring.json").exists()
    with pytest.raises(asyncpg.RestrictViolationError):
        await rows(database, "delete from event returning 1")
    pool = await open_pool(database, max_size=2)
    (run,) = await HistoryArchive(pool).runs(workflow_id(first))
    assert run.history
    verified = await Verification(pool, DataKeyStore(pool, installation.master)).all()
    assert verified.findings == []
    assert verified.log_size
    (told,) = verified.erased
    (entry,) = ErasureList(target.erasure_list).entries()
    assert (told.tracking_id, told.on) == (erased, entry.at)
    await close_pool(pool)


async def test_the_data_part_holds_no_key_and_the_keys_part_no_data(installation: Installation, parts: Parts) -> None:
    await backed_up(installation, parts)
    wrapped = [row["wrapped_key"] for row in await installation.pool.fetch("select wrapped_key from data_key")]
    data = b"".join(path.read_bytes() for path in parts.data.rglob("*") if path.is_file())
    assert len(wrapped) == 5
    tool = await fitting_tool("pg_restore", 18)
    plain = await _output(str(tool), "--file=-", str(parts.data / "database.dump"))
    keys = await _output(str(tool), "--file=-", str(parts.keys / "data_keys.dump"))
    for key in wrapped:
        assert key not in data
        assert key.hex().encode() not in plain
        assert key.hex().encode() in keys
    assert b"Pasar Batu Aji" in plain  # a public report's words
    assert b"Zulkarnain" not in plain + data
    assert b"Pasar Batu Aji" not in keys
    assert not (parts.keys / "master").exists()
    for path in (parts.data, parts.keys, *parts.data.rglob("*"), *parts.keys.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


async def _output(*command: str) -> bytes:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out


async def test_the_master_key_comes_along_only_if_asked_for(
    installation: Installation, parts: Parts, empty_database: str, tmp_path: Path
) -> None:
    earlier = master_key_file(installation.settings.home).parent / "previous" / "0123456789abcdef.key"
    earlier.parent.mkdir(mode=0o700)
    earlier.write_bytes(base64.b64encode(bytes(32)))
    earlier.chmod(0o600)
    await backed_up(installation, parts, with_master=True)
    bare = _settings(tmp_path / "bare", empty_database)
    await restored(bare, parts, without_erasures=True)
    kept = master_key_file(installation.settings.home).read_bytes()
    assert master_key_file(bare.home).read_bytes() == kept
    assert (bare.home / "keys" / "previous" / earlier.name).read_bytes() == earlier.read_bytes()


SPOILT = {
    "data/database.dump": "file_changed",
    "keys/data_keys.dump": "file_changed",
    "data/manifest.json": "file_changed",
    "keys/manifest.json": "not_ours",
    "data/attachments": "file_missing",
    "no data manifest": "not_whole",
    "keys of another": "parts_differ",
    "a name that leads elsewhere": "not_ours",
    "another form": "other_form",
}


async def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_done(
    installation: Installation, parts: Parts, target: Settings
) -> None:
    await backed_up(installation, parts)
    for number, (spoilt, why) in enumerate(SPOILT.items()):
        copy = parts.data.parents[1] / f"copy{number}"
        shutil.copytree(parts.data.parent, copy)
        _spoil(copy, spoilt)
        with pytest.raises(UnfitFolder) as unfit:
            await restored(target, Parts(copy / "data", copy / "keys"), without_erasures=True)
        assert unfit.value.code == why, spoilt
    assert await rows(str(target.database_url), "select 1 from pg_class where relname = 'event'") == []
    refuse_unfinished(target.home)


def _spoil(copy: Path, spoilt: str) -> None:
    match spoilt:
        case "keys/manifest.json":
            (copy / spoilt).write_text("{}")
        case "data/attachments":
            (path,) = (copy / spoilt).rglob("abc")
            path.unlink()
        case "no data manifest":
            (copy / "data" / MANIFEST).unlink()
        case "keys of another":
            _rewrite(copy, lambda manifest: manifest.update(backup="another"))
        case "a name that leads elsewhere":
            _rewrite(copy, lambda manifest: manifest["files"].update({"../x": manifest["files"]["data_keys.dump"]}))
        case "another form":
            _rewrite(copy, lambda manifest: manifest.update(form="kawal-backup-1", schema_version=4))
        case _:
            with (copy / spoilt).open("ab") as file:
                file.write(b" ")


def _rewrite(copy: Path, change: Callable[[dict[str, Any]], None]) -> None:
    file = copy / "keys" / MANIFEST
    manifest = json.loads(file.read_text())
    change(manifest)
    file.write_text(json.dumps(manifest))


async def test_where_something_is_already_or_the_list_of_erasures_is_not_nothing_is_restored(
    installation: Installation, parts: Parts, target: Settings, tmp_path: Path
) -> None:
    await backed_up(installation, parts)

    async def refusal(named: Path | None = None, *, without: bool = True) -> str:
        with pytest.raises(UnfitFolder) as unfit:
            await restored(target, parts, erasures=named, without_erasures=without)
        return unfit.value.code

    assert await refusal(without=False) == "needs_list"
    assert await refusal(tmp_path / "nowhere.jsonl", without=False) == "no_such_list"
    (target.home / "postgres").mkdir()
    (target.home / "postgres" / "PG_VERSION").touch()
    assert await refusal() == "home_taken"
    shutil.rmtree(target.home / "postgres")
    await rows(str(target.database_url), "create table mine (n integer)")
    assert await refusal() == "database_taken"
    assert await rows(str(target.database_url), "select * from mine") == []


async def test_a_wrong_or_missing_master_key_and_a_changed_list_are_told_before_anything_is_done(
    installation: Installation, parts: Parts, target: Settings
) -> None:
    await backed_up(installation, parts)
    await installation.erase(installation.complaints[1])
    listed = installation.settings.erasure_list
    key = master_key_file(target.home)
    kept = key.read_bytes()
    key.write_bytes(b"A" * 43 + b"=")
    with pytest.raises(SystemUnavailable, match="induk"):
        await restored(target, parts, erasures=listed)
    key.unlink()
    with pytest.raises(SystemUnavailable, match="induk"):
        await restored(target, parts, erasures=listed)
    key.write_bytes(kept)
    key.chmod(0o600)
    changed = listed.with_name("changed.jsonl")
    changed.write_bytes(listed.read_bytes().replace(b"consent_withdrawn", b"consent_withdrawm"))
    with pytest.raises(Refusal):
        await restored(target, parts, erasures=changed)
    refuse_unfinished(target.home)  # there is no marker
    assert (await restored(target, parts, erasures=listed)).erased_again == [installation.complaints[1]]


async def test_a_folder_that_holds_something_is_not_overwritten(installation: Installation, parts: Parts) -> None:
    await backed_up(installation, parts)
    with pytest.raises(UnfitFolder, match="folder_taken"):
        await backed_up(installation, parts)


async def test_a_backup_killed_at_every_step_is_made_anew_in_the_same_folders(
    installation: Installation, parts: Parts, target: Settings
) -> None:
    for step in BACKUP_STEPS:
        await _killed("backup", step, installation.settings, parts)
    with pytest.raises(UnfitFolder):
        await restored(target, parts, without_erasures=True)
    await backed_up(installation, parts)
    assert (await restored(target, parts, without_erasures=True)).attachments == 1


async def test_a_restore_killed_at_every_step_begins_anew_and_nothing_starts_meanwhile(
    installation: Installation, parts: Parts, target: Settings
) -> None:
    await backed_up(installation, parts)
    await installation.erase(installation.complaints[2])
    listed = installation.settings.erasure_list
    for step in RESTORE_STEPS:
        await _killed("restore", step, target, parts, str(listed))
        with pytest.raises(SystemUnavailable):
            refuse_unfinished(target.home)
    other = Parts(parts.data.with_name("other"), parts.keys.with_name("other.keys"))
    await backed_up(installation, other)
    with pytest.raises(UnfitFolder, match="of_another"):
        await restored(target, other, erasures=listed)
    done = await restored(target, parts, erasures=listed)
    assert done.erased_again == [installation.complaints[2]]
    (counted,) = await rows(str(target.database_url), "select count(*) as n from event")
    assert counted["n"] == done.rows["event"]
    refuse_unfinished(target.home)


async def test_a_restore_killed_in_its_own_postgresql_begins_anew_in_a_fresh_one(
    installation: Installation, parts: Parts, home: Path
) -> None:
    await backed_up(installation, parts, with_master=True)
    embedded = Settings(home=home)
    await _killed("restore", "first part of the database", embedded, parts)
    done = await restored(embedded, parts, without_erasures=True)
    assert done.rows["complaint"] == 3
    again = Parts(parts.data.with_name("again"), parts.keys.with_name("again.keys"))
    copied = await back_up(embedded, storage(home), again, "test", quiet)
    assert (copied.rows, copied.attachments) == (done.rows, 1)


async def _killed(what: str, step: str, settings: Settings, parts: Parts, *more: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.operate.dying_backup",
        what,
        step,
        settings.model_dump_json(),
        str(parts.data),
        str(parts.keys),
        *more,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert await process.wait() == -signal.SIGKILL, step
