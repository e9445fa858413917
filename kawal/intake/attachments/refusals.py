"""Refusals of attachments, worded so that a person knows what to do next."""

from __future__ import annotations

from kawal.domain.msgids import Message, Sentence, msgid

SENTENCES: dict[str, tuple[int, Message]] = {
    "unknown_complaint": (
        404,
        msgid("There is no complaint {tracking}; check the number."),
    ),
    "unknown_attachment": (
        404,
        msgid("This complaint has no such attachment."),
    ),
    "erased": (
        410,
        msgid("The personal data of complaint {tracking} was erased; its attachments are gone."),
    ),
    "empty": (
        422,
        msgid("The file is empty; choose one with content."),
    ),
    "too_large": (
        413,
        msgid("The file exceeds {limit} MB; make it smaller or split it."),
    ),
    "too_many": (
        422,
        msgid("A complaint has at most {limit} attachments."),
    ),
    "complaint_full": (
        413,
        msgid("The attachments of one complaint take at most {limit} MB together."),
    ),
    "type_not_allowed": (
        415,
        msgid(
            "This type of file is not accepted; send a photo (JPEG, PNG, WebP, HEIC), PDF, MP4, a voice note (OGG, "
            "M4A, AMR), DOCX, XLSX or UTF-8 text."
        ),
    ),
    "broken": (
        422,
        msgid("The file is damaged or not a complete {kind}; save it again and resend it."),
    ),
    "bomb": (
        422,
        msgid("The file's content grows too large when opened; make it smaller and send it again."),
    ),
    "macros": (
        415,
        msgid("The document carries macros or programs; save it without them and send it again."),
    ),
    "no_public_variant": (
        404,
        msgid("Of this type of file there is no form without what it tells of place and device; open it as it came."),
    ),
    "not_a_picture": (
        422,
        msgid("Parts can be blacked out only in a JPEG, PNG or WebP picture."),
    ),
    "area_outside": (
        422,
        msgid("The picture is {width} × {height} pixels; the area {area} lies outside it."),
    ),
    "malformed_form": (
        400,
        msgid("The form cannot be read; send one file as multipart/form-data, or its content as the body."),
    ),
}
"""Code -> HTTP status and sentence."""


class AttachmentRefused(Exception):  # noqa: N818 - names an ordinary answer
    """An attachment was not accepted, or not given out; `code` is stable, the sentences are for people."""

    def __init__(self, code: str, **details: object) -> None:
        """Refuse for the reason `code`, one of SENTENCES."""
        self.code = code
        self.status, message = SENTENCES[code]
        self.details = details
        self.sentence = Sentence(message, details)
        super().__init__(str(self.sentence))


class NoPublicVariant(AttachmentRefused):
    """No variant without metadata can be made of this type: it is shown only to those who may see the original."""

    def __init__(self, media_type: str) -> None:
        """Name the type."""
        super().__init__("no_public_variant")
        self.media_type = media_type
