"""Files of messages: put down with the message, fetched later from the gateway, and taken like any other file.

Never in the path of the message's own post. What cannot be fetched is given up after some tries, and its sender told;
where it was stands in the report's record since the message was taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx

from kawal.base.errors import StorageUnavailable
from kawal.base.log import log
from kawal.base.unavailable import unavailable
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.domain.contacts import phone_number
from kawal.domain.msgids import msgid
from kawal.gateways.media import MediaRefused, MediaUnavailable, media_client, opened_medium
from kawal.gateways.outgoing import OutgoingGateway
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.intake.messages.content import Message, readable
from kawal.intake.messages.gateways import Gateway
from kawal.store.message_media import ClaimedMedium, MediumContent, MessageMedia
from kawal.store.outgoing_messages import OutgoingMessages
from kawal.wording.catalogues import say

MOST_TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
SECONDS = 120.0
"""How long one file may take to arrive."""

LEASE = timedelta(minutes=10)
LOOK_EVERY = 5.0
"""Seconds between two looks for files that are due."""

_NAMELESS = "pesan"
_GIVEN_UP = msgid("A file that you sent to report {number} could not be taken. Please describe in words what it shows.")


async def put_media(store: MessageMedia, gateway: Gateway, message: Message, tracking_id: str) -> None:
    """Put down a message's files; a message delivered again has them once, and an erased report has none."""
    for place, medium in enumerate(message.media):
        if not medium.sticker:
            content = MediumContent(
                where=medium.where, name=readable(medium.name)[:200], sender=phone_number(message.sender)
            )
            try:
                await store.put(tracking_id, gateway.name, f"{message.identity}:{place}", content)
            except KeyDestroyed:
                return


class MediaFetcher:
    """Fetches what is due."""

    def __init__(
        self,
        store: MessageMedia,
        attachments: Attachments,
        outgoing: OutgoingMessages,
        gateways: Mapping[str, OutgoingGateway],
        lang: str = "id",
        seconds: float = SECONDS,
    ) -> None:
        """Fetch what `store` names from `gateways` into `attachments`; `outgoing` tells senders, in `lang`."""
        self._store = store
        self._attachments = attachments
        self._outgoing = outgoing
        self._gateways = gateways
        self._lang = lang
        self._seconds = seconds

    async def fetching(self) -> None:
        """Fetch what is due and look again every LOOK_EVERY seconds, until cancelled."""
        while True:
            try:
                while await self.fetch_one():
                    pass
            except NotAuthentic:
                log.error("medium_unreadable")  # the others are looked at again while its lease lasts
            except Exception as error:  # one file keeps no other from being fetched; it is claimed again
                write = log.error if unavailable(error) is None else log.warning
                write("media_not_fetched", reason=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def fetch_one(self) -> bool:
        """Fetch one file if one is due; return whether there was one. Raises the errors of database and keys."""
        claimed = await self._store.claim(LEASE)
        if claimed is None:
            return False
        gateway = self._gateways.get(claimed.gateway)
        if gateway is None or not gateway.media_hosts:
            await self._give_up(claimed, "no_gateway")
            return True
        try:
            async with asyncio.timeout(self._seconds), media_client() as client:
                await self._take(client, gateway, claimed)
        except (MediaRefused, AttachmentRefused) as error:
            await self._give_up(claimed, error.code if isinstance(error, AttachmentRefused) else str(error))
        except StorageUnavailable as error:  # ours: no fault of the file's, of which its sender need not hear
            await self._store.mark_waiting(claimed.id, type(error).__name__, FIRST_WAIT)
        except (MediaUnavailable, TimeoutError) as error:
            await self._again(claimed, str(error) if isinstance(error, MediaUnavailable) else type(error).__name__)
        except Exception as error:
            if unavailable(error) is not None:
                raise
            # Whatever one file does, the others are fetched; the error may name its address, so its kind alone is told.
            log.error("medium_failed", medium=claimed.id, reason=type(error).__name__)
            await self._again(claimed, type(error).__name__)
        return True

    async def _take(self, client: httpx.AsyncClient, gateway: OutgoingGateway, claimed: ClaimedMedium) -> None:
        name = claimed.content.name or f"{_NAMELESS}-{claimed.id}"
        async with opened_medium(client, gateway, claimed.content.where, datetime.now(UTC)) as pieces:
            taken = await self._attachments.add(claimed.tracking_id, name, pieces)
        await self._store.mark_taken(claimed.id, taken.id)
        log.info("medium_taken", medium=claimed.id)

    async def _again(self, claimed: ClaimedMedium, error: str) -> None:
        if claimed.attempts >= MOST_TRIES:
            await self._give_up(claimed, error)
            return
        wait: timedelta = min(FIRST_WAIT * 2 ** (claimed.attempts - 1), LONGEST_WAIT)
        await self._store.mark_retry(claimed.id, error, wait)
        log.info("medium_put_off", medium=claimed.id, reason=error)

    async def _give_up(self, claimed: ClaimedMedium, why: str) -> None:
        """Tell the sender before the file is marked: told once, also if this is done again after a crash."""
        with suppress(KeyDestroyed):
            await self._tell(claimed)
        await self._store.give_up(claimed.id, why)
        log.warning("medium_given_up", medium=claimed.id, reason=why)

    async def _tell(self, claimed: ClaimedMedium) -> None:
        if claimed.content.sender is not None:
            await self._outgoing.put(
                None,
                to=claimed.content.sender,
                kind="file_not_taken",
                words=say(self._lang, _GIVEN_UP, number=claimed.tracking_id),
                tracking_id=claimed.tracking_id,
                once=f"medium {claimed.id}",
                parameters={"number": claimed.tracking_id},
                gateway=claimed.gateway,
            )
