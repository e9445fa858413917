"""What the delivering server wrote on top of a letter: to whom it came, and whose it is when it cannot be delivered.

By SMTP both are said beside the letter. In a mailbox only its header is left; of that, a bounded part is looked at, and
in it nothing is searched for but the mailbox's own address.
"""

from __future__ import annotations

import re

LARGEST_HEADER = 256 * 1024
MOST_RECIPIENTS = 20

UNKNOWN_SENDER = "unknown"
"""Stands for the sender of a letter whose server wrote none: it is not one without a return address."""

_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "to", "cc")
"""The recipient's address in the order in which it is believed. Several servers write none of these but the last two;
an address that leads to a report bears a code that cannot be guessed, wherever it stands."""

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(r"\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]")


def recipients_of(content: bytes, address: str) -> list[str]:
    """Return the mailbox's own address as this letter names it, with what stands behind a plus; `address` if never."""
    fields = _fields(content)
    local, _, domain = address.rpartition("@")
    # Anchored at the address, so that the search stays linear.
    ours = re.compile(
        rf"(?<![^\s<,;:\"]){re.escape(local)}(?:\+[^\s<>@,;\"]{{1,100}})?@{re.escape(domain)}(?![\w.-])", re.IGNORECASE
    )
    named = (found[0] for name in _DELIVERED for said in fields.get(name, ()) for found in ours.finditer(said))
    return list(dict.fromkeys(named))[:MOST_RECIPIENTS] or [address]


def return_path_of(content: bytes) -> str:
    """Return the sender to whom a letter would be returned, "" for the null sender; UNKNOWN_SENDER if none is said."""
    said = _fields(content).get("return-path")
    # The delivering server writes it on top; another one below was brought along.
    return said[0].strip().strip("<>") if said else UNKNOWN_SENDER


def _fields(content: bytes) -> dict[str, list[str]]:
    """Return the header's fields by name in small letters, each with its contents from top to bottom."""
    head = content[:LARGEST_HEADER]
    end = _HEADER_END.search(head)
    text = _FOLD.sub(" ", (head[: end.start()] if end else head).decode("utf-8", "replace"))
    fields: dict[str, list[str]] = {}
    for line in _LINE_END.split(text):
        name, colon, said = line.partition(":")
        if colon:
            fields.setdefault(name.strip().casefold(), []).append(said)
    return fields
