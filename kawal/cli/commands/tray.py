"""`kawal tray`: letters and messages about which somebody has to decide - listed, read, given, started, dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.commands.complaint_list import LIMIT, check_limit
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.files import new_file, write_new
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.plain_text import visible
from kawal.cli.terminal.tables import write_pairs
from kawal.cli.terminal.tray_lines import as_json, state_of, why_of, write_items
from kawal.cli.wording.labels import COLUMNS, label
from kawal.domain.labels import CHANNELS, TRAY_REASONS
from kawal.domain.record_labels import COMMANDS

if TYPE_CHECKING:
    from datetime import datetime

    from kawal.client.reading import Readings
    from kawal.desks.tray import DecidedItem
    from kawal.intake.tray_desk import GivenItem, StartedItem, TrayReading
    from kawal.store.tray import TrayLine


def list_tray(operator: Operator, *, tray_all: bool, limit: int) -> None:
    """List what waits in the tray, people's letters first, the oldest first."""
    check_limit(limit)

    async def work(complaints: Readings) -> tuple[list[TrayLine], datetime]:
        from kawal.desks.table import Desk
        from kawal.desks.tray import listed
        from kawal.domain.process.decide import CLOCKWORK

        await operator.check_named(complaints)
        actor = CLOCKWORK if operator.acting() is None else await operator.actor(complaints)
        desk = Desk(complaints, actor, operator.instansi())
        return await listed(desk, everything=tray_all, limit=limit + 1), complaints.now()

    lines, now = operator.with_record(work)
    shown = lines[:limit]
    if operator.json:
        operator.write_json([as_json(line, now) for line in shown])
    elif shown:
        write_items(operator, shown, now)
    else:
        operator.write(operator.say("nothing_found"))
    if len(lines) > limit:
        operator.note(operator.say("more_left", shown=limit))


def show_item(operator: Operator, *, tray_item: int, output: str | None, purpose: str | None) -> None:
    """Show an item with its words, or write it to a new file as it came; raises Refusal, itself on record."""
    path = new_file(output)  # before the reading is on record, not after

    async def work(complaints: Readings) -> TrayReading:
        from kawal.desks.table import Desk
        from kawal.intake.tray_desk import show

        desk = Desk(complaints, await operator.actor(complaints), operator.instansi())
        return await show(desk, tray_item, purpose, via="cli")

    reading = operator.with_record(work)
    if path is not None:
        write_new(path, reading.raw)
    if operator.json:
        operator.write_json(reading.model_dump(mode="json") | ({} if path is None else {"path": str(path)}))
    elif path is not None:
        operator.write(operator.say("item_letter_written", number=tray_item, path=str(path)))
    else:
        _write_reading(operator, reading)


def _write_reading(operator: Operator, reading: TrayReading) -> None:
    lang = operator.lang
    sender = " ".join(filter(None, (reading.name, reading.sender and f"<{reading.sender}>")))
    shown = {
        "tray_item": str(reading.item),
        "instansi": reading.instansi,
        "channel": label(CHANNELS, reading.channel, lang),
        "received_at": show_instant(reading.received_at, lang),
        "why": why_of(operator, reading),
        "names_reports": ", ".join(reading.names),
        "tray_state": state_of(operator, reading),
        "grounds": reading.grounds or "",
        "sender": sender,
        "subject": reading.subject,
        "files": ", ".join(reading.files),
    }
    write_pairs([(label(COLUMNS, name, lang), visible(value)) for name, value in shown.items()])
    if reading.unreadable is None:
        operator.write(f"\n{visible(reading.words)}")
    else:
        operator.note(operator.say("item_no_words", why=label(TRAY_REASONS, reading.unreadable, lang)))


def _tell_given(operator: Operator, done: GivenItem) -> None:
    command = label(COMMANDS, str(done.command), operator.lang)
    operator.write(operator.say("item_given", number=done.item, id=done.tracking_id, command=command))
    if str(done.state) == "waiting":
        operator.note(operator.say("item_stays"))


def _tell_started(operator: Operator, done: StartedItem) -> None:
    operator.write(operator.say("item_started", number=done.item, id=done.tracking_id))


def _tell_passed(operator: Operator, done: DecidedItem) -> None:
    operator.write(operator.say("item_passed", number=done.item, instansi=done.instansi))


def _tell_dismissed(operator: Operator, done: DecidedItem) -> None:
    operator.write(operator.say("item_dismissed", number=done.item))


def _tell_undone(operator: Operator, done: DecidedItem) -> None:
    operator.write(operator.say("item_undone", number=done.item))


_ITEM = OptionLayout(places=frozenset({"item"}))

SPECS = (
    Spec("list", list_tray, [Field("tray_all", "--all", bool, default=False), LIMIT]),
    Spec(
        "show",
        show_item,
        [
            Field("tray_item", kind=int, default=REQUIRED),
            Field("output", "--output"),
            Field("purpose", "--purpose"),
        ],
    ),
    *desk_specs(
        "tray",
        {
            "give": Form(_tell_given, typed=OptionLayout(places=frozenset({"item", "tracking_id", "command"}))),
            "start": Form(_tell_started, typed=_ITEM),
            "pass": Form(_tell_passed, typed=OptionLayout(places=frozenset({"item", "code"}))),
            "dismiss": Form(_tell_dismissed, typed=_ITEM),
            "undo": Form(_tell_undone, typed=_ITEM),
        },
    ),
)
