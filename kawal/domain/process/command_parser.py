"""Parsing of a submitted command into the model of its row."""

from __future__ import annotations

from pydantic import ValidationError

from kawal.domain.messages import Command
from kawal.domain.names import CommandName
from kawal.domain.process.commands import ParsedCommand, check_actor, check_idempotency_key, printable
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import first_fault


def parse(command: Command) -> ParsedCommand:
    """Parse a command's arguments, or refuse, naming the invalid field and what it should be."""
    if command.name not in set(CommandName):
        raise Refusal("unknown_command", command=printable(command.name[:40]))
    name = CommandName(command.name)
    check_idempotency_key(command.idempotency_key)
    check_actor(command.actor)
    try:
        return ParsedCommand(name, command, TRANSITIONS[name].arguments.model_validate(command.arguments))
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
