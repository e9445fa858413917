"""One connection to a mailbox by IMAP (RFC 3501, 9051): what waits there, and what became of it.

Everything here blocks, with a time limit for each answer, and belongs into the mailbox's own thread. A letter is read
as bytes; nothing here parses it. imap-tools makes the connection, searches and waits. Its ways of marking and moving
are not used: they remove for good whatever anybody else has marked as deleted (EXPUNGE).
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import structlog
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, MailboxLoginError
from imap_tools.utils import encode_folder

from kawal.intake.mail.mailboxes import Mailbox, Tls
from kawal.intake.mail.protocol import LARGEST

ANSWER_SECONDS = 60.0
"""The longest wait for a server's answer, or for the next piece of a letter."""

IDLE_SECONDS = 60.0
"""How long one IDLE lasts; RFC 2177 allows 29 minutes.

After each the mailbox is searched anew. So a connection that died silently is noticed, and a letter whose arrival was
told together with the answer to IDLE, which imap-tools does not see, waits no longer than this.
"""

POLL_SECONDS = 30.0
"""The pause between two searches where a server has no IDLE."""

KEYWORD = "$Kawal"
"""The flag of ours on every letter that is dealt with; \\Seen belongs to the people who open the mailbox."""

AWAY = (OSError, imaplib.IMAP4.error, ImapToolsError)
"""What the network, imaplib and imap-tools raise when a server is away, or answers otherwise than agreed."""

_FAREWELL_SECONDS = 5.0
_SLICE_SECONDS = 1.0
_PASSING = ("UNAVAILABLE", "SERVERBUG", "INUSE", "LIMIT")
"""Answers to a login that say nothing about user and password (RFC 5530)."""

log = structlog.get_logger()


class MarkKind(StrEnum):
    """How a letter that is dealt with is told from one that waits."""

    KEYWORD = "keyword"
    FOLDERS = "folders"
    """By where it lies: the server keeps no keywords, and what is dealt with is moved away."""
    SEEN = "seen"
    """By \\Seen: the server keeps no keywords. What a person opens first is not taken."""


class LoginRefused(Exception):  # noqa: N818 - names the condition
    """The server does not accept user and password."""


@contextmanager
def connection_to(mailbox: Mailbox) -> Iterator[MailboxConnection]:
    """Log in and open the folder while the block runs.

    Raises LoginRefused, and errors of the network, of imaplib and of imap-tools.
    """
    opened = _connected(mailbox)
    try:
        _log_in(opened, mailbox)
        yield MailboxConnection(mailbox, opened)
    finally:
        # What is over need not part in form.
        with contextlib.suppress(*AWAY):
            opened.client.sock.settimeout(_FAREWELL_SECONDS)
            opened.client.logout()
        with contextlib.suppress(*AWAY):
            opened.client.shutdown()


class MailboxConnection:
    """A mailbox's open folder."""

    def __init__(self, mailbox: Mailbox, opened: BaseMailBox) -> None:
        """Open the folder, and make those to which letters are moved."""
        self._mailbox = mailbox
        self._opened = opened
        self._able = _words(opened.client.capability())
        for name in filter(None, (mailbox.taken_folder, mailbox.refused_folder)):
            _make(opened, name)
        opened.folder.set(mailbox.folder)
        permitted = _words(opened.client.response("PERMANENTFLAGS"))
        keyword = "\\*" in permitted or KEYWORD.upper() in permitted
        self.marking = MarkKind.KEYWORD if keyword else self._without_keywords()
        self.idles = "IDLE" in self._able
        self._keyword_was_kept = False

    def _without_keywords(self) -> MarkKind:
        moved = self._mailbox.taken_folder and self._mailbox.refused_folder
        return MarkKind.FOLDERS if moved else MarkKind.SEEN

    def waiting(self) -> list[str]:
        """Return the UIDs of the letters that are not dealt with, the oldest first."""
        asked: dict[str, Any] = {"date_gte": self._mailbox.since, "deleted": False}
        if self.marking is MarkKind.KEYWORD:
            asked["no_keyword"] = KEYWORD
        elif self.marking is MarkKind.SEEN:
            asked["seen"] = False
        # imaplib keeps whatever the server told in between.
        self._opened.client.untagged_responses.clear()
        # Some servers refuse any charset.
        return sorted(self._opened.uids(AND(**asked), charset=None), key=int)

    def size_of(self, uid: str) -> int | None:
        """Return how many bytes the server says that a letter has; None if it is there no longer."""
        answer = self._fetched(uid, "(RFC822.SIZE)")
        found = re.search(rb"RFC822\.SIZE (\d{1,18})", b" ".join(part for part in answer if isinstance(part, bytes)))
        return int(found[1]) if found else None

    def content_of(self, uid: str) -> bytes | None:
        """Return a letter, unmarked, or its first LARGEST + 1 bytes; None if it is there no longer."""
        answer = self._fetched(uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)

    def mark_taken(self, uid: str) -> None:
        """Have a letter counted as dealt with; move it if a folder for that is configured."""
        self._mark(uid, r"\Seen", self._mailbox.taken_folder)

    def mark_refused(self, uid: str) -> None:
        """Have a letter counted as dealt with, and show it to the people who open the mailbox."""
        self._mark(uid, r"\Seen \Flagged", self._mailbox.refused_folder)

    def wait(self, stopped: threading.Event) -> None:
        """Return when a letter may have arrived, or after a time limit, or soon after `stopped` is set."""
        if not self.idles:
            stopped.wait(POLL_SECONDS)
            self._opened.client.noop()
            return
        until = time.monotonic() + IDLE_SECONDS
        with self._opened.idle as idle:
            while not stopped.is_set() and (began := time.monotonic()) < until:
                # Something arrived; or nothing did, and yet it returned: the connection has ended.
                if idle.poll(_SLICE_SECONDS) or time.monotonic() - began < _SLICE_SECONDS / 2:
                    return

    def _fetched(self, uid: str, parts: str) -> list[Any]:
        return _done(self._opened.client.uid("FETCH", uid, parts))

    def _mark(self, uid: str, flags: str, folder: str | None) -> None:
        ours = f"{KEYWORD} " if self.marking is MarkKind.KEYWORD else ""
        self._store(uid, ours + flags)
        if self.marking is MarkKind.KEYWORD and not self._keeps_keyword(uid):
            log.warning("mailbox_keeps_no_keywords", mailbox=self._mailbox.name)
            self.marking = self._without_keywords()
        if folder is not None:
            self._move(uid, folder)

    def _keeps_keyword(self, uid: str) -> bool:
        """Tell whether the server keeps keywords, as it said; the first letter that was given one shows it."""
        if not self._keyword_was_kept:
            self._keyword_was_kept = not self._opened.uids(AND(uid=uid, no_keyword=KEYWORD), charset=None)
        return self._keyword_was_kept

    def _store(self, uid: str, flags: str) -> None:
        _done(self._opened.client.uid("STORE", uid, "+FLAGS", f"({flags})"))

    def _move(self, uid: str, folder: str) -> None:
        """Move a letter; one that is marked may also stay, if the server does not let it be moved."""
        try:
            if "MOVE" in self._able:
                _done(self._opened.client.uid("MOVE", uid, _name(folder)))
                return
            _done(self._opened.client.uid("COPY", uid, _name(folder)))
            self._store(uid, r"\Deleted")
            if "UIDPLUS" in self._able:
                _done(self._opened.client.uid("EXPUNGE", uid))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if self.marking is MarkKind.FOLDERS:
                raise
            log.warning("letter_not_moved", mailbox=self._mailbox.name, reason=type(error).__name__)


def _connected(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.host, mailbox.port_used
    opened: BaseMailBox
    if mailbox.tls is Tls.NONE:
        opened = MailBoxUnencrypted(host, port, ANSWER_SECONDS)
    else:
        kind = MailBox if mailbox.tls is Tls.IMPLICIT else MailBoxStartTls
        trusted = ssl.create_default_context(cafile=mailbox.ca)
        opened = kind(host, port, timeout=ANSWER_SECONDS, ssl_context=trusted)
    opened.client.read = _bounded(opened.client.read)  # type: ignore[method-assign, assignment]
    return opened


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Return imaplib's reading of as many bytes as the server announces, for no more than a letter has."""

    def bounded(size: int) -> bytes:
        if size > LARGEST + 1:
            raise imaplib.IMAP4.abort("the server announces more than was asked for")
        return read(size)

    return bounded


def _log_in(opened: BaseMailBox, mailbox: Mailbox) -> None:
    """Log in; what the server answers to a refused login is dropped, since it could repeat what was sent."""
    plain = mailbox.user.isascii() and mailbox.password.isascii()
    try:
        (opened.login if plain else opened.login_utf8)(mailbox.user, mailbox.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, MailboxLoginError) as error:
        if any(f"[{code}]" in str(error).upper() for code in _PASSING):
            raise imaplib.IMAP4.abort("nobody is let in now") from None
        raise LoginRefused from None


def _make(opened: BaseMailBox, name: str) -> None:
    if opened.folder.exists(name):
        return
    # Another program may have been quicker; where it is not there at all, moving says so.
    with contextlib.suppress(MailboxFolderCreateError):
        opened.folder.create(name)


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what a command answered; raises imaplib's error, without the answer's words, unless it is OK."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(f"answered {answer[0]}")
    return answer[1]


def _words(answer: tuple[str, list[Any]]) -> set[str]:
    said = b" ".join(part for part in answer[1] if isinstance(part, bytes))
    return set(said.decode("ascii", "replace").upper().strip("()").split())


def _name(folder: str) -> str:
    return encode_folder(folder).decode("ascii")
