"""Letters for notices, made from a notice's kind and body with the wording of `letter_messages`.

A notice is a subject and sentences. A sentence that needs something the notice does not contain (a paused clock has no
deadline) is left out, so that no letter shows an unfilled placeholder. `act` is what the report's own recipients can
do; those who only follow a merged report are not told it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any, NamedTuple

from kawal.domain.government import HEADS, GovernmentKind, head_in
from kawal.domain.letter_texts import OwnWords
from kawal.domain.msgids import Message, Sentence, msgid, sentence
from kawal.domain.notices import Recipient
from kawal.domain.record_labels import COMMANDS
from kawal.domain.refusals import Refusal
from kawal.wording.catalogues import say
from kawal.wording.counts import COUNTS
from kawal.wording.dates import show_long_day
from kawal.wording.labels import left_out_in_words
from kawal.wording.letter_messages import CLASSES, CLOCKS, WORDING
from kawal.wording.letter_words import NO_ANSWER_NEEDED
from kawal.wording.links import ReportAccess, in_letter

_FOLLOWS = msgid("Your report {own} was merged and follows report {id}.")
_WITHHELD = msgid("What was written can be read in Kawal only.")

_OF_ANOTHER = (msgid("report {id}"), msgid("report {id} (“{title}”)"))
_YOURS = (msgid("your report {id}"), msgid("your report {id} (“{title}”)"))
"""A report as sentences name it, without and with its title."""

SALUTATIONS: dict[str, Message] = {
    Recipient.REPORTER: msgid("Dear reporter,"),
    Recipient.LIAISON: msgid("To the liaison of {office},"),
    Recipient.ADMIN: msgid("To the complaints admin of {office},"),
    Recipient.INSPECTORATE: msgid("To the Inspectorate of {office},"),
    Recipient.SEKDA: msgid("To the Sekretaris Daerah of {office},"),
    Recipient.GUBERNUR: msgid("To the {head}, {office},"),
}
_AS_THEY_ARE = ("count", "main", "category", "rating", "goes_on_as", "goes_on_at", "continues", "passed_on_by")
_ANSWER = msgid("To answer, reply to this e-mail and leave its subject as it is.")
_NO_ANSWER = msgid("This e-mail was sent by a machine; replies to it are not read.")
_CLOSING = msgid("Yours faithfully,")
_SIGNED = msgid("Complaints administration")


class Letter(NamedTuple):
    """A notice as people read it: a one-line subject, and a text."""

    subject: str
    text: str


class Envelope(NamedTuple):
    """Sender and recipient: what a letter has besides its notice."""

    to: str
    """A Recipient."""
    office: str
    """The name of the recipient's OPD, or of the agency."""
    agency: str
    """The name of the agency that signs."""
    answered: bool
    """Whether a reply to the letter reaches the report."""
    access: ReportAccess | None = None
    """What opens the reporter's own report; only in a letter to the reporter."""
    head: str = HEADS[GovernmentKind.PROVINSI]
    """The title of the head of the agency's government."""
    own: OwnWords = OwnWords()


def letter(
    kind: str,
    tracking_id: str,
    body: Mapping[str, Any],
    lang: str,
    names: Mapping[str, str],
    *,
    to: str | None = None,
    title: str | None = None,
    answered: bool = False,
) -> Letter:
    """Return the letter of a notice in a language (`id` or `en`); `names` maps known OPD codes to names.

    `to` is the Recipient, whose own the report may be; `title` is given only if the report is public; `answered` if a
    reply to the letter reaches the report. Raises KeyError for a kind that has no wording.
    """
    words = WORDING[kind]
    about = str(body.get("follows") or tracking_id)
    follows = "follows" in body
    values = _values(body, lang, names) | {"id": about, "own": tracking_id, "head": head_in(names)}
    values["report"] = _named(
        about, lang, yours=to == Recipient.REPORTER and not follows, title=None if follows else title
    )
    sentences = [_FOLLOWS] if follows else []
    sentences += words.body
    if body.get("question_over") and to == Recipient.REPORTER and NO_ANSWER_NEEDED not in words.body:
        sentences.append(NO_ANSWER_NEEDED)
    if not follows:
        sentences += [*words.act, *(words.by_reply if answered else ())]
    paragraphs = [" ".join(said for one in sentences if (said := filled(one, values, lang)) is not None)]
    if "text" in body:
        paragraphs.append("\n".join(f"> {line}" for line in str(body["text"]).splitlines()))
    elif body.get("withheld"):
        paragraphs.append(say(lang, _WITHHELD))
    return Letter(filled(words.subject, values, lang) or about, "\n\n".join(paragraphs) + "\n")


def in_envelope(written: Letter, envelope: Envelope, lang: str, salutation: Message | None = None) -> Letter:
    """Return the letter as it is sent: with salutation, signature, how to open the report, and how to answer.

    The salutation is the recipient's own, unless another is given. Raises ValueError if the letter would tell anybody
    else what opens a report to its reporter.
    """
    if envelope.access is not None and envelope.to != Recipient.REPORTER:
        raise ValueError("only a reporter is told the access code")
    dear = sentence(SALUTATIONS[envelope.to], **_office_of(envelope)) if salutation is None else salutation
    signed = f"{say(lang, _SIGNED)}\n{envelope.agency}"
    paragraphs = [
        say(lang, dear),
        *([envelope.own.opening] if envelope.own.opening else []),
        written.text.rstrip("\n"),
        *([] if envelope.access is None else [in_letter(envelope.access, lang)]),
        say(lang, _ANSWER if envelope.answered else _NO_ANSWER),
        f"{say(lang, _CLOSING)}\n{envelope.own.signature or signed}",
    ]
    return Letter(written.subject, "\n\n".join(paragraphs) + "\n")


def _office_of(envelope: Envelope) -> dict[str, str]:
    return {} if envelope.to == Recipient.REPORTER else {"office": envelope.office, "head": envelope.head}


def _named(number: str, lang: str, *, yours: bool, title: str | None) -> str:
    plain, titled = _YOURS if yours else _OF_ANOTHER
    return say(lang, plain, id=number) if title is None else say(lang, titled, id=number, title=title)


def filled(message: Message, values: Mapping[str, str], lang: str) -> str | None:
    """Return the sentence with its placeholders filled, or None if a value is missing."""
    needed = {name: values.get(name) for _, name, _, _ in Formatter().parse(message.one) if name}
    if not all(needed.values()):
        return None
    said = say(lang, Sentence(message, needed))
    return said[:1].upper() + said[1:]


def _refused(told: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Return the name of a refused command, and why it was refused."""
    why = Refusal(str(told["code"]), **told["details"])
    return {"command": say(lang, COMMANDS[str(told["command"])]), "why": say(lang, why.sentence)}


def _values(body: Mapping[str, Any], lang: str, names: Mapping[str, str]) -> dict[str, str]:
    values = {name: str(body[name]) for name in _AS_THEY_ARE if body.get(name) is not None}
    if body.get("days") is not None:
        values["working_days"] = say(lang, COUNTS["working_days"], count=int(body["days"]))
    values |= {
        name: show_long_day(date.fromisoformat(str(body[name])), lang) for name in ("deadline", "by") if body.get(name)
    }
    if body.get("left_out"):
        values["left_out"] = ", ".join(left_out_in_words(str(one), lang) for one in body["left_out"])
    if body.get("refused"):
        values |= _refused(body["refused"], lang)
    if body.get("opd"):
        values["opd"] = names.get(str(body["opd"]), str(body["opd"]))
    if body.get("opds"):
        values["opds"] = ", ".join(names.get(code, code) for code in body["opds"])
    for name, table in (("clock", CLOCKS), ("class", CLASSES)):
        if body.get(name):
            values[name] = say(lang, table[body[name]]) if body[name] in table else str(body[name])
    return values
