"""The engine's answers, as what they mean for the sender of a command: refused, try again, or not there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from kawal.domain.access import OFFICIALS
from kawal.domain.messages import Actor, Command
from kawal.domain.process.commands import digest_of
from kawal.domain.refusals import REFUSED, SENTENCES, Refusal
from kawal.store.accounts import Accounts

PATIENCE = 20.0
"""Seconds for which an update is sent again when the workflow task that was to handle it failed."""

T = TypeVar("T")


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do what `attempt` does, again if the engine gave it up because a workflow task failed; raises RPCError.

    A task fails when something else happens to a complaint at the moment it ends, or when its worker dies. It is the
    same update each time, so that it is done once.
    """
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + PATIENCE, 0.05
    while True:
        try:
            return await attempt()
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION or loop.time() > deadline:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, 1.0)


def refusal_in(error: WorkflowUpdateFailedError) -> Exception:
    """Return the refusal that a failed update carries; the error itself where it carries none."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == REFUSED and cause.details:
        code, details = cause.details[0], cause.details[1]
        if code in SENTENCES:
            return Refusal(code, **details)
    return error


def last_seq_in(error: BaseException | None) -> int | None:
    """Return the last event that a complaint's workflow knew when it refused; None where a failure does not tell."""
    cause = error.cause if isinstance(error, WorkflowUpdateFailedError) else None
    if isinstance(cause, ApplicationError) and len(cause.details) > 2:
        return int(cause.details[2])
    return None


def update_id(command: Command) -> str:
    """Return the engine's id of a command's update: sent again it is the same update, whose answer may be known.

    Who looks again after a refusal and sends the same form with another `if_seq` has sent another one; that it has one
    effect and one answer is the idempotency key's business.
    """
    digest = digest_of(command)
    return digest if command.if_seq is None else f"{digest}:{command.if_seq}"


async def with_name(refusal: Refusal, to: Actor, accounts: Accounts) -> Refusal:
    """Return a refusal that tells an official which colleague came first by name; any other one as it is.

    The name is looked up here because neither the engine's history nor the record may hold it in the clear.
    """
    if refusal.code != "changed_meanwhile" or to.role not in OFFICIALS:
        return refusal
    name = await accounts.name_of(refusal.details["account"])
    if name is None:
        return refusal
    opd = refusal.details["opd"]
    return Refusal(refusal.code, **refusal.details | {"who": f"{name} ({opd})" if opd else name, "name": name})


def ended_under_way(error: WorkflowUpdateFailedError) -> bool:
    """Tell whether the error says that the workflow ended without answering an update."""
    return isinstance(error.cause, ApplicationError) and error.cause.type == "AcceptedUpdateCompletedWorkflow"


async def side_by_side(tasks: Sequence[Awaitable[T | None]], at_once: int = 16) -> list[T]:
    """Run all tasks, that many at once, and return the results that are not None; the first error is raised last."""
    gate = asyncio.Semaphore(at_once)

    async def gated(task: Awaitable[T | None]) -> T | None:
        async with gate:
            return await task

    outcomes = await asyncio.gather(*map(gated, tasks), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in outcomes if outcome is not None and not isinstance(outcome, BaseException)]
