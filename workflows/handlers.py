"""Every command as an update with a validator, and one handler for every signal that no message can break.

The updates are made from the table of commands, so that none is forgotten; the Temporal UI lists them by name.
Arguments arrive raw: what cannot be decrypted or read is refused and recorded by Kawal's own code, where the SDK would
fail the task (a signal with too few arguments) or drop the message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from kawal.domain.messages import Answer
from kawal.domain.names import CommandName


class CommandReceiver(Protocol):
    """The methods that a workflow class must offer so that handlers can be added to it."""

    def refuse_early(self, name: str, raw: Sequence[RawValue]) -> None:
        """Raise if the command would be refused in the present state; change nothing."""

    async def do(self, name: str, raw: Sequence[RawValue]) -> Answer:
        """Do the command, or raise the reason for not doing it."""

    async def do_or_record(self, name: str, raw: Sequence[RawValue]) -> None:
        """Do the command, or record the reason for not doing it."""


W = TypeVar("W", bound=type[Any])


def with_command_handlers(cls: W) -> W:
    """Add one update for each command, and the signal handler, to a workflow class."""
    for name in CommandName:
        setattr(cls, f"update_{name}", _update(str(name)))
    setattr(cls, "signal_command", _signal())  # noqa: B010  # beside its twins above
    return cls


def _update(name: str) -> Callable[..., Any]:
    async def handle(self, raw: RawValue) -> Answer:  # type: ignore[no-untyped-def]
        return await _takes_commands(self).do(name, [raw])

    def validate(self, raw: RawValue) -> None:  # type: ignore[no-untyped-def]
        _takes_commands(self).refuse_early(name, [raw])

    handle.__name__ = handle.__qualname__ = f"update_{name}"
    update = workflow.update(name=name, description=f"The command {name} (docs/process.md)")(handle)
    update.validator(validate)
    return update


def _signal() -> Callable[..., Any]:
    async def handle(self, name: str, raw: Sequence[RawValue]) -> None:  # type: ignore[no-untyped-def]
        await _takes_commands(self).do_or_record(name, raw)

    handle.__name__ = handle.__qualname__ = "signal_command"
    return workflow.signal(dynamic=True)(handle)


def _takes_commands(workflow_object: CommandReceiver) -> CommandReceiver:
    # The SDK takes a handler's first parameter for `self` only if it has no annotation.
    return workflow_object
