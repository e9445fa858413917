"""Publishing heads: each is in the file once and in order, whoever publishes and wherever it was interrupted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from activities.publish import HEADS_FILE, KEYS_FILE, publish_files
from activities.seal import SealStep
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.access_kinds import AccessKind
from kawal.proof.heads import read_heads
from kawal.proof.signing import KeySet
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore
from kawal.store.setup import prepare_database
from kawal.store.signing_keys import SigningKeys
from tests.activities.test_notify import Mailbox, mail_server
from tests.store.lives import ADMIN, NOON


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    await prepare_database(database_url, LocalMasterKey(bytes(32)))
    pool = await open_pool(database_url)
    yield pool
    await close_pool(pool)


async def test_heads_are_published_once_and_in_order_and_verify_with_the_published_keys(
    pool: asyncpg.Pool, tmp_path: Path
) -> None:
    keys = DataKeyStore(pool, LocalMasterKey(bytes(32)))
    step, log, folder = SealStep(pool, keys, tmp_path / "published"), AccessLog(pool, keys), tmp_path / "published"
    assert (await step.seal_now()).heads == 0
    sizes = []
    for number in range(3):
        await log.append(AccessKind.REFUSED, ADMIN, NOON)
        sealed = await step.seal_now()
        assert (sealed.heads, sealed.mailed) == (1, False)
        sizes.append(sealed.size)
        if number == 1:
            await SigningKeys(pool, keys).rotate()
            # Interrupted in the middle of a line, and again before anything of it was written.
            file = folder / HEADS_FILE
            file.write_bytes(file.read_bytes()[:-40])
    signing = SigningKeys(pool, keys)
    await asyncio.gather(*(publish_files(pool, signing, folder) for _ in range(3)))
    heads = read_heads((folder / HEADS_FILE).read_text())
    published = KeySet.from_json(json.loads((folder / KEYS_FILE).read_text()))
    assert [head.size for head in heads] == sizes == [1, 2, 3]
    assert published.fault() is None
    assert all(head.is_signed_by(published) for head in heads)


async def test_the_newest_head_is_mailed_once_and_goes_with_the_next_seal_where_the_server_was_away(
    pool: asyncpg.Pool, tmp_path: Path
) -> None:
    keys, mailbox = DataKeyStore(pool, LocalMasterKey(bytes(32))), Mailbox()
    log = AccessLog(pool, keys)
    async with mail_server(mailbox) as settings:
        step = SealStep(pool, keys, tmp_path, mail=settings, recipient="ombudsman@example.org", lang="en")
        away = SealStep(pool, keys, tmp_path, mail=settings.model_copy(update={"port": 1}), recipient="o@example.org")
        await log.append(AccessKind.REFUSED, ADMIN, NOON)
        assert not (await away.seal_now()).mailed
        assert (await step.seal_now()).mailed
        assert not (await step.seal_now()).mailed
        await log.append(AccessKind.REFUSED, ADMIN, NOON)
        assert (await step.seal_now()).mailed
    told = [mail.get_content() for mail in mailbox.to("ombudsman@example.org")]
    sizes = [read_heads(text[text.index("{") :])[0].size for text in told]
    assert sizes == [1, 2]
