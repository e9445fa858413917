"""Twilio's SMS and WhatsApp: the form that it posts, and the answer by which it writes back to the sender.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from kawal.domain.contacts import phone_number
from kawal.intake.messages.content import UNREADABLE, Medium, Message
from kawal.intake.messages.gateways import Gateway
from kawal.intake.messages.parser import MOST_MEDIA, MissingFields, place_of

MEDIA_TYPE = "text/xml"
REQUIRED = ("From", "Body", "MessageSid")


def message_of(gateway: Gateway, form: Mapping[str, str]) -> Message | None:
    """Return the message in a form; None for news of one that was sent. Raises MissingFields."""
    if "MessageStatus" in form and "Body" not in form:
        return None
    missing = [name for name in REQUIRED if name not in form or not (form[name].strip() or name == "Body")]
    if missing:
        raise MissingFields(missing)
    sender = form["From"]
    known_as = form.get("WaId", "")
    place, unread = place_of(
        form.get("Latitude", ""), form.get("Longitude", ""), [form.get("Label", ""), form.get("Address", "")]
    )
    # A button's text is repeated in the body, but need not be.
    words = form["Body"] if form["Body"].strip() else form.get("ButtonText", "")
    return Message(
        sender=known_as if phone_number(sender) is None and phone_number(known_as) is not None else sender,
        text="\n".join(part for part in (words, unread) if part),
        message_id=form["MessageSid"],
        name=form.get("ProfileName"),
        media=[
            Medium(form[f"MediaUrl{place}"], form.get(f"MediaContentType{place}", ""))
            for place in range(MOST_MEDIA)
            if form.get(f"MediaUrl{place}", "").strip()
        ],
        place=place,
        signed=gateway.signed_text(form),
    )


def answer_of(text: str | None) -> str:
    """Return TwiML that writes this to the sender, or nothing."""
    said = "" if text is None else f"<Message>{escape(text.replace(UNREADABLE, '?'))}</Message>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'
