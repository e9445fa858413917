"""WhatsApp's Cloud API by Meta: what it posts, several messages at once, among news of other kinds.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from kawal.intake.messages.content import Medium, Message
from kawal.intake.messages.parser import place_of

FILES = ("image", "video", "audio", "voice", "document", "sticker")


def messages_of(content: Mapping[str, Any]) -> list[Message]:
    """Return the messages of a post: none of news about sent ones, nor of what has no sender or no id."""
    return [
        message
        for entry in _objects(content.get("entry"))
        for change in _objects(entry.get("changes"))
        for message in _of_value(_object(change.get("value")))
    ]


def _of_value(value: Mapping[str, Any]) -> Iterator[Message]:
    names = {
        _text(one.get("wa_id")): _text(_object(one.get("profile")).get("name"))
        for one in _objects(value.get("contacts"))
    }
    for one in _objects(value.get("messages")):
        sender = _text(one.get("from")) or _text(one.get("from_user_id"))
        message_id = _text(one.get("id"))
        if sender.strip() and message_id.strip():
            yield _message(one, sender, message_id, names.get(sender))


def _message(one: Mapping[str, Any], sender: str, message_id: str, name: str | None) -> Message:
    where = _object(one.get("location"))
    place, unread = place_of(
        where.get("latitude", ""), where.get("longitude", ""), [where.get("name"), where.get("address")]
    )
    media = [(kind, _object(one.get(kind))) for kind in FILES if isinstance(one.get(kind), dict)]
    words = [
        _words(one),
        *map(_card, _objects(one.get("contacts"))),
        *(_text(file.get("caption")) for _, file in media),
        unread,
    ]
    return Message(
        sender=sender,
        text="\n".join(word for word in words if word),
        message_id=message_id,
        name=name,
        media=[_medium(kind, file) for kind, file in media],
        place=place,
        written_at=_time(one.get("timestamp")),
    )


def _time(seconds: object) -> datetime | None:
    """Return the time that seconds since 1970 name; None for anything else."""
    try:
        return datetime.fromtimestamp(int(_text(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _words(one: Mapping[str, Any]) -> str:
    """Return the words of a message: typed, or of the button, the entry of a list, or the emoji that was chosen."""
    interactive = _object(one.get("interactive"))
    chosen = _object(interactive.get("button_reply")) or _object(interactive.get("list_reply"))
    said = (
        _object(one.get("text")).get("body"),
        _object(one.get("button")).get("text"),
        chosen.get("title"),
        _object(one.get("reaction")).get("emoji"),
    )
    return "\n".join(_text(part) for part in said if part)


def _card(contact: Mapping[str, Any]) -> str:
    """Return whom a shared contact names, and the numbers."""
    numbers = (_text(phone.get("phone")) for phone in _objects(contact.get("phones")))
    return " ".join(said for said in (_text(_object(contact.get("name")).get("formatted_name")), *numbers) if said)


def _medium(kind: str, file: Mapping[str, Any]) -> Medium:
    # The address that newer posts bear is good for minutes, the id for weeks.
    where = f"id {_text(file.get('id'))}" if file.get("id") else _text(file.get("url"))
    return Medium(where, _text(file.get("mime_type")) or f"{kind}/*", _text(file.get("filename")), kind == "sticker")


def _text(given: object) -> str:
    return str(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""


def _object(given: object) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _objects(given: object) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
