"""Verification and retention: the access log names each pruned body, or it is reported."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kawal.audit.proof.verify import Verification
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.data_keys import DataKeyStore
from kawal.store.history_archive_retention import PRUNED
from kawal.store.setup import prepare_database
from tests.audit.records import Record
from tests.store.lives import NOON

AUDITOR = Actor(role=Role.AUDITOR, account="abcdefgh")


@pytest.fixture
async def record(database_url: str) -> AsyncIterator[Record]:
    await prepare_database(database_url, LocalMasterKey(bytes(32)))
    pool = await open_pool(database_url)
    record = Record(pool, DataKeyStore(pool, LocalMasterKey(bytes(32))))
    await record.histories(3)
    yield record
    await close_pool(pool)


async def gone(record: Record) -> list[str]:
    verified = await Verification(record.pool, record.keys).all()
    assert {one.code for one in verified.findings} <= {"body_gone"}
    return [one.where for one in verified.findings]


async def test_a_body_destroyed_is_a_finding_unless_the_access_log_names_it_and_who_did_it(record: Record) -> None:
    assert await gone(record) == []
    await record.pool.execute(
        "update history_archive set body = null, pruned_at = now(), pruned_by = 'auditor:abcdefgh' where n in (1, 2)"
    )
    assert await gone(record) == ["history_archive 1", "history_archive 2"]
    facts = {"what": PRUNED, "instansi": "KEPRI", "numbers": [2]}
    await record.log.append(AccessKind.ADMINISTERED, AUDITOR, NOON, facts=facts)
    assert await gone(record) == ["history_archive 1"]
    other = AUDITOR.model_copy(update={"account": "another0"})
    await record.log.append(AccessKind.ADMINISTERED, other, NOON, facts=facts | {"numbers": [1]})
    assert await gone(record) == ["history_archive 1"]
