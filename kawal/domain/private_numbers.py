"""Finds people's numbers in a text: telephone numbers, and the 16 digits of an identity card (NIK) or family card (KK).

A telephone number is judged by the library phonenumbers as if dialled in Indonesia; Indonesian mobile numbers by their
beginning alone, so that one with a digit too few is found too. Prices, dates, decimals (coordinates) and short numbers
(reports, houses, RT/RW) are not people's. Where two readings are possible, a number counts as somebody's.

The text is one that `kawal.domain.plain_spelling` has spelled plainly: lower case, ASCII digits, `-` for every dash.
The time taken grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Span = tuple[int, int]

_GAP = re.compile(r"(?!\. )[ \-./()_~·•|]{1,4}")
"""What may stand between two groups of digits of one number."""

_TOKEN = re.compile(r"(?<![^\W_])[0-9o]++(?![^\W_])")
_DATE = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d"
    r"|(?:19|20)\d\d([-/.])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01]))(?!\d)"
)
_THOUSANDS = re.compile(r"(?<![\d.+])(rp[ .]{0,2}|idr ?)?([1-9]\d{0,2}(?:\.\d{3})+)(?![.\d]\d)")
_DECIMAL = re.compile(r"(?<![\d.])(0|[1-9]\d{0,2})[.,](\d{4,})(?![.,]?\d)")
_LINKED = re.compile(r"(?:wa\.me/|t\.me/|phone=)\+?\d{7,15}")
_MOBILE = re.compile(r"(?:00620?|620?|0)8[1-9]\d{6,10}")
_WHOLE_MOBILE = re.compile(r"(?:0062|62|0)8[1-9]\d{7,}")
_BARE_MOBILE = re.compile(r"8[1-9]\d{8,10}")
_LANDLINE = re.compile(r"(?:0|62|0062)[2-79]\d{6,10}")
_MOST_DIGITS, _LEAST_ABROAD = 15, 8
_NIK_DIGITS = 16
_PROVINCES = range(11, 95)
_NEXT = re.compile(r"(?:0[2-9]|62)\d\d")
_COMPLETE, _USUAL = 10, 11
"""Digits of an Indonesian number, with its 0, after which another number, or a short group, is no part."""


class _Group(NamedTuple):
    start: int
    end: int
    digits: str
    plus: bool
    """A `+` stands before it."""
    taken: bool
    """It belongs to a date, a price or a decimal: no number begins with it."""


class _Run(NamedTuple):
    """Groups of digits that may belong together, and what stands before each but the first."""

    groups: list[_Group]
    gaps: list[str]


def private_numbers(plain: str) -> Iterator[Span]:
    """Yield where numbers of people stand in a plainly spelled text, in order."""
    for link in _LINKED.finditer(plain):
        yield link.span()
    for run in _runs(_with_zeros(plain)):
        yield from _in_run(run)


def digits_with_places(plain: str) -> tuple[str, list[int]]:
    """Return all digits of a plainly spelled text one after another, and where each stands."""
    text = _with_zeros(plain)
    places = [at for at, char in enumerate(text) if "0" <= char <= "9"]
    return "".join(text[at] for at in places), places


def _with_zeros(plain: str) -> str:
    """Return a text in which each letter O that somebody typed for a 0 among digits is one."""
    return _TOKEN.sub(lambda found: found[0] if found[0].isalpha() else found[0].replace("o", "0"), plain)


def _runs(text: str) -> Iterator[_Run]:
    taken = _taken(text)
    run = _Run([], [])
    for found in re.finditer("[0-9]+", text):
        start, end = found.span()
        plus = text.rfind("+", max(0, start - 3), start)
        plus = -1 if text[plus + 1 : start].strip(" (") else plus
        group = _Group(plus if plus >= 0 else start, end, found[0], plus >= 0, taken[start] == 1)
        if run.groups:
            gap = text[run.groups[-1].end : group.start]
            if not _GAP.fullmatch(gap) or group.plus:
                yield run
                run = _Run([], [])
            else:
                run.gaps.append(gap)
        run.groups.append(group)
    if run.groups:
        yield run


def _taken(text: str) -> bytearray:
    """Mark with 1 every character of dates, prices and decimals."""
    marks = bytearray(len(text))
    found = [one.span() for one in _DATE.finditer(text)]
    found += [one.span(2) for one in _THOUSANDS.finditer(text) if one[1] or not one[2].startswith("62.8")]
    found += [one.span() for one in _DECIMAL.finditer(text) if _is_decimal(one[1], one[2])]
    for start, end in found:
        marks[start:end] = b"\x01" * (end - start)
    return marks


def _is_decimal(whole: str, decimals: str) -> bool:
    """Tell a coordinate or measure from a telephone number that stands after the number of a list's line."""
    return whole == "0" or not 9 <= len(decimals) <= 12 or not re.match("0?8[1-9]", decimals)


def _in_run(run: _Run) -> Iterator[Span]:
    at = 0
    while at < len(run.groups):
        end = _card(run, at) or _phone(run, at)
        if end is None:
            at += 1
            continue
        yield run.groups[at].start, run.groups[end - 1].end
        at = end


def _card(run: _Run, at: int) -> int | None:
    """Return up to which group a NIK or KK stands from this one; None if there is none."""
    digits = ""
    for end in range(at, len(run.groups)):
        digits += run.groups[end].digits
        if len(digits) >= _NIK_DIGITS:
            break
    if len(digits) != _NIK_DIGITS or int(digits[:2]) not in _PROVINCES:
        return None
    in_one = end == at and not run.groups[at].taken
    apart = end > at and run.groups[at].taken
    return end + 1 if in_one or (_is_card(digits) and not apart) else None


def _is_card(digits: str) -> bool:
    """Tell whether sixteen digits in groups have a card's structure: a region, a date (a woman's day is 40 more)."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


def _phone(run: _Run, at: int) -> int | None:
    """Return up to which group a telephone number stands from this one; None if there is none."""
    first = run.groups[at]
    if _WHOLE_MOBILE.fullmatch(first.digits) and not first.taken:
        return at + 1
    if first.taken or not _may_begin(run, at):
        return None
    best, digits = None, ""
    for end in range(at, len(run.groups)):
        group = run.groups[end]
        if end > at and best is not None and _begins_anew(run, end, digits):
            break
        digits += group.digits
        if len(digits) > _MOST_DIGITS:
            break
        if _is_phone(digits, first, run.gaps[at:end]):
            best = end + 1
    return best


def _may_begin(run: _Run, at: int) -> bool:
    """Tell whether a number may begin with this group, by the group and what follows it."""
    first, rest = run.groups[at], run.groups[at + 1 : at + 2]
    if first.plus:
        return True
    if len(first.digits) >= 3:
        return first.digits[0] == "0" or first.digits.startswith(("62", "8"))
    if not rest:
        return False
    if first.digits == "62":
        return True
    if first.digits == "0" and run.gaps[at] != "." and rest[0].digits[0] == "8":
        return True
    return first.digits in ("0", "08") and _is_spelled_out(run, at)


def _is_spelled_out(run: _Run, at: int) -> bool:
    """Tell whether the digits stand singly, in pairs or threes from here on, each apart from the next in one way."""
    gaps = run.gaps[at : at + 4]
    return len(gaps) >= 3 and len(set(gaps)) == 1 and all(len(one.digits) <= 3 for one in run.groups[at : at + 5])


def _begins_anew(run: _Run, end: int, digits: str) -> bool:
    """Tell whether a group after a number that may be complete begins something else."""
    group, gap = run.groups[end], run.gaps[end - 1]
    dialled = len(re.sub("^(?:(?:00)?62)?0?", "0", digits))
    if dialled < _COMPLETE:
        return False
    if group.taken or (_NEXT.match(group.digits) and (" " in gap or "/" in gap)):
        return True
    return gap == " " and dialled >= _USUAL and len(group.digits) <= 2 < len(run.groups[end - 1].digits)


def _is_phone(digits: str, first: _Group, gaps: Sequence[str]) -> bool:
    """Tell whether digits, the first group of which is given, are a telephone number."""
    if first.plus:
        return len(digits) >= _LEAST_ABROAD and (bool(_MOBILE.fullmatch(digits)) or _known(f"+{digits}", valid=False))
    if _MOBILE.fullmatch(digits):
        return True
    if _BARE_MOBILE.fullmatch(digits):
        return len(first.digits) >= 3 and _known(digits, valid=True)
    if _LANDLINE.fullmatch(digits):
        return _known(digits if digits[0] == "0" else f"+{digits}", valid=len(digits) < 9 or digits[0] != "0")
    abroad = digits.startswith("00") and len(first.digits) >= 3 and not any("/" in gap for gap in gaps)
    return abroad and len(digits) > _LEAST_ABROAD and _known(f"+{digits[2:]}", valid=True)


def _known(number: str, *, valid: bool) -> bool:
    """Ask the library whether a number is in use as such (`valid`), or at least may be one by its length."""
    import phonenumbers  # a reading without numbers does without it

    try:
        parsed = phonenumbers.parse(number, "ID")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) if valid else phonenumbers.is_possible_number(parsed)
