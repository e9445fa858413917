"""Text whose lines were broken by the sender's program, joined again (RFC 3676, `format=flowed`)."""

from __future__ import annotations

LONGEST = 1_000_000
"""The most characters of a text whose lines are joined; a longer one stays as it is."""


def joined(text: str, *, del_sp: bool) -> str:
    """Return the text with its paragraphs in one line each; `del_sp` says that the breaking space is not part of it."""
    if len(text) > LONGEST:
        return text
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        if depth == open_depth and words != "-- ":
            lines[-1] += words
        else:
            lines.append(f"{'>' * depth} {words}" if depth else words)
        flows = words.endswith(" ") and words != "-- "
        if flows and del_sp:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if flows else -1
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)
