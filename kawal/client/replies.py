"""Handing on what reporters said while the engine was unavailable: each command once, in order of arrival."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from kawal.base.errors import SystemUnavailable
from kawal.client.relay import LEASE, LONGEST_PAUSE
from kawal.domain.messages import Command
from kawal.domain.names import REPORTERS_SAY, Channel
from kawal.domain.refusals import Refusal
from kawal.domain.reporter_words import in_own_words
from kawal.store.kept_replies import KeptReply
from kawal.store.tray import MESSAGE, TrayEntry, TrayReason

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints

RELAY_EVERY = timedelta(seconds=5)
AT_ONCE = 20

_SETTLED = frozenset({"erased", "key_reused", "concealed_already"})
"""Refusals after which there is nothing that a person could still do."""

log = structlog.get_logger()


class ReplyRelay:
    """Sends kept commands to their complaints; any number of processes may do so in parallel."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through a connected client."""
        self._complaints = complaints
        self._kept = complaints.system.kept_replies

    async def run(self) -> None:
        """Hand on what is kept, now and every RELAY_EVERY, until cancelled."""
        while True:
            try:
                await self.hand_on()
            except Exception as error:  # a relay that ended would leave every reply waiting
                log.warning("kept_replies_not_read", reason=type(error).__name__)
            await asyncio.sleep(RELAY_EVERY.total_seconds())

    async def hand_on(self) -> int:
        """Send the commands whose turn it is; return how many are done. What fails is tried again later."""
        done = 0
        while kept := await self._kept.claim(AT_ONCE, LEASE):
            done += sum(await asyncio.gather(*(self._send(one) for one in kept)))
        return done

    async def _send(self, kept: KeptReply) -> bool:
        command = kept.as_command(await self._complaints.reporter(kept.tracking_id))
        try:
            await self._complaints.give(kept.tracking_id, command)
        except Refusal as refusal:
            await self._after_refusal(kept, command, refusal)
            await self._kept.mark_refused(kept.id, refusal.code)
        except SystemUnavailable as error:
            pause = min(RELAY_EVERY * 2 ** min(kept.attempts, 10), LONGEST_PAUSE)
            await self._kept.mark_failed(kept.id, type(error).__name__, pause)
            return False
        else:
            await self._kept.mark_sent(kept.id)
        return True

    async def _after_refusal(self, kept: KeptReply, command: Command, refusal: Refusal) -> None:
        """Have the reporter told why, where the complaint still runs; what it takes no more goes to a person.

        The sender was answered "received", so that nobody else would look at it again.
        """
        if refusal.code in _SETTLED:
            return
        told = command.name in REPORTERS_SAY and await self._complaints.of_reporters.tell_refused(
            kept.tracking_id, command
        )
        if told:
            return
        agencies = await self._complaints.system.inbox.agencies_of([kept.tracking_id])
        await self._complaints.system.tray.put(
            TrayEntry(
                raw=in_own_words(kept.command, kept.arguments).encode(),
                instansi=agencies[kept.tracking_id],
                channel=Channel(kept.channel),
                why=TrayReason.REPORT_OVER,
                received_at=kept.accepted_at,
                person=True,
                names=[kept.tracking_id],
                media_type=MESSAGE,
                identity=f"kept:{kept.id}",
            )
        )
