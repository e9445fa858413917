"""How people write that they want to stay unknown (anonim), or that nobody shall read their report (rahasia).

In doubt a report is anonim: a name hidden in vain can be shown later, one shown in vain can't be taken back. So the
word counts wherever it stands, also in "pelaku anonim mengirim surat"; the answer to its sender says so. `rahasia`
hides the whole report, so it counts where people write it as a mark (the first or last word, a line of its own, with #)
and in sentences that ask for it, not in "sudah rahasia umum". What is read stays in the text, but for a line that says
nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_ANONIM = r"(?:an{1,2}on{1,2}[iy]m(?:o?us|kan|o)?|anonin|anomim|anonm)"
"""With the slips that telephones do not mend."""

_RAHASIA = r"rahasia"
_KIN = rf"(?:{_ANONIM}|{_RAHASIA})"
_DENIED = r"(?:tidak|tak|tdk|nggak|gak|ga|bukan|jangan|tanpa|non)(?: (?:perlu|usah|mau|ingin|secara|harus))?"
_WHO = r"(?:nama|namanya|nama2|identitas|identitasnya|data|data diri|diri|jati diri|nomor|no|kontak)"
_WHOSE = r"(?: (?:saya|sy|ku|aku|kami|pelapor|lengkap|diri|hp|telepon|pribadi)){0,6}"
_TELL = (
    r"(?:sebut|sebutkan|sebutin|sebar|disebar|umumkan|diumumkan|(?:kasih?|beri) ta(?:h)?u|"
    r"disebut|disebutkan|tulis|tuliskan|ditulis|cantumkan|dicantumkan|tampilkan|ditampilkan|publikasikan|"
    r"dipublikasikan|sebarkan|disebarkan|bocorkan|dibocorkan|ungkap|ungkapkan|diungkap|diungkapkan|beritahu|beritahukan|"
    r"diberitahukan|buka|dibuka)"
)
_HIDE = r"(?:rahasiakan|sembunyikan|samarkan|lindungi|tutupi)"
_HIDDEN = r"(?:dirahasiakan|disembunyikan|disamarkan|dilindungi|ditutupi|rahasia)"
_ASKING = r"(?: (?:mohon|tolong|harap|agar|supaya|untuk|minta|dapat|bisa|di)){0,6}"

_HIDES_NAME = re.compile(
    rf"\b(?:{_HIDE}(?: (?:dong|ya|saja)){{0,3}} {_WHO}\b"
    rf"|(?:jangan|tidak|tdk|tak|gak|nggak)(?: (?:mau|ingin|usah|perlu|di)){{0,4}} {_TELL} {_WHO}\b"
    rf"|{_WHO}{_WHOSE}{_ASKING} {_HIDDEN}\b"
    rf"|{_WHO}{_WHOSE}{_ASKING} jangan (?:di ?)?{_TELL}\b"
    rf"|(?:secara|dengan|tolong|mohon|harap|minta|mau|ingin|saya|tetap) {_ANONIM}\b|di ?{_ANONIM}\b"
    rf"|(?:jaga|menjaga|jamin|lindungi) kerahasiaan\b|kerahasiaan{_WHOSE} (?:identitas|nama|pelapor|saya|sy|kami)\b"
    r"|jangan sampai(?: (?:nama|identitas|saya|sy|kami|pelapor|siapa)){0,4} (?:ketahuan|diketahui)\b"
    r"|tanpa nama(?! jalan)\b|no ?name\b|hamba allah$)"
)
_HIDES_REPORT = re.compile(r"\blaporan(?: (?:ini|saya)){0,3}(?: \w+)? (?:rahasia|dirahasiakan)\b")
_HIDES_ALL = re.compile(
    r"\b(?:(?:secara|bersifat|sifatnya|sangat) rahasia\b|rahasiakan\b"
    r"|(?:mohon|tolong|harap|minta)(?: (?:agar|supaya|untuk))? (?:dirahasiakan|rahasia)\b(?! (?:umum|negara)))"
)
_ALONE = re.compile(rf"{_KIN}(?: (?:dan )?{_KIN})*")
_WORD = re.compile(rf"\b{_ANONIM}\b")
_DENIES = re.compile(rf"\b{_DENIED} (?:di ?)?{_ANONIM}\b")
_MARKED = re.compile(rf"#\s?{_RAHASIA}\b|[*_~(\[]\s?{_RAHASIA}\s?[*_~)\]]")
_NOT_SECRET = re.compile(r"^rahasia (?:umum|negara|dagang|perusahaan|bank|jabatan|dapur|alam)\b")
_SHORT = {
    "jgn": "jangan",
    "jng": "jangan",
    "tlg": "tolong",
    "tlong": "tolong",
    "mhn": "mohon",
    "identitasku": "identitas",
}
_SHORT_WORD = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")
_TAG = re.compile(rf"^\W*{_KIN}\b\W*", re.IGNORECASE)


class Wishes(NamedTuple):
    """What a text asks for; `text` is what remains of it."""

    anonim: bool
    rahasia: bool
    doubtful: bool
    """The word stands somewhere in the text, and may be about something else; it counts all the same."""
    text: str


def read_wishes(text: str) -> Wishes:
    """Return whether a report's text asks to be anonim or rahasia."""
    lines = [(line, _folded(line)) for line in text.splitlines()]
    told = "\n".join(line for line, said in lines if not _ALONE.fullmatch(_bare(said))).strip()
    folded = " ".join(said for _, said in lines)
    whole = _bare(folded)
    clear = _asks_to_be_unknown([said for _, said in lines], whole)
    named = _WORD.search(_DENIES.sub(" ", whole)) is not None
    return Wishes(
        anonim=clear or named,
        rahasia=_asks_to_be_secret([said for _, said in lines], folded, whole),
        doubtful=named and not clear,
        text=told or text,
    )


def without_tag(line: str) -> str:
    """Return a line without such a word at its beginning, for a title; the line itself if nothing else is in it."""
    return _TAG.sub("", line) or line


def _asks_to_be_unknown(lines: list[str], whole: str) -> bool:
    if _DENIES.search(whole):
        return _HIDES_NAME.search(_DENIES.sub(" ", whole)) is not None
    return _HIDES_NAME.search(whole) is not None or any(_at_an_end(_bare(line), _ANONIM) for line in lines)


def _asks_to_be_secret(lines: list[str], folded: str, whole: str) -> bool:
    if re.search(rf"\b{_DENIED} (?:di)?{_RAHASIA}\b", whole):
        return False
    # Who asks to hide a name asks to hide no report.
    left = " ".join(_HIDES_NAME.sub(" ", whole).split())
    if _HIDES_REPORT.search(whole) or _HIDES_ALL.search(left) or _MARKED.search(folded):
        return True
    said = [_bare(line) for line in lines]
    if any(_ALONE.fullmatch(line) and _RAHASIA in line for line in said):
        return True
    if any(re.match(rf"{_RAHASIA}\b", line) and not _NOT_SECRET.match(line) for line in said[:1] + said[-1:]):
        return True
    return left.endswith(_RAHASIA) and re.search(rf"[.,;:!(#-]\s*{_RAHASIA}\W*$", folded) is not None


def _at_an_end(words: str, word: str) -> bool:
    return re.match(rf"{word}\b", words) is not None or re.search(rf"\b{word}$", words) is not None


def _bare(folded: str) -> str:
    """Return the words alone, a space between two."""
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def _folded(text: str) -> str:
    """Return a text without what the eye passes over: case, marks on letters, unseen characters, short forms."""
    plain = unicodedata.normalize("NFKD", text)
    seen = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf")).casefold()
    return _SHORT_WORD.sub(lambda short: _SHORT[short[0]], seen)
