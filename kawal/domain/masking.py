"""Masks what tells of a person in words that others may read: the one function of every view of the public and of OPDs.

Hidden are telephone numbers, e-mail addresses, and numbers of identity cards, whoever's they are; and the name and
contacts of the report's own reporter, in every spelling (docs/personal-data.md says what that is and what it is not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from kawal.domain.messages import Reporter
from kawal.domain.plain_spelling import PlainText, plainly
from kawal.domain.private_numbers import Span, digits_with_places, private_numbers

HIDDEN = "[disembunyikan]"

_ROUNDS = 8
"""How often what is left is looked through again. What would still be found after that is hidden as a whole."""

_AT = r"(?:\s{0,2}(?:@|[(\[{<_]\s?(?:at|a|et)\s?[)\]}>_])\s{0,2}|\s{1,2}at\s{1,2})"
_DOT_WORD = r"(?:\s{0,2}[(\[{<_]\s?(?:dot|titik|\.)\s?[)\]}>_]\s{0,2}|\s{1,2}(?:dot|titik)\s{1,2}| \. )"
_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]++"
_EMAIL = re.compile(
    rf"(?<![\w.!#$%&'*+/=?^`{{|}}~-]){_LOCAL}(?:{_DOT_WORD}{_LOCAL}){{0,3}}{_AT}"
    rf"[\w-]++(?:(?:\.|{_DOT_WORD})[\w-]++){{0,6}}(?:\.|{_DOT_WORD})[^\W\d_]{{2,}}+"
)

_LEAST_PART = 4
"""Part of a name of fewer letters than this is hidden only beside another part, or after a word that announces it."""

_LEAST_NAME = 3
_NAME_LIMIT = 40
"""Parts of a name that are looked for."""

_LEAST_OWN_DIGITS = 6
_DIALLED = ("0062", "0620", "620", "062", "62", "0")
"""What may stand before the digits of a number that is known without it, the longest first."""

_WORDS = (
    "abang akan allah anak and anda anonim anonymous atas atau bang bapak barat belum bendahara blok bpk bupati "
    "camat dalam dan dari delapan dengan desa dinas dra drs dua dusun empat enam gang gubernur hajah haji hajjah "
    "hamba ibu jalan juga kabupaten kak kakak kami kampung kantor kecamatan kelurahan kepala ketua kita kota lampu "
    "laporan lima lurah mas masjid masyarakat mbah mbak nama nona nyonya orang pada pak pasar pelapor pengadu "
    "pengaduan perumahan prof provinsi puskesmas rumah satu saudara saudari saya sdr sdri sekolah sekretaris selatan "
    "sembilan sepuluh sudah tanpa tengah the tidak tiga timur tolong tuan tujuh umum untuk ustad ustadz utara "
    "walikota warga yang "
)
COMMON = frozenset(_WORDS.split())
"""Words that name nobody by themselves, though a reporter's name may contain them."""

_ANNOUNCED = r"(?:bapak|ibu|pak|bpk|bu|bang|kak|mas|mbak|saudara|saudari|sdr|sdri|nama|saya)"


def masked(text: str, reporter: Reporter | None) -> str:
    """Return a text in which HIDDEN stands for people's numbers and addresses and for what tells who its reporter is.

    None: a text of no report. Masking again changes nothing; the time taken grows with the text's length alone.
    """
    own = _Own(reporter or Reporter())
    return HIDDEN.join(_masked(piece, own) for piece in text.split(HIDDEN))


def masked_words(words: Any, reporter: Reporter | None) -> Any:
    """Return what an event holds with every text in it masked; who the reporter is, where it says so, is left out."""
    if isinstance(words, str):
        return masked(words, reporter)
    if isinstance(words, list):
        return [masked_words(one, reporter) for one in words]
    if isinstance(words, dict):
        return {name: masked_words(one, reporter) for name, one in words.items() if name != "reporter"}
    return words


class _Own:
    """What tells who the reporter of a text is, ready to be looked for."""

    def __init__(self, reporter: Reporter) -> None:
        self.names = _names(reporter.name or "")
        self.digits = _own_digits(reporter.phone or "")
        literal = [plainly(one).text.strip() for one in (reporter.email, reporter.origin) if one]
        # An origin is mostly a town, which tells of nobody; one with a number in it is an address or an account.
        self.literal = [one for one in literal if "@" in one or re.search(r"\d", one)]

    def spans(self, plain: str) -> Iterator[Span]:
        """Yield where the reporter's name and contacts stand in a plainly spelled text."""
        for pattern in self.names:
            for found in pattern.finditer(plain):
                yield found.span("own")
        for text in self.literal:
            for found in re.finditer(re.escape(text), plain):
                yield found.span()
        if self.digits:
            yield from _dialled(plain, self.digits)


def _masked(piece: str, own: _Own) -> str:
    """Return a text without HIDDEN in it, masked; what is left is looked through until nothing is found in it."""
    left, open_ones = [piece], {0}
    for _ in range(_ROUNDS):
        cut: list[str] = []
        again: set[int] = set()
        for number, one in enumerate(left):
            parts = _cut(one, own) if number in open_ones else [one]
            if len(parts) > 1:
                again.update(range(len(cut), len(cut) + len(parts)))
            cut += parts
        left, open_ones = cut, again
        if not open_ones:
            break
    else:
        left = ["" if number in open_ones and len(_cut(one, own)) > 1 else one for number, one in enumerate(left)]
    return HIDDEN.join(left)


def _cut(text: str, own: _Own) -> list[str]:
    """Return the parts of a text between what is to be hidden in it; the whole where there is nothing."""
    if not text:
        return [text]
    plain = plainly(text)
    spans = [*(found.span() for found in _EMAIL.finditer(plain.text)), *private_numbers(plain.text)]
    spans += own.spans(plain.text)
    parts, begin = [], 0
    for start, end in _merged(spans, plain):
        parts.append(text[begin:start])
        begin = end
    return [*parts, text[begin:]]


def _merged(spans: list[Span], plain: PlainText) -> list[Span]:
    """Return spans of the original text in order, those that overlap as one."""
    found: list[Span] = []
    for first, behind in sorted(spans):
        start, end = plain.places[first], plain.places[behind - 1] + 1
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _names(name: str) -> list[re.Pattern[str]]:
    """Return what finds a name: the whole of it, parts beside each other, parts that are long, and announced ones."""
    every = re.findall(r"[^\W\d_]+", plainly(name).text)[:_NAME_LIMIT]
    parts = list(dict.fromkeys(every))
    if not parts:
        return []
    telling = [part for part in parts if part not in COMMON]
    single = [part for part in telling if len(part) >= (_LEAST_PART if len(parts) > 1 else _LEAST_NAME)]
    between = r"[\W_]{0,3}"
    patterns = []
    if len(every) > 1:
        patterns.append(between.join(map(re.escape, every)))
        pairs = _any(parts)
        if telling:
            patterns.append(rf"{pairs}(?:[^\S\n]{{1,2}}|[ ]?[-_.,/+][ ]?){pairs}")
    if single:
        patterns.append(_any(single))
    short = [part for part in telling if part not in single and len(part) > 1]
    found = [_whole_word(pattern) for pattern in patterns]
    if short:
        found.append(re.compile(rf"(?<![^\W\d_]){_ANNOUNCED}\.?[ ]{{1,2}}(?P<own>{_any(short)})(?![^\W\d_])"))
    return found


def _any(parts: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(parts, key=len, reverse=True)))})"


def _whole_word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?P<own>{pattern})(?=(?:nya)?(?![^\W\d_]))")


def _own_digits(phone: str) -> str | None:
    """Return the digits of a telephone number without country code and 0; None for a short number."""
    digits, _ = digits_with_places(plainly(phone).text)
    for prefix in ("00620", "0062", "00", "620", "62", "0"):
        if digits.startswith(prefix):
            digits = digits[len(prefix) :]
            break
    return digits if len(digits) >= _LEAST_OWN_DIGITS else None


def _dialled(plain: str, own: str) -> Iterator[Span]:
    """Yield where the digits of a known number stand, with what is dialled before, and whatever but words between."""
    digits, places = digits_with_places(plain)
    at = digits.find(own)
    while at >= 0:
        begin = next((at - len(one) for one in _DIALLED if digits[:at].endswith(one)), at)
        while begin < at and not _together(plain, places[begin : at + 1]):
            begin += 1
        if _together(plain, places[at : at + len(own)]):
            yield places[begin], places[at + len(own) - 1] + 1
        at = digits.find(own, at + 1)


def _together(plain: str, places: list[int]) -> bool:
    """Tell whether the digits at these places belong together: no letter, and little else, stands between them."""
    return all(
        later - earlier <= 5 and not any(char.isalpha() and char != "o" for char in plain[earlier + 1 : later])
        for earlier, later in pairwise(places)
    )
