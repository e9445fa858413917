"""File names as people declare them, made harmless: no paths, no control characters, no change of writing direction."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
"""Characters of a name without its extension; at most four bytes each, so that the name fits any file system."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control and format characters (line breaks, direction marks, zero widths), and code points that are no characters."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_LONGEST_BYTES = 200


def safe_name(declared: str, extension: str) -> str:
    """Return the name under which a file is shown and saved: `declared` made harmless, with its content's extension."""
    visible = "".join(
        char for char in unicodedata.normalize("NFC", declared[:4000]) if unicodedata.category(char) not in _HIDDEN
    )
    last = re.split(r"[/\\]", visible)[-1]
    stem = _EXTENSION.sub("", re.sub(r'[<>:"|?*;%]', "_", last).rstrip(" ."))
    stem = _cut(" ".join(stem.split())).strip(" .")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"lampiran_{stem}".rstrip("_")
    return f"{stem}.{extension}"


def _cut(stem: str) -> str:
    return stem[:LONGEST].encode()[:_LONGEST_BYTES].decode(errors="ignore")
