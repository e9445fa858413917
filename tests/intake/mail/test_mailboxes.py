"""The file that says which mailboxes are read: strict, and its errors repeat no secret."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.intake.mail.listener import LetterBox
from kawal.intake.mail.mailboxes import FILE, Mailbox, mailboxes_of
from tests.intake.mail.test_listener import ADDRESS, letter_attachments
from tests.workflows.life import Office

SECRET = "Sandi-yang-tidak-boleh-tampil"  # noqa: S105 - of this test alone
FIELDS = {
    "name": '"kepri"',
    "address": f'"{ADDRESS}"',
    "instansi": '"KEPRI"',
    "host": '"imap.example.org"',
    "user": '"lapor"',
    "password": f'"{SECRET}"',
    "since": "2026-01-12",
}


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAWAL_LANG", "en")


def table(**fields: str | None) -> str:
    """Return one mailbox's table, with fields that are other, or missing where they are None."""
    said = {name: value for name, value in (FIELDS | fields).items() if value is not None}
    return "[[mailbox]]\n" + "".join(f"{name} = {value}\n" for name, value in said.items())


def configured(home: Path, text: str) -> list[Mailbox]:
    (home / FILE).touch(mode=0o600)
    (home / FILE).write_text(text)
    return mailboxes_of(home)


def test_without_a_file_there_are_no_mailboxes(tmp_path: Path) -> None:
    assert mailboxes_of(tmp_path) == []


def test_each_mailbox_has_the_usual_port_of_its_way_to_connect(tmp_path: Path) -> None:
    tables = [
        table(),
        table(name='"b"', address='"b@example.org"', tls='"starttls"'),
        table(name='"c"', address='"c@example.org"', tls='"none"', host='"localhost"', port="1143"),
        table(name='"d"', address='"d@example.org"', tls='"none"', host='"127.0.0.2"'),
    ]
    assert [one.port_used for one in configured(tmp_path, "".join(tables))] == [993, 143, 1143, 143]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    assert configured(tmp_path, table())
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(SystemUnavailable, match="chmod 600"):
        mailboxes_of(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == mode


@pytest.mark.parametrize("host", ["imap.example.org", "192.168.1.5", "::ffff:10.0.0.1", "localhost.example.org"])
def test_plaintext_to_another_machine_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(SystemUnavailable, match=r"kepri.*tls"):
        configured(tmp_path, table(tls='"none"', host=f'"{host}"'))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"password": None}, "password"),
        ({"since": None}, "since"),
        ({"since": '"kemarin"'}, "since"),
        ({"user": r'"lapor\r\nA1 DELETE INBOX"'}, "user"),
        ({"folder": r'"a\nb"'}, "folder"),
        ({"address": '"lapor+x@kepri.example.org"'}, "address"),
        ({"address": '"lapor"'}, "address"),
        ({"port": "70000"}, "port"),
        ({"tls": '"ssl"'}, "tls"),
        ({"ca": '"/nowhere/ca.pem"'}, "ca"),
        ({"taken_folder": '"INBOX"'}, "ValidationError"),
        ({SECRET: '"password"'}, "ValidationError"),
        ({"password": SECRET}, "TOMLDecodeError"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_and_nothing_of_it_repeated(
    tmp_path: Path, said: dict[str, Any], told: str
) -> None:
    with pytest.raises(SystemUnavailable, match=rf"\({told}\).*docs/intake-mail\.md") as refused:
        configured(tmp_path, table(**said))
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("text", ["mailbox = 3", "[mailbox]", "[[mailbox]]\n[[mailboxes]]", "kotak = 1", "\x00"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SystemUnavailable, match="cannot be read"):
        configured(tmp_path, text)


@pytest.mark.parametrize("same", [{"name": '"lain"'}, {"address": '"lain@example.org"'}])
def test_no_name_and_no_address_stands_there_twice(tmp_path: Path, same: dict[str, str]) -> None:
    with pytest.raises(SystemUnavailable, match="twice"):
        configured(tmp_path, table() + table(**same))


async def test_a_mailbox_whose_agency_is_not_clear_is_refused_before_any_letter_is_taken(office: Office) -> None:
    complaints, attachments = office.complaints, letter_attachments(office)
    for known in ("KEPRI", None):
        await LetterBox(complaints, attachments, None, {ADDRESS: known}).check_agencies(listens=False)
    await complaints.pool.execute("insert into instansi (code, name) values ('BINTAN', 'Kabupaten Bintan')")
    for unclear in (None, "BATAM"):
        with pytest.raises(SystemUnavailable, match=r"mailboxes\.toml.*BINTAN, KEPRI"):
            await LetterBox(complaints, attachments, None, {ADDRESS: unclear}).check_agencies(listens=False)
    box = LetterBox(complaints, attachments, None, {ADDRESS: "KEPRI"})
    await box.check_agencies(listens=False)
    with pytest.raises(SystemUnavailable, match="KAWAL_MAIL_ADDRESS"):
        await box.check_agencies()
