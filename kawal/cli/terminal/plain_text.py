"""Strangers' text on a terminal."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Return a stranger's text so that it does nothing to a terminal: what cannot be seen is written as an escape.

    A line ends with \r\n or \n; any other control or a change of direction becomes an escape like `\x1b`.
    """
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode("ascii")
        for char in text.replace("\r\n", "\n")
    )
