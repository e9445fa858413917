"""Whatever goes wrong while a letter is received, it is deferred and never refused: the sending server still has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import asyncpg
import pytest

from benchmarks.letters import dialogue
from kawal.base.postgres import open_pool
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.mail.listener import LetterBox, listening
from kawal.store.data_keys import DataKeyStore
from kawal.store.group_commit import InboxRow
from tests.intake.conftest import shared_office as office
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_listener import ADDRESS, letter_attachments
from tests.workflows.life import Office

__all__ = ["office"]

PUT_OFF = "451 4.3.0 Try again later, nothing was taken"


def from_a_person(name: str) -> bytes:
    """Return a letter of its own as it comes over the wire."""
    mail = letter()
    mail.replace_header("Message-ID", f"<{name}@example.org>")
    return bytes(mail).replace(b"\n", b"\r\n")


def from_a_machine(name: str) -> bytes:
    """Return a letter that is kept aside."""
    return f"From: a@b.id\r\nAuto-Submitted: auto-replied\r\nSubject: x\r\n\r\ncuti {name}".encode()


class Broken(LetterBox):
    """A letter box whose first letter meets an error at the last step before the commit."""

    def breaks(self, fault: Exception) -> Broken:
        faults, accept = [fault], self._router._intake._inbox._gathering.insert

        async def insert(row: InboxRow) -> int:
            if faults:
                raise faults.pop()
            return await accept(row)

        self._router._intake._inbox._gathering.insert = insert  # type: ignore[method-assign]
        return self


async def say(port: int, content: bytes) -> str:
    return await asyncio.to_thread(dialogue, port, content)


async def kept(office: Office) -> int:
    """Return of how many reports, files and letters kept aside anything is stored."""
    tables = ("inbox", "attachment", "tray_item")
    return sum([await office.complaints.pool.fetchval(f"select count(*) from {one}") for one in tables])  # noqa: S608


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.DiskFullError("could not extend file: No space left on device; pool_row"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.OutOfMemoryError("out of memory"),
        asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize access"),
        asyncpg.LockNotAvailableError("canceling statement due to lock timeout"),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
        asyncpg.IndexCorruptedError("index is corrupt"),
        asyncpg.UndefinedTableError("relation inbox does not exist"),
        asyncpg.CheckViolationError("new row violates check; DETAIL: Siti Aminah"),
        KeyUnavailable("the key service does not answer"),
        RuntimeError("a bug"),
        KeyError("siti@example.org"),
        Refusal("no_instansi", known="A, B"),
        RecursionError(),
        MemoryError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_an_error_before_the_commit_puts_the_letter_off_and_its_next_try_is_taken_once(
    office: Office, fault: Exception, capfd: pytest.CaptureFixture[str]
) -> None:
    before, sent = await kept(office), from_a_person(type(fault).__name__)
    box = Broken(office.complaints, letter_attachments(office), {"": ADDRESS}).breaks(fault)
    async with listening(box, "127.0.0.1", 0) as port:
        assert await say(port, sent) == PUT_OFF
        assert await kept(office) == before
        for _ in range(2):
            assert (await say(port, sent)).startswith("250 2.0.0 OK ")
        assert await kept(office) == before + 1
    logged = "".join(capfd.readouterr())
    assert "siti" not in logged.lower()


@asynccontextmanager
async def box_with(office: Office, **settings: str) -> AsyncIterator[LetterBox]:
    """Yield a letter box whose own sessions of the real database have these settings."""
    connected = office.complaints.system
    url = connected.endpoints.database_url
    pool = await open_pool(f"{url}{'&' if '?' in url else '?'}{urlencode(settings)}")
    moved = Complaints(connected.but(pool=pool, keys=DataKeyStore(pool, connected.keys.master)))
    try:
        yield LetterBox(
            moved, Attachments(moved.system, AttachmentSettings.from_env(office.complaints.settings.home, {}))
        )
    finally:
        await pool.close()


@pytest.mark.parametrize(
    "setting", ["default_transaction_read_only=on", "lock_timeout=200ms", "statement_timeout=200ms"]
)
@pytest.mark.parametrize("written", [from_a_person, from_a_machine], ids=["report", "kept"])
async def test_a_database_that_cannot_write_puts_the_letter_off(
    office: Office, setting: str, written: Callable[[str], bytes]
) -> None:
    name, _, value = setting.partition("=")
    pool, before, content = office.complaints.pool, await kept(office), written(name)
    async with (
        box_with(office, **{name: value}) as box,
        listening(box, "127.0.0.1", 0) as port,
        pool.acquire() as conn,
        conn.transaction(),
    ):
        if name != "default_transaction_read_only":
            await conn.execute("lock table inbox, tray_item in access exclusive mode")
        assert await say(port, content) == PUT_OFF
    assert await kept(office) == before
    healthy = LetterBox(office.complaints, letter_attachments(office), {"": ADDRESS})
    async with listening(healthy, "127.0.0.1", 0) as port:
        for _ in range(2):
            assert (await say(port, content)).startswith("250 ")
    assert await kept(office) == before + 1


async def test_an_error_in_any_other_command_is_told_without_a_word_of_it(office: Office) -> None:
    class Bad(LetterBox):
        async def handle_RCPT(self, *_given: object) -> str:  # noqa: N802 - aiosmtpd's name
            raise RuntimeError("siti@example.org")

    async with listening(Bad(office.complaints, letter_attachments(office)), "127.0.0.1", 0) as port:
        assert await say(port, from_a_person("refused")) == PUT_OFF


async def test_readers_that_cannot_be_started_put_the_letter_off(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = LetterBox(office.complaints, letter_attachments(office), {"": ADDRESS})
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    async with listening(box, "127.0.0.1", 0) as port:
        assert await say(port, from_a_person("unread")) == PUT_OFF
        monkeypatch.undo()
        assert (await say(port, from_a_person("unread"))).startswith("250 ")
