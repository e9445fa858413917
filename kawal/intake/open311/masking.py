"""Masks private parts of a public text: people's addresses and numbers, and an anonim reporter's name."""

from __future__ import annotations

import re

from kawal.domain.messages import Reporter

HIDDEN = "[disembunyikan]"

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+62[ .()-]{0,2}\d|62[ -]?8|0[2-9])(?:[ .()-]{0,2}\d){6,12}(?![\w/])")
_NIK = re.compile(r"(?<![\w/.-])\d{16}(?![\w/])")
_LEAST = 3
"""A part of a name shorter than this is left: it occurs too often within other words."""


def masked(text: str, anonymous: Reporter | None = None) -> str:
    """Hide e-mail addresses, telephone and identity numbers; for an anonim reporter also name and contacts."""
    if anonymous is not None:
        text = _without(text, anonymous)
    return _NIK.sub(HIDDEN, _PHONE.sub(HIDDEN, _EMAIL.sub(HIDDEN, text)))


def _without(text: str, reporter: Reporter) -> str:
    known = [reporter.name, reporter.email, reporter.phone, reporter.origin, *(reporter.name or "").split()]
    parts = sorted({one.strip() for one in known if one and len(one.strip()) >= _LEAST}, key=len, reverse=True)
    for part in parts:
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return text
