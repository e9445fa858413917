"""What an agency has its letters say in its own words: set from now on, on record."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.agency_arguments import SetLetterText
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.letter_texts import SIGNATURE, check_text
from kawal.domain.refusals import Refusal
from kawal.wording.short_messages import SHORT

PARTS = (SIGNATURE, *SHORT)
"""What can be given words: the signature of all letters, and the opening of each kind that reporters get."""


class LetterTextResult(BaseModel):
    """What a part of the agency's letters says in a language from now on."""

    instansi: str
    part: str
    lang: str
    text: str


def check_letter_text(given: SetLetterText) -> None:
    """Refuse a part that no letter has, and a text with places that nothing fills or with too many lines."""
    if given.part not in PARTS:
        raise Refusal("letter_part", part=given.part, known=", ".join(PARTS))
    check_text(given.part, given.text)


async def set_text(desk: Desk, given: SetLetterText) -> LetterTextResult:
    """Let a part of the agency's letters say something from now on; letters about what happened before stay."""
    instansi = await desk.authorised(Act.KEEP_LETTER_TEXTS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_LETTER_TEXTS):
        check_letter_text(given)
    await desk.complaints.record.letter_texts.set(instansi, given.part, given.lang, given.text)
    told = {"what": "letter_text_set", "instansi": instansi, "part": given.part, "lang": given.lang}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_LETTER_TEXTS, told, words={"text": given.text})
    return LetterTextResult(instansi=instansi, **given.model_dump())
