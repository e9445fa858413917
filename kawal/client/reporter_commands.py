"""A reporter's commands (reply, accept, dispute, rate, conceal), by whatever channel and by whoever speaks for them.

While the engine or the worker is away a command is kept in PostgreSQL and handed on by the relay: it counts the same.
What is to be concealed is kept first and always, so that it is out of the public's sight before the complaint's
workflow has heard of it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.errors import SystemUnavailable
from kawal.client.error_translation import at_the_edge
from kawal.client.references import References
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.access import may_command
from kawal.domain.messages import Answer, Command, Snapshot
from kawal.domain.names import CommandName, Status, workflow_id
from kawal.domain.opd_lines import is_taken_over
from kawal.domain.process.command_parser import parse
from kawal.domain.refusals import Refusal
from kawal.store.kept_replies import ReplyConflict

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints

ANSWERED_WITHIN = 3.0
"""How long a reporter's command waits for the complaint's worker before it is kept for the relay instead (seconds)."""

SIGNALLED_WITHIN = timedelta(seconds=10)

_JUDGING = frozenset({CommandName.ACCEPT, CommandName.DISPUTE})

log = structlog.get_logger()


class ReporterCommands:
    """Sends what reporters say, or keeps it until it can be sent."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through a connected client."""
        self._complaints = complaints
        self._kept = complaints.system.kept_replies
        self._references = References(complaints.pool, complaints.directory)

    @at_the_edge
    async def send(self, tracking_id: str, command: Command, channel: str) -> Answer:
        """Do a command that the caller has made sure comes from the reporter; return its answer, or that it is kept.

        Raises Refusal, and SystemUnavailable where it could not even be kept.
        """
        if command.name == CommandName.CONCEAL:
            return await self._concealed(tracking_id, command, channel)
        if not await self._kept.waits_for(tracking_id):
            answer = await self._done(tracking_id, command)
            if answer is not None:
                return answer
        done = await self._complaints.done_before(tracking_id, command)
        if done is not None:
            # Said again under its key, it may be what its own effect now forbids.
            return done
        kept, _ = await self._keep(tracking_id, command, channel)
        return kept

    @at_the_edge
    async def tell_refused(self, tracking_id: str, command: Command) -> bool:
        """Have the complaint record that it refused a reporter's command, of which the reporter is then told.

        Returns False where the complaint has ended and nothing more is recorded of it; raises SystemUnavailable.
        """
        handle = self._complaints.client.get_workflow_handle(workflow_id(tracking_id))
        try:
            await handle.signal(command.name, command, rpc_timeout=SIGNALLED_WITHIN)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True

    async def _concealed(self, tracking_id: str, command: Command, channel: str) -> Answer:
        answer, number = await self._keep(tracking_id, command, channel)
        try:
            done = await self._done(tracking_id, command)
        except Refusal as refusal:
            await self._kept.mark_refused(number, refusal.code)
            raise
        if done is None:
            return answer
        await self._kept.mark_sent(number)
        return done

    async def _done(self, tracking_id: str, command: Command) -> Answer | None:
        """Have the command done; None while the engine or the worker is away, so that it stays with us."""
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                return await self._complaints.give(tracking_id, command)
        except (SystemUnavailable, TimeoutError) as error:
            log.warning("reply_kept", workflow_id=workflow_id(tracking_id), reason=type(error).__name__)
            return None

    async def _keep(self, tracking_id: str, command: Command, channel: str) -> tuple[Answer, int]:
        """Keep a command that its complaint will not refuse, as far as the record shows; return answer and number."""
        at = command.received_at or self._complaints.now()
        row = await self._complaints.ledger.snapshot(tracking_id)
        try:
            number = await self._kept.number_of(tracking_id, command)
            if number is None:
                await self._references.check(parse(command), tracking_id)
                await self._refuse_hopeless(tracking_id, command, row)
                number = await self._kept.keep(tracking_id, command, channel, at)
        except ReplyConflict as error:
            raise Refusal("key_reused", key=command.idempotency_key) from error
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        status, seq = (Status.BELUM_DIVERIFIKASI, 0) if row is None else (row.status, row.last_seq)
        return Answer(tracking_id=tracking_id, status=status, at=at, first_seq=seq, last_seq=seq), number

    async def _refuse_hopeless(self, tracking_id: str, command: Command, row: Snapshot | None) -> None:
        """Refuse what the record shows will be refused; the complaint itself decides about the rest."""
        name = CommandName(command.name)
        if row is None:
            agency = (await self._complaints.system.inbox.agencies_of([tracking_id])).get(tracking_id)
            if agency is None:
                raise Refusal("unknown_complaint", tracking=tracking_id[:20])
            instansi, status, taken_over = agency, Status.BELUM_DIVERIFIKASI, False
        else:
            instansi, status, taken_over = row.instansi, row.status, is_taken_over(row)
        refusal = may_command(command.actor, name, instansi, status, taken_over=taken_over, behalf=command.behalf)
        if refusal is not None:
            raise refusal
        if row is not None and name in _JUDGING and status is Status.PROSES and not _can_be_judged(row):
            raise Refusal("no_final_stands")
        if name is CommandName.CONCEAL:
            await self._refuse_needless(tracking_id, command.arguments, row)

    async def _refuse_needless(self, tracking_id: str, arguments: dict[str, Any], row: Snapshot | None) -> None:
        anonim, rahasia = await self._kept.concealed(tracking_id)
        if row is not None:
            anonim, rahasia = anonim or row.anonim, rahasia or row.rahasia
        wants_anonim, wants_rahasia = bool(arguments.get("anonim")), bool(arguments.get("rahasia"))
        if not (wants_anonim or wants_rahasia):
            raise Refusal("not_told_what")
        if not (wants_anonim and not anonim) and not (wants_rahasia and not rahasia):
            raise Refusal("concealed_already")


def _can_be_judged(row: Snapshot) -> bool:
    states = {line.state for line in row.opds}
    return "owes" not in states and "final" in states
