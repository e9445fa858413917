"""One complaint's whole life as a durable workflow: it sequences, waits and writes; `domain` does the thinking.

Every change goes one way: time is let pass, the rules decide, the events are written to PostgreSQL, and only then does
the state change. So what a query shows is what is on record, and a command is answered when its effect is durable.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.checks import CheckRequest, CheckResult
    from domain.commands import Parsed, digest_of, parse, printable
    from domain.decide import CLOCKWORK, Decision, check, decide, decide_kept, refused, tick
    from domain.evolve import first_state, fold
    from domain.imported import first_decision
    from domain.life import NO_BEGINNING, TIMELINE_LIMIT, WORKFLOW_NAME, End, Life, TimelineEntry, workflow_id
    from domain.messages import Answer, Batch, ClockLine, Command, Event, Snapshot
    from domain.names import CommandName
    from domain.refusals import Refusal
    from domain.state import State
    from domain.timers import next_wake, reason_without_deadline, silence_ending
    from domain.view import clock_line, snapshot
    from workflows.display import details_of, search_attribute_updates
    from workflows.handlers import with_command_handlers
    from workflows.reading import after, as_error, read_command, refusal_by_main, refusal_of, sender_of
    from workflows.steps import CATCH_UP, CHECK_REPORT, JOIN_MAIN, KEPT_REPLIES, STEP_OF, StepFailed, run_step

UPDATES_PER_RUN = 1_500
"""The server takes 2,000 updates a run; a long life continues as new before that."""

WRITE_AGAIN_AFTER = timedelta(minutes=1)
"""How long the clock rests when its events could not be written for a reason that no retry mends."""

HEARD_FIRST = "kept-replies-before-silence"
"""Histories before it let a silence end what a kept reply would have answered."""

NOTHING = Life()
"""What a run begins with that was started without anything; it ends at once."""

REOPEN_WITHIN = timedelta(minutes=1)
"""How long a run that was started to reopen a complaint waits for the command that does it."""


@workflow.defn(name=WORKFLOW_NAME)
@with_command_handlers
class ComplaintWorkflow:
    """A complaint from intake to the end of its aftercare; its commands are the updates that `handlers` puts on it."""

    @workflow.init
    def __init__(self, life: Life = NOTHING) -> None:
        """Take up the state before any handler runs, so that a command never meets an empty complaint."""
        self._life = life
        self._offset = life.offset if life.starts_at is None else life.starts_at - workflow.now()
        self._lock = asyncio.Lock()
        self._merging = False
        self._commands = 0
        self._timeline = list(life.timeline)
        self._unwritten: Decision | None = None
        self._advice = life.advice
        self._advising: asyncio.Task[None] | None = None
        if life.state is not None:
            self._state = life.state
        elif life.begin is not None:
            self._unwritten = first_decision(life.begin, self._now())
            self._state = self._unwritten.state
        else:
            return  # whatever is asked first ends it
        self._row = snapshot(self._state)
        if self._unwritten is not None and len(self._unwritten.events) > 1:
            # Its past comes with the start, of which alone the engine's search attributes know so far.
            self._row = snapshot(first_state(self._unwritten.events[0]))
        self._wake = next_wake(self._state)

    @workflow.run
    async def run(self, life: Life = NOTHING) -> End:
        """Live until the complaint is final, its aftercare over and the Inspectorate's item resolved."""
        self._end_if_nothing_began()
        if life.reopening:
            await self._await_reopening()
        while not await self._is_over_for_good():
            await self._let_time_pass_safely()
            if self._run_is_long():
                await self._continue_as_new()
            await self._wait_for_the_next_thing()
        return End(tracking_id=self._state.tracking_id, status=self._state.status, last_seq=self._state.last_seq)

    # --- Queries -----------------------------------------------------------------------------------------------------

    @workflow.query(name="state")
    def query_state(self) -> State:
        """The whole state that the rules work on."""
        return self._state

    @workflow.query(name="timeline")
    def query_timeline(self) -> list[TimelineEntry]:
        """What happened, without anybody's words; the newest entries where there are very many."""
        return self._timeline

    @workflow.query(name="deadlines")
    def query_deadlines(self) -> list[ClockLine]:
        """The open clocks with their deadlines."""
        return [clock_line(clock, self._state) for clock in self._state.running_clocks()]

    @workflow.query(name="advice")
    def query_advice(self) -> CheckResult | None:
        """What the verifying admin is advised; None until it has been worked out."""
        return self._advice

    @workflow.query(name="now")
    def query_now(self) -> datetime:
        """What time it is in this complaint's life (UTC): the workflow's time and its offset."""
        return self._now()

    # --- Commands (called by the handlers) ---------------------------------------------------------------------------

    def refuse_early(self, name: str, raw: Sequence[RawValue]) -> None:
        """The validator: refuse, leaving no trace in the history, what would be refused anyway.

        What cannot be read is let in: the handler records it before it refuses.
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
        """The update: do the command and answer when it is on record; a refusal fails this update alone."""
        try:
            async with self._lock:
                return await self._do(name, raw)
        except Refusal as refusal:
            raise as_error(refusal, self._state.last_seq) from refusal
        except StepFailed as error:
            raise as_error(refusal_of(error), self._state.last_seq) from error

    @workflow.update(name="catch_up", description="Take up what the record holds beyond what this workflow knows")
    async def catch_up(self) -> int:
        """Asked for by a sender who was refused although the record says otherwise; returns the last event's number."""
        async with self._lock:
            self._end_if_nothing_began()
            known = self._state.last_seq
            standing = await run_step(CATCH_UP, self._state.tracking_id, known, result_type=list[Event])
            if standing and self._unwritten is None:
                self._take_up(standing)
        return self._state.last_seq

    async def do_or_record(self, name: str, raw: Sequence[RawValue]) -> None:
        """The signal: do the command, or record why it was refused; the complaint goes on either way."""
        async with self._lock:
            try:
                await self._do(name, raw)
            except Refusal as refusal:
                await self._record_refusal(name, raw, refusal)
            except StepFailed as error:
                await self._record_refusal(name, raw, refusal_of(error))

    async def _do(self, name: str, raw: Sequence[RawValue]) -> Answer:
        self._commands += 1
        await self._let_time_pass()
        try:
            command = read_command(name, raw)
        except Refusal as refusal:
            if workflow.current_update_info() is not None:
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
                # Asking may have taken minutes, and what fell due in them counts before the merging.
                await self._let_time_pass()
            decision = decide(self._state, command, self._now())
            if await self._write(decision) and decision.answer is not None:
                return decision.answer
            # The record was ahead: this command may be what it holds already, or the rules now say otherwise.
            await self._let_time_pass()

    def _answer_if_done(self, parsed: Parsed) -> Answer | None:
        done = self._state.done.get(parsed.command.key)
        if done is None:
            return None
        if done.digest != digest_of(parsed.command):
            raise Refusal("key_reused", key=parsed.command.key)
        return done.answer

    def _check(self, parsed: Parsed) -> None:
        now = self._now()
        # Before what has fallen due the handler looks at what was kept: then this very reply may be among it.
        due = self._wake is not None and self._wake <= now and parsed.command.received_at is None
        state = tick(self._state, now).state if due else self._state
        if parsed.name is CommandName.ATTACH and self._merging:
            raise Refusal("being_merged")
        check(state, parsed, now)

    async def _join_main(self, parsed: Parsed) -> None:
        """Ask the main report's workflow to take this one; refused there is refused here, with its reason."""
        request = Command(
            name=CommandName.ATTACH,
            actor=CLOCKWORK,
            arguments={
                "follower": self._state.tracking_id,
                "received_at": self._state.received_at.isoformat(),
                "instansi": self._state.instansi,
                "followers": self._state.followers,
            },
            key=f"attach:{self._state.tracking_id}:{self._state.last_seq + 1}",
        )
        self._merging = True
        try:
            await run_step(JOIN_MAIN, parsed.arguments.main, request)
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
        try:
            await workflow.wait_condition(
                lambda: self._wake != armed or self._state.is_over or self._run_is_long(),
                timeout=timeout,
                timeout_summary=self._timer_summary(),
            )
        except TimeoutError:
            return

    def _timer_summary(self) -> str | None:
        return None if self._wake is None else f"next: {self._wake:%Y-%m-%d %H:%M} UTC"

    async def _let_time_pass_safely(self) -> None:
        try:
            async with self._lock:
                await self._let_time_pass()
        except StepFailed:
            workflow.logger.exception("what fell due could not be written; trying again")
            await workflow.sleep(WRITE_AGAIN_AFTER)

    async def _let_time_pass(self) -> None:
        self._end_if_nothing_began()
        if self._unwritten is not None:
            await self._write(self._unwritten)
            self._unwritten = None
            self._advising = asyncio.create_task(self._ask_for_advice())
        while self._wake is not None and self._wake <= self._now():
            if not await self._heard_before_silence():
                await self._write(tick(self._state, self._now()))

    async def _heard_before_silence(self) -> bool:
        """Where a silence ends something, do first what the reporter had sent before; False if there was nothing."""
        ending = silence_ending(self._state, self._now())
        if ending is None or not workflow.patched(HEARD_FIRST):
            return False
        for reply in await run_step(KEPT_REPLIES, self._state.tracking_id, ending, result_type=list[Command]):
            if reply.key not in self._state.done:
                # A refusal is told, and put on record, when the reply is handed on.
                with contextlib.suppress(Refusal):
                    await self._write(decide_kept(self._state, reply, self._now()))
                    return True
        return False

    async def _ask_for_advice(self) -> None:
        """Completeness, likely duplicates, suggested category and OPD: it may come late or not at all."""
        beginning = self._life.begin
        if beginning is None or (beginning.report.past and (self._state.verified_at or self._state.is_final)):
            return
        request = CheckRequest(
            tracking_id=beginning.tracking_id,
            instansi=beginning.instansi,
            received_at=self._state.received_at,
            report=beginning.report,
        )
        try:
            self._advice = await run_step(CHECK_REPORT, request, result_type=CheckResult)
        except StepFailed:
            workflow.logger.warning("the report goes without advice on duplicates and category")

    async def _write(self, decision: Decision) -> bool:
        """Write a decision's events and let them be the state; False if the record was ahead and now is the state.

        A task of the engine that fails after its events were written is done again without them: its worker was
        killed, or the command came while the run was ending. What stands in the record happened, so it is taken up.
        """
        batch = Batch(
            workflow_id=workflow_id(decision.state.tracking_id),
            events=decision.events,
            after=snapshot(decision.state),
            followers=decision.state.followers,
            main_of=[follower for event in decision.events for follower in event.facts.get("followers", [])],
        )
        standing = await run_step(STEP_OF[decision.events[0].kind], batch, result_type=list[Event])
        if not standing:
            self._become(decision.events, decision.state, batch.after)
            return True
        self._take_up(standing)
        return False

    def _take_up(self, standing: list[Event]) -> None:
        state = fold(standing) if standing[0].seq == 1 else after(self._state, standing)
        self._become(standing, state, snapshot(state))

    def _become(self, events: list[Event], state: State, row: Snapshot) -> None:
        before, self._row = self._row, row
        self._state = state
        self._wake = next_wake(self._state)
        self._timeline.extend(
            TimelineEntry(
                seq=event.seq,
                at=event.at,
                kind=event.kind,
                status=event.status,
                role=event.actor.role,
                opd=event.actor.opd,
            )
            for event in events
        )
        del self._timeline[:-TIMELINE_LIMIT]
        updates = search_attribute_updates(before, row)
        if updates:
            workflow.upsert_search_attributes(updates)
        workflow.set_current_details(details_of(row, reason_without_deadline(self._state)))

    async def _is_over_for_good(self) -> bool:
        """Over, on record, and no command under way that might yet reopen it."""
        if self._unwritten is None and self._state.is_over:
            await workflow.wait_condition(workflow.all_handlers_finished)
        return self._unwritten is None and self._state.is_over

    # --- Long lives --------------------------------------------------------------------------------------------------

    def _run_is_long(self) -> bool:
        limit, info = self._life.events_per_run, workflow.info()
        if limit is not None and info.get_current_history_length() > limit:
            return True
        return info.is_continue_as_new_suggested() or self._commands > UPDATES_PER_RUN

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._unwritten is not None:
            # Not even the start is on record: the next run begins where this one began.
            workflow.continue_as_new(self._life.model_copy(update={"offset": self._offset, "starts_at": None}))
        workflow.continue_as_new(
            Life(
                state=self._state,
                timeline=self._timeline,
                offset=self._offset,
                advice=self._advice,
                events_per_run=self._life.events_per_run,
            )
        )

    def _end_if_nothing_began(self) -> None:
        if self._life.begin is None and self._life.state is None:
            raise ApplicationError("a complaint begins with a report or a state", type=NO_BEGINNING, non_retryable=True)

    async def _await_reopening(self) -> None:
        """The command that reopens comes with the start; if it is refused the run ends and leaves no event."""
        try:
            await workflow.wait_condition(lambda: self._commands > 0, timeout=REOPEN_WITHIN)
        except TimeoutError:
            workflow.logger.warning("started to reopen, but no command came")
        await workflow.wait_condition(workflow.all_handlers_finished)
