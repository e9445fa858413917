"""Which listed names a text mentions: exactly or wrong by a letter, and whether they are meant as places there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kawal.domain.place_words import (
    BESIDES,
    ELSEWHERE,
    FILLERS,
    ISLAND,
    LEVEL_WORDS,
    AreaLevel,
    PlaceWord,
    compact,
    is_everyday,
    keys_of_name,
    segments,
    stem_of_name,
)

MOST_WORDS = 150
_LONGEST_NAME = 8
_LONGEST_GUESS = 4
_SHORTEST_GUESS = 6
"""A shorter name is taken only as it is written: a letter makes too much of it."""

_EXACT, _GUESS = 4, 3
_REGENCY, _VILLAGE = 5, 13
_KIND = re.compile(r"(Kabupaten|Kota)( Administrasi)? ")
_GROUP = re.compile(r"Kepulauan ")
_DIGITS = re.compile(r"\D+")


class Mention(NamedTuple):
    """A name in a text: which areas bear it, and how much it says."""

    codes: frozenset[str]
    weight: int


@dataclass(frozen=True)
class _Span:
    """Words of a text that spell a name."""

    start: int
    end: int
    keys: tuple[str, ...]
    exact: bool
    letters: int

    def overlaps(self, others: Iterable[_Span]) -> bool:
        return any(self.start < other.end and other.start < self.end for other in others)


class NameIndex:
    """Names by their keys, and by their keys less a letter."""

    def __init__(self, names: Mapping[str, str], aliases: Mapping[str, str]) -> None:
        """Take names by code, and codes by further spellings."""
        self._codes: dict[str, set[str]] = defaultdict(set)
        for code, name in names.items():
            for spelled in _spellings(code, name):
                for key in keys_of_name(spelled):
                    self._codes[key].add(code)
        self._add_stems(names)
        for spelling, code in aliases.items():
            for key in keys_of_name(spelling):
                self._codes[key].add(code)
        self.longest = max(map(len, self._codes), default=0)
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for key in self._codes:
            if len(key) >= _SHORTEST_GUESS:
                for less in {*_less_a_letter(key), key}:
                    self._shortened[less].append(key)

    def _add_stems(self, names: Mapping[str, str]) -> None:
        """Add what neighbouring areas' names begin with, unless an area is called just that."""
        stems = [(stem, code) for code, name in names.items() if (stem := stem_of_name(name))]
        for stem, code in [(stem, code) for stem, code in stems if stem not in self._codes]:
            self._codes[stem].add(code)

    def __contains__(self, key: str) -> bool:
        """Return whether a name is written so."""
        return key in self._codes

    def codes(self, keys: Iterable[str]) -> frozenset[str]:
        """Return the areas whose names have one of these keys."""
        return frozenset(code for key in keys for code in self._codes.get(key, ()))

    def near(self, key: str) -> tuple[str, ...]:
        """Return the keys from which this one differs by a letter missing, added, other or exchanged with the next."""
        found = {
            near
            for less in (key, *_less_a_letter(key))
            if less in self._shortened
            for near in self._shortened[less]
            if _differ_by_a_letter(key, near)
        }
        return tuple(sorted(found))


def _spellings(code: str, name: str) -> Iterator[str]:
    """Yield a name as people say it: a kabupaten's also without that word, and without `Kepulauan`."""
    yield name
    if len(code) == _REGENCY:
        bare = _KIND.sub("", name, count=1)
        yield bare
        yield _KIND.sub(r"\1 ", name, count=1)
        yield _GROUP.sub("", bare, count=1)


def mentions_in(text: str, names: NameIndex) -> list[Mention]:
    """Return what a text mentions of the listed names, in its order."""
    parts = list(segments(text))
    words = [word for part in parts for word in part][:MOST_WORDS]
    breaks = _ends(parts)
    exact = _apart(_exact_spans(words, breaks, names), ())
    spans = sorted([*exact, *_apart(_near_spans(words, breaks, names, exact), exact)], key=lambda span: span.start)
    meant = [span for span in spans if span.start == 0 or words[span.start - 1].typed not in ELSEWHERE]
    found = [(span, _mention(span, words, names), _is_meant(span, words, breaks, names)) for span in meant]
    return [mention for at, (_, mention, sure) in enumerate(found) if sure or _has_kin_beside(at, found, words)]


def _ends(parts: list[list[PlaceWord]]) -> frozenset[int]:
    """Return after how many words each part ends."""
    ends, count = [], 0
    for part in parts:
        count += len(part)
        ends.append(count)
    return frozenset(ends)


def _runs(words: list[PlaceWord], breaks: frozenset[int], most: int) -> Iterator[tuple[int, int, str]]:
    """Yield the keys that up to `most` neighbouring words of a part spell, with where they begin and end."""
    for start, first in enumerate(words):
        if first.typed in FILLERS and not (start and words[start - 1].typed in LEVEL_WORDS):
            continue
        joined = ""
        for end in range(start + 1, min(start + most, len(words)) + 1):
            joined += words[end - 1].counted
            yield start, end, compact(joined)
            if end in breaks:
                break


def _exact_spans(words: list[PlaceWord], breaks: frozenset[int], names: NameIndex) -> list[_Span]:
    return [
        _Span(start, end, (key,), exact=True, letters=len(key))
        for start, end, key in _runs(words, breaks, _LONGEST_NAME)
        if key in names
    ]


def _near_spans(
    words: list[PlaceWord], breaks: frozenset[int], names: NameIndex, exact: list[_Span]
) -> Iterator[_Span]:
    known = {at for span in exact for at in range(span.start, span.end)}
    for start, end, key in _runs(words, breaks, _LONGEST_GUESS):
        if not _SHORTEST_GUESS <= len(key) <= names.longest + 1 or not known.isdisjoint(range(start, end)):
            continue
        if words[start].typed in LEVEL_WORDS or words[start].typed in ELSEWHERE or words[end - 1].typed in FILLERS:
            continue
        keys = names.near(key)
        if keys:
            yield _Span(start, end, keys, exact=False, letters=len(key))


def _apart(spans: Iterable[_Span], taken: Iterable[_Span]) -> list[_Span]:
    """Return spans that do not overlap, of two that do the longer one."""
    chosen: list[_Span] = []
    for span in sorted(spans, key=lambda span: (-span.letters, span.start)):
        if not span.overlaps(chosen) and not span.overlaps(taken):
            chosen.append(span)
    return chosen


def _mention(span: _Span, words: list[PlaceWord], names: NameIndex) -> Mention:
    codes = names.codes(span.keys)
    hinted = _of_level(codes, _hint(span, words))
    certainty = _EXACT if span.exact else _GUESS
    lone_village = not hinted and all(len(code) == _VILLAGE for code in codes)
    return Mention(hinted or codes, certainty - lone_village)


def _hint(span: _Span, words: list[PlaceWord]) -> AreaLevel | None:
    return LEVEL_WORDS.get(words[span.start - 1].typed) if span.start else None


def _of_level(codes: frozenset[str], level: AreaLevel | None) -> frozenset[str]:
    lengths = {AreaLevel.REGENCY: _REGENCY, AreaLevel.DISTRICT: 8, AreaLevel.VILLAGE: _VILLAGE}
    return frozenset(code for code in codes if level is not None and len(code) == lengths[level])


def _is_meant(span: _Span, words: list[PlaceWord], breaks: frozenset[int], names: NameIndex) -> bool:
    """Return whether words are surely meant as a name: one word that is a name may be an everyday word as well."""
    codes = names.codes(span.keys)
    if span.end - span.start > 1 or _of_level(codes, _hint(span, words)):
        return True
    if span.start and words[span.start - 1].counted == ISLAND:
        return True
    if span.exact and _of_level(codes, AreaLevel.REGENCY) and not any(map(is_everyday, span.keys)):
        return True
    return _stands_alone(span, words, breaks)


def _stands_alone(span: _Span, words: list[PlaceWord], breaks: frozenset[int]) -> bool:
    """Return whether a name is all that its part says, or begins it before the description of a spot."""
    start = span.start
    while start and start not in breaks and words[start - 1].typed in FILLERS:
        start -= 1
    end = span.end
    while end < len(words) and end not in breaks and words[end].typed in FILLERS:
        end += 1
    begins = start == 0 or start in breaks
    return begins and (end in breaks or end == len(words) or words[end].typed in BESIDES)


def _has_kin_beside(at: int, found: list[tuple[_Span, Mention, bool]], words: list[PlaceWord]) -> bool:
    """Return whether the name just before or after is that of an area around this one, or within it."""
    return any(
        _side_by_side(found[left][0], found[right][0], words) and _are_kin(found[left][1], found[right][1])
        for left, right in ((at - 1, at), (at, at + 1))
        if left >= 0 and right < len(found)
    )


def _side_by_side(left: _Span, right: _Span, words: list[PlaceWord]) -> bool:
    return all(word.typed in FILLERS or word.typed in LEVEL_WORDS for word in words[left.end : right.start])


def _are_kin(left: Mention, right: Mention) -> bool:
    return any(
        one != other and (one.startswith(other) or other.startswith(one)) for one in left.codes for other in right.codes
    )


def _less_a_letter(key: str) -> list[str]:
    return [key[:at] + key[at + 1 :] for at in range(len(key))]


def _differ_by_a_letter(one: str, other: str) -> bool:
    """Return whether two keys differ by one letter at most; their digits must be the same."""
    if _DIGITS.sub("", one) != _DIGITS.sub("", other):
        return False
    at = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    if at is None:
        return abs(len(one) - len(other)) <= 1
    left, right = one[at:], other[at:]
    exchanged = left[:2] == right[1::-1] and left[2:] == right[2:]
    return exchanged or left[1:] == right[1:] or left[1:] == right or left == right[1:]
