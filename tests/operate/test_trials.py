"""A test letter and a test message by the ways of real notices: what left, or why it did not, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from activities.mail import MailSettings
from kawal.base.settings import Settings
from kawal.client.reading import Readings
from kawal.desks.table import Desk, perform
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.record import Record
from kawal.store.data_keys import DataKeyStore
from tests.activities.test_notify import ADMIN_OFFICE, Mailbox, keys, mail, mailbox, pool
from tests.gateways.stand_in import SECRET, stand_in_gateway

__all__ = ["keys", "mail", "mailbox", "pool"]

AGENCY = "Pemerintah Provinsi Kepulauan Riau"


async def desk(pool: asyncpg.Pool, keys: DataKeyStore, home: Path, **server: Any) -> Desk:
    readings = Readings(Record(Settings.model_validate({"home": home, **server}), pool, keys))
    return Desk(readings, await readings.actor(Role.ADMIN, "Ani"))


async def why_not(at: Desk, command: str, **given: str) -> str:
    """Return why a trial did not leave."""
    with pytest.raises(Refusal) as refused:
        await perform(at, command, given)
    assert refused.value.code == "trial_not_sent"
    return str(refused.value)


async def test_a_test_letter_is_taken_or_it_is_said_why_not_on_record(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox, tmp_path: Path
) -> None:
    server = {"smtp_host": mail.host, "smtp_port": mail.port, "smtp_tls": "none"}
    at, command = await desk(pool, keys, tmp_path, **server), "agency try-letter"
    mailbox.answers["penuh@kepri.example"] = "550 no such user"
    await perform(at, command, {"address": ADMIN_OFFICE})
    [taken] = mailbox.to(ADMIN_OFFICE)
    assert taken["Subject"] == "Surat uji dari Kawal"
    assert AGENCY in taken.get_content()
    assert "(550)" in await why_not(at, command, address="penuh@kepri.example")
    assert "not an e-mail address" in await why_not(at, command, address="a@b.example\nBcc: c@d.example")
    away = await desk(pool, keys, tmp_path, **server | {"smtp_port": 1})
    assert "cannot be reached" in await why_not(away, command, address=ADMIN_OFFICE)
    nowhere = await desk(pool, keys, tmp_path)
    assert "No mail server" in await why_not(nowhere, command, address=ADMIN_OFFICE)
    assert len(mailbox.taken) == 1
    facts = [one.facts async for one in at.complaints.access_log.entries()]
    assert [(one["what"], one["sent"]) for one in facts] == [("trial_sent", sent) for sent in (True, *[False] * 4)]


async def test_a_test_message_is_taken_or_it_is_said_why_not(
    pool: asyncpg.Pool, keys: DataKeyStore, tmp_path: Path
) -> None:
    at, command, phone = await desk(pool, keys, tmp_path), "agency try-message", "0812-0000-0001"
    assert "No gateway" in await why_not(at, command, phone=phone)
    async with stand_in_gateway() as gateway:
        file = tmp_path / "outgoing-gateways.toml"
        file.write_text(f'[[gateway]]\nname = "sms"\nchannel = "sms"\nurl = "{gateway.url}"\nsecret = "{SECRET}"\n')
        file.chmod(0o600)
        await perform(at, command, {"phone": phone})
        ((_, message),) = gateway.taken.items()
        assert (message["to"], AGENCY in message["text"]) == ("+6281200000001", True)
        assert "telephone number" in await why_not(at, command, phone="bukan nomor")
    assert "cannot be reached" in await why_not(at, command, phone=phone)
