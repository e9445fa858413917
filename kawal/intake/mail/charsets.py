"""Decodes the characters of letters: by the charset that a part declares, and where that fails by what the bytes are.

Nothing here raises on foreign bytes, and all of it is linear.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_NO_CHARSETS = frozenset(
    {"undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "mbcs", "oem"}
)
"""Python's encodings that are not used in letters, raise always, take quadratic time, or hide text (UTF-7)."""

_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_2004",
    "big5": "cp950",
    "iso8859_9": "cp1254",
    "tis_620": "cp874",
    "iso8859_11": "cp874",
}
"""What programs write under a charset's name is often its vendor's extension; that reads both."""

_ALIASES = {
    "iso-8859-8-i": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "utf8mb4": "utf-8",
    "gb_2312-80": "gb18030",
}

_VENDORS = re.compile(r"(?:windows|win|dos|ibm|cp)-?(?=[0-9])")
"""What programs write before the number of a charset that Python calls `cp`."""

_WESTERN = frozenset({"ascii", "iso8859_1", "iso8859_15", "cp1252"})
"""Declared by programs that do not look at what they send; all bytes are characters in them, so they never fail."""

_SEVEN_BITS = ("iso2022", "hz")
"""Charsets whose text looks like ASCII: nothing else can be tried on it."""

_WIDE = ("utf_16", "utf_32")
_MARKS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF16_LE, "utf_16"), (codecs.BOM_UTF16_BE, "utf_16"))
_FEW = 20
"""A wrong byte in so many characters is damage; more are another charset."""

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


def decoded(content: bytes, declared: str | None) -> str:
    """Return the text of these bytes; what cannot be decoded costs one character (U+FFFD) for each wrong byte.

    A declared charset comes first. The western ones fit any bytes and are often declared wrongly: before them comes
    UTF-8, which fits by no accident.
    """
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return content.decode(charset, "replace").removeprefix("\ufeff")
    said = _charset(declared)
    if said is not None and said not in _WESTERN and said != "utf_8":
        text = _by_declared(content, said)
        if text is not None:
            return text
    return _by_utf_8(content)


def header_text(raw: str) -> str:
    """Return a header as its writer meant it: encoded words decoded, bytes beyond ASCII as in `decoded`.

    `raw` is as the standard library's parser keeps it, with such bytes as surrogates.
    """
    plain = decoded(raw.encode("utf-8", "surrogateescape"), None) if not raw.isascii() else raw
    if "=?" not in plain:
        return plain
    return _decoded_words(_BETWEEN_WORDS.sub(r"\1", plain))


def storable(text: str) -> str:
    """Return the text without control characters and lone surrogates, which could not be stored."""
    return _CONTROL.sub(" ", text.encode(errors="replace").decode())


def plain(text: str) -> str:
    """Return the text in one line, with single spaces."""
    return " ".join(storable(text).split())


def _charset(declared: str | None) -> str | None:
    """Return Python's name of a declared charset, None where it is no charset of letters."""
    name = (declared or "").strip().strip("\"'").lower().partition("*")[0]
    known = _codec(_ALIASES.get(name, name)) or _codec(_VENDORS.sub("cp", name.removeprefix("x-"), count=1))
    return None if known is None or known in _NO_CHARSETS else _WIDER.get(known, known)


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name.replace("-", "_")
        "".encode(found)  # codecs that are no charsets (zlib, base64) refuse a text
    except (LookupError, ValueError, TypeError):
        return None
    return found


def _by_declared(content: bytes, charset: str) -> str | None:
    """Return the text by a declared charset; None where it is not that charset's."""
    if charset.startswith(_WIDE):
        # ASCII is a valid, and senseless, text of 16-bit characters.
        return content.decode(charset, "replace") if b"\x00" in content else None
    try:
        return content.decode(charset)
    except UnicodeError:
        text = content.decode(charset, "replace")
    if charset.startswith(_SEVEN_BITS):
        return text
    if _is_utf_8(content):
        return None
    return text if text.count("\ufffd") * _FEW <= len(text) else None


def _is_utf_8(content: bytes) -> bool:
    try:
        return not content.decode("utf-8").isascii()
    except UnicodeError:
        return False


def _by_utf_8(content: bytes) -> str:
    """Return the text by UTF-8, or by Windows' charset where more of it is wrong than right in UTF-8."""
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if not wrong:
        return text
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return text if right >= wrong else content.decode("cp1252", "replace")


def _decoded_words(text: str) -> str:
    """Decode encoded words; neighbours of one charset together, since a character may be divided between them."""
    found: list[str] = []
    waiting, charset, at = b"", "", 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[at : word.start()]
        if between or word[1].lower() != charset:
            found += [decoded(waiting, charset), between]
            waiting, charset = b"", word[1].lower()
        waiting += _word_bytes(word[2].lower(), word[3])
        at = word.end()
    return "".join([*found, decoded(waiting, charset), text[at:]])


def _word_bytes(how: str, content: str) -> bytes:
    raw = content.encode()
    if how == "q":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw
