"""The one entry point for every adapter: submit a report, reply to it as its reporter, see its status.

What is answered "received" is stored in PostgreSQL. The relay (client.relay) starts reports, a moment later or when the
engine is back: accepting never waits for the engine, and the pace of starting is decided in one place.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kawal.client.complaints import Complaints
from kawal.client.reporter_access import ReporterAccess
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Actor, Answer, Command, Report
from kawal.domain.names import Channel, CommandName, Role
from kawal.domain.process.commands import check_idempotency_key
from kawal.domain.refusals import Refusal
from kawal.domain.report import check_report
from kawal.intake.name_cache import NameCache
from kawal.intake.public_view import Concealment, PublicView, public_view, waiting_view
from kawal.store.inbox import InboxConflict
from kawal.wording.links import ReportAccess, report_access, without_access

_WORDS = ("text", "why", "words")
"""Arguments of reporters' commands that people write."""


class Receipt(NamedTuple):
    """The answer to the sender of an accepted report."""

    tracking_id: str
    secret: str
    """With the tracking id it gives the reporter access to the report's page; always the same for a report."""
    fresh: bool
    """False if the same report had been accepted before."""
    link: str | None = None
    """Opens the report to whoever has it; None where the public address is not known."""

    @property
    def access(self) -> ReportAccess:
        """What opens the report to its reporter."""
        return ReportAccess(self.tracking_id, self.secret, self.link)


class IntakeService:
    """Accepts reports and replies from every channel."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through a connected client."""
        self.complaints = complaints
        self._known = NameCache(complaints)
        self._inbox = complaints.system.inbox
        self._access = ReporterAccess(complaints)
        self._adapters: dict[tuple[str, str], Actor] = {}

    # --- Reports -----------------------------------------------------------------------------------------------------

    async def submit(
        self,
        report: Report,
        *,
        instansi: str | None = None,
        idempotency_key: str | None = None,
        sender: str = "",
        system: str | None = None,
        received_at: datetime | None = None,
    ) -> Receipt:
        """Accept a report; sent again under the same idempotency key or external id it gets the same receipt.

        `idempotency_key` is the sender's; `sender` is put before it where it is stored, so that keys of different
        senders do not meet. `system` names the one whose external ids are its own; without it they are the channel's.
        `received_at` is an aware instant, now if not given. Raises Refusal (malformed, unknown category, key used for
        another report) and the database's errors: then nothing was accepted, or its answer was lost.
        """
        at = received_at or self.complaints.now()
        own = None if idempotency_key is None else sender + idempotency_key
        if own is not None:
            check_idempotency_key(own)
        checked = check_report(report, at)
        held_by = await self._known.check(checked, instansi)
        try:
            actor = await self._adapter(str(report.channel), held_by)
            accepted = await self._inbox.accept(checked, held_by, at, actor=actor, idempotency_key=own, system=system)
        except InboxConflict as error:
            raise Refusal("key_reused", key=idempotency_key) from error
        access = await self.access_to(accepted.tracking_id, fresh=accepted.fresh)
        return Receipt(access.tracking_id, access.secret, accepted.fresh, access.link)

    # --- The reporter ------------------------------------------------------------------------------------------------

    async def secret_of(self, tracking_id: str) -> str:
        """Return the tracking secret of a report."""
        return await self._access.secret_of(tracking_id)

    async def access_to(self, tracking_id: str, *, fresh: bool = False) -> ReportAccess:
        """Return what opens a report to its reporter; the caller has made sure that it is the reporter who asks."""
        secret = await self._access.secret_of(tracking_id, fresh=fresh)
        return report_access(self.complaints.settings.public_url, tracking_id, secret)

    async def open_to(self, tracking_id: str, secret: str) -> None:
        """Refuse anyone without the secret; an unknown report is refused in the same words."""
        await self._access.open_to(tracking_id, secret)

    async def reply(
        self,
        tracking_id: str,
        text: str,
        files: Sequence[str] = (),
        *,
        channel: Channel,
        idempotency_key: str | None = None,
        sender: str = "",
    ) -> Answer:
        """Add what the reporter wrote, by whatever channel; the caller has made sure that it is the reporter.

        If the engine or the worker is unavailable, the reply is kept in PostgreSQL and handed on by the relay: it
        counts the same. The same `idempotency_key` with the same text is one reply; `sender` as in `submit`. Raises
        Refusal where the report is archived, passed on, ended or unknown, and the database's errors (as `submit`).
        """
        arguments = {"text": text, "files": list(files)}
        return await self.say(
            tracking_id,
            CommandName.REPLY,
            arguments,
            channel=channel,
            idempotency_key=idempotency_key,
            sender=sender,
        )

    async def say(
        self,
        tracking_id: str,
        name: CommandName,
        arguments: dict[str, Any],
        *,
        channel: Channel,
        idempotency_key: str | None = None,
        sender: str = "",
    ) -> Answer:
        """Do a reporter's command (accept, dispute, rate, conceal, reply); for the rest the same as `reply`."""
        own = f"{channel}-{uuid.uuid4()}" if idempotency_key is None else sender + idempotency_key
        actor = await self.complaints.reporter(tracking_id)
        said = await self.without_access(tracking_id, arguments)
        command = Command(name=name, actor=actor, arguments=said, idempotency_key=own)
        try:
            return await self.complaints.of_reporters.send(tracking_id, command, channel)
        except Refusal as refusal:
            if refusal.code == "key_reused":
                raise Refusal("key_reused", key=idempotency_key) from refusal
            raise

    async def without_access(self, tracking_id: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return a reporter's command's arguments without what opens the report: officials read the words."""
        access = await self.access_to(tracking_id)
        return {
            name: without_access(value, access) if name in _WORDS and isinstance(value, str) else value
            for name, value in arguments.items()
        }

    async def track(self, tracking_id: str, secret: str, lang: str = "id") -> PublicView:
        """Return a report's status for its reporter; an unknown report and a wrong secret are refused alike."""
        await self.open_to(tracking_id, secret)
        row = await self.complaints.ledger.snapshot(tracking_id)
        hidden = Concealment(*await self.complaints.system.kept_replies.concealed(tracking_id))
        if row is None:
            try:
                waiting = await self._inbox.find(tracking_id)
            except KeyDestroyed as error:
                raise Refusal("erased", tracking=tracking_id) from error
            if waiting is None:
                raise Refusal("no_such_report")
            return waiting_view(waiting, hidden, lang)
        return await public_view(self.complaints, row, hidden, lang)

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _adapter(self, channel: str, instansi: str) -> Actor:
        known = self._adapters.get((channel, instansi))
        if known is None:
            known = await self.complaints.actor(Role.ADAPTER, channel, instansi=instansi)
            self._adapters[channel, instansi] = known
        return known
