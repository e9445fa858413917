"""Looking for words in files, in every form in which they could lie there."""

from __future__ import annotations

import base64
import mmap
from collections.abc import Iterable
from pathlib import Path


def forms(word: str) -> set[bytes]:
    """An ASCII word as UTF-8, UTF-16 of both orders, base64 in its three alignments, and hex; in usual cases."""
    found: set[bytes] = set()
    for cased in {word.lower(), word.upper(), word.title()}:
        plain = cased.encode()
        found |= {plain, cased.encode("utf-16-le"), cased.encode("utf-16-be")}
        found |= {plain.hex().encode(), plain.hex().upper().encode()}
        found |= {_aligned(plain, before) for before in range(3)}
    return found


def _aligned(plain: bytes, before: int) -> bytes:
    """What stands of it in base64 whatever is around, if so many bytes (modulo 3) come before it."""
    encoded = base64.b64encode(bytes(before) + plain + b"..")
    first = (before * 8 + 5) // 6
    return encoded[first : (before + len(plain)) * 8 // 6]


def found_in(content: bytes | mmap.mmap, words: Iterable[str]) -> set[str]:
    """The words that stand in these bytes in any form."""
    return {word for word in words if any(content.find(form) >= 0 for form in forms(word))}


def found_under(folder: Path, words: Iterable[str]) -> dict[str, set[str]]:
    """The files below a folder, whatever they are, with the words that stand in them."""
    wanted, found = list(words), {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size == 0:
            continue
        try:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                standing = found_in(content, wanted)
        except FileNotFoundError:
            continue  # gone since it was listed: a server works in there
        if standing:
            found[str(path.relative_to(folder))] = standing
    return found
