"""Words that are no complaint: what people and telephones send besides, by themselves.

One table. A spelling counts whatever its case, punctuation, marks and doubled letters: "STOP!!", "Okee".
A message counts only if it says nothing else: "Terima kasih, tapi lampunya masih mati" is one about a lamp.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from kawal.domain.names import CommandName
from kawal.domain.reporter_words import read_words

MOST_WORDS = 12
"""A longer message says something, whichever words it is made of."""


class Remark(Enum):
    """What a message that is no complaint is."""

    STOP = "stop"
    """It asks for silence. It is never a reply either."""
    IDLE = "idle"
    """A greeting, thanks, a yes, a test, a thumb: to somebody who has a report it is a reply."""


def _plainest(word: str) -> str:
    """Return a word without doubled letters: "okeee" and "oke" are one."""
    return re.sub(r"([^\W\d])\1+", r"\1", word)


_TABLE: dict[Remark, str] = {
    Remark.STOP: "stop stopall unreg unregister unsub unsubscribe berhenti hentikan optout off quit cancel end revoke",
    Remark.IDLE: """
        halo hai hay hi hey helo permisi misi punten salam assalamualaikum assalamu assalamualaykum asalam asslm ass
        aslm waalaikumsalam waalaikumussalam walaikumsalam alaikum mualaikum wr wb wrwb warahmatullahi wabarakatuh
        shalom om swastiastu horas selamat met pagi siang sore malam malem good morning afternoon evening
        ok oke okey okay okeh k y ya iya yes yup yap yoi baik baiklah bae siap sip mantap mantul bagus betul benar
        noted setuju terima kasih terimakasih trimakasih trims trim makasih makasi mksh mkasih tq tks thx thanks thank
        you thankyou ty matur nuwun suwun hatur nuhun syukron alhamdulillah amin sama2 sama banyak sekali
        test tes testing coba ping p start info help bantuan menu
        sudah sdh udah done oh o gitu begitu deh lah nih sih dong banget bgt atas infonya informasinya jawabannya
        responnya responsnya tanggapannya bantuannya nggih njih inggih enggih ngih monggo 86 jempol jiwa kerjanya
        wkwk wkwkwk haha hahaha hehe hehehe hihi night there sejahtera suastiastu swastyastu
        idul fitri adha natal tahun baru hari raya lebaran minal aidin wal faizin maaf lahir batin
        bos boss bro ndan komandan dan
        pak bapak bpk bu ibu ibuk kak kakak mas mbak bang gan min admin mimin semua
    """,
}

_BESIDE_STOP = """
    all ya pak bapak bu ibu min admin bos bang kak mas mbak sms wa pesan langganan berlangganan promo
    notifikasi notif info tolong mohon dong deh saja lagi please pls kirim mengirim kirimi mengirimi ke dari
    nomor no hp saya sy ini kawal
"""

_JUDGING = frozenset({CommandName.ACCEPT, CommandName.RATE, CommandName.DISPUTE})


def remark_of(text: str) -> Remark | None:
    """Return what a message is that says nothing of its own; None for one that may be a complaint."""
    written = _words(text)
    if not written:
        return Remark.IDLE if text.strip() else None
    if len(written) > MOST_WORDS:
        return None
    words = [_plainest(word) for word in written]
    if set(words) & _WORDS[Remark.STOP]:
        rest = [word for word in words if word not in _WORDS[Remark.STOP]]
        return Remark.STOP if set(rest) <= _ALLOWED_BESIDE_STOP else None
    return Remark.IDLE if set(words) <= _WORDS[Remark.IDLE] else None


def judges(text: str) -> bool:
    """Return whether a message begins with one of the words by which reporters accept, rate or dispute."""
    return read_words(text).command in _JUDGING


def rates(text: str) -> bool:
    """Return whether a message begins with the word by which reporters rate what is done."""
    return read_words(text).command is CommandName.RATE


def conceals(text: str) -> bool:
    """Return whether a message begins with one of the words by which reporters hide what they sent before."""
    return read_words(text).command is CommandName.CONCEAL


def is_bare(text: str) -> bool:
    """Return whether such a word stands alone: with nothing else it can begin no report."""
    return not re.search(r"[^\W\d]", read_words(text).rest)


def _words(text: str) -> list[str]:
    """Return the words of a message without marks; a picture or a sign is no word."""
    seen = text[:1000]
    if not seen.isascii():  # which most messages are, and have no marks
        plain = unicodedata.normalize("NFKD", seen)
        seen = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf", "Me"))
    return re.findall(r"[^\W_]+", re.sub(r"['’‘`ʼ]", "", seen.casefold()))


_ALLOWED_BESIDE_STOP = frozenset(map(_plainest, _BESIDE_STOP.split()))
_WORDS = {remark: frozenset(map(_plainest, words.split())) for remark, words in _TABLE.items()}
