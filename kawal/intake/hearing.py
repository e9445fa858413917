"""What a reporter's own words in a letter or message do: a command, a reply, or both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kawal.base.errors import SystemUnavailable
from kawal.domain.messages import Answer, Command
from kawal.domain.names import Channel, CommandName, workflow_id
from kawal.domain.process.commands import NOTE_LIMIT
from kawal.domain.refusals import Refusal
from kawal.domain.reporter_words import SpokenWords, read_words
from kawal.intake.service import IntakeService

WORDLESS = "(tanpa teks)"
"""The text of a reply that consists of files alone."""

_OF_THE_REPORT = frozenset({"erased", "unknown_complaint", "key_reused", "malformed"})
"""Refusals that no other form of the same words would avoid."""

_NOTHING_LEFT = frozenset({"concealed_already"})
"""Refusals of what has its effect already."""

_WITH_OWN_WORDS = frozenset({CommandName.DISPUTE, CommandName.RATE})
"""Commands that take the other own words along."""


class HeardWords(NamedTuple):
    """What was done with a reporter's words."""

    command: CommandName
    answer: Answer | None
    """The last answer; None where nothing was done."""
    refused: Refusal | None = None
    """Why the command was refused; the words are then a reply, if there are any besides the command."""
    told: bool = True
    """Whether the reporter is told so by the complaint; one that has ended tells nothing more."""

    @property
    def untold(self) -> Refusal | None:
        """The refusal of which the reporter does not learn, nothing having been done: a person has to look."""
        return self.refused if self.answer is None and not self.told else None


class Hearing:
    """Does what reporters write; the caller has made sure that it is the reporter."""

    def __init__(self, intake: IntakeService) -> None:
        """Reply and send commands through `intake`."""
        self._intake = intake
        self._ledger = intake.complaints.ledger

    async def hear(
        self,
        tracking_id: str,
        words: str,
        files: Sequence[str] = (),
        *,
        channel: Channel,
        idempotency_key: str,
    ) -> HeardWords:
        """Do what the words say; the same `idempotency_key` has the same outcome.

        A command that the rules refuse is a reply if there are other own words or files; if it stands alone it changes
        nothing. Raises Refusal where the report takes no reply either, and the database's errors.
        """
        said = read_words(words)
        instead = f"{idempotency_key}:instead"
        if said.command is CommandName.REPLY:
            answer = await self._replied(tracking_id, said.rest, files, channel, idempotency_key)
            return HeardWords(said.command, answer)
        if await self._ledger.answer_for_idempotency_key(workflow_id(tracking_id), instead) is not None:
            return HeardWords(said.command, await self._replied(tracking_id, words, files, channel, instead))
        try:
            answer = await self._intake.say(
                tracking_id, said.command, said.arguments, channel=channel, idempotency_key=idempotency_key
            )
        except Refusal as refusal:
            if refusal.code in _OF_THE_REPORT:
                raise
            told = await self._tell_refused(tracking_id, said, idempotency_key)
            if not said.rest and not files:
                return HeardWords(said.command, None, refusal, told or refusal.code in _NOTHING_LEFT)
            answer = await self._replied(tracking_id, words, files, channel, instead)
            return HeardWords(said.command, answer, refusal, told)
        besides = _besides(said)
        if besides or files:
            answer = await self._replied(tracking_id, besides, files, channel, f"{idempotency_key}:besides")
        return HeardWords(said.command, answer)

    async def _tell_refused(self, tracking_id: str, said: SpokenWords, idempotency_key: str) -> bool:
        """Have the reporter told why, where the complaint still runs and the engine is there; False if it is not."""
        complaints = self._intake.complaints
        actor = await complaints.reporter(tracking_id)
        arguments = await self._intake.without_access(tracking_id, said.arguments)
        command = Command(name=said.command, actor=actor, arguments=arguments, idempotency_key=idempotency_key)
        try:
            return await complaints.of_reporters.tell_refused(tracking_id, command)
        except SystemUnavailable:
            return False

    async def _replied(
        self, tracking_id: str, words: str, files: Sequence[str], channel: Channel, idempotency_key: str
    ) -> Answer:
        text = words.strip() or WORDLESS
        return await self._intake.reply(tracking_id, text, files, channel=channel, idempotency_key=idempotency_key)


def _besides(said: SpokenWords) -> str:
    """Return the own words that the command itself does not take along."""
    taken = said.command in _WITH_OWN_WORDS and len(said.rest) <= NOTE_LIMIT
    return "" if taken else said.rest
