"""`kawal letter`: a complaint's letters as they came, for officials who may see them; each reading goes on record."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.files import new_file, write_new
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, TRACKING_ID, Field, Spec
from kawal.cli.terminal.plain_text import visible
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import label
from kawal.domain.labels import CHANNELS
from kawal.wording.labels import left_out_in_words

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.store.raw_letters import RawLetter, RawLetterLine

SHOWN = 100_000
"""How many characters of a letter are written to the screen: a photograph in it is none for reading."""


def list_letters(operator: Operator, *, tracking_id: str, purpose: str | None) -> None:
    """List a complaint's letters without their content; raises Refusal (on record)."""

    async def work(complaints: Readings) -> list[RawLetterLine]:
        from kawal.desks.raw_letters import RawLetterDesk

        actor = await operator.actor_on(complaints, tracking_id)
        return await RawLetterDesk(complaints, "cli").list(tracking_id, actor, purpose)

    lines = operator.with_record(work)
    if operator.json:
        operator.write_json([line.model_dump(mode="json") for line in lines])
    elif lines:
        columns = ("letter_number", "channel", "received_at", "size", "left_out")
        write_table(columns, (_row(operator, line) for line in lines), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def show_letter(
    operator: Operator, *, tracking_id: str, letter_number: int, purpose: str | None, letter_output: str | None
) -> None:
    """Write a letter to the screen, or as it came into a new file; raises Refusal (on record), UsageError."""
    path = new_file(letter_output)  # before the reading is on record, not after

    async def work(complaints: Readings) -> RawLetter:
        from kawal.desks.raw_letters import RawLetterDesk

        actor = await operator.actor_on(complaints, tracking_id)
        return await RawLetterDesk(complaints, "cli").open(tracking_id, letter_number, actor, purpose)

    letter = operator.with_record(work)
    if path is not None:
        write_new(path, letter.raw)
        _tell_written(operator, tracking_id, letter_number, path)
    elif operator.json:
        content = base64.b64encode(letter.raw).decode()
        operator.write_json({"tracking_id": tracking_id, "number": letter_number, "base64": content})
    else:
        _write_shown(operator, letter.raw)


SPECS = (
    Spec("list", list_letters, [TRACKING_ID, Field("purpose", "--purpose")]),
    Spec(
        "show",
        show_letter,
        [
            TRACKING_ID,
            Field("letter_number", kind=int, default=REQUIRED),
            Field("purpose", "--purpose"),
            Field("letter_output", "--to"),
        ],
    ),
)


def _row(operator: Operator, line: RawLetterLine) -> list[str]:
    return [
        str(line.number),
        label(CHANNELS, line.channel, operator.lang),
        show_instant(line.received_at, operator.lang),
        str(line.size),
        "; ".join(left_out_in_words(one, operator.lang) for one in line.left_out),
    ]


def _tell_written(operator: Operator, tracking_id: str, number: int, path: Path) -> None:
    if operator.json:
        operator.write_json({"tracking_id": tracking_id, "number": number, "path": str(path)})
    else:
        operator.write(operator.say("letter_saved", number=number, path=path))


def _write_shown(operator: Operator, raw: bytes) -> None:
    shown = visible(raw[:SHOWN].decode("utf-8", "backslashreplace"))
    sys.stdout.write(shown if shown.endswith("\n") else f"{shown}\n")
    if len(raw) > SHOWN:
        operator.note(operator.say("letter_goes_on"))
