"""A report as a citizen types it into the page: one text, a place in words, one contact; what is wrong, field by field.

Nobody is asked for a title, a category or an agency's office: the text's first line is the title, and the admin decides
about the rest. Whatever is wrong, all that was typed is kept, so that the page can show it again.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from pydantic import ValidationError

from kawal.domain.contacts import is_email, phone_number
from kawal.domain.messages import Report
from kawal.domain.msgids import Sayable, msgid, msgids, sentence
from kawal.domain.names import Channel
from kawal.domain.places import Coordinate
from kawal.domain.process.commands import TEXT_LIMIT
from kawal.domain.report import GivenReport, PlaceIn, ReporterIn
from kawal.domain.validation_messages import in_words
from kawal.intake.messages.content import readable, title_of

PLACE_LIMIT, NAME_LIMIT, CONTACT_LIMIT = 500, 200, 254
"""The most characters of each field, as domain.report has them."""

KEY = re.compile(r"[!-~]{8,100}")
"""The form of a key that the page makes: anything else is replaced, since nothing can have been sent under it."""

_NO_TEXT = msgid("Write what happened, where and when.")
_TOO_LONG = msgids(
    "Write at most {most} characters; yours is {count} character too long.",
    "Write at most {most} characters; yours is {count} characters too long.",
)
_NO_CONTACT = msgid("Write a telephone number like 0812 3456 7890 or an e-mail address like siti@example.org, or none.")
_NO_POINT = msgid("The place on the map cannot be read; tap it again, or describe the place in words.")

Faults = dict[str, Sayable]
"""What is wrong and what to do about it, by the field's name."""


class TypedReport(NamedTuple):
    """What was typed, as it was typed; `key` makes a form sent twice one report."""

    text: str = ""
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    name: str = ""
    contact: str = ""
    anonim: bool = False
    rahasia: bool = False
    agency: str = ""
    key: str = ""

    @classmethod
    def blank(cls) -> Self:
        """Return an empty form with a key of its own."""
        return cls(key=str(uuid.uuid4()))

    @classmethod
    def of(cls, sent: Mapping[str, object]) -> Self:
        """Return what a form's fields hold; a file or a field of another name counts for nothing."""
        words: dict[str, Any] = {name: readable(v) for name in cls._fields if isinstance(v := sent.get(name), str)}
        ticked = {name: bool(words.get(name)) for name in ("anonim", "rahasia")}
        key = words.get("key", "")
        return cls(**words | ticked | {"key": key if KEY.fullmatch(key) else str(uuid.uuid4())})

    def with_a_new_key(self) -> Self:
        """Return the same words as another report."""
        return self._replace(key=str(uuid.uuid4()))

    def with_point(self, point: Coordinate | None) -> Self:
        """Return the same words with a point on the map, or with none."""
        latitude, longitude = ("", "") if point is None else (f"{degrees:.5f}" for degrees in point)
        return self._replace(latitude=latitude, longitude=longitude)


def read_report(typed: TypedReport) -> Report | Faults:
    """Return the report, or what is wrong with each field at fault."""
    faults = _faults(typed)
    if faults:
        return faults
    email = typed.contact if is_email(typed.contact) else None
    phone = None if email is not None else phone_number(typed.contact)
    try:
        given = GivenReport(
            title=title_of(typed.text),
            text=typed.text,
            anonim=typed.anonim,
            rahasia=typed.rahasia,
            place=PlaceIn.model_validate({"text": _one_line(typed.place), **_point(typed)}),
            reporter=ReporterIn(name=_one_line(typed.name) or None, email=email, phone=phone),
        )
    except ValidationError as error:
        return {_FIELDS.get(str(fault["loc"][0]), "text"): in_words(fault) for fault in error.errors()}
    return given.to_report(Channel.WEB)


def too_long(most: int, excess: int) -> Sayable:
    """Return what is said of words that are longer than `most` characters, by `excess`."""
    return sentence(_TOO_LONG, most=most, count=excess)


_FIELDS = {"latitude": "place", "longitude": "place", "name": "name", "email": "contact", "phone": "contact"}


def _faults(typed: TypedReport) -> Faults:
    faults: Faults = {}
    if not any(char.isprintable() and not char.isspace() for char in typed.text):
        faults["text"] = _NO_TEXT
    for field, most in (("text", TEXT_LIMIT), ("place", PLACE_LIMIT), ("name", NAME_LIMIT)):
        excess = len(getattr(typed, field)) - most
        if excess > 0:
            faults[field] = too_long(most, excess)
    if typed.contact and not is_email(typed.contact) and phone_number(typed.contact) is None:
        faults["contact"] = _NO_CONTACT
    if (typed.latitude or typed.longitude) and not _is_a_point(typed):
        faults["place"] = _NO_POINT
    return faults


def _is_a_point(typed: TypedReport) -> bool:
    try:
        PlaceIn.model_validate(_point(typed))
    except ValidationError:
        return False
    return bool(typed.latitude and typed.longitude)


def _point(typed: TypedReport) -> dict[str, str | None]:
    return {"latitude": typed.latitude or None, "longitude": typed.longitude or None}


def _one_line(text: str) -> str:
    return " ".join(text.split())
