"""One command for each row of the rules' table: its options are the fields of its arguments' model."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.answers import refuse_in_words, tell_answer, why_not_reached
from kawal.cli.terminal.dates import parse_day
from kawal.cli.terminal.model_options import OptionLayout, arguments_of, fields_of
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.domain.messages import Command
from kawal.domain.names import REPORTERS_COMMANDS, Channel, CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.domain.messages import Answer
    from kawal.domain.reachability import Reachability

KEY = Field("key", "--key")

_ASKING = frozenset({CommandName.HOLD, CommandName.ASK})
"""Commands that ask the reporter something: silence is answered for who never hears of it."""

TYPED = OptionLayout(flags={"opds": "--opd", "files": "--file"})
"""Lists are given by repeating an option in the singular."""


RECOGNITION = (
    Field("code", "--code", help_key="access_code"),
    Field("contact", "--contact", help_key="own_contact"),
    Field("stamp", "--stamp"),
    Field("stamp_grounds", "--stamp-grounds"),
)
"""How the front desk knows the reporter for whom it speaks."""


def _spec(name: CommandName) -> Spec:
    row = TRANSITIONS[name]

    def run(operator: Operator, tracking_id: str, key: str | None, **given: Any) -> None:
        send(operator, name, tracking_id, arguments_of(row.arguments, TYPED, given), key)

    def run_for_a_reporter(operator: Operator, tracking_id: str, key: str | None, **given: Any) -> None:
        say_for_a_reporter(operator, name, tracking_id, arguments_of(row.arguments, TYPED, given), key, given)

    fields = [TRACKING_ID, *fields_of(row.arguments, TYPED, name), KEY]
    if name in REPORTERS_COMMANDS:
        return Spec(name, run_for_a_reporter, [*fields, *RECOGNITION], acting=True)
    return Spec(name.replace("_", "-"), run, fields, acting=True)


def send(operator: Operator, name: CommandName, tracking_id: str, arguments: dict[str, Any], key: str | None) -> None:
    """Send the command to the running system and show the answer; raises Refusal."""

    async def work(complaints: Complaints) -> tuple[Answer, Reachability | None]:
        actor = await operator.actor_on(complaints, tracking_id)
        if arguments.get("category") is not None:
            arguments["category"] = await complaints.references.category_meant(arguments["category"])
        answer = await complaints.send(tracking_id, name, actor, arguments, key)
        return answer, await _reached(complaints, tracking_id) if name in _ASKING else None

    with refuse_in_words(operator):
        answer, reached = operator.with_system(work)
    tell_answer(operator, answer)
    if reached is not None and reached.why is not None:
        operator.note(operator.say("not_reached", why=why_not_reached(operator, reached.why)))


async def _reached(complaints: Complaints, tracking_id: str) -> Reachability | None:
    """Return how the reporter is told; None where that cannot be known, which undoes no command."""
    from kawal.base.errors import SystemUnavailable
    from kawal.base.unavailable import unavailable
    from kawal.client.reachability import reachability_of

    try:
        return await reachability_of(complaints, tracking_id)
    except Exception as error:
        if not isinstance(error, SystemUnavailable) and unavailable(error) is None:
            raise
        return None


def say_for_a_reporter(
    operator: Operator,
    name: CommandName,
    tracking_id: str,
    arguments: dict[str, Any],
    key: str | None,
    given: Mapping[str, Any],
) -> None:
    """Give a reporter's command, by the reporter or by the desk for the reporter; show the answer. Raises Refusal."""
    stamp = None if given["stamp"] is None else parse_day(given["stamp"], "--stamp")

    async def work(complaints: Complaints) -> Answer:
        from kawal.desks.reporters import Recognition, ReporterDesk

        actor = await operator.actor_on(complaints, tracking_id)
        own = key or f"auto-{uuid.uuid4()}"
        if actor.role is Role.DESK:
            known = Recognition(
                code=given["code"], contact=given["contact"], stamp=stamp, grounds=given["stamp_grounds"]
            )
            return await ReporterDesk(complaints).speak(tracking_id, name, actor, arguments, own, known)
        if actor.role is not Role.REPORTER:
            return await complaints.send(tracking_id, name, actor, arguments, own)
        command = Command(name=name, actor=actor, arguments=arguments, idempotency_key=own)
        return await complaints.of_reporters.send(tracking_id, command, Channel.SYSTEM)

    with refuse_in_words(operator):
        answer = operator.with_system(work)
    tell_answer(operator, answer)


SPECS = tuple(
    _spec(name) for name, row in TRANSITIONS.items() if row.who[0] is not Role.SYSTEM and name is not CommandName.VERIFY
)
"""The commands that people give; verify, which may take what is advised, has a module of its own."""
