"""The steps of an agency's first set-up, in their order, and the words with which one can be over."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kawal.domain.msgids import Message, msgid


class SetupStep(StrEnum):
    """A step; none forces another, and each can be done again later."""

    AGENCY = "agency"
    OPDS = "opds"
    CATEGORIES = "categories"
    PEOPLE = "people"
    TRIAL = "trial"


class StepWord(StrEnum):
    """With which word a step is over."""

    DONE = "done"
    LATER = "later"
    NOT_NEEDED = "not_needed"


STEPS: Mapping[SetupStep, Message] = {
    SetupStep.AGENCY: msgid("The agency"),
    SetupStep.OPDS: msgid("Its OPDs"),
    SetupStep.CATEGORIES: msgid("Who answers what"),
    SetupStep.PEOPLE: msgid("Its people"),
    SetupStep.TRIAL: msgid("A test letter and message"),
}
"""The name of each step, in their order."""

STEP_WORDS: Mapping[StepWord, Message] = {
    StepWord.DONE: msgid("done"),
    StepWord.LATER: msgid("left for later"),
    StepWord.NOT_NEEDED: msgid("not needed"),
}
"""How a step that is over is marked."""


def first_open(settled: Mapping[SetupStep, StepWord]) -> SetupStep | None:
    """Return the first step that is not over; None once all are."""
    return next((step for step in SetupStep if step not in settled), None)
