"""Extracts the words of an HTML page in linear time, whatever the page consists of.

The standard library's parser is quadratic in what hostile pages repeat (comments and tags without an end). Here every
search that finds nothing is made only once: what has no end by then has none later.
"""

from __future__ import annotations

import re
from html import unescape

_MARK = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9]*)|[!?/])")
_TAG_REST = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
"""Up to a tag's end, past quoted values."""

_HIDDEN = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_NEW_LINE = frozenset({"br", "p", "div", "li", "tr"})
_HUGE_CODE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
"""No character has so high a number; the interpreter refuses to convert a very long one."""


def words_of(page: str) -> str:
    """Return what a reader of the page would see, without tags, and without the contents of script, style and title."""
    return re.sub(r"\n\s*\n+", "\n\n", unescape(_HUGE_CODE.sub("\ufffd", "".join(_Page(page).pieces()))))


class _Page:
    def __init__(self, page: str) -> None:
        self._page = page
        self._endless: set[str] = set()
        """Marks that were searched for and do not occur any more."""

    def pieces(self) -> list[str]:
        found, at = [], 0
        while (mark := _MARK.search(self._page, at)) is not None:
            found.append(self._page[at : mark.start()])
            name = (mark[2] or "").lower()
            if name in _NEW_LINE and not mark[1]:
                found.append("\n")
            at = self._behind(mark)
            if name in _HIDDEN and not mark[1]:
                at = self._behind_hidden(name, at)
        return [*found, self._page[at:]]

    def _behind(self, mark: re.Match[str]) -> int:
        """Return where a comment or tag ends; if it never does, only its beginning is left out."""
        if mark[0] == "<!--":
            end = self._find("-->", mark.end())
            return mark.end() if end is None else end + 3
        if "quoted" not in self._endless:
            rest = _TAG_REST.match(self._page, mark.end())
            if rest is not None:
                return rest.end()
            self._endless.add("quoted")
        end = self._find(">", mark.end())
        return mark.end() if end is None else end + 1

    def _behind_hidden(self, name: str, at: int) -> int:
        if name in self._endless:
            return at
        end = _HIDDEN[name].search(self._page, at)
        if end is None:
            self._endless.add(name)
            return at
        return end.start()

    def _find(self, text: str, at: int) -> int | None:
        if text in self._endless:
            return None
        end = self._page.find(text, at)
        if end < 0:
            self._endless.add(text)
            return None
        return end
