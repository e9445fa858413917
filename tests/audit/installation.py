"""A small installation to back up, without an engine: recorded complaints, an attachment's object, a signed list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from kawal.base.postgres import open_pool
from kawal.base.settings import Settings
from kawal.crypto.master_keys import MasterKey, ensure_master_key
from kawal.domain.names import workflow_id
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.attachments.storage import ObjectStorage
from kawal.operate.backup import Parts
from kawal.operate.restore import RestoreResult, restore
from kawal.record import master_key_file
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry, ErasureList
from kawal.store.erasures import Erasures
from kawal.store.history_archive import HistoryArchive
from kawal.store.setup import prepare_database
from kawal.store.signing_keys import SigningKeys
from tests.audit.records import Record
from tests.database_owner import owner_url
from tests.store.test_history_archive import closed

CONTENT = b"gambar tersegel " * 1000


def storage(home: Path) -> ObjectStorage:
    return ObjectStorage(AttachmentSettings.from_env(home, {}).url)


async def put_object(home: Path, path: str) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield CONTENT

    objects = storage(home)
    await objects.settle(await objects.put_incoming(content()), path)


class Installation:
    """An installation in a database of its own."""

    def __init__(self, settings: Settings, pool: asyncpg.Pool, keys: DataKeyStore, master: MasterKey) -> None:
        self.settings = settings
        self.master = master
        self.pool = pool
        self.keys = keys
        self.signing = SigningKeys(pool, keys)
        self.complaints: list[str] = []

    async def fill(self, complaints: int) -> None:
        """Record encrypted lives; the first has an attachment's object and an archived history."""
        record = Record(self.pool, self.keys)
        await record.prepare()
        self.complaints = [await record.life(seed, steps=4) for seed in range(complaints)]
        await put_object(self.settings.home, f"{self.complaints[0]}/abc")
        await HistoryArchive(self.pool).add(closed(1, workflow_id(self.complaints[0])))
        await record.sealer.seal()

    async def erase(self, tracking_id: str) -> None:
        """Erase a complaint, as `kawal person erase` does in the database and the list."""
        entry = ErasureEntry(
            tracking_id=tracking_id,
            at=datetime.now(UTC),
            role="agency_admin",
            account="0123456789abcdef",
            ground="consent_withdrawn",
        )
        listed = ErasureList(self.settings.erasure_list)

        async def listing(one: ErasureEntry) -> None:
            await listed.append([one], self.signing)

        assert await Erasures(self.pool, self.keys).erase(entry, listing)


async def install(home: Path, database_url: str) -> Installation:
    """Make an installation; close its pool afterwards."""
    master = ensure_master_key(master_key_file(home))
    await prepare_database(database_url, master)
    pool = await open_pool(database_url, max_size=3)
    return Installation(
        Settings(home=home, database_url=database_url, database_owner_url=owner_url(database_url)),
        pool,
        DataKeyStore(pool, master),
        master,
    )


def bring_key(source: Path, home: Path) -> None:
    """Put the master key into the new home, as the operator does."""
    target = master_key_file(home)
    target.parent.mkdir(parents=True, mode=0o700)
    target.write_bytes(master_key_file(source).read_bytes())
    target.chmod(0o600)


async def restored(
    settings: Settings, parts: Parts, *, erasures: Path | None = None, without_erasures: bool = False
) -> RestoreResult:
    return await restore(
        settings, storage(settings.home), parts, quiet, erasures=erasures, without_erasures=without_erasures
    )


def quiet(_said: str) -> None:
    """Ignore progress reports."""
