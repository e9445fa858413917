"""Desk commands of the tray that need the words of a letter, which only a reading process reads: show, give, start."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pydantic import Field

from kawal.client.complaints import Complaints
from kawal.crypto.data_keys import KeyDestroyed
from kawal.desks.arguments import GiveItem, GivenAs, StartItem
from kawal.desks.table import CommandingDesk, Desk
from kawal.desks.tray import DecidedItem, decision_of, on_record, tell_reports
from kawal.domain.access import Act
from kawal.domain.contacts import PHONE, is_email
from kawal.domain.messages import Answer, Behalf, Command, Report, Reporter
from kawal.domain.names import Spokesman
from kawal.domain.privacy_words import read_wishes
from kawal.domain.process.commands import NOTE_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from kawal.domain.refusals import Refusal
from kawal.domain.tray import ItemState
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.mail.charsets import storable
from kawal.intake.mail.letter import ReceivedLetter
from kawal.intake.mail.letter_reading import LetterReaders
from kawal.intake.mail.letter_report import keep_files, report_of
from kawal.intake.mail.parts import File
from kawal.intake.reading_process import UnreadableBytes
from kawal.intake.service import IntakeService
from kawal.store.tray import LETTER, TrayContent, TrayLine


class TrayReading(TrayLine):
    """An item with its words, as an official reads it."""

    sender: str | None
    name: str = ""
    subject: str = ""
    words: str = ""
    files: list[str] = Field(default_factory=list)
    """The names of what is attached to it."""
    unreadable: str | None = None
    """Why there are no words: time, memory, nesting, crash or error."""
    grounds: str | None = None
    """Why it was dismissed."""
    raw: bytes = Field(exclude=True, repr=False)
    """As it came."""


class GivenItem(DecidedItem):
    """An item after it was given to a report."""

    tracking_id: str
    command: GivenAs
    answer: Answer


class StartedItem(DecidedItem):
    """An item after it became a report."""

    tracking_id: str


class _Words(NamedTuple):
    """What is taken from an item where the admin states nothing; empty where it cannot be read."""

    letter: ReceivedLetter | None
    own: str
    whole: str
    files: list[File]
    unreadable: str | None = None


async def show(desk: Desk, item: int, purpose: str | None, *, via: str) -> TrayReading:
    """Return an item with its words, once its reading is on record, with each report that it names; raises Refusal."""
    complaints = desk.complaints
    line = await complaints.record.tray.find(item)
    if line is None:
        raise Refusal("no_such_item", number=item)
    said = await complaints.authority.authorise(desk.actor, Act.SHOW_ITEM, line.instansi, purpose=purpose)
    content = await _content(desk, line)
    for tracking_id in (*line.names,) or (None,):
        facts = {"what": "tray_item", "via": via}
        words = {"purpose": said}
        await on_record(desk, Act.SHOW_ITEM, line, facts, words=words, tracking_id=tracking_id)
    words_in = await _read(line, content)
    letter = words_in.letter
    return TrayReading(
        **line.model_dump(),
        sender=content.sender if letter is None else letter.sender,
        name="" if letter is None else letter.name,
        subject="" if letter is None else letter.subject,
        words=words_in.whole,
        files=[file.name for file in words_in.files],
        unreadable=words_in.unreadable,
        grounds=await complaints.record.tray.grounds(item),
        raw=content.raw,
    )


async def give(desk: CommandingDesk, given: GiveItem) -> GivenItem:
    """Send a report the command that an item means; if it is refused, the item stays. Raises Refusal.

    Given again after an interruption it has one effect: the item's number and the command are its idempotency key. One
    letter may mean two things of a report: that it be hidden, and a reply.
    """
    async with decision_of(desk, given.item, Act.GIVE_ITEM) as decision:
        line = decision.line
        content = await _content(desk, line)
        arguments, left_out = await _arguments(desk.complaints, given, await _read(line, content))
        answer = await _said(desk, given, line, arguments)
        await decision.give(given.tracking_id, desk.actor.account, desk.complaints.now(), stays=given.stays)
        told = {"what": "item_given", "command": str(given.command), "stays": given.stays or None}
        await on_record(desk, Act.GIVE_ITEM, line, told, tracking_id=given.tracking_id)
    await _keep_as_it_came(desk.complaints, line, content, given.tracking_id, left_out)
    await tell_reports(desk.complaints, line)
    return GivenItem(
        item=given.item,
        instansi=line.instansi,
        state=ItemState.WAITING if given.stays else ItemState.GIVEN,
        tracking_id=given.tracking_id,
        command=given.command,
        answer=answer,
    )


async def start(desk: CommandingDesk, given: StartItem) -> StartedItem:
    """Let an item become a report of the agency, whose day 0 is the item's receipt. Raises Refusal.

    Started again after an interruption it is the same report: the item's number is its external id.
    """
    async with decision_of(desk, given.item, Act.START_ITEM) as decision:
        line = decision.line
        content = await _content(desk, line)
        words = await _read(line, content)
        async with desk.complaints.authority.refusals(desk.actor, Act.START_ITEM):
            report = _report(line, content, words, given)
            receipt = await IntakeService(desk.complaints).submit(
                report, instansi=line.instansi, received_at=line.received_at
            )
        files = await keep_files(_attachments(desk.complaints), receipt.tracking_id, words.files)
        await decision.start(receipt.tracking_id, desk.actor.account, desk.complaints.now())
        told = {"what": "item_started"}
        await on_record(desk, Act.START_ITEM, line, told, tracking_id=receipt.tracking_id)
    await _keep_as_it_came(desk.complaints, line, content, receipt.tracking_id, files.left_out)
    await tell_reports(desk.complaints, line)
    return StartedItem(
        item=given.item, instansi=line.instansi, state=ItemState.STARTED, tracking_id=receipt.tracking_id
    )


async def _said(desk: CommandingDesk, given: GiveItem, line: TrayLine, arguments: dict[str, Any]) -> Answer:
    """Send the command for the reporter, as of the letter's receipt; raises Refusal and SystemUnavailable."""
    complaints = desk.complaints
    command = Command(
        name=given.command,
        actor=desk.actor,
        arguments=await IntakeService(complaints).without_access(given.tracking_id, arguments),
        idempotency_key=f"tray:{line.item}:{given.command}",
        received_at=line.received_at,
        behalf=Behalf(via=Spokesman.TRAY, letter_at=line.received_at),
    )
    if given.command is GivenAs.CONCEAL:
        # Out of the public's sight even before the complaint has heard of it.
        return await complaints.of_reporters.send(given.tracking_id, command, str(line.channel))
    # Not kept while the engine is away: if it were refused later, nobody would look at the letter any more.
    return await complaints.give(given.tracking_id, command)


async def _keep_as_it_came(
    complaints: Complaints, line: TrayLine, content: TrayContent, tracking_id: str, left_out: list[str]
) -> None:
    """Keep a decided item with its report, encrypted with the report's own key, and no longer in the tray.

    Where this is cut off it stays in the tray's row, and goes with its report all the same.
    """
    try:
        await complaints.system.raw_letters.keep(
            tracking_id,
            content.raw,
            channel=line.channel,
            identity=f"tray:{line.item}",
            received_at=line.received_at,
            left_out=left_out,
        )
    except KeyDestroyed:
        return  # the report was erased meanwhile, and its letters with it
    await complaints.system.tray.empty(line.item)


async def _arguments(complaints: Complaints, given: GiveItem, words: _Words) -> tuple[dict[str, Any], list[str]]:
    """Return the command's arguments (what the admin states, else the letter's own words and files), and what of the
    letter is left out.
    """
    own = given.words or words.own
    match given.command:
        case GivenAs.REPLY:
            if not own:
                raise Refusal("item_unreadable", number=given.item)
            files = await keep_files(_attachments(complaints), given.tracking_id, words.files)
            return {"text": own, "files": files.ids}, files.left_out
        case GivenAs.DISPUTE:
            if not own:
                raise Refusal("item_unreadable", number=given.item)
            # The letter stays whole with the report.
            return {"why": own[:NOTE_LIMIT]}, []
        case GivenAs.RATE:
            return _stated(rating=given.rating, words=own[:NOTE_LIMIT]), []
        case GivenAs.ACCEPT:
            return _stated(rating=given.rating), []
        case GivenAs.CONCEAL:
            both = not (given.anonim or given.rahasia)
            return {"anonim": given.anonim or both, "rahasia": given.rahasia or both}, []


def _report(line: TrayLine, content: TrayContent, words: _Words, given: StartItem) -> Report:
    if words.letter is not None:
        made = report_of(words.letter, "")
        title, text = given.title or made.title, given.text or made.text
    else:
        text = given.text or words.whole
        title = given.title or text.partition("\n")[0][:TITLE_LIMIT].strip()
        sender = content.sender or ""
        number = sender if re.match(PHONE, sender) else None
        reporter = Reporter(email=sender if is_email(sender) else None, phone=number)
        # As in a message that is a report by itself: in doubt anonim.
        wishes = read_wishes(words.whole)
        hidden = {"anonim": wishes.anonim, "rahasia": wishes.rahasia}
        made = Report(title=title, text=text, channel=line.channel, reporter=reporter, **hidden)
    if not (title and text):
        raise Refusal("item_unreadable", number=line.item)
    return made.model_copy(update={"title": title, "text": text, "external_id": f"tray:{line.item}"})


def _stated(**arguments: object) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value not in (None, "")}


async def _content(desk: Desk, line: TrayLine) -> TrayContent:
    content = await desk.complaints.record.tray.content(line.item)
    if content is None:
        raise Refusal("item_gone", number=line.item)
    return content


async def _read(line: TrayLine, content: TrayContent) -> _Words:
    """Return what is written in an item; a letter is read in a process of its own."""
    if line.media_type != LETTER:
        said = storable(content.raw[: 4 * TEXT_LIMIT].decode(errors="replace")).strip()[:TEXT_LIMIT]
        return _Words(None, said, said, [])
    readers = LetterReaders(at_once=1)
    try:
        letter = await readers.read(content.raw)
    except UnreadableBytes as error:
        return _Words(None, "", "", [], error.why)
    finally:
        readers.close()
    return _Words(letter, letter.own_words, letter.text, letter.files)


def _attachments(complaints: Complaints) -> Attachments:
    return Attachments(complaints.system, AttachmentSettings.from_env(complaints.settings.home))
