"""The meaning of one message: the beginning of a report, more about one that its sender has written about, or neither.

What a message is stands in the database before anything is done with it, so that a message delivered again, even after
a crash, does the same thing again, which is then already done. Messages of one sender are decided about in turn,
whichever process takes them: the parts of one story that arrive together become one report.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

from kawal.domain.contacts import phone_number
from kawal.domain.messages import Place, Report, Reporter
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import Channel
from kawal.domain.privacy_words import read_wishes, without_tag
from kawal.domain.process.commands import TEXT_LIMIT
from kawal.domain.refusals import Refusal
from kawal.domain.report_numbers import numbers_named
from kawal.intake.hearing import Hearing
from kawal.intake.messages.content import (
    Message,
    beside_the_words,
    kinds_of,
    nameless,
    parts,
    readable,
    title_of,
    without_number,
)
from kawal.intake.messages.gateways import Gateway
from kawal.intake.messages.media import put_media
from kawal.intake.messages.no_complaint import Remark, conceals, is_bare, judges, rates, remark_of
from kawal.intake.service import IntakeService
from kawal.store.conversations import Conversations, MessageDecision, MessageKind
from kawal.store.tray import MESSAGE, TrayEntry, TrayReason
from kawal.wording.catalogues import say
from kawal.wording.links import HiddenParts, ReportAccess, in_message

_MOOD = "🙂"
"""What a sticker by itself says."""

ONE_STORY = timedelta(minutes=30)
"""Messages of one sender within this time are about one report [P]: people tell a story in several messages."""

_STOPPED = msgid(
    "You have not subscribed to anything here, and nothing was recorded. A report that you sent before goes on. "
    "To report something, write what happened, where and when."
)
_NO_COMPLAINT = msgid(
    "Thank you for your message. It was not recorded as a report. To report something, write what happened, where and "
    "when; write ANONIM too if your name is to be hidden."
)
_SET_ASIDE = msgid("Your message was received; an official will read it and see to which report it belongs.")
_WHICH = msgid(
    "Several of your reports await your word: {numbers}. Send it again with the number of the one you mean in front of "
    "it. Until then nothing is decided, and an official will read your message."
)
_ANONIM = msgid("Your name is hidden from the public and from whom you report.")
_DOUBTFUL = msgid(
    "Your message contains the word anonim, so your name is hidden from the public and from whom you report."
)
_RAHASIA = msgid("Your report is confidential: none of it is shown to the public.")
_TOO_LATE = msgid("To hide your name in what you sent before, send ANONIMKAN; to hide the whole report, RAHASIAKAN.")
_NOT_FETCHED = msgid(
    "Files could not be fetched from here; where they are was noted. Describe in words what they show."
)
_IN_PARTS = msgid("Your message was long; it was recorded whole, in several parts.")


class Outcome(NamedTuple):
    """The result of a message; only the sender who begins a report is told what opens it."""

    kind: MessageKind
    tracking_id: str | None = None
    access: ReportAccess | None = None
    answer: str | None = None
    """What to tell the sender; nothing, where a reply was simply taken."""


class _NewReport(NamedTuple):
    access: ReportAccess
    answer: str
    rest: list[str]
    """What of the message is still to be added."""


class Conversation:
    """Handles the messages of every gateway."""

    def __init__(
        self, intake: IntakeService, conversations: Conversations, lang: str = "id", fetching: Collection[str] = ()
    ) -> None:
        """Submit and reply through `intake`, store in `conversations`; senders are answered in `lang`.

        The files of messages are fetched from the gateways whose names `fetching` holds.
        """
        self._intake = intake
        self._hearing = Hearing(intake)
        self._conversations = conversations
        self._inbox = intake.complaints.system.inbox
        self._tray = intake.complaints.system.tray
        self._outgoing = intake.complaints.system.outgoing_messages
        self._media = intake.complaints.system.message_media
        self._lang = lang
        self._fetching = fetching

    async def take(self, gateway: Gateway, message: Message) -> Outcome:
        """Do what the message means, and put down its files to be fetched; again it has the same outcome.

        Raises Refusal, and SignatureReused for a message that was cut out of another.
        """
        outcome = await self._take(gateway, message)
        if outcome.tracking_id is not None and gateway.name in self._fetching:
            await put_media(self._media, gateway, message, outcome.tracking_id)
        return outcome

    async def _take(self, gateway: Gateway, message: Message) -> Outcome:
        if not message.sender.strip() or not message.message_id.strip():
            raise Refusal("malformed", detail="sender and id must not be empty")
        sender = await self._conversations.sender(message.sender)
        async with self._conversations.alone(sender):
            decision = await self._conversations.seen(gateway.name, message.identity)
            if decision is None:
                decision = await self._conversations.note(
                    gateway.name, message.identity, await self._decide(sender, message), message.signed
                )
                await self._outgoing.wrote(gateway.name, message.sender, message.written_at)
            begun = await self._begin(gateway, message, sender) if decision.kind is MessageKind.REPORT else None
        if begun is not None:
            await self._add(gateway, message, begun.access.tracking_id, begun.rest, first=2)
            return Outcome(MessageKind.REPORT, begun.access.tracking_id, begun.access, begun.answer)
        if decision.tracking_id is not None:
            return await self._reply(gateway, message, decision.tracking_id, sender)
        if decision.kind is MessageKind.ASIDE:
            return await self._left_to_a_person(gateway, message, sender)
        stopped = remark_of(message.words) is Remark.STOP
        return Outcome(MessageKind.IGNORED, answer=say(self._lang, _STOPPED if stopped else _NO_COMPLAINT))

    # --- What it is --------------------------------------------------------------------------------------------------

    async def _decide(self, sender: bytes, message: Message) -> MessageDecision:
        words = message.words
        files = [one for one in message.media if not one.sticker]
        remark = None if files or message.place else remark_of(words or (_MOOD if message.media else ""))
        if message.wordless or remark is Remark.STOP:
            return MessageDecision(MessageKind.IGNORED)
        named = await self._conversations.named(sender, numbers_named(words[:TEXT_LIMIT]))
        if named.own:
            return MessageDecision(MessageKind.REPLY, named.own[0])
        if named.others:
            return MessageDecision(MessageKind.ASIDE)
        if judges(words) and len(await self._judged_by(sender, words)) > 1:
            # A word given to the wrong one could not be taken back.
            return MessageDecision(MessageKind.ASIDE)
        if await self._could_answer_several(sender, words, remark):
            return MessageDecision(MessageKind.ASIDE)
        about = await self._meant(sender, words, remark)
        if about is not None:
            return MessageDecision(MessageKind.REPLY, about)
        says_nothing = remark is not None or ((judges(words) or conceals(words)) and is_bare(words))
        return MessageDecision(MessageKind.IGNORED if says_nothing else MessageKind.REPORT)

    async def _judged_by(self, sender: bytes, words: str) -> dict[str, str]:
        """Return the sender's reports that a word which judges fits, each with its agency."""
        rateable = await self._conversations.to_be_rated(sender) if rates(words) else {}
        return rateable or await self._conversations.awaiting_judgement(sender)

    async def _could_answer_several(self, sender: bytes, words: str, remark: Remark | None) -> bool:
        """Return whether several reports wait for what the sender was asked, and nothing says which one is answered."""
        if judges(words) or conceals(words) or remark is not None:
            return False
        return len(await self._conversations.awaiting_answer(sender, ONE_STORY)) > 1

    async def _meant(self, sender: bytes, words: str, remark: Remark | None) -> str | None:
        """Return the report of the sender's that a message is about which names none."""
        if judges(words):
            only = await self._judged_by(sender, words)
            return next(iter(only), None) or await self._conversations.to_be_judged(sender)
        about = await self._conversations.open_one(sender, ONE_STORY)
        if about is None and remark is not None:
            return await self._conversations.latest_open(sender)
        if about is None and conceals(words):
            return await self._conversations.latest(sender)
        return about

    # --- What is done ------------------------------------------------------------------------------------------------

    async def _begin(self, gateway: Gateway, message: Message, sender: bytes) -> _NewReport:
        wishes = read_wishes(message.words or say(self._lang, nameless(message)))
        told = wishes.text if not message.media else f"{wishes.text}\n\n{say(self._lang, kinds_of(message.media))}"
        text, *more = parts(told)
        number = phone_number(message.sender)
        report = Report(
            title=title_of(without_tag(wishes.text)),
            text=text,
            channel=gateway.channel,
            anonim=wishes.anonim,
            rahasia=wishes.rahasia,
            place=message.place or Place(),
            reporter=Reporter(
                name=readable(message.name or "")[:200] or None,
                phone=number,
                origin=None if number else readable(message.sender)[:200],
            ),
            external_id=f"{gateway.name}:{message.identity}",
        )
        receipt = await self._intake.submit(report, instansi=gateway.instansi)
        await self._conversations.wrote_about(sender, receipt.tracking_id)
        hidden = [_DOUBTFUL if wishes.doubtful else _ANONIM] if wishes.anonim else []
        hidden += [_RAHASIA] if wishes.rahasia else []
        also = [_IN_PARTS] if more else []
        also += [_NOT_FETCHED] if message.media and gateway.name not in self._fetching else []
        # Where a file is may be enough to fetch it, and a report's text becomes public: a reply does not.
        where = self._lines(message._replace(place=None))
        hidden_parts = HiddenParts(wishes.anonim, wishes.rahasia, hidden)
        answer = in_message(receipt.access, hidden_parts, also, self._lang, sms=gateway.channel is Channel.SMS)
        return _NewReport(receipt.access, answer, [*more, *parts(where)])

    async def _reply(self, gateway: Gateway, message: Message, tracking_id: str, sender: bytes) -> Outcome:
        words = without_number(message.words, tracking_id)
        texts = list(parts("\n".join(part for part in (words, self._lines(message)) if part)))
        said = await self._add(gateway, message, tracking_id, texts)
        if said is None:
            return Outcome(MessageKind.ASIDE, answer=say(self._lang, _SET_ASIDE))
        if remark_of(message.words) is None and not (judges(words) and is_bare(words)):
            # A greeting goes before another story as often as it ends one.
            await self._conversations.wrote_about(sender, tracking_id)
        wishes = read_wishes(words)
        said += [_TOO_LATE] if (wishes.anonim or wishes.rahasia) and not conceals(words) else []
        said += [_IN_PARTS] if len(texts) > 1 else []
        said += [_NOT_FETCHED] if message.media and gateway.name not in self._fetching else []
        return Outcome(MessageKind.REPLY, tracking_id, answer=self._answer(said))

    async def _add(
        self, gateway: Gateway, message: Message, tracking_id: str, texts: Sequence[str], first: int = 1
    ) -> list[Sayable] | None:
        """Add each text to the report; return what its reporter has to be told about them.

        Returns None if the report takes nothing more: then the message is left to a person.
        """
        said: list[Sayable] = []
        for place, text in enumerate(texts, first):
            key = f"{gateway.name}:{message.identity}" + ("" if place == 1 else f":{place}")
            try:
                told = await self._hear(gateway, tracking_id, text, key)
            except Refusal as refusal:
                named = await self._inbox.agencies_of([tracking_id])
                await self._put_aside(gateway, message, TrayReason.REPORT_OVER, named, refusal.code)
                return None
            said += [] if told is None else [told]
        return said

    async def _hear(self, gateway: Gateway, tracking_id: str, text: str, key: str) -> Sayable | None:
        """Do what the words say; return what the sender has to be told, which is why a command was not done."""
        heard = await self._hearing.hear(tracking_id, text, channel=gateway.channel, idempotency_key=key)
        return None if heard.refused is None else heard.refused.sentence

    async def _left_to_a_person(self, gateway: Gateway, message: Message, sender: bytes) -> Outcome:
        """Put aside what names somebody else's report, or judges or answers one of several without saying which."""
        others = (await self._conversations.named(sender, numbers_named(message.words[:TEXT_LIMIT]))).others
        if others:
            await self._put_aside(gateway, message, TrayReason.NAMES_REPORT, others)
            return Outcome(MessageKind.ASIDE, answer=say(self._lang, _SET_ASIDE))
        meant = (
            await self._judged_by(sender, message.words)
            if judges(message.words)
            else await self._conversations.awaiting_answer(sender, ONE_STORY)
        )
        latest = await self._conversations.latest(sender)
        if not meant and latest is not None:  # delivered again when each has had its word
            meant = await self._inbox.agencies_of([latest])
        await self._put_aside(gateway, message, TrayReason.NAMES_REPORT, meant)
        return Outcome(MessageKind.ASIDE, answer=say(self._lang, sentence(_WHICH, numbers=", ".join(meant))))

    async def _put_aside(
        self, gateway: Gateway, message: Message, why: TrayReason, named: dict[str, str], detail: str | None = None
    ) -> None:
        """Leave the message to a person of the agency whose reports it names, or else of the gateway's own."""
        agencies = list(dict.fromkeys(named.values()))
        own = gateway.instansi if len(agencies) > 1 else None
        raw = "\n".join(part for part in (message.words, self._lines(message)) if part)
        await self._tray.put(
            TrayEntry(
                raw=raw.encode(),
                instansi=own or agencies[0],
                channel=gateway.channel,
                why=why,
                received_at=self._intake.complaints.now(),
                sender=phone_number(message.sender) or readable(message.sender),
                person=True,
                names=tuple(named),
                detail=detail,
                media_type=MESSAGE,
                answer=False,  # the gateway's answer tells the sender
                identity=f"{gateway.name}:{message.identity}",
            )
        )

    def _lines(self, message: Message) -> str:
        return "\n".join(say(self._lang, line) for line in beside_the_words(message))

    def _answer(self, said: Sequence[Sayable]) -> str | None:
        return " ".join(say(self._lang, one) for one in said) or None
