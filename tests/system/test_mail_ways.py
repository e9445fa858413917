"""What is sent to a real postfix arrives as a report by either way: handed on by SMTP, or fetched from dovecot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.running import Kawal, Up
from tests.intake.mail.test_letter import letter
from tests.system.mail_servers import PASSWORD, Dovecot, Postfix, free_port, open_folder
from tests.system.test_mailboxes import ADDRESS, TAKEN, YESTERDAY, flagged
from tests.workflows.life import eventually

BY_SMTP = "aduan@kepri.example.com"


class Post(NamedTuple):
    kawal: Kawal
    up: Up
    postfix: Postfix
    dovecot: Dovecot


@pytest.fixture(scope="module")
def post(short_folder: Path) -> Iterator[Post]:
    """Yield a running `kawal up` behind a postfix: one domain's letters by SMTP, the other's by way of a mailbox."""
    if os.geteuid() != 0:
        pytest.skip("postfix is started by root alone")
    smtp = free_port()
    with open_folder() as folder:
        for name in ("dovecot", "postfix"):
            (folder / name).mkdir()
        dovecot = Dovecot(folder / "dovecot", ADDRESS)
        to = {
            "kepri.example.com": f"smtp:[127.0.0.1]:{smtp}",
            "kepri.example.org": f"lmtp:inet:127.0.0.1:{dovecot.lmtp}",
        }
        postfix = Postfix(folder / "postfix", to)
        kawal = Kawal(
            short_folder / "mailboxes", KAWAL_MAIL_PORT=str(smtp), KAWAL_MAIL_ADDRESS=BY_SMTP, KAWAL_HTTP_PORT="0"
        )
        configure(kawal.home, dovecot)
        dovecot.start()
        postfix.start()
        up = Up(kawal, "--no-ui")
        try:
            up.wait_until_ready()
            yield Post(kawal, up, postfix, dovecot)
        finally:
            assert up.stop() == 0, up.err.read_text()
            postfix.stop()
            dovecot.stop()


def configure(home: Path, dovecot: Dovecot) -> None:
    home.mkdir(mode=0o700)
    file = home / "mailboxes.toml"
    file.touch(mode=0o600)
    file.write_text(
        f"""
[[mailbox]]
name = "kepri"
address = "{ADDRESS}"
host = "127.0.0.1"
port = {dovecot.imaps}
ca = "{dovecot.certificate}"
user = "{ADDRESS}"
password = "{PASSWORD}"
since = {YESTERDAY}
"""
    )


@pytest.mark.parametrize("to", [BY_SMTP, ADDRESS])
async def test_a_letter_sent_to_postfix_is_one_report_by_either_way(post: Post, to: str) -> None:
    before = len(post.kawal.done("list"))
    mail = letter()
    mail.replace_header("Message-ID", f"<{to}>")
    for _ in range(2):
        post.postfix.send(mail, to)

    async def handed_on() -> bool:
        return post.postfix.handed_on(to) == 2

    async def started() -> int:
        return len(post.kawal.done("list")) - before

    assert await eventually(handed_on)
    if to == ADDRESS:
        await flagged(post.dovecot, TAKEN, TAKEN)
    assert await eventually(started) == 1


async def test_kawal_up_shows_the_mailbox_and_not_how_to_log_in(post: Post) -> None:
    assert f"{ADDRESS} (127.0.0.1)" in post.up.out.read_text()
    assert PASSWORD not in post.up.out.read_text() + post.up.err.read_text()
