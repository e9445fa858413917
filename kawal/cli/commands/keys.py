"""`kawal keys`: which master key wraps the data keys, and rotating either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_pairs, write_table

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.key_rotation import Outcome, RotationResult

_SOURCES = {"service": "key_source_service", "environment": "key_source_environment", "file": "key_source_file"}

LEFT = 1
"""The exit code while something is left to do: keys under an earlier master key, or a rotation that has not ended."""


def status(operator: Operator) -> int | None:
    """Show which master keys wrap how many data keys; the exit code is LEFT while not all are wrapped by the present
    one.
    """

    async def work(complaints: Readings) -> dict[str, Any]:
        from kawal.desks.key_rotation import KeyRotation

        return await KeyRotation(complaints).status()

    found = operator.with_record(work)
    whole = all(line["current"] for line in found["master_keys"]) and found["rotation"] is None
    if operator.json:
        operator.write_json(found)
        return None if whole else LEFT
    write_pairs(
        [
            (operator.say("key_current"), found["current"]),
            (operator.say("key_source"), operator.say(_SOURCES[found["source"]])),
            (operator.say("key_rotation_open"), found["rotation"]["to"] if found["rotation"] else "–"),
            (operator.say("key_previous_files"), ", ".join(found["previous_files"]) or "–"),
        ]
    )
    write_table(
        ("master_key", "data_keys", "state"), (_row(operator, line) for line in found["master_keys"]), operator.lang
    )
    if not whole:
        operator.note(operator.say("key_left"))
    return None if whole else LEFT


def _progress(operator: Operator, done: int) -> None:
    operator.note(operator.say("key_progress", count=done))


def _row(operator: Operator, line: dict[str, Any]) -> list[str]:
    state = "key_is_current" if line["current"] else "key_is_known" if line["at_hand"] else "key_is_unknown"
    return [line["master_key"], str(line["data_keys"]), operator.say(state)]


def _tell_master(operator: Operator, outcome: Outcome) -> None:
    operator.write(operator.say("key_rotated", master=outcome.master_key, count=outcome.rewrapped))


def _after_master(operator: Operator, outcome: Outcome, _: Mapping[str, Any]) -> int | None:
    if not outcome.ended:
        operator.note(operator.say("key_not_ended", count=outcome.closed))
        return LEFT
    operator.note(operator.say("key_destroy", files=", ".join(map(str, outcome.previous)) or "–"))
    return None


def _owner(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    if (given["key_owner"] is None) is not given["of_system"]:
        raise UsageError("key_of_whom")
    return {"owner": given["key_owner"]}


def _tell_data(operator: Operator, rotated: RotationResult) -> None:
    operator.write(operator.say("key_data_rotated", owner=rotated.owner))


SPECS = (
    Spec("status", status),
    *desk_specs(
        "keys",
        {
            "rotate-master": Form(_tell_master, _after_master, progress=_progress),
            "rotate-data": Form(
                _tell_data,
                typed=OptionLayout(apart={"owner"}),
                instead=(Field("key_owner"), Field("of_system", "--system", bool, default=False)),
                read=_owner,
            ),
        },
    ),
)
