"""Messages: handing them to the gateways (docs/outgoing-messages.md).

At least once, like letters: a message is handed over, then marked; interrupted in between, it is handed over again
under the same reference. The log shows only a message's number and kind.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from temporalio import activity

from activities.notify import ROUND_SECONDS
from activities.retries import LEASE, MAX_ATTEMPTS, wait_after
from activities.unavailable import application_errors
from kawal.crypto.encryption import NotAuthentic
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.message_rules import waits_until
from kawal.domain.notices import DeliveryResult
from kawal.gateways.choice import Way, way_for, ways_of
from kawal.gateways.connection import SECONDS, GatewayConnection, GatewayUnavailable, gateway_connection
from kawal.gateways.outgoing import OutgoingGateway
from kawal.gateways.shapes import Outcome, OutgoingText
from kawal.store.outgoing_messages import ClaimedMessage, OutgoingMessages

UNREACHABLE_FOR = timedelta(minutes=1)
"""How long a message waits whose gateway cannot be reached; that costs it no try."""


def _now() -> datetime:
    return datetime.now(UTC)


class MessageActivities:
    """The activity `deliver_messages`."""

    def __init__(
        self,
        messages: OutgoingMessages,
        gateways: Sequence[OutgoingGateway],
        now: Callable[[], datetime] = _now,
        seconds: float = SECONDS,
    ) -> None:
        """Hand what is due in `messages` to `gateways`; `now` tells the time of day, by which some of it has to wait.

        `seconds` is how long a gateway may take to answer.
        """
        self._messages = messages
        self._gateways = gateways
        self._now = now
        self._seconds = seconds

    @activity.defn(name="deliver_messages")
    async def deliver_messages(self) -> DeliveryResult:
        """Hand over what is due, one message after another, for at most ROUND_SECONDS.

        Errors: DatabaseUnavailable (retryable). What was not handed over waits for the next round.
        """
        done = DeliveryResult()
        with application_errors():
            async with gateway_connection(self._seconds) as connection:
                await self._round(connection, done)
            await self._messages.tidy()
        return done

    async def _round(self, connection: GatewayConnection, done: DeliveryResult) -> None:
        until = time.monotonic() + ROUND_SECONDS
        while time.monotonic() < until:
            try:
                # One at a time: a message that cannot be decrypted must not affect others.
                claimed = await self._messages.claim(1, LEASE)
                if not claimed:
                    return
                activity.heartbeat(done)
                await self._deliver(claimed[0], connection, done)
            except (NotAuthentic, KeyUnavailable) as error:
                activity.logger.error("a message cannot be opened now: %s", type(error).__name__)
                done.unreadable += 1

    async def _deliver(self, claimed: ClaimedMessage, connection: GatewayConnection, done: DeliveryResult) -> None:
        now, content = self._now(), claimed.content
        wait = waits_until(now, claimed.created_at, answers=claimed.answers)
        if wait is not None:
            await self._messages.mark_waiting(claimed.id, "quiet_hours", wait - now)
            done.postponed += 1
            return
        ways = ways_of(self._gateways, content.instansi, content.channel, content.gateway)
        way = await way_for(
            ways, claimed.kind, content.to, content.words, content.parameters, self._messages.last_written, now
        )
        if isinstance(way, str):
            await self._messages.mark_not_sent(claimed.id, way)
            done.not_sent += 1
            self._log(claimed, f"not sent ({way})")
            return
        await self._hand_over(claimed, way, connection, done)

    async def _hand_over(
        self, claimed: ClaimedMessage, way: Way, connection: GatewayConnection, done: DeliveryResult
    ) -> None:
        text = OutgoingText(claimed.reference.hex, claimed.content.to, claimed.content.words, way.template)
        try:
            answer = await connection.send(way.gateway, text, self._now())
        except GatewayUnavailable:
            await self._messages.mark_waiting(claimed.id, "gateway_unreachable", UNREACHABLE_FOR)
            done.postponed += 1
            self._log(claimed, "gateway unreachable")
            return
        if answer.outcome is Outcome.ACCEPTED:
            await self._messages.mark_accepted(claimed.id, way.gateway.name, claimed.content.to)
            done.underway += 1
        elif answer.outcome is Outcome.REFUSED or claimed.attempts >= MAX_ATTEMPTS:
            said = f"refused {answer.code}" if answer.outcome is Outcome.REFUSED else f"postponed {answer.code}"
            await self._messages.mark_failed(claimed.id, said, way.gateway.name)
            done.failed += 1
        else:
            wait = wait_after(claimed.attempts, random.random())  # noqa: S311 - spreads load, keeps no secret
            await self._messages.mark_retry(claimed.id, f"postponed {answer.code}", wait)
            done.postponed += 1
        self._log(claimed, answer.outcome)

    def _log(self, claimed: ClaimedMessage, how: str) -> None:
        activity.logger.info("message %d (%s): %s", claimed.id, claimed.kind, how)
