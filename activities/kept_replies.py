"""The step kept_replies: what a reporter sent before a silence ends something, not yet at the complaint."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from kawal.domain.messages import Command
from kawal.domain.names import CommandName, workflow_id
from kawal.store.accounts import Accounts
from kawal.store.kept_replies import KeptReplies


class KeptRepliesStep:
    """Reads the replies that were accepted while the complaint could not be reached."""

    def __init__(self, kept: KeptReplies, accounts: Accounts) -> None:
        """Read from `kept`; `accounts` gives the reporter's pseudonym."""
        self._kept = kept
        self._accounts = accounts

    @activity.defn(name="kept_replies")
    async def kept_replies(self, tracking_id: str, before: datetime) -> list[Command]:
        """Return the commands that the relay will also send, under the same keys, so that each is done once."""
        replies = await self._kept.kept_before(tracking_id, before)
        actor = await self._accounts.reporter(workflow_id(tracking_id))
        return [
            Command(
                name=CommandName.REPLY,
                actor=actor,
                arguments=reply.arguments,
                idempotency_key=reply.idempotency_key,
                received_at=reply.accepted_at,
            )
            for reply in replies
        ]
