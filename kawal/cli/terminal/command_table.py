"""One command for each row of the rules' table: its options are the fields of its arguments' model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.answers import refuse_in_words, tell_answer
from kawal.cli.terminal.model_options import OptionLayout, arguments_of, fields_of
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.domain.names import CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.domain.messages import Answer

KEY = Field("key", "--key")

TYPED = OptionLayout(flags={"opds": "--opd", "files": "--file"})
"""Lists are given by repeating an option in the singular."""


def _spec(name: CommandName) -> Spec:
    row = TRANSITIONS[name]

    def run(operator: Operator, tracking_id: str, key: str | None, **given: Any) -> None:
        send(operator, name, tracking_id, arguments_of(row.arguments, TYPED, given), key)

    fields = fields_of(row.arguments, TYPED, name)
    return Spec(name.replace("_", "-"), run, [TRACKING_ID, *fields, KEY], acting=True)


def send(operator: Operator, name: CommandName, tracking_id: str, arguments: dict[str, Any], key: str | None) -> None:
    """Send the command to the running system and show the answer; raises Refusal."""

    async def work(complaints: Complaints) -> Answer:
        actor = await operator.actor_on(complaints, tracking_id)
        return await complaints.send(tracking_id, name, actor, arguments, key)

    with refuse_in_words(operator):
        answer = operator.with_system(work)
    tell_answer(operator, answer)


SPECS = tuple(_spec(name) for name, row in TRANSITIONS.items() if row.who[0] is not Role.SYSTEM)
"""The commands that people give."""
