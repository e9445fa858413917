"""A test letter and a test message by the ways of real notices: what left, or why it did not, in words."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from activities.mail import MailSettings
from activities.trials import Trials
from kawal.base.settings import Settings
from kawal.store.data_keys import DataKeyStore
from kawal.store.outgoing_messages import OutgoingMessages
from tests.activities.test_notify import ADMIN_OFFICE, Mailbox, keys, mail, mailbox, pool
from tests.gateways.stand_in import SECRET, stand_in_gateway

__all__ = ["keys", "mail", "mailbox", "pool"]

AGENCY = "Pemerintah Provinsi Kepulauan Riau"


def trials(pool: asyncpg.Pool, keys: DataKeyStore, home: Path, mail: MailSettings | None = None) -> Trials:
    server = {} if mail is None else {"smtp_host": mail.host, "smtp_port": mail.port, "smtp_tls": "none"}
    settings = Settings.model_validate({"home": home, **server})
    return Trials(pool, OutgoingMessages(pool, keys), settings)


async def test_a_test_letter_is_taken_or_it_is_said_why_not(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox, tmp_path: Path
) -> None:
    tried = trials(pool, keys, tmp_path, mail)
    mailbox.answers["penuh@kepri.example"] = "550 no such user"
    assert await tried.letter(ADMIN_OFFICE, "KEPRI", "id") is None
    [taken] = mailbox.to(ADMIN_OFFICE)
    assert taken["Subject"] == "Surat uji dari Kawal"
    assert AGENCY in taken.get_content()
    assert "(550)" in str(await tried.letter("penuh@kepri.example", "KEPRI", "id"))
    assert "no" in str(await tried.letter("a@b.example\nBcc: c@d.example", "KEPRI", "id"))
    unreachable = trials(pool, keys, tmp_path, mail.model_copy(update={"port": 1}))
    assert "cannot be reached" in str(await unreachable.letter(ADMIN_OFFICE, "KEPRI", "id"))
    assert "No mail server" in str(await trials(pool, keys, tmp_path).letter(ADMIN_OFFICE, "KEPRI", "id"))
    assert len(mailbox.taken) == 1


async def test_a_test_message_is_taken_or_it_is_said_why_not(
    pool: asyncpg.Pool, keys: DataKeyStore, tmp_path: Path
) -> None:
    tried = trials(pool, keys, tmp_path)
    assert "No gateway" in str(await tried.message("+6281200000001", "KEPRI", AGENCY, "id"))
    async with stand_in_gateway() as gateway:
        file = tmp_path / "outgoing-gateways.toml"
        file.write_text(f'[[gateway]]\nname = "sms"\nchannel = "sms"\nurl = "{gateway.url}"\nsecret = "{SECRET}"\n')
        file.chmod(0o600)
        assert await tried.message("0812-0000-0001", "KEPRI", AGENCY, "id") is None
        ((_, message),) = gateway.taken.items()
        assert (message["to"], AGENCY in message["text"]) == ("+6281200000001", True)
        assert "telephone number" in str(await tried.message("bukan nomor", "KEPRI", AGENCY, "id"))
    assert "cannot be reached" in str(await tried.message("+6281200000001", "KEPRI", AGENCY, "id"))
