"""The arguments of the commands by which an agency sets itself up: who it is, and what it tells in its own words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from kawal.desks.arguments import Code, DeskArguments
from kawal.domain import announcements, letter_texts
from kawal.domain.agency_setup import SetupStep, StepWord
from kawal.domain.government import GovernmentKind
from kawal.domain.process.commands import printable

LOCAL_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}$"
"""A local time (Asia/Jakarta), as a form's field and people write it: 2026-03-09 22:00."""

LocalTime = Annotated[str, StringConstraints(strip_whitespace=True, pattern=LOCAL_TIME)]
Said = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=announcements.LONGEST), AfterValidator(printable)
]


class DescribeAgency(DeskArguments):
    """Who the agency is; of the shipped example also another code, as which it begins anew."""

    code: Code
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150), AfterValidator(printable)
    ]
    kind: GovernmentKind
    area: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{2}(\.[0-9]{2})?$")] | None = None
    """The code of its area (Kemendagri's): `21` of a province, `21.71` of a kabupaten or kota."""


class SettleStep(DeskArguments):
    """A step of the first set-up, and with which word it is over."""

    step: SetupStep
    word: StepWord = StepWord.DONE


class FinishSetup(DeskArguments):
    """Nothing: what the agency has now is its own."""


class TryLetter(DeskArguments):
    """To which e-mail address a test letter goes."""

    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]


class TryMessage(DeskArguments):
    """To which telephone number a test message goes."""

    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]


class SetAnnouncement(DeskArguments):
    """What readers are told, in one language or both, and from when until when."""

    id_text: Said = ""
    en_text: Said = ""
    begins: LocalTime | None = None
    """None: now."""
    ends: LocalTime | None = None
    """None: when it is taken away."""


class EndAnnouncement(DeskArguments):
    """Nothing: there is one announcement."""


class LetterLanguage(StrEnum):
    """The language of the letters that say something."""

    INDONESIAN = "id"
    ENGLISH = "en"


class SetLetterText(DeskArguments):
    """Which part of the agency's letters says what from now on; an empty text: nothing of its own."""

    part: Annotated[str, Field(max_length=40)]
    """A kind of letter to reporters, or `signature` for the lines below all letters."""
    lang: LetterLanguage = LetterLanguage.INDONESIAN
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=letter_texts.LONGEST),
        AfterValidator(lambda text: "\n".join(printable(line) for line in text.splitlines())),
    ] = ""
