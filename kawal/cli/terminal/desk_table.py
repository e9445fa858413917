"""One command for each row of the desks' table: its options are the fields of its arguments' model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_jsonable_python

from kawal.cli.terminal.answers import refuse_in_words
from kawal.cli.terminal.model_options import OptionLayout, arguments_of, fields_of
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.desks.table import DESK, NEED_THE_ENGINE, Desk, Row, perform
from kawal.domain.access import RIGHTS
from kawal.domain.names import Role
from kawal.domain.process.decide import CLOCKWORK

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor

Tell = Callable[[Operator, Any], None]
After = Callable[[Operator, Any, Mapping[str, Any]], int | None]
Read = Callable[[Operator, dict[str, Any]], dict[str, Any]]


class Form(NamedTuple):
    """The command line's additions to a row: how it is typed, and how its result is shown."""

    tell: Tell
    """Shows the result in words, where JSON was not asked for."""
    after: After | None = None
    """Adds notes on standard error, given the arguments; its return value is the exit code."""
    typed: OptionLayout = OptionLayout()
    instead: tuple[Field, ...] = ()
    """Options that replace the fields typed `apart`; they come first."""
    read: Read | None = None
    """Returns those fields from what was typed; raises UsageError."""
    progress: Callable[[Operator, int], None] | None = None


def desk_specs(group: str, forms: Mapping[str, Form]) -> tuple[Spec, ...]:
    """Return the commands of a group, in the order of the forms; each has its row in DESK."""
    return tuple(_spec(group, name, form) for name, form in forms.items())


def _spec(group: str, name: str, form: Form) -> Spec:
    row = DESK[f"{group} {name}"]

    def run(operator: Operator, **given: Any) -> int | None:
        arguments = arguments_of(row.arguments, form.typed, given)
        if form.read is not None:
            arguments |= form.read(operator, given)
        return _perform(operator, f"{group} {name}", form, arguments)

    return Spec(name, run, [*form.instead, *fields_of(row.arguments, form.typed, group)])


def _perform(operator: Operator, command: str, form: Form, arguments: dict[str, Any]) -> int | None:
    said = form.progress
    heard = Desk.progress if said is None else lambda done: said(operator, done)
    options = {name: form.typed.option(name, about) for name, about in DESK[command].arguments.model_fields.items()}
    with refuse_in_words(operator, options):
        result = desk_act(operator, command, arguments, heard)
    if operator.json:
        operator.write_json(to_jsonable_python(result, by_alias=True))
    else:
        form.tell(operator, result)
    return None if form.after is None else form.after(operator, result, arguments)


def desk_act(
    operator: Operator, command: str, arguments: Mapping[str, Any], progress: Callable[[int], None] = Desk.progress
) -> Any:
    """Do a command of the table as whoever acts; raises Refusal, UsageError, SystemUnavailable."""

    async def work(complaints: Readings) -> Any:
        actor = await _actor(operator, complaints, DESK[command])
        return await perform(Desk(complaints, actor, operator.instansi(), progress), command, arguments)

    return operator.with_system(work) if command in NEED_THE_ENGINE else operator.with_record(work)


async def _actor(operator: Operator, complaints: Readings, row: Row) -> Actor:
    """Return who acts; where nobody is named, the installation itself may do what is its own."""
    if operator.acting() is None and Role.SYSTEM in RIGHTS[row.act].who:
        await operator.check_named(complaints)
        return CLOCKWORK.model_copy(update={"operator": True})
    return await operator.actor(complaints)
