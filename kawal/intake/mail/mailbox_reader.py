"""Fetches letters from mailboxes: each in a thread of its own, so that one that is away holds up no other.

A letter is marked only once it was answered 250, that is, once it is on disk. If the program dies in between, it is
fetched again and recognised: the same letter gives the same report (docs/decisions/0014-smtp-listener.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from kawal.intake.mail.delivery_headers import recipients_of, return_path_of
from kawal.intake.mail.mailbox_connection import AWAY, LoginRefused, MailboxConnection, connection_to
from kawal.intake.mail.mailboxes import Mailbox
from kawal.intake.mail.protocol import LARGEST, READ_WITHIN, TOO_LARGE, TRY_AGAIN, log_unforeseen
from kawal.store.last_tries import NoteTry, mailbox_try

Receive = Callable[[bytes, str, list[str]], Awaitable[str]]
"""Takes a letter, its sender and its recipients; returns the answer in the words of SMTP (LetterBox.receive)."""

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
LONGEST_PUT_OFF = 60.0
"""Seconds between two tries: to reach a server, and to take a letter that was put off."""

STOP_SECONDS = 10.0
"""How long a letter that is just being taken may go on when everything stops."""


log = structlog.get_logger()


@asynccontextmanager
async def fetching(receive: Receive, mailboxes: Sequence[Mailbox], note: NoteTry) -> AsyncIterator[None]:
    """Fetch the letters of these mailboxes while the block runs; what is wrong with one is logged and noted."""
    readers = [MailboxReader(one, receive, note) for one in mailboxes]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        await asyncio.gather(*(reader.stop() for reader in readers))


class MailboxReader:
    """One mailbox and its thread."""

    def __init__(self, mailbox: Mailbox, receive: Receive, note: NoteTry) -> None:
        """Prepare to hand the mailbox's letters to `receive`, and how each look went to `note`, in the present loop."""
        self._mailbox = mailbox
        self._receive = receive
        self._note = note
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._ended = asyncio.Event()
        self._outage = _Outage(mailbox.name)
        self._put_off = _Pause(LONGEST_PUT_OFF)
        self._tries: Counter[str] = Counter()
        # A server that hangs must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name=f"mailbox-{mailbox.name}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    async def stop(self) -> None:
        """Let a letter that is just being taken be finished, and end; leave a server that does not answer."""
        self._stopped.set()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            log.warning("mailbox_left_open", mailbox=self._mailbox.name)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with connection_to(self._mailbox) as connection:
                    self._serve(connection)
            except Exception as error:  # whatever it is: the mailbox is tried again
                self._noted(type(error).__name__)
                self._stopped.wait(self._outage.noted(error))
        # Whoever left this thread behind may have closed the loop.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended.set)

    def _noted(self, reason: str | None) -> None:
        """Have the loop keep how this look into the mailbox went; the letters do not wait for it."""
        kept = self._note(mailbox_try(self._mailbox.name), reason)
        try:
            asyncio.run_coroutine_threadsafe(kept, self._loop)
        except RuntimeError:  # the loop was closed meanwhile
            kept.close()

    def _serve(self, connection: MailboxConnection) -> None:
        log.info("mailbox_opened", mailbox=self._mailbox.name, marking=str(connection.marking), idle=connection.idles)
        while not self._stopped.is_set():
            whole = self._round(connection)
            self._outage.ended()
            self._noted(None)
            if whole:
                self._put_off.over()
                connection.wait(self._stopped)
            else:
                self._stopped.wait(self._put_off.next())

    def _round(self, connection: MailboxConnection) -> bool:
        """Take what waits; tell whether nothing was put off.

        The first letter that is put off ends the round, for most often the next would be, too. Those that were tried
        less come first, so that a letter that is always put off holds up no other.
        """
        waiting = connection.waiting()
        self._tries = Counter({uid: self._tries[uid] for uid in waiting})
        for uid in sorted(waiting, key=lambda uid: (self._tries[uid], int(uid))):
            if self._stopped.is_set():
                return True
            self._tries[uid] += 1
            if not self._take(connection, uid):
                return False
        return True

    def _take(self, connection: MailboxConnection, uid: str) -> bool:
        """Take one letter and mark it by the answer; tell whether it is dealt with."""
        size = connection.size_of(uid)
        content = connection.content_of(uid) if size is not None and size <= LARGEST else None
        if size is None or (content is None and size <= LARGEST):
            # Somebody has moved or deleted it meanwhile.
            return True
        answer = TOO_LARGE if content is None or len(content) > LARGEST else self._answer(content)
        if answer.startswith("2"):
            connection.mark_taken(uid)
        elif answer.startswith("5"):
            connection.mark_refused(uid)
            log.warning("letter_refused", mailbox=self._mailbox.name, uid=uid, answer=answer[:9], bytes=size)
        else:
            return False
        return True

    def _answer(self, content: bytes) -> str:
        """Have the loop take a letter; the answer is the promise."""
        said = self._receive(content, return_path_of(content), recipients_of(content, self._mailbox.address))
        future = asyncio.run_coroutine_threadsafe(_awaited(said), self._loop)
        try:
            return future.result(READ_WITHIN)
        except TimeoutError:
            future.cancel()
            return TRY_AGAIN


async def _awaited(answer: Awaitable[str]) -> str:
    return await answer


class _Pause:
    """A pause that doubles each time until it is over."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._next = FIRST_PAUSE

    def next(self) -> float:
        """Return the seconds to wait this time."""
        pause, self._next = self._next, min(2 * self._next, self._longest)
        return pause

    def over(self) -> None:
        """Begin with the shortest the next time."""
        self._next = FIRST_PAUSE


class _Outage:
    """The log of one mailbox's outages: their beginning, every doubling of the tries, their end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pause = _Pause(LONGEST_PAUSE)
        self._tries = 0
        self._since = 0.0

    def noted(self, error: Exception) -> float:
        """Log that the mailbox is away, if it is time to, and return the seconds to wait before the next try."""
        self._since = self._since if self._tries else time.monotonic()
        self._tries += 1
        # Servers lock an account after some tries with a wrong password.
        pause = LONGEST_PAUSE if isinstance(error, LoginRefused) else self._pause.next()
        if self._tries & (self._tries - 1) == 0:
            if not isinstance(error, (LoginRefused, *AWAY)):
                log_unforeseen(error)
            # Only the error's type: its text repeats what the server says, and that may be what we said.
            log.warning(
                "mailbox_away",
                mailbox=self._name,
                reason=type(error).__name__,
                tries=self._tries,
                seconds=round(time.monotonic() - self._since),
                next_try_in=pause,
            )
        return pause

    def ended(self) -> None:
        """Log that the mailbox is back, if it was away."""
        if self._tries:
            log.info("mailbox_back", mailbox=self._name, seconds=round(time.monotonic() - self._since))
        self._tries = 0
        self._pause.over()
