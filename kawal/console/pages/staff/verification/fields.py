"""The decision as it stands in the form: filled in from the offer, or as it was typed; and what it asks for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from starlette.datastructures import FormData

from kawal.console.pages.form_guard import KEY
from kawal.console.pages.staff.verification.practice import AgencyPractice
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.domain.names import ReportClass
from kawal.domain.process.commands import NOTE_LIMIT, TITLE_LIMIT
from kawal.domain.verification import OfferedDecision, Stop, named, unanswered

TITLE, CLASS, SUPERVISED, CATEGORY, OTHER_CATEGORY = "judul", "kelas", "pengawasan", "kategori", "kategori_lain"
OPD, OTHER_OPD, NOTE, LOOKED_AT, SHOWN = "opd", "opd_lain", "catatan", "diperiksa", "ditunjukkan"
SEQ = "langkah"

MATCHES_SHOWN = 8

_NO_TITLE = msgid("Write a title.")
_LONG_TITLE = msgid("The title may have at most {most} characters.")
_LONG_NOTE = msgid("The note may have at most {most} characters.")
_NO_CATEGORY = msgid("Choose a category.")
_NO_SUCH_CATEGORY = msgid("No category begins with these words: “{typed}”. Type the beginning of one of its words.")
_SEVERAL_CATEGORIES = msgid("Several categories begin with these words: {found}. Type more of the one that you mean.")
_NO_OPD = msgid("Choose at least one OPD, or handle the report yourselves.")
_NO_SUCH_OPD = msgid(
    "No OPD begins with these words: “{typed}”. Type its code, or the beginning of a word of its name."
)
_SEVERAL_OPDS = msgid("Several OPDs begin with these words: {found}. Type more of the one that you mean.")
_LOOK = msgid("Look at what is marked above, and tick that you did.")
_ONLY_A_PENGADUAN = msgid("Only a pengaduan can be berkadar pengawasan.")

Faults = Mapping[str, Sayable]
"""What is wrong and what to do about it, by the field's name."""


class DecisionFields(NamedTuple):
    """What the form of the decision holds."""

    title: str = ""
    report_class: str = str(ReportClass.PENGADUAN)
    supervised: bool = False
    category: str = ""
    """One of those that are offered; empty for another one, typed."""
    other_category: str = ""
    opds: tuple[str, ...] = ()
    other_opd: str = ""
    note: str = ""
    looked_at: frozenset[str] = frozenset()
    shown_stops: tuple[str, ...] = ()
    """The stops that the page showed: what is learned later stops nothing."""
    seq: int = 0
    """The number of the report's last event when it was shown."""
    key: str = ""

    @classmethod
    def offered(cls, offer: OfferedDecision, seq: int) -> Self:
        """Return the fields as they are filled in when a report is shown."""
        return cls(
            title=offer.title,
            report_class=str(offer.report_class),
            category=offer.category or "",
            opds=() if offer.opd is None else (offer.opd,),
            shown_stops=tuple(map(str, offer.stops)),
            seq=seq,
            key=str(uuid.uuid4()),
        )

    @classmethod
    def of(cls, form: FormData) -> Self:
        """Return what was sent; a file or a field of another name counts for nothing."""
        one = {name: value for name, value in form.items() if isinstance(value, str)}
        return cls(
            title=" ".join(one.get(TITLE, "").split()),
            report_class=one.get(CLASS, ""),
            supervised=SUPERVISED in one,
            category=one.get(CATEGORY, ""),
            other_category=one.get(OTHER_CATEGORY, "").strip(),
            opds=tuple(dict.fromkeys(_all(form, OPD))),
            other_opd=one.get(OTHER_OPD, "").strip(),
            note=one.get(NOTE, "").replace("\r\n", "\n").strip(),
            looked_at=frozenset(_all(form, LOOKED_AT)),
            shown_stops=tuple(_all(form, SHOWN)),
            seq=number_in(one.get(SEQ, "")),
            key=key_in(one.get(KEY, "")),
        )


class Decision(NamedTuple):
    """What verify and forward are given."""

    verify: Mapping[str, Any]
    forward: Mapping[str, Any]


def decision_of(fields: DecisionFields, agency: AgencyPractice, *, forward_only: bool = False) -> Decision | Faults:
    """Return the decision that the fields hold, or what is wrong with each at fault.

    `forward_only`: the report is verified, and only what forward is given counts.
    """
    faults: dict[str, Sayable] = {}
    opds = _opds(fields, agency, faults)
    note = {"note": fields.note} if fields.note else {}
    if len(fields.note) > NOTE_LIMIT:
        faults[NOTE] = sentence(_LONG_NOTE, most=NOTE_LIMIT)
    verify = {} if forward_only else verification_of(fields, agency, faults)
    return faults or Decision(verify, {"opds": list(opds)} | note)


def verification_of(fields: DecisionFields, agency: AgencyPractice, faults: dict[str, Sayable]) -> dict[str, Any]:
    """Return what verify is given, and put into `faults` what is wrong with it."""
    category = _category(fields, agency, faults)
    _check_title(fields, faults)
    if unanswered([stop for stop in Stop if stop in fields.shown_stops], fields.looked_at):
        faults[LOOKED_AT] = _LOOK
    if fields.supervised and fields.report_class != ReportClass.PENGADUAN:
        faults[CLASS] = _ONLY_A_PENGADUAN
    return {
        "title": fields.title,
        "class": fields.report_class,
        "category": category,
        "pengawasan": fields.supervised,
    }


def number_in(text: str) -> int:
    """Return the number in a hidden field, 0 for none that can be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def key_in(text: str) -> str:
    """Return a form's key; a fresh one for what no page of ours made, under which nothing can have been sent."""
    fit = 8 <= len(text) <= 100 and text.isascii() and text.isprintable()
    return text if fit else str(uuid.uuid4())


def _check_title(fields: DecisionFields, faults: dict[str, Sayable]) -> None:
    if not fields.title:
        faults[TITLE] = _NO_TITLE
    elif len(fields.title) > TITLE_LIMIT:
        faults[TITLE] = sentence(_LONG_TITLE, most=TITLE_LIMIT)


def _category(fields: DecisionFields, agency: AgencyPractice, faults: dict[str, Sayable]) -> str | None:
    if fields.category:
        return fields.category
    typed = fields.other_category
    if not typed:
        faults[CATEGORY] = _NO_CATEGORY
        return None
    found = [typed] if typed in agency.categories else named(typed, agency.categories)
    if len(found) == 1:
        return found[0]
    faults[OTHER_CATEGORY] = _not_one(found, typed, _NO_SUCH_CATEGORY, _SEVERAL_CATEGORIES)
    return None


def _opds(fields: DecisionFields, agency: AgencyPractice, faults: dict[str, Sayable]) -> list[str]:
    chosen = list(fields.opds)
    by_line = {f"{code} {name}": code for code, name in agency.opd_names.items()}
    for typed in filter(None, (part.strip() for part in fields.other_opd.split(","))):
        known = typed.upper() in agency.opd_names
        found = [typed.upper()] if known else [by_line[line] for line in named(typed, list(by_line))]
        if len(found) == 1:
            chosen.append(found[0])
        else:
            faults[OTHER_OPD] = _not_one(found, typed, _NO_SUCH_OPD, _SEVERAL_OPDS)
    if not chosen and OTHER_OPD not in faults:
        faults[OPD] = _NO_OPD
    return list(dict.fromkeys(chosen))


def _not_one(found: Sequence[str], typed: str, none: Message, several: Message) -> Sayable:
    if not found:
        return sentence(none, typed=typed[:100])
    return sentence(several, found="; ".join(found[:MATCHES_SHOWN]))


def _all(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]
