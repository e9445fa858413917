"""Addresses of pictures that came with a report by another system: lines at the end of its text.

Where files are stored is told to officials, in the events; it does not belong to the text that everybody may read.
"""

from __future__ import annotations

import re

MEDIA_LINE = "Lampiran: "
"""Before each media URL, on a line of its own at the end of the text."""

_MEDIA = re.compile(rf"(?:\n{MEDIA_LINE}\S+)+\Z")


def without_media(text: str) -> str:
    """Return a report's text without those lines."""
    return _MEDIA.sub("", text)
