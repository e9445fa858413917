"""The part of `kawal inbox` for letters that were only kept: listed, written to a file, discarded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.files import check_new, write_new
from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import label
from kawal.cli.wording.letter_messages import WHY

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.store.kept_letters import KeptLetter


def write_letters(operator: Operator, lines: list[KeptLetter]) -> None:
    """Put kept letters on the screen, with what can be done about them."""
    operator.write(operator.say("kept_letters"))
    columns = ("letter", "instansi", "received_at", "bytes", "why")
    write_table(columns, (_row(line, operator.lang) for line in lines), operator.lang)


def open_letter(operator: Operator, number: str | None, output: str | None, purpose: str | None) -> None:
    """Write a raw letter to a new file; raises Refusal (on record), CommandRefusal and UsageError."""
    if number is None or output is None:
        raise UsageError("inbox_form")
    path = Path(output).expanduser()
    # Before the reading is on record, not after.
    check_new(path)

    async def work(complaints: Readings) -> bytes:
        from kawal.desks.kept_letters import LetterDesk

        actor = await operator.actor(complaints)
        raw = await LetterDesk(complaints).open(_number(number), actor, purpose, "cli")
        if raw is None:
            raise CommandRefusal("no_such_letter", number=number)
        return raw

    write_new(path, operator.with_record(work))
    _tell(operator, "letter_written", number, path=str(path))


def discard_letter(operator: Operator, number: str | None, grounds: str | None) -> None:
    """Delete a letter for good; raises Refusal (on record), CommandRefusal and UsageError."""
    if number is None:
        raise UsageError("inbox_form")

    async def work(complaints: Readings) -> bool:
        from kawal.desks.kept_letters import LetterDesk

        return await LetterDesk(complaints).discard(_number(number), await operator.actor(complaints), grounds)

    if not operator.with_record(work):
        raise CommandRefusal("no_such_letter", number=number)
    _tell(operator, "letter_discarded", number)


def _row(line: KeptLetter, lang: Lang) -> list[str]:
    why = label(WHY, str(line.why), lang)
    detail = f" ({label(WHY, line.detail, lang)})" if line.detail else ""
    return [str(line.letter), line.instansi, show_instant(line.received_at, lang), str(line.size), why + detail]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CommandRefusal("no_such_letter", number=text)
    return int(text)


def _tell(operator: Operator, sentence: str, number: str, **more: str) -> None:
    if operator.json:
        operator.write_json({"letter": int(number)} | more)
    else:
        operator.write(operator.say(sentence, number=number, **more))
