"""Extracts the words of an HTML page in linear time, whatever the page consists of.

The standard library's parser is quadratic in what hostile pages repeat (comments and tags without an end). Here every
search that finds nothing is made only once: what has no end by then has none later.

What a page quotes is marked with `> ` as in a letter without HTML, so that the same rules tell a reply's own words.
"""

from __future__ import annotations

import re
from html import unescape

_MARK = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9]*)|[!?/])")
_TAG_REST = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
"""Up to a tag's end, past quoted values."""

_HIDDEN = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_HUGE_CODE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
"""No character has so high a number; the interpreter refuses to convert a very long one."""

_BLOCK = re.compile(
    "address|article|blockquote|body|center|dd|div|dl|dt|fieldset|footer|form|h[1-6]|header|li|main|nav|ol|section|table"
    "|tr|ul"
)
_SPACED = frozenset({"p", "pre"})
"""Blocks with an empty line before them."""

_CELLS = frozenset({"td", "th"})
_NESTED = frozenset({"blockquote", "div"})
"""The elements that programs put quotations into."""

_LONGEST_ATTRIBUTES = 1_000
_YAHOO = re.compile(r"\b(?:class|id)\s*=\s*[\"']?(?:[^\"'>]{0,80}\s)?yahoo_quoted", re.IGNORECASE)
"""Yahoo's quotations are no blockquotes."""

_INDENTED = re.compile(r"border\s*:\s*none", re.IGNORECASE)
_QUOTED = re.compile(r"gmail_quote|\bcite\b", re.IGNORECASE)
"""A blockquote without a border is how Gmail indents a paragraph."""

_RULE = "_" * 32
"""A horizontal rule, as Outlook writes it in letters without HTML."""

_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_DEEPEST = 10


def words_of(page: str) -> str:
    """Return what a reader of the page would see, without tags, and without the contents of script, style and title."""
    return _Page(page).words()


class _Sheet:
    """The lines written so far."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0

    def write(self, text: str) -> None:
        """Write text from between two tags, in which a line end is a space."""
        words = _SPACE.sub(" ", text)
        if words and (words != " " or self._line):
            self._line.append(words)

    def write_lines(self, text: str) -> None:
        """Write preformatted text."""
        first, *others = text.replace("\r\n", "\n").split("\n")
        self._line.append(first)
        for line in others:
            self.end_line()
            self._line.append(line)

    def end_line(self) -> None:
        """Begin a new line."""
        line = unescape(_HUGE_CODE.sub("\ufffd", "".join(self._line))).replace("\xa0", " ")
        self._line = []
        for one in line.split("\n"):
            words = one.rstrip() if one.strip() != "--" else one.lstrip()
            self._lines.append("> " * self._depth + words.removeprefix(" "))

    def end_block(self) -> None:
        """Begin a new line, unless this one is empty."""
        if any(not piece.isspace() for piece in self._line):
            self.end_line()
        self._line = []

    def quote(self, depth: int) -> None:
        """Mark what follows as quoted that often."""
        self.end_block()
        self._depth = min(depth, _DEEPEST)

    def text(self) -> str:
        """Return all lines, with at most one empty one between others."""
        self.end_block()
        kept: list[str] = []
        empty = True
        for line in self._lines:
            blank = not line.strip("> ")
            if not blank or not empty:
                kept.append(line)
            empty = blank
        return "\n".join(kept)


class _Page:
    def __init__(self, page: str) -> None:
        self._page = page
        self._endless: set[str] = set()
        """Marks that were searched for and do not occur any more."""
        self._sheet = _Sheet()
        self._open: list[tuple[str, bool]] = []
        self._counts = dict.fromkeys(_NESTED, 0)
        self._quoted = 0
        self._preformatted = False

    def words(self) -> str:
        at = 0
        while (mark := _MARK.search(self._page, at)) is not None:
            self._write(self._page[at : mark.start()])
            name = (mark[2] or "").lower()
            at = self._behind(mark)
            if name in _HIDDEN and not mark[1]:
                at = self._behind_hidden(name, at)
            elif name:
                self._arrange(name, bool(mark[1]), self._page[mark.end() : min(at, mark.end() + _LONGEST_ATTRIBUTES)])
        self._write(self._page[at:])
        return self._sheet.text()

    def _write(self, text: str) -> None:
        if self._preformatted:
            self._sheet.write_lines(text)
        else:
            self._sheet.write(text)

    def _arrange(self, name: str, ends: bool, attributes: str) -> None:
        """Do what a tag means for the lines."""
        if name == "br":
            self._sheet.end_line()
        elif name == "hr":
            self._sheet.end_block()
            self._sheet.write(_RULE)
            self._sheet.end_line()
        elif name in _CELLS:
            self._sheet.write(" ")
        elif name in _SPACED:
            self._sheet.end_block()
            if not ends:
                self._sheet.end_line()
        elif _BLOCK.fullmatch(name) is not None:
            self._sheet.end_block()
        if name == "pre":
            self._preformatted = not ends
        if name in _NESTED:
            self._nest(name, ends, attributes)

    def _nest(self, name: str, ends: bool, attributes: str) -> None:
        """Keep account of which quotations are open."""
        if not ends:
            quoted = _is_quotation(name, attributes)
            self._open.append((name, quoted))
            self._counts[name] += 1
            if quoted:
                self._quoted += 1
                self._sheet.quote(self._quoted)
        elif self._counts[name]:
            self._close(name)

    def _close(self, name: str) -> None:
        """Close the last element of that name, with whatever was left open in it."""
        before, closed = self._quoted, ""
        while closed != name:
            closed, quoted = self._open.pop()
            self._counts[closed] -= 1
            self._quoted -= quoted
        if self._quoted != before:
            self._sheet.quote(self._quoted)

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


def _is_quotation(name: str, attributes: str) -> bool:
    if name == "div":
        return _YAHOO.search(attributes) is not None
    return _INDENTED.search(attributes) is None or _QUOTED.search(attributes) is not None
