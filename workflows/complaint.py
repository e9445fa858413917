"""The durable workflow of one complaint, for its whole life: it orders, waits and writes; the rules are in `domain`.

Every change takes the same path: advance the clocks, apply the rules, write the events to PostgreSQL, and only then
change the state. So a query shows what is on record, and a command is answered once its effect is durable.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from kawal.domain.checks import CheckResult
    from kawal.domain.messages import Answer, ClockLine, Event, Snapshot
    from kawal.domain.names import CommandName
    from kawal.domain.process.command_parser import parse
    from kawal.domain.process.commands import ParsedCommand, digest_of, printable
    from kawal.domain.process.decide import Decision, check, decide, decide_kept, refused, tick
    from kawal.domain.process.evolve import first_state
    from kawal.domain.process.imported_history import first_decision
    from kawal.domain.process.projection import clock_line, snapshot
    from kawal.domain.process.run_input import TIMELINE_LIMIT, WORKFLOW_NAME, End, RunInput, TimelineEntry, timeline_of
    from kawal.domain.process.state import State
    from kawal.domain.process.timers import reason_without_deadline
    from kawal.domain.refusals import Refusal
    from workflows.command_queue import CommandQueue, Job
    from workflows.decoding import (
        as_error,
        read_command,
        refusal_by_main,
        refusal_of,
        require_beginning,
        sender_of,
        state_after,
    )
    from workflows.display import details_of, search_attribute_updates
    from workflows.handlers import with_command_handlers
    from workflows.requests import advice_wanted, attach_command, batch_of
    from workflows.runs import REOPEN_WITHIN, is_long, may_go_over_to_turns
    from workflows.silence import Listener
    from workflows.steps import (
        CATCH_UP,
        CHECK_REPORT,
        JOIN_MAIN,
        STEP_OF,
        StepFailed,
        run_step,
        run_step_of_old,
        start_step,
    )

T = TypeVar("T")

WRITE_AGAIN_AFTER = timedelta(minutes=1)
"""How long the clock rests when its events could not be written for a reason that retrying does not fix."""

NOTHING = RunInput()
"""The input of a run that was started without any; such a run ends at once."""


@workflow.defn(name=WORKFLOW_NAME)
@with_command_handlers
class ComplaintWorkflow:
    """A complaint from intake to the end of its aftercare; its commands are the updates that `handlers` adds to it."""

    @workflow.init
    def __init__(self, run_input: RunInput = NOTHING) -> None:
        """Set the state before any handler runs, so that a command never meets an empty complaint."""
        self._run_input = run_input
        self._offset = run_input.offset if run_input.starts_at is None else run_input.starts_at - workflow.now()
        self._turns = CommandQueue()
        self._run = run_step if run_input.in_turn else run_step_of_old
        self._lock = asyncio.Lock()
        self._merging = False
        self._commands = 0
        self._timeline = list(run_input.timeline)
        self._unwritten: Decision | None = None
        self._advice = run_input.advice
        self._advising: asyncio.Task[None] | None = None
        self._listener = Listener(run_input, self._run)
        if run_input.state is not None:
            self._state = run_input.state
        elif run_input.begin is not None:
            self._unwritten = first_decision(run_input.begin, self._now())
            self._state = self._unwritten.state
        else:
            return  # `run` ends it at once
        self._row = snapshot(self._state)
        if self._unwritten is not None and len(self._unwritten.events) > 1:
            # An imported past comes with the start; so far only the engine's search attributes show it.
            self._row = snapshot(first_state(self._unwritten.events[0]))
        self._wake = self._listener.next_wake(self._state)

    @workflow.run
    async def run(self, run_input: RunInput = NOTHING) -> End:
        """Run until the complaint is final, its aftercare is over and the Inspectorate's item is resolved."""
        require_beginning(run_input)
        if run_input.reopening:
            await self._await_its_command()
        while not await self._is_over_for_good():
            await self._let_time_pass_safely()
            await self._turns.do_all()
            if self._run_is_long() or may_go_over_to_turns(self._run_input, self._state.last_seq):
                await self._continue_as_new()
            await self._wait_for_the_next_thing()
        return End(tracking_id=self._state.tracking_id, status=self._state.status, last_seq=self._state.last_seq)

    # --- Queries -----------------------------------------------------------------------------------------------------

    @workflow.query(name="state")
    def query_state(self) -> State:
        """Return the whole state that the rules work on."""
        return self._state

    @workflow.query(name="timeline")
    def query_timeline(self) -> list[TimelineEntry]:
        """Return what happened, without anybody's words; the newest entries where there are very many."""
        return self._timeline

    @workflow.query(name="deadlines")
    def query_deadlines(self) -> list[ClockLine]:
        """Return the open clocks with their deadlines."""
        return [clock_line(clock, self._state) for clock in self._state.running_clocks()]

    @workflow.query(name="advice")
    def query_advice(self) -> CheckResult | None:
        """Return the advice to the verifying admin; None until it has been worked out."""
        return self._advice

    @workflow.query(name="now")
    def query_now(self) -> datetime:
        """Return the time in this complaint's life (UTC): the workflow's time plus its offset."""
        return self._now()

    # --- Commands (called by the handlers) ---------------------------------------------------------------------------

    def refuse_early(self, name: str, raw: Sequence[RawValue]) -> None:
        """Refuse early, as the validator, what would be refused anyway; this leaves no trace in the history.

        What cannot be read is let in: the handler records it before refusing it.
        """
        try:
            command = read_command(name, raw)
        except Refusal:
            return
        try:
            parsed = parse(command)
            if not self._answer_if_done(parsed):
                self._check(parsed)
        except Refusal as refusal:
            raise as_error(refusal, self._state.last_seq) from refusal

    async def do(self, name: str, raw: Sequence[RawValue]) -> Answer:
        """Handle an update: do the command and answer when it is on record; a refusal fails this update alone."""
        try:
            return await self._in_order(lambda: self._do(name, raw, record_unreadable=True))
        except Refusal as refusal:
            raise as_error(refusal, self._state.last_seq) from refusal
        except StepFailed as error:
            raise as_error(refusal_of(error), self._state.last_seq) from error

    @workflow.update(name="catch_up", description="Take up what the record holds beyond what this workflow knows")
    async def catch_up(self) -> int:
        """Catch up with the record, for a sender whose refusal contradicts it; return the last event's number."""
        return await self._in_order(self._catch_up)

    async def do_or_record(self, name: str, raw: Sequence[RawValue]) -> None:
        """Handle a signal: do the command, or record why it was refused; the complaint goes on either way."""
        await self._in_order(lambda: self._do_or_record(name, raw))

    async def _in_order(self, job: Job[T]) -> T:
        """Have the main coroutine do the job in its turn; a run of an older release does it here, under the lock."""
        require_beginning(self._run_input)
        if self._run_input.in_turn:
            return await self._turns.take(job)
        async with self._lock:
            return await job()

    async def _catch_up(self) -> int:
        known = self._state.last_seq
        standing = await self._run(CATCH_UP, self._state.tracking_id, known, result_type=list[Event])
        self._wake = self._listener.ask_now(self._state, self._now())
        if standing and self._unwritten is None:
            self._take_up(standing)
        return self._state.last_seq

    async def _do_or_record(self, name: str, raw: Sequence[RawValue]) -> None:
        try:
            await self._do(name, raw, record_unreadable=False)
        except Refusal as refusal:
            await self._record_refusal(name, raw, refusal)
        except StepFailed as error:
            await self._record_refusal(name, raw, refusal_of(error))

    async def _do(self, name: str, raw: Sequence[RawValue], *, record_unreadable: bool) -> Answer:
        self._commands += 1
        await self._let_time_pass()
        try:
            command = read_command(name, raw)
        except Refusal as refusal:
            if record_unreadable:
                await self._record_refusal(name, raw, refusal)
            raise
        parsed = parse(command)
        while True:
            done = self._answer_if_done(parsed)
            if done is not None:
                return done
            if parsed.name is CommandName.MERGE:
                self._check(parsed)
                await self._join_main(parsed)
                # Asking may have taken minutes; what fell due meanwhile is handled before the merge.
                await self._let_time_pass()
            decision = decide(self._state, command, self._now(), self._listener.silence)
            if await self._write(decision) and decision.answer is not None:
                return decision.answer
            # The record was ahead: it may already hold this command, or the rules may now refuse it.
            await self._let_time_pass()

    def _answer_if_done(self, parsed: ParsedCommand) -> Answer | None:
        done = self._state.done.get(parsed.command.idempotency_key)
        if done is None:
            return None
        if done.digest != digest_of(parsed.command):
            raise Refusal("key_reused", key=parsed.command.idempotency_key)
        return done.answer

    def _check(self, parsed: ParsedCommand) -> None:
        now = self._now()
        # The handler looks at kept replies before it handles what has fallen due: this very reply may be among them.
        due = self._wake is not None and self._wake <= now and parsed.command.received_at is None
        state = tick(self._state, now, self._listener.silence).state if due else self._state
        if parsed.name is CommandName.ATTACH and self._merging:
            raise Refusal("being_merged")
        check(state, parsed, now)

    async def _join_main(self, parsed: ParsedCommand) -> None:
        """Ask the main report's workflow to take this one; if it refuses, refuse here with its reason."""
        request = attach_command(self._state)
        self._merging = True
        try:
            await self._run(JOIN_MAIN, parsed.arguments.main, request)
        except StepFailed as failed:
            raise refusal_by_main(failed, parsed.arguments.main) from failed
        finally:
            self._merging = False

    async def _record_refusal(self, name: str, raw: Sequence[RawValue], refusal: Refusal) -> None:
        try:
            while not await self._write(refused(self._state, sender_of(raw), printable(name), refusal, self._now())):
                await self._let_time_pass()
        except StepFailed:
            workflow.logger.exception("a refusal could not be recorded")

    # --- Time and writing --------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return workflow.now() + self._offset

    async def _wait_for_the_next_thing(self) -> None:
        armed = self._wake
        timeout = None if armed is None else armed - self._now()
        if self._unwritten is not None or (timeout is not None and timeout <= timedelta()):
            return
        summary = None if armed is None else f"next: {armed:%Y-%m-%d %H:%M} UTC"
        try:
            await workflow.wait_condition(
                lambda: bool(self._turns) or self._wake != armed or self._state.is_over or self._run_is_long(),
                timeout=timeout,
                timeout_summary=summary,
            )
        except TimeoutError:
            if armed is not None:
                # It is that time, even if a replay of an older run started its own clock some seconds too late.
                self._offset = max(self._offset, armed - workflow.now())

    async def _let_time_pass_safely(self) -> None:
        try:
            async with self._lock:
                await self._let_time_pass()
        except StepFailed:
            workflow.logger.exception("what fell due could not be written; trying again")
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(lambda: bool(self._turns), timeout=WRITE_AGAIN_AFTER)

    async def _let_time_pass(self) -> None:
        if self._unwritten is not None:
            await self._write(self._unwritten)
            self._unwritten = None
            self._ask_for_advice()
        while self._wake is not None and self._wake <= self._now():
            if not await self._heard_before_silence():
                passed = tick(self._state, self._now(), self._listener.silence)
                if not passed.events:
                    break
                await self._write(passed)
        self._wake = self._listener.next_wake(self._state)

    async def _heard_before_silence(self) -> bool:
        """Where a silence ends something, first do what the reporter had sent before; False if there was nothing.

        A refusal is reported, and put on record, when the command is handed on.
        """
        for said in await self._listener.heard(self._state, self._now()):
            if said.idempotency_key not in self._state.done:
                with contextlib.suppress(Refusal):
                    await self._write(decide_kept(self._state, said, self._now(), self._listener.silence))
                    return True
        return False

    def _ask_for_advice(self) -> None:
        """Ask for completeness, likely duplicates, suggested category and OPD; the advice may be late or missing."""
        request = advice_wanted(self._run_input.begin, self._state)
        if request is None:
            return
        # In an older run the activity is scheduled when its coroutine task runs, here at once.
        ask = start_step if self._run_input.in_turn else run_step
        self._advising = asyncio.create_task(self._take_advice(ask(CHECK_REPORT, request, result_type=CheckResult)))

    async def _take_advice(self, asked: Awaitable[CheckResult]) -> None:
        try:
            self._advice = await asked
        except StepFailed:
            workflow.logger.warning("the report goes without advice on duplicates and category")

    async def _write(self, decision: Decision) -> bool:
        """Write a decision's events and make them the state; False if the record was ahead and has become the state.

        A workflow task that fails after its events were written is done again without them: its worker was killed, or
        the command came while the run was ending. What is on record happened, so it becomes the state.
        """
        batch = batch_of(decision, snapshot(decision.state))
        standing = await self._run(STEP_OF[decision.events[0].kind], batch, result_type=list[Event])
        if not standing:
            self._become(decision.events, decision.state, batch.after)
            return True
        self._take_up(standing)
        return False

    def _take_up(self, standing: list[Event]) -> None:
        state = state_after(self._state, standing)
        self._become(standing, state, snapshot(state))

    def _become(self, events: list[Event], state: State, row: Snapshot) -> None:
        before, self._row = self._row, row
        self._state = state
        self._wake = self._listener.next_wake(self._state)
        self._timeline.extend(timeline_of(events))
        del self._timeline[:-TIMELINE_LIMIT]
        updates = search_attribute_updates(before, row)
        if updates:
            workflow.upsert_search_attributes(updates)
        workflow.set_current_details(details_of(row, reason_without_deadline(self._state)))

    async def _is_over_for_good(self) -> bool:
        """Tell whether all is over and on record, and no command under way might yet reopen the complaint."""
        if self._unwritten is None and self._state.is_over:
            await self._until_all_are_answered()
        return self._unwritten is None and self._state.is_over

    async def _until_all_are_answered(self) -> None:
        """Do what waits until no handler is running."""
        while True:
            await workflow.wait_condition(lambda: bool(self._turns) or workflow.all_handlers_finished())
            if not self._turns:
                return
            await self._turns.do_all()

    # --- Long lives --------------------------------------------------------------------------------------------------

    def _run_is_long(self) -> bool:
        return is_long(self._run_input, self._commands)

    async def _continue_as_new(self) -> None:
        await self._until_all_are_answered()
        following: dict[str, Any] = {"offset": self._offset, "starts_at": None, "in_turn": True}
        if self._unwritten is None:
            following |= {"begin": None, "reopening": False, "state": self._state, "timeline": self._timeline}
            following |= {"advice": self._advice, "silence": self._listener.silence}
        # Otherwise not even the start is on record: the next run begins where this one began.
        workflow.continue_as_new(self._run_input.model_copy(update=following))

    async def _await_its_command(self) -> None:
        """Wait for the command for which an ended complaint was started again; if refused, no event follows."""
        try:
            await workflow.wait_condition(lambda: bool(self._turns) or self._commands > 0, timeout=REOPEN_WITHIN)
        except TimeoutError:
            workflow.logger.warning("started for a command, but none came")
        await self._until_all_are_answered()
