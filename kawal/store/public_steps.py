"""The public steps of complaints, decrypted: what a follow-up says, masked. For whatever shows them to strangers.

Which complaints' steps are public, and which kinds, their query says (store.public_reports). Of what people wrote only
the text of a follow-up is ever shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Event, Reporter
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.public_versions import PublicVersions
from kawal.store.stored_events import from_stored


class PublicStep(NamedTuple):
    """A step as it may be shown."""

    tracking_id: str
    event: Event
    """With its codes; of its words nothing is to be shown but `text`."""
    text: str
    """Of a follow-up, masked and as it was redacted; "" for a step without one."""


class PublicSteps:
    """Decrypts stored steps of public reports."""

    def __init__(self, keys: DataKeyStore, inbox: Inbox, versions: PublicVersions) -> None:
        """Read with these keys; `inbox` knows whose name is to be masked, `versions` what was redacted."""
        self._keys = keys
        self._inbox = inbox
        self._versions = versions

    async def read(self, rows: Sequence[asyncpg.Record]) -> list[PublicStep]:
        """Return the steps of stored events, in their order, without those of reports erased meanwhile."""
        reporters: dict[str, Reporter] = {}
        redacted = await self._versions.follow_ups([row["tracking_id"] for row in rows])
        steps = []
        for row in rows:
            number = row["tracking_id"]
            try:
                if number not in reporters:
                    reporters[number] = await self._reporter(number)
                steps.append(await self._step(row, reporters[number], redacted.get((number, row["seq"]))))
            except KeyDestroyed:
                continue
        return steps

    async def _step(self, row: asyncpg.Record, reporter: Reporter, redacted: str | None) -> PublicStep:
        from kawal.domain.masking import masked  # a reading of rows does without it

        event = from_stored(row, await self._keys.key_of(row["workflow_id"], row["ciphertext"]))
        text = masked(event.words.get("text", ""), reporter) if redacted is None else redacted
        return PublicStep(row["tracking_id"], event, text)

    async def _reporter(self, tracking_id: str) -> Reporter:
        accepted = await self._inbox.find(tracking_id)
        return Reporter() if accepted is None else accepted.report.reporter
