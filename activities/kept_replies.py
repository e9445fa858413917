"""The steps kept_replies and heard: what a reporter sent before a silence ends something, not yet at the complaint."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from kawal.domain.messages import Command, HeardCommands
from kawal.domain.names import workflow_id
from kawal.store.accounts import Accounts
from kawal.store.kept_replies import KeptReplies
from kawal.store.tray import Tray


class KeptRepliesStep:
    """Reads the replies that were accepted while the complaint could not be reached."""

    def __init__(self, kept: KeptReplies, accounts: Accounts, tray: Tray) -> None:
        """Read from `kept` and `tray`; `accounts` gives the reporter's pseudonym."""
        self._kept = kept
        self._accounts = accounts
        self._tray = tray

    @activity.defn(name="kept_replies")
    async def kept_replies(self, tracking_id: str, before: datetime) -> list[Command]:
        """Return the commands that the relay will also send, under the same keys, so that each is done once."""
        reporter = await self._accounts.reporter(workflow_id(tracking_id))
        return [kept.as_command(reporter) for kept in await self._kept.kept_before(tracking_id, before)]

    @activity.defn(name="heard")
    async def heard(self, tracking_id: str, before: datetime) -> HeardCommands:
        """Return the same, and whether a letter that names the report waits in the tray."""
        commands = await self.kept_replies(tracking_id, before)
        return HeardCommands(commands=commands, in_doubt=await self._tray.holding(tracking_id))
