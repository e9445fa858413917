"""Scanning files for words, in every form in which they could be stored."""

from __future__ import annotations

import base64
import mmap
from collections.abc import Iterable
from pathlib import Path


def forms(word: str) -> set[bytes]:
    """Return an ASCII word as UTF-8, UTF-16 of both orders, base64 in its three alignments, and hex; in usual cases."""
    found: set[bytes] = set()
    for cased in {word.lower(), word.upper(), word.title()}:
        plain = cased.encode()
        found |= {plain, cased.encode("utf-16-le"), cased.encode("utf-16-be")}
        found |= {plain.hex().encode(), plain.hex().upper().encode()}
        found |= {_aligned(plain, before) for before in range(3)}
    return found


def _aligned(plain: bytes, before: int) -> bytes:
    """Return the part of its base64 that is fixed whatever surrounds it, after that many bytes (modulo 3)."""
    encoded = base64.b64encode(bytes(before) + plain + b"..")
    first = (before * 8 + 5) // 6
    return encoded[first : (before + len(plain)) * 8 // 6]


def found_in(content: bytes | mmap.mmap, words: Iterable[str]) -> set[str]:
    """Return the words that these bytes contain in any form."""
    return {word for word in words if any(content.find(form) >= 0 for form in forms(word))}


def found_under(folder: Path, words: Iterable[str]) -> dict[str, set[str]]:
    """Return the files below a folder, whatever they are, with the words that they contain."""
    wanted, found = list(words), {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size == 0:
            continue
        try:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                standing = found_in(content, wanted)
        except FileNotFoundError:
            continue  # gone since it was listed: a server works in this folder
        if standing:
            found[str(path.relative_to(folder))] = standing
    return found
