"""`kawal keys`: which master key wraps the data keys, and rotating either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.faults import Usage
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_pairs, write_table

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.desks.key_rotation import Outcome

_SOURCES = {"service": "key_source_service", "environment": "key_source_environment", "file": "key_source_file"}

LEFT = 1
"""The exit code while something is left to do: keys under an earlier master key, or a rotation that has not ended."""


def status(operator: Operator) -> int | None:
    """Tell which master keys wrap how many data keys; the exit code is LEFT while not all are the present one's."""

    async def work(complaints: Complaints) -> dict[str, Any]:
        from kawal.desks.key_rotation import KeyRotation

        return await KeyRotation(complaints).status()

    found = operator.with_system(work)
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


def rotate_master(operator: Operator, *, key_file: Path | None) -> int | None:
    """Begin a rotation of the master key or go on with it; the exit code is LEFT while it has not ended."""

    async def work(complaints: Complaints) -> Outcome:
        from kawal.desks.key_rotation import KeyRotation

        by = await operator.actor(complaints)
        return await KeyRotation(complaints).rotate_master(by, key_file, lambda done: _progress(operator, done))

    outcome = operator.with_system(work)
    if operator.json:
        previous = [str(path) for path in outcome.previous]
        operator.write_json(outcome._asdict() | {"previous": previous})
    else:
        operator.write(operator.say("key_rotated", master=outcome.master_key, count=outcome.rewrapped))
    if not outcome.ended:
        operator.note(operator.say("key_not_ended", closed=outcome.closed))
        return LEFT
    operator.note(operator.say("key_destroy", files=", ".join(map(str, outcome.previous)) or "–"))
    return None


def rotate_data(operator: Operator, *, key_owner: str | None, of_system: bool) -> None:
    """Give a complaint, or what belongs to none, a new data key; raises Refusal."""
    if (key_owner is None) is not of_system:
        raise Usage("key_of_whom")

    async def work(complaints: Complaints) -> str:
        from kawal.desks.key_rotation import KeyRotation, owner_named

        owner = owner_named(key_owner)
        await KeyRotation(complaints).rotate_data(await operator.actor(complaints), owner)
        return owner

    owner = operator.with_system(work)
    if operator.json:
        operator.write_json({"owner": owner})
    else:
        operator.write(operator.say("key_data_rotated", owner=owner))


SPECS = (
    Spec("status", status),
    Spec("rotate-master", rotate_master, [Field("key_file", "--key-file", Path)]),
    Spec("rotate-data", rotate_data, [Field("key_owner"), Field("of_system", "--system", bool, default=False)]),
)


def _progress(operator: Operator, done: int) -> None:
    operator.note(operator.say("key_progress", count=done))


def _row(operator: Operator, line: dict[str, Any]) -> list[str]:
    state = "key_is_current" if line["current"] else "key_is_known" if line["at_hand"] else "key_is_unknown"
    return [line["master_key"], str(line["data_keys"]), operator.say(state)]
