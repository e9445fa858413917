"""Takes what was signed out of its signature; the signature itself is not judged.

S/MIME may put a whole letter into a structure of its own (CMS SignedData, RFC 5652), and PGP signs texts in place
(RFC 9580, section 7).
"""

from __future__ import annotations

import re

SIGNATURES = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)
"""The parts that hold a signature and nothing that somebody wrote."""

_DEEPEST = 20
_MOST_PIECES = 200_000
_CONSTRUCTED = 0x20
_OCTETS = 0x04
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_ANY_TAG = 0x1F
_LONG = 0x80
_LONGEST_LENGTH = 4

_CLEAR = "-----BEGIN PGP SIGNED MESSAGE-----"
_BEGIN = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_HEAD = re.compile(r"[ \t]*\n(?:[A-Za-z-]{1,40}:[^\n]*\n)*[ \t]*\n?")
_ESCAPED = re.compile(r"^- (?=-)", re.MULTILINE)


def signed_content(content: bytes) -> bytes | None:
    """Return the letter within S/MIME's structure; None where there is none, as in an encrypted letter."""
    at = content.find(_SIGNED_DATA, 0, 64)
    begin = content.find(_DATA, at, at + 4096) if at >= 0 else -1
    if begin < 0:
        return None
    begin += len(_DATA)
    try:
        _, inside, end = _element(content, begin)
        return b"".join(_octets(content, inside, len(content) if end is None else end)) or None
    except (IndexError, ValueError):
        return None


def without_pgp(text: str) -> str:
    """Return a text signed by PGP in place without the frame around it."""
    kept: list[str] = []
    at = 0
    while (begin := text.find(_CLEAR, at)) >= 0 and (signature := text.find(_BEGIN, begin)) >= 0:
        head = _HEAD.match(text, begin + len(_CLEAR))
        inside = begin + len(_CLEAR) if head is None else min(head.end(), signature)
        kept += [text[at:begin], _ESCAPED.sub("", text[inside:signature])]
        end = text.find(_END, signature)
        at = len(text) if end < 0 else end + len(_END)
    return "".join([*kept, text[at:]])


def _element(content: bytes, at: int) -> tuple[int, int, int | None]:
    """Return the tag of the element there, where its content begins, and ends (None: with a mark of its own)."""
    tag, length = content[at], content[at + 1]
    if tag & _ANY_TAG == _ANY_TAG:
        raise ValueError("a tag that is not used here")
    at += 2
    if length == _LONG:
        return tag, at, None
    if length > _LONG:
        count = length - _LONG
        if count > _LONGEST_LENGTH:
            raise ValueError("too long")
        length = int.from_bytes(content[at : at + count])
        at += count
    return tag, at, at + length


def _octets(content: bytes, at: int, end: int) -> list[bytes]:
    """Return the pieces of the octet string that begins there; it may be one, or be made of many."""
    found: list[bytes] = []
    ends = [end]
    while ends and len(found) < _MOST_PIECES:
        if at >= ends[-1] or content[at : at + 2] == b"\x00\x00":
            at = max(at, min(ends.pop(), at + 2))
            continue
        tag, inside, until = _element(content, at)
        if tag & _CONSTRUCTED:
            ends.append(ends[-1] if until is None else until)
            at = inside
            if len(ends) > _DEEPEST:
                raise ValueError("too deep")
        elif tag & _ANY_TAG == _OCTETS and until is not None:
            found.append(content[inside:until])
            at = until
        else:
            return found
    return found
