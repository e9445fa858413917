"""`/kelola/surat`: what letters say in the agency's own words, seen in a whole letter before it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, done, page_with_forms, performed
from kawal.desks.agency_arguments import SetLetterText
from kawal.desks.letter_texts import PARTS, check_letter_text
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.letter_texts import LONGEST, PLACES, SIGNATURE, OwnWords, made_of
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import first_fault
from kawal.store.letter_texts import LetterText
from kawal.wording.catalogues import LANGS
from kawal.wording.letter_messages import WORDING
from kawal.wording.sample_letters import NUMBER, sample_letter, sample_message

LETTERS = f"{PATH}/surat"

_KIND = "surat"
"""The field, and the query's argument, with the part of the letters."""

_SIGNS_ALL = msgid("Signature, below every letter")
_DAYS_AHEAD = 5
"""In how many working days a sample's deadline lies."""

_SAMPLE = "received"
"""The kind of letter in which a signature is seen."""


class ShownPart(NamedTuple):
    """A part of the letters, as a list names it."""

    part: str
    name: Sayable
    says: bool
    """Whether it says something of the agency's own now."""


class Preview(NamedTuple):
    """A letter and a message as they would go out, in a language."""

    lang: str
    subject: str
    text: str
    message: str


async def show_letters(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show which parts say what, and the form of one."""
    part = told.typed.get(_KIND) or request.query_params.get(_KIND, SIGNATURE)
    return await _shown(request, signed, part, told, told.typed)


async def _preview(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show a whole letter with the words, in both languages; nothing is said yet."""
    part = fields.get(_KIND, "")
    texts = {lang: _checked(part, lang, fields).text for lang in LANGS}
    complaints, agency = complaints_of(request), agency_of(signed)
    names = await complaints.directory.names(agency)
    calendar = await complaints.rulebook.calendar_for(agency)
    day = calendar.add(local_day(complaints.now()), _DAYS_AHEAD)
    held = {(one.part, one.lang): one.text for one in await complaints.record.letter_texts.of(agency)}
    kind, url = _SAMPLE if part == SIGNATURE else part, complaints.settings.public_url
    previews = []
    for lang in LANGS:
        said = {name: held.get((name, lang), "") for name in (kind, SIGNATURE)} | {part: texts[lang]}
        places = {"nomor": NUMBER, "instansi": names.get(agency, agency)}
        own = OwnWords(made_of(said[kind], places), made_of(said[SIGNATURE], places))
        letter = sample_letter(kind, lang, agency, names, own, day, url)
        message = sample_message(kind, lang, agency, names, day, url)
        previews.append(Preview(lang, letter.subject, letter.text, message))
    return await _shown(request, signed, part, FormOutcome(), fields, previews)


async def _set(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Let the part say the words from now on, in each language in which they were changed."""
    part, agency = fields.get(_KIND, ""), agency_of(signed)
    held = {(one.part, one.lang): one.text for one in await complaints_of(request).record.letter_texts.of(agency)}
    for lang in LANGS:
        given = _checked(part, lang, fields)
        if given.text != held.get((part, lang), ""):
            await performed(request, signed, "letter-text set", given.model_dump())
    return done(LETTERS, "kata-surat")


def _checked(part: str, lang: str, fields: Fields) -> SetLetterText:
    """Return the words of a language as they were typed; raises Refusal."""
    try:
        given = SetLetterText.model_validate({"part": part, "lang": lang, "text": fields.get(f"teks-{lang}", "")})
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
    check_letter_text(given)
    return given


async def _shown(
    request: Request,
    signed: SignedIn,
    part: str,
    told: FormOutcome,
    typed: Mapping[str, str],
    previews: Sequence[Preview] = (),
) -> Response:
    texts = await complaints_of(request).record.letter_texts.of(agency_of(signed))
    chosen = part if part in PARTS else SIGNATURE
    values: dict[str, Any] = {
        "parts": [ShownPart(one, _name(one), any(text.part == one for text in texts)) for one in PARTS],
        "part": chosen,
        "part_name": _name(chosen),
        "field": _KIND,
        "texts": {lang: typed.get(f"teks-{lang}", _held(texts, chosen, lang)) for lang in LANGS},
        "places": PLACES[1:] if chosen == SIGNATURE else PLACES,
        "longest": LONGEST,
        "previews": previews,
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/letters.html", values, status=told.status)


def _held(texts: Sequence[LetterText], part: str, lang: str) -> str:
    return next((one.text for one in texts if (one.part, one.lang) == (part, lang)), "")


def _name(part: str) -> Sayable:
    """Return the name of a part: of a kind of letter its subject."""
    if part == SIGNATURE:
        return _SIGNS_ALL
    return sentence(WORDING[part].subject, id="…", head="…")


ROUTES = page_with_forms(LETTERS, Act.KEEP_LETTER_TEXTS, show_letters, {"periksa": _preview, "pakai": _set})
