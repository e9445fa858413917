"""Rotating keys changes how data keys are wrapped and loses nothing: interrupted at any step it is completed later."""

from __future__ import annotations

import asyncio
import base64
import signal
import sys
from asyncio.subprocess import create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.data_keys import LOOKUP, SYSTEM
from kawal.crypto.master_keys import ENVIRONMENT, KeyUnavailable, ensure_master_key
from kawal.desks.key_rotation import KeyRotation, owner_named
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.record import master_key_file
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.ledger import Ledger
from kawal.store.setup import prepare_database
from kawal.store.signing_keys import SigningKeys
from kawal.system import open_system
from tests.desks.dying_rotation import STEPS
from tests.store.lives import started
from tests.workflows.life import eventually, report

ACCESS_LOG_LOCK = 0x6B61_7761_6C02
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
OWNERS = [f"complaint-100000{number}" for number in range(5)]


class Installation:
    """A database with its keys, and the folder of its master key."""

    def __init__(self, settings: Settings, endpoints: Endpoints) -> None:
        self.settings = settings
        self.endpoints = endpoints

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Complaints]:
        """Open the keys like a new process, with empty caches."""
        async with open_system(self.settings, endpoints=self.endpoints, engine_later=True) as connected:
            yield Complaints(connected)

    async def secrets(self) -> dict[str, bytes]:
        """Return every data key that can be unwrapped, as a new process finds them."""
        async with self.open() as complaints:
            keys = complaints.system.keys
            return {owner: (await keys.key_for(owner)).secret for owner in (SYSTEM, LOOKUP, *OWNERS)}

    async def entries(self) -> list[str]:
        """Return the entries of the access log about rotations."""
        async with self.open() as complaints:
            entries = [entry async for entry in complaints.access_log.entries()]
            return [entry.facts["act"] for entry in entries if entry.kind is AccessKind.KEY_ROTATED]


@pytest.fixture
async def installation(temporal_server: Endpoints, database_url: str, tmp_path: Path) -> Installation:
    settings = Settings(home=tmp_path)
    endpoints = temporal_server.model_copy(update={"database_url": database_url})
    await prepare_database(database_url, ensure_master_key(master_key_file(tmp_path)))
    made = Installation(settings, endpoints)
    async with made.open() as complaints, complaints.pool.acquire() as conn:
        for owner in OWNERS:
            await complaints.system.keys.create(conn, owner)
    return made


async def admin(complaints: Complaints) -> Actor:
    return await complaints.actor(Role.ADMIN, "Ani")


async def test_a_rotation_wraps_every_key_anew_and_leaves_what_they_are(installation: Installation) -> None:
    before = await installation.secrets()
    async with installation.open() as running, installation.open() as complaints:
        outcome = await KeyRotation(complaints, batch=2).rotate_master(await admin(complaints))
        assert (outcome.rewrapped, outcome.closed, outcome.ended) == (len(before), 0, True)
        status = await KeyRotation(complaints).status()
        assert [(use["master_key"], use["data_keys"]) for use in status["master_keys"]] == [
            (outcome.master_key, len(before))
        ]
        # A process that was already running unwraps what is wrapped anew, and wraps with the new key.
        assert (await running.system.keys.key_for(OWNERS[0])).secret == before[OWNERS[0]]
        assert (await running.system.keys.fresh("complaint-2000000"))[1].master_key_id == outcome.master_key
    assert await installation.secrets() == before
    assert await installation.entries() == ["master_begun", "master_done"]
    for file in outcome.previous:
        file.unlink()
    assert await installation.secrets() == before


@pytest.mark.parametrize("step", STEPS)
async def test_killed_after_any_step_it_is_finished_as_if_it_had_run_once(
    installation: Installation, step: str
) -> None:
    before = await installation.secrets()
    arguments = (step, installation.settings.model_dump_json(), installation.endpoints.model_dump_json())
    dying = await create_subprocess_exec(sys.executable, "-m", "tests.desks.dying_rotation", *arguments)
    assert await dying.wait() == -signal.SIGKILL
    assert await installation.secrets() == before
    async with installation.open() as complaints:
        if step != "ended":
            assert (await KeyRotation(complaints).rotate_master(await admin(complaints))).ended
        status = await KeyRotation(complaints).status()
    assert [use["current"] for use in status["master_keys"]] == [True]
    assert status["rotation"] is None
    assert len(status["previous_files"]) == 1
    assert await installation.secrets() == before
    assert await installation.entries() == ["master_begun", "master_done"]


async def test_a_key_that_does_not_open_is_passed_over_and_the_rotation_waits_for_its_master(
    installation: Installation,
) -> None:
    async with installation.open() as complaints:
        pool, keys = complaints.pool, complaints.system.keys
        wrapped = await pool.fetchval("select wrapped_key from data_key where owner = $1", OWNERS[0])
        await pool.execute("update data_key set wrapped_key = $2 where owner = $1", OWNERS[0], bytes(len(wrapped)))
        rotation, by = KeyRotation(complaints, batch=2), await admin(complaints)
        outcome = await rotation.rotate_master(by)
        assert (outcome.closed, outcome.ended) == (1, False)
        assert await keys.key_for(OWNERS[1])
        with pytest.raises(KeyUnavailable, match="put the master key"):
            await keys.key_for(OWNERS[0])
        await pool.execute("update data_key set wrapped_key = $2 where owner = $1", OWNERS[0], wrapped)
        outcome = await rotation.rotate_master(by)
        assert (outcome.rewrapped, outcome.ended) == (1, True)
    assert await installation.entries() == ["master_begun", "master_done"]


async def test_a_destroyed_key_stays_so(installation: Installation) -> None:
    async with installation.open() as complaints:
        async with complaints.pool.acquire() as conn:
            await complaints.system.keys.destroy(conn, OWNERS[0], "Petugas", "permintaan")
        assert (await KeyRotation(complaints).rotate_master(await admin(complaints))).ended
        left = await complaints.pool.fetchval("select wrapped_key from data_key where owner = $1", OWNERS[0])
        assert left is None


async def test_a_key_of_the_environment_is_changed_there_and_then_wraps_everything(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await installation.secrets()
    monkeypatch.setenv(ENVIRONMENT, base64.b64encode(b"x" * 32).decode())
    async with installation.open() as complaints:
        rotation, by = KeyRotation(complaints), await admin(complaints)
        assert (await rotation.status())["source"] == "environment"
        assert (await rotation.rotate_master(by)).ended
        with pytest.raises(Refusal, match="Everything is already wrapped with"):
            await rotation.rotate_master(by)
    master_key_file(installation.settings.home).unlink()
    assert await installation.secrets() == before


async def test_only_the_admin_rotates_and_a_refusal_is_on_record(installation: Installation) -> None:
    async with installation.open() as complaints:
        auditor = await complaints.actor(Role.AUDITOR, "Rani")
        with pytest.raises(Refusal):
            await KeyRotation(complaints).rotate_master(auditor)
        with pytest.raises(Refusal):
            await KeyRotation(complaints).rotate_data(auditor, SYSTEM)
        with pytest.raises(Refusal):
            await KeyRotation(complaints).rotate_signing(auditor)
        entries = [entry async for entry in complaints.access_log.entries()]
        assert [entry.facts["command"] for entry in entries] == ["rotate_master", "rotate_data", "rotate_signing"]


async def test_a_new_signing_key_is_on_record_under_the_admin_s_name(installation: Installation) -> None:
    async with installation.open() as complaints:
        new = await KeyRotation(complaints).rotate_signing(await admin(complaints))
        signing = SigningKeys(complaints.pool, complaints.system.keys)
        assert (await signing.current()).key_id == new.key_id
        entries = [entry async for entry in complaints.access_log.entries()]
        assert [(entry.kind, entry.actor.name) for entry in entries] == [(AccessKind.KEY_ROTATED, "Ani")]
        assert entries[0].facts == {"act": "signing_key", "signing_key_id": new.key_id}


async def test_a_new_system_key_encrypts_and_the_one_before_still_opens(installation: Installation) -> None:
    async with installation.open() as complaints:
        by, keys = await admin(complaints), complaints.system.keys
        before = await keys.key_for(SYSTEM)
        await KeyRotation(complaints).rotate_data(by, SYSTEM)
        assert (await keys.key_for(SYSTEM)).key_id != before.key_id
        assert await complaints.accounts.name_of(by.account) == "Ani"
        assert await keys.key_by_id(before.key_id) == before
    async with installation.open() as complaints:
        entries = [entry async for entry in complaints.access_log.entries()]
        assert [(entry.facts["act"], entry.actor.name) for entry in entries] == [("data_key", "Ani")]


async def test_the_lookup_key_is_not_rotated_and_it_is_said_why(installation: Installation) -> None:
    async with installation.open() as complaints:
        with pytest.raises(Refusal, match="would no longer be found"):
            await KeyRotation(complaints).rotate_data(await admin(complaints), owner_named("lookup"))


async def test_an_accepted_report_opens_after_its_data_key_was_rotated(installation: Installation) -> None:
    async with installation.open() as complaints:
        sent, keys = report(), complaints.system.keys
        inbox = Inbox(complaints.pool, keys)
        accepted = await inbox.accept(sent, "KEPRI", complaints.now())
        async with complaints.pool.acquire() as conn:
            await keys.rotate(conn, accepted.workflow_id)
        keys.forget(accepted.workflow_id)
        claimed = await inbox.claim(1, timedelta(minutes=1))
        assert (await inbox.open(claimed[0])).report.text == sent.text
        with pytest.raises(asyncpg.UniqueViolationError):
            async with complaints.pool.acquire() as conn:
                await keys.create(conn, accepted.workflow_id)


@asynccontextmanager
async def held_up_at_the_access_log(complaints: Complaints) -> AsyncIterator[None]:
    """Hold up rotations and erasures at their entry in the access log, just before they end."""
    async with complaints.pool.acquire() as conn, conn.transaction():
        await conn.execute("select pg_advisory_xact_lock($1)", ACCESS_LOG_LOCK)
        yield


async def until_waiting(complaints: Complaints, count: int) -> None:
    async def waiting() -> bool:
        return bool(await complaints.pool.fetchval(WAITING) >= count)

    await eventually(waiting)


async def recorded(complaints: Complaints) -> AcceptedReport:
    keys = complaints.system.keys
    accepted = await Inbox(complaints.pool, keys).accept(report(), "KEPRI", complaints.now())
    await Ledger(complaints.pool, keys).record(started(accepted, report()))
    return accepted


async def erase(complaints: Complaints, accepted: AcceptedReport) -> bool:
    async def listed(_entry: ErasureEntry) -> None:
        return None

    entry = ErasureEntry(
        tracking_id=accepted.tracking_id, at=complaints.now(), role="agency_admin", account="0" * 16, ground="request"
    )
    return await Erasures(complaints.pool, complaints.system.keys).erase(entry, listed)


async def live_keys(complaints: Complaints, accepted: AcceptedReport) -> int:
    sql = "select count(*) from data_key where owner = $1 and wrapped_key is not null"
    return int(await complaints.pool.fetchval(sql, accepted.workflow_id))


async def test_a_key_made_while_an_erasure_begins_is_destroyed_with_the_others(installation: Installation) -> None:
    async with installation.open() as complaints:
        accepted, by = await recorded(complaints), await admin(complaints)
        async with held_up_at_the_access_log(complaints):
            rotating = asyncio.create_task(KeyRotation(complaints).rotate_data(by, accepted.workflow_id))
            await until_waiting(complaints, 1)
            erasing = asyncio.create_task(erase(complaints, accepted))
            await until_waiting(complaints, 2)
        await rotating
        assert await erasing
        assert await live_keys(complaints, accepted) == 0


async def test_a_complaint_that_is_being_erased_gets_no_new_key(installation: Installation) -> None:
    async with installation.open() as complaints:
        accepted, by = await recorded(complaints), await admin(complaints)
        async with held_up_at_the_access_log(complaints):
            erasing = asyncio.create_task(erase(complaints, accepted))
            await until_waiting(complaints, 1)
            rotating = asyncio.create_task(KeyRotation(complaints).rotate_data(by, accepted.workflow_id))
            await until_waiting(complaints, 2)
        assert await erasing
        with pytest.raises(Refusal, match="erased"):
            await rotating
        assert await live_keys(complaints, accepted) == 0
