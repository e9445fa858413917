"""The title that an admin is offered for a report: its first sentence, with capitals and spaces mended.

LAPOR!'s Smartcase does the same for its admins [S: LAPOR! V3 admin manual]; which words are abbreviations and names is
our own list [P]. A title is an offer: whoever verifies may write another. Pure, and mending twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kawal.domain.process.commands import TITLE_LIMIT

_MARKS = ("[disembunyikan]", "[disunting]")
"""What stands for hidden words (kawal.domain.masking, kawal.domain.publicity): it stays as it is."""

ABBREVIATIONS = frozenset(
    """
    APBD APBN APIP ASN BBM BLT BNN BPBD BPJS BPN BPNT BTS BUMD BUMN CCTV DLH DPRD DPT DTKS HP IGD IMB IPAL JKN KB KIA
    KIP KIS KK KPR KPU KTP KUA KUR LPG LPJU NIB NIK NPWP OJK OPD PAUD PBB PDAM PHK PJU PKH PKL PLN PMI PMK PNS PPDB
    PPPK PT RI RS RSUD RT RTLH RW SD SDN SIM SK SKCK SKTM SLB SMA SMAN SMK SMKN SMP SMPN SPBU SPM STNK TK TKI TKW TNI
    TPA TPS TV UGD UMKM UMP UMR UPT UPTD USG WA WC WIB WNA WNI
    """.split()  # noqa: SIM905 - a block of words is read more easily than a list
)
"""Abbreviations that stand in capitals, however they were typed."""

_ALSO_WORDS = frozenset({"HP", "KB", "PT", "RI", "RS", "SD", "SIM", "SK", "TK", "TV", "WA", "WC"})
"""Those of two or three letters that, typed small, may be anything: they are left as they were typed."""

NAMES = frozenset(
    """
    Anambas Asahan Bangka Batam Belakangpadang Belian Bengkong Bintan Bunguran Dabo Daik Dompak Durai Galang Indonesia
    Jemaja Johor Karimun Kepri Kijang Kundur Lagoi Lingga Lubuk Malaysia Meral Midai Moro Nagoya Natuna Nongsa
    Penyengat Ranai Rempang Riau Sagulung Sekupang Selayar Senggarang Senayang Serasan Singapura Singkep Tanjungpinang
    Tanjungpura Tarempa Tebing Teluk Toapaya Uban
    Jl Jln Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember Ramadan Idulfitri
    """.split()  # noqa: SIM905 - a block of words is read more easily than a list
)
"""Names that stand with a capital, however they were typed: Kepri's places, neighbours, months."""

_STREETS = frozenset({"jl", "jln", "gang", "gg", "kp", "desa", "kelurahan", "kecamatan", "kabupaten"})
"""Words after which a name follows: in a text of capitals alone the next word keeps its capital."""

_NAMES = {name.lower(): name for name in NAMES}
_CAPITALS = {word.lower(): word for word in ABBREVIATIONS - _ALSO_WORDS}
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SPACES = re.compile(r"\s+")
_BEFORE = re.compile(r"\s+([,;:.!?)])")
_AFTER = re.compile(r"([,;!?])(?=[^\W\d_])")
_REPEATED = re.compile(r"([.,;:!?])\1+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*[\r\n]+\s*")
_ABBREVIATED = re.compile(
    r"(?:\b(?:jl|jln|no|gg|kp|kel|kec|kab|yth|bpk|sdr|sdri|dr|drs|hj|h|a\.n|rt|rw|tgl|tlp|telp|hlm|prov|pt|st)\.)$",
    re.IGNORECASE,
)
"""What ends with a dot and no sentence."""

_GREETING = re.compile(
    r"^\s*(?:assala?mu?'?\s?ala?ikum\S*(?:\s+w[a-z.]*)*|selamat\s+(?:pagi|siang|sore|malam)|salam\s+sejahtera|halo|hallo|hai"
    r"|permisi|izin\s+melapor|maaf\s+sebelumnya|mohon\s+maaf|numpang\s+tanya|yth|kepada\s+yth)\b[^.!?]*?(?:[.!?,]\s*|$)",
    re.IGNORECASE,
)
_LEAST = 8
"""A sentence of fewer letters than this tells nothing."""

_ENDING = " .,;:-\u2013"
_LONG = 5
"""A word of capitals longer than this was shouted, unless it is known; a shorter one may be an abbreviation."""

_SHOUTED = 0.6
"""From this share of capitals among its letters on, a text was typed in capitals as a whole."""


def offered_title(title: str, text: str, names: Iterable[str] = ()) -> str:
    """Return the title to offer for a report: its own title's first sentence, else its text's, mended; "" for none.

    At most TITLE_LIMIT characters. `names` are further names that stand with a capital.
    """
    for words in (title, text):
        found = next((one for one in _sentences(words) if _letters(one) >= _LEAST), "")
        if found:
            return mended(found, names)
    return mended(title, names)


def mended(words: str, names: Iterable[str] = ()) -> str:
    """Return words with capitals, spaces and signs mended, at most TITLE_LIMIT characters, cut between two words."""
    spaced = _AFTER.sub(r"\1 ", _BEFORE.sub(r"\1", _REPEATED.sub(r"\1", _SPACES.sub(" ", words)))).strip()
    known = _NAMES | {name.lower(): name for name in names}
    shouted = _is_shouted(spaced)
    pieces = _apart(spaced)
    said = "".join(one if one in _MARKS else _capitals(one, known, shouted=shouted) for one in pieces)
    return _cut(_begun(said).strip(_ENDING + " "))


def _sentences(words: str) -> list[str]:
    """Return the sentences of a text without the greeting before them; dots of abbreviations end none."""
    found: list[str] = []
    for part in _SENTENCE.split(words):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return [_ungreeted(one) for one in found]


def _ungreeted(words: str) -> str:
    shorter = _GREETING.sub("", words)
    return words if shorter == words else _ungreeted(shorter)


def _letters(words: str) -> int:
    return sum(char.isalpha() for char in words)


def _is_shouted(words: str) -> bool:
    said = "".join(piece for piece in _apart(words) if piece not in _MARKS)
    spoken = [word for word in _WORD.findall(said) if word.upper() not in ABBREVIATIONS]
    letters = "".join(spoken)
    capitals = sum(char.isupper() for char in letters)
    return len(letters) >= _LEAST and capitals > _SHOUTED * len(letters)


def _apart(words: str) -> list[str]:
    return re.split("(" + "|".join(map(re.escape, _MARKS)) + ")", words)


def _capitals(words: str, known: dict[str, str], *, shouted: bool) -> str:
    """Return words with the capitals of each mended; a word after a street's keeps one where all were shouted."""
    before = ""

    def one(found: re.Match[str]) -> str:
        nonlocal before
        word, earlier = found[0], before
        before = word.lower()
        small = word.lower()
        if small in _CAPITALS or word in ABBREVIATIONS:
            return small.upper()
        if small in known:
            return known[small]
        if shouted:
            return small.capitalize() if earlier in _STREETS and small not in _STREETS else small
        return small if word.isupper() and len(word) > _LONG else word

    return _WORD.sub(one, words)


def _begun(words: str) -> str:
    """Return words whose first letter is a capital, unless a mark stands there."""
    if words.startswith(_MARKS):
        return words
    at = next((place for place, char in enumerate(words) if char.isalnum()), None)
    return words if at is None else words[:at] + words[at].upper() + words[at + 1 :]


def _cut(words: str) -> str:
    if len(words) <= TITLE_LIMIT:
        return words
    room = words[: TITLE_LIMIT - 1]
    whole, space, _ = room.rpartition(" ")
    return (whole if space else room).rstrip(_ENDING + " ") + "\u2026"
