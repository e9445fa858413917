"""Publishing the log: a file to which heads are appended, beside the data, the keys next to it, and a letter if wanted.

Each channel continues where it stopped: a head is in the file once, even after a crash between sealing and publishing.
Nothing published is personal.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import asyncpg
import structlog

from activities.mail import (
    LetterPostponed,
    LetterRefused,
    MailServerRefusesUs,
    MailServerUnavailable,
    MailSettings,
    mail_connection,
    message,
)
from kawal.domain.msgids import msgid
from kawal.proof.heads import Head
from kawal.proof.signing import instant_text
from kawal.store.log import Log
from kawal.store.signing_keys import SigningKeys
from kawal.wording.catalogues import say
from kawal.wording.letters import Letter

HEADS_FILE = "heads.jsonl"
KEYS_FILE = "keys.json"
PAGE = 1_000
_TAIL = 4_096
"""More bytes than a head's line has."""

log = structlog.get_logger()


async def publish_files(pool: asyncpg.Pool, signing: SigningKeys, folder: Path) -> int:
    """Append the heads that the file lacks, and rewrite the public keys; return how many heads were added.

    Raises OSError where the folder cannot be written.
    """
    keys = await signing.known_keys()
    if not keys.keys:
        return 0
    size, added = _prepared(folder, json.dumps(keys.to_json(), indent=1) + "\n"), 0
    while page := await Log(pool).heads(size, PAGE):
        added += _append(folder / HEADS_FILE, page)
        size = page[-1].size
    return added


async def publish_letter(
    pool: asyncpg.Pool, mail: MailSettings | None, recipient: str | None, lang: str
) -> Head | None:
    """Send the newest head to the recipient, if one is set and it was not sent yet; return the head if it was sent.

    If the mail server does not take it, it goes with the next seal; if sending is interrupted after the letter
    went out, it is sent again.
    """
    if mail is None or recipient is None:
        return None
    head = await Log(pool).newest_head()
    sent = await Log(pool).mailed_up_to()
    if head is None or (sent is not None and sent >= head.size):
        return None
    try:
        async with mail_connection(mail) as connection:
            letter = _letter(head, lang)
            await connection.send(message(letter, recipient, mail, f"head:{head.log_id}:{head.size}", lang))
    except (LetterPostponed, LetterRefused, MailServerRefusesUs, MailServerUnavailable) as error:
        log.warning("head_not_mailed", size=head.size, error=type(error).__name__)
        return None
    await Log(pool).note_mailed(head.size)
    return head


def _prepared(folder: Path, keys: str) -> int:
    """Write the keys if they changed; return up to which size the file has heads."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / KEYS_FILE
    if not file.exists() or file.read_text("utf-8") != keys:
        draft = file.with_suffix(".new")
        draft.write_text(keys, "utf-8")
        draft.replace(file)
    with (folder / HEADS_FILE).open("a+b") as heads:
        fcntl.flock(heads, fcntl.LOCK_EX)
        return _last_size(heads.fileno())


def _append(file: Path, page: list[Head]) -> int:
    """Append the heads that are not there yet, for another process may publish as well; return how many."""
    with file.open("a+b") as heads:
        fcntl.flock(heads, fcntl.LOCK_EX)
        size = _last_size(heads.fileno())
        new = [head for head in page if head.size > size]
        heads.write(b"".join(json.dumps(head.to_json()).encode() + b"\n" for head in new))
        heads.flush()
        os.fsync(heads.fileno())
    return len(new)


def _letter(head: Head, lang: str) -> Letter:
    told = json.dumps(head.to_json(), indent=1)
    text = msgid("Keep this letter. It shows how the record stood on {at}; docs/audit.md says how to check it.")
    return Letter(
        subject=say(lang, msgid("Kawal: signed head of the log, size {size}"), size=head.size),
        text=f"{say(lang, text, at=instant_text(head.at))}\n\n{told}\n",
    )


def _last_size(descriptor: int) -> int:
    """Return the size of the last complete head in the file; remove a line that was cut off."""
    length = os.fstat(descriptor).st_size
    start = max(length - _TAIL, 0)
    tail = os.pread(descriptor, length - start, start)
    whole = tail.rfind(b"\n") + 1
    if whole != len(tail):
        os.ftruncate(descriptor, start + whole)
    lines = tail[:whole].splitlines()
    return Head.from_json(json.loads(lines[-1])).size if lines else 0
