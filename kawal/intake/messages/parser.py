"""The bodies that gateways post, read strictly: a field that comes twice could mean either, so it is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from kawal.domain.messages import Place
from kawal.intake.messages.content import Medium, Message, readable
from kawal.intake.messages.gateways import Gateway

MOST_FIELDS = 200
MOST_MEDIA = 20
_LONGEST_PLACE = 500


class MissingFields(ValueError):  # noqa: N818 - names the condition
    """A body that lacks what makes it a message."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keep the names."""
        self.names = list(names)
        super().__init__(", ".join(names))


def form_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form; raises ValueError for another body, or a field that comes twice."""
    text = body.decode(errors="replace")
    return _once(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=MOST_FIELDS))


def object_of(body: bytes) -> dict[str, Any]:
    """Return a JSON object; raises ValueError for another body, or a name that comes twice in an object."""
    try:
        content = json.loads(body.decode(errors="replace"), object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content


def message_of(gateway: Gateway, content: Mapping[str, Any]) -> Message:
    """Return the message in a flat form or object with the gateway's own names; raises MissingFields."""
    given = {name: str(value) for name, value in content.items() if isinstance(value, (str, int, float))}
    names = gateway.fields
    missing = [name for name in (names.sender, names.message_id) if not given.get(name, "").strip()]
    missing += [names.text] if names.text not in given and names.media_url not in given else []
    if missing:
        raise MissingFields(missing)
    where = given.get(names.media_url, "").strip()
    place, unread = place_of(
        given.get(names.latitude, ""), given.get(names.longitude, ""), [given.get(names.address, "")]
    )
    return Message(
        sender=given[names.sender],
        text="\n".join(part for part in (given.get(names.text, ""), unread) if part),
        message_id=given[names.message_id],
        name=given.get(names.name),
        media=[Medium(where, given.get(names.media_type, ""))] if where else [],
        place=place,
    )


def place_of(latitude: object, longitude: object, words: Sequence[object]) -> tuple[Place | None, str]:
    """Return a place, and as text what of it could not be read: it goes into the message's words."""
    said = readable(", ".join(str(word) for word in words if isinstance(word, str) and word.strip()))
    said = " ".join(said.split()).replace("\t", " ")
    point = (_degrees(latitude, 90), _degrees(longitude, 180))
    if None not in point:
        fits = len(said) <= _LONGEST_PLACE
        return Place(text=said if fits else "", latitude=point[0], longitude=point[1]), "" if fits else said
    raw = " ".join(str(one) for one in (latitude, longitude) if one not in (None, ""))
    if raw or len(said) > _LONGEST_PLACE:
        return None, " ".join(part for part in (raw, said) if part)
    return (Place(text=said), "") if said else (None, "")


def _degrees(given: object, most: int) -> float | None:
    try:
        degrees = float(str(given))
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found
