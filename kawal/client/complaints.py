"""Complaints as their officials and reporters reach them: start one and send commands, besides reading the record.

A command goes to the complaint's workflow as an update. What the rules refuse there leaves no trace in the history, so
it is written to the access log here.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.postgres import STATEMENT_WITHIN
from kawal.base.settings import Settings
from kawal.client.error_translation import at_the_edge
from kawal.client.failing_runs import unless_wedged, why_no_answer
from kawal.client.no_answer import no_worker, without_run
from kawal.client.outcomes import (
    ended_under_way,
    last_seq_in,
    patiently,
    refusal_in,
    side_by_side,
    update_id,
    with_name,
)
from kawal.client.reading import Readings, check_tracking
from kawal.client.references import References
from kawal.client.report_start import ReportStarter
from kawal.client.reporter_commands import ReporterCommands
from kawal.client.workflow_start import memo_of
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, Answer, Command, Event, Report
from kawal.domain.names import FINAL, CommandName, Status, workflow_id
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import ParsedCommand, check_actor, check_idempotency_key, digest_of
from kawal.domain.process.decide import CLOCKWORK, refusal_by_table
from kawal.domain.process.evolve import fold
from kawal.domain.process.projection import snapshot
from kawal.domain.process.run_input import TIMELINE_LIMIT, WORKFLOW_NAME, End, RunInput, timeline_of
from kawal.domain.refusals import Refusal
from kawal.domain.report import check_report
from kawal.store.changes import tell_of_many
from kawal.system import System, open_system
from workflows.display import starting_attributes, summary_of

ANSWER_WITHIN = timedelta(seconds=30)
"""How long to wait for an answer of the complaint's worker before reporting the system as unavailable."""

WAKING = {
    CommandName.REOPEN: frozenset({Status.SELESAI}),
    CommandName.CONCEAL: FINAL,
    CommandName.REPLY: frozenset({Status.DIGABUNG}),
}
"""The commands that reach a complaint after its end, by its status: a new run does them (rule "The end")."""

_REOPENING = frozenset({CommandName.REOPEN, CommandName.DISPUTE})

NO_DEADLINE_LEFT = frozenset({"ended", "wrong_status", "erased"})
"""Refusals of a recomputation where a complaint ended in the meantime."""


class Complaints(Readings):
    """The client of a running system."""

    def __init__(self, connected: System) -> None:
        """Work through a connection."""
        super().__init__(connected)
        self.system = connected
        self.client = connected.client
        self.starting = ReportStarter(connected, self.rulebook)
        self.references = References(self.pool, self.directory)
        self.of_reporters = ReporterCommands(self)

    # --- Starting ----------------------------------------------------------------------------------------------------

    @at_the_edge
    async def start(
        self,
        report: Report,
        actor: Actor,
        idempotency_key: str | None = None,
        instansi: str | None = None,
        starts_at: datetime | None = None,
        events_per_run: int | None = None,
        received_at: datetime | None = None,
    ) -> Answer:
        """Accept a report and start its workflow; sent again under the same idempotency key it gets the same answer.

        `received_at` is when it was received, if not now: a paper counts as of the day on its stamp. `starts_at` begins
        the complaint's own time at another instant (reruns); `events_per_run` makes its runs in the engine shorter than
        the engine suggests. Raises Refusal, which is put on record, and SystemUnavailable.
        """
        async with self.authority.refusals(actor, Act.START):
            at = starts_at or received_at or self.now()
            return await self._started(report, actor, idempotency_key, instansi, at, starts_at, events_per_run)

    async def _started(
        self,
        report: Report,
        actor: Actor,
        idempotency_key: str | None,
        instansi: str | None,
        at: datetime,
        starts_at: datetime | None,
        events_per_run: int | None,
    ) -> Answer:
        check_actor(actor)
        if idempotency_key is not None:
            check_idempotency_key(idempotency_key)
        refusal = may(actor, Act.START)
        if refusal is not None:
            raise refusal
        checked = check_report(report, at)
        held_by = instansi or await self.default_instansi()
        await self.references.check_report(checked, held_by)
        return await self.starting.start(
            checked, held_by, actor, at, idempotency_key, starts_at=starts_at, events_per_run=events_per_run
        )

    # --- Commands ----------------------------------------------------------------------------------------------------

    @at_the_edge
    async def send(
        self,
        tracking_id: str,
        name: str,
        actor: Actor,
        arguments: dict[str, object],
        idempotency_key: str | None = None,
        starts_at: datetime | None = None,
        *,
        if_seq: int | None = None,
    ) -> Answer:
        """Send one command and return its answer, as `give`; without an idempotency key it gets one of its own.

        `if_seq` is the number of the last event that the sender saw: refused (changed_meanwhile) if what the command
        rests on has changed since.
        """
        key = idempotency_key or f"auto-{uuid.uuid4()}"
        command = Command(name=name, actor=actor, arguments=dict(arguments), idempotency_key=key, if_seq=if_seq)
        return await self.give(tracking_id, command, starts_at)

    @at_the_edge
    async def give(self, tracking_id: str, command: Command, starts_at: datetime | None = None) -> Answer:
        """Give a command and return its answer; given again under the same idempotency key it gets the same one.

        Raises Refusal with the reason (which is put on record), SystemUnavailable. `starts_at` matters only to a
        reopening in virtual time: when the new run's clock begins.
        """
        try:
            sending = self._sent(tracking_id, parse(command), starts_at)
            answer = await unless_wedged(self.system, tracking_id, sending)
        except Refusal as refusal:
            await self.authority.refused_command(tracking_id, command, refusal)
            named = await with_name(refusal, command.actor, self.accounts)
            if named is refusal:
                raise
            raise named from refusal
        if command.name in _REOPENING:
            # Changes of the calendar could not reach the complaint while it was closed.
            await self._recomputing(tracking_id, "reopened")
        return answer

    async def _sent(self, tracking_id: str, parsed: ParsedCommand, starts_at: datetime | None) -> Answer:
        check_tracking(tracking_id)
        await self.references.check(parsed, tracking_id)
        answer = await self._to_a_running_one(tracking_id, parsed.command)
        if answer is not None:
            return answer
        return await self._to_an_ended_one(tracking_id, parsed, starts_at)

    async def _to_a_running_one(self, tracking_id: str, command: Command) -> Answer | None:
        """Return the answer of the complaint's workflow; None if none runs under that id."""
        try:
            return await self._update(tracking_id, command)
        except KeyUnavailable:
            # A complaint that does not exist has no key to encrypt with; if it exists, the keys are unavailable.
            if await self.has(tracking_id):
                raise
            raise Refusal("unknown_complaint", tracking=tracking_id[:20]) from None
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        except Refusal as refusal:
            # What is on record under this very key has taken effect, even if the answer of a lost attempt never
            # arrived.
            done = await self.done_before(tracking_id, command)
            if done is not None:
                return done
            known = last_seq_in(refusal.__cause__)
            row = None if known is None else await self.ledger.snapshot(tracking_id)
            if known is None or row is None or row.last_seq <= known:
                raise
        # The record is ahead of the workflow: one of its workflow tasks was lost after its events were written.
        await patiently(lambda: self._catch_up(tracking_id))
        return await self._update(tracking_id, command)

    @at_the_edge
    async def ask_again(self, tracking_id: str) -> None:
        """Have a running complaint ask at once whether its reporter's silence is certain; one that ended asks nothing.

        It asks by itself every few hours, too. Raises SystemUnavailable.
        """
        try:
            await self._catch_up(tracking_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _catch_up(self, tracking_id: str) -> None:
        handle = self.client.get_workflow_handle(workflow_id(tracking_id))
        try:
            await handle.execute_update("catch_up", rpc_timeout=ANSWER_WITHIN)
        except (WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise no_worker() from error

    async def _update(self, tracking_id: str, command: Command) -> Answer | None:
        return await patiently(lambda: self._update_once(tracking_id, command))

    async def _update_once(self, tracking_id: str, command: Command) -> Answer | None:
        handle = self.client.get_workflow_handle(workflow_id(tracking_id))
        try:
            answer: Answer = await handle.execute_update(
                command.name, command, id=update_id(command), result_type=Answer, rpc_timeout=ANSWER_WITHIN
            )
            return answer
        except WorkflowUpdateFailedError as error:
            if ended_under_way(error):
                return None
            raise refusal_in(error) from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise no_worker() from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _to_an_ended_one(self, tracking_id: str, parsed: ParsedCommand, starts_at: datetime | None) -> Answer:
        row = await self.ledger.snapshot(tracking_id)
        if row is None:
            raise await self.why_absent(tracking_id)
        done = await self.done_before(tracking_id, parsed.command)
        if done is not None:
            return done
        await self._refuse_what_changed(tracking_id, parsed)
        if row.status in WAKING.get(parsed.name, ()):
            return await patiently(lambda: self._wake(tracking_id, parsed.command, starts_at))
        if await self.system.reconciliation.is_open(tracking_id):
            raise without_run(tracking_id)
        raise Refusal("ended", tracking=tracking_id, status=row.status)

    async def _refuse_what_changed(self, tracking_id: str, parsed: ParsedCommand) -> None:
        """Tell whoever looked at a complaint before it ended who ended it, as its workflow would have told."""
        if parsed.command.if_seq is None:
            return
        refusal = refusal_by_table(fold(await self._events_or_refusal(tracking_id)), parsed)
        if refusal is not None and refusal.code == "changed_meanwhile":
            raise refusal

    async def why_absent(self, tracking_id: str) -> Exception:
        """Why nothing of a complaint is on record, by what the engine says of it."""
        if await self.has(tracking_id):
            return await why_no_answer(self.system, tracking_id, no_worker())
        return Refusal("unknown_complaint", tracking=tracking_id[:20])

    async def done_before(self, tracking_id: str, command: Command) -> Answer | None:
        """Return the answer on record under the command's key, None if there is none; another one's key is refused."""
        try:
            done = await self.ledger.answer_for_idempotency_key(workflow_id(tracking_id), command.idempotency_key)
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        if done is None:
            return None
        digest, answer = done
        if digest != digest_of(command):
            raise Refusal("key_reused", key=command.idempotency_key)
        return answer

    async def _wake(self, tracking_id: str, command: Command, starts_at: datetime | None) -> Answer:
        """Start a new run from the last state together with the command; if refused, the run ends without an event."""
        events = await self._events_or_refusal(tracking_id)
        state = fold(events)
        timeline = timeline_of(events)[-TIMELINE_LIMIT:]
        own_time = starts_at or self.system.clock.run_start()
        run_input = RunInput(state=state, timeline=timeline, reopening=True, starts_at=own_time, in_turn=True)
        operation: WithStartWorkflowOperation[object, End] = WithStartWorkflowOperation(
            WORKFLOW_NAME,
            run_input,
            id=workflow_id(tracking_id),
            task_queue=self.settings.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            memo=await memo_of(self.pool, tracking_id),
            search_attributes=starting_attributes(snapshot(state)),
            static_summary=summary_of(tracking_id, state.instansi, str(state.channel)),
        )
        try:
            answer: Answer = await self.client.execute_update_with_start_workflow(
                command.name,
                command,
                id=update_id(command),
                start_workflow_operation=operation,
                result_type=Answer,
                rpc_timeout=ANSWER_WITHIN,
            )
            return answer
        except WorkflowUpdateFailedError as error:
            raise refusal_in(error) from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise no_worker() from error

    async def _events_or_refusal(self, tracking_id: str) -> list[Event]:
        try:
            await self.system.keys.key_for(workflow_id(tracking_id))
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        return await self.ledger.events(tracking_id)

    # --- Calendar and policy -----------------------------------------------------------------------------------------

    @at_the_edge
    async def recompute(self, why: str, instansi: str | None = None) -> list[Answer]:
        """Recompute open deadlines by the newest calendar and corrected policy; return the answers of those that
        changed.

        A complaint that cannot be reached does not hold up the others: its error is raised when they are done.
        """
        open_ones = await self.system.complaint_rows.open_ones(instansi)
        try:
            return await side_by_side([self._recomputing(tracking_id, why) for tracking_id in open_ones])
        finally:
            for one in await self.directory.all_instansi():
                if open_ones and instansi in (None, one.code):
                    await tell_of_many(self.pool, one.code)

    async def _recomputing(self, tracking_id: str, why: str) -> Answer | None:
        state = await self.state(tracking_id)
        rules = await self.rulebook.rules_newest_for(state.instansi, state.rules.policy)
        if rules == state.rules:
            return None
        key = f"recompute:{rules.calendar.version}:{rules.policy.version}"
        given: dict[str, object] = {"rules": rules.model_dump(mode="json"), "why": why}
        try:
            return await self.send(tracking_id, CommandName.RECOMPUTE, CLOCKWORK, given, key)
        except Refusal as refusal:
            if refusal.code in NO_DEADLINE_LEFT:
                return None
            raise


@asynccontextmanager
async def open_complaints(settings: Settings, *, within: timedelta = STATEMENT_WITHIN) -> AsyncIterator[Complaints]:
    """Connect to the running system of these settings; a statement may take `within`. Raises SystemUnavailable."""
    async with open_system(settings, within=within) as connected:
        yield Complaints(connected)
