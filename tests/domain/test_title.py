"""The title that is offered: the first sentence, with capitals and spaces mended as LAPOR!'s Smartcase does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.masking import HIDDEN
from kawal.domain.process.commands import TITLE_LIMIT
from kawal.domain.publicity import REDACTED
from kawal.domain.title import mended, offered_title


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (
            "JALAN RUSAK DI BATAM RT 02 RW 05 TOLONG PDAM DAN PLN",
            "Jalan rusak di Batam RT 02 RW 05 tolong PDAM dan PLN",
        ),
        ("jalan rusak di jl. ahmad yani  no. 5 batam!!! tolong pak", "Jalan rusak di Jl. ahmad yani no. 5 Batam!"),
        ("mau buat ktp di disduk batam ,susah", "Mau buat KTP di disduk Batam, susah"),
        ("LAMPU GANG MELATI MATI SUDAH LAMA", "Lampu gang Melati mati sudah lama"),
        ("TOLONG jalan rusak di rt.02/rw.05", "Tolong jalan rusak di RT.02/RW.05"),
        ("Parkir liar di Tepi Laut", "Parkir liar di Tepi Laut"),
        ("Sapi kurban aman dari PMK?", "Sapi kurban aman dari PMK?"),
        ("[disembunyikan] minta uang di smpn 3", "[disembunyikan] minta uang di SMPN 3"),
        ("guru SMAN 2 sering tidak masuk. Anak-anak hanya diberi tugas.", "Guru SMAN 2 sering tidak masuk"),
    ],
)
def test_capitals_and_spaces_are_mended_and_abbreviations_and_places_stay(typed: str, offered: str) -> None:
    assert offered_title(typed, "") == offered


@pytest.mark.parametrize(
    ("title", "text", "offered"),
    [
        (
            "Assalamualaikum, admin.",
            "Izin melapor. lampu jalan di Batu 8 padam sejak Senin.",
            "Lampu jalan di Batu 8 padam sejak Senin",
        ),
        ("-", "Selamat pagi Bapak/Ibu. air pdam mati tiga hari\nMohon dibantu.", "Air PDAM mati tiga hari"),
        ("Banjir", "", "Banjir"),
    ],
)
def test_a_title_that_says_nothing_gives_way_to_the_texts_first_sentence(title: str, text: str, offered: str) -> None:
    assert offered_title(title, text) == offered


def test_a_long_title_is_cut_between_two_words() -> None:
    offered = offered_title("jalan berlubang " * 20, "")
    assert len(offered) <= TITLE_LIMIT
    assert offered.endswith((" jalan…", " berlubang…"))


@given(st.text(st.sampled_from("abBATAM jl.!,:?\n2") | st.characters(codec="utf-8"), max_size=400))
def test_mending_twice_changes_nothing_and_no_title_is_too_long(words: str) -> None:
    once = mended(words)
    assert len(once) <= TITLE_LIMIT
    assert mended(once) == once


@given(st.text("abcdefgh RTKPM.,", max_size=100))
def test_no_letter_is_lost_and_none_is_added(words: str) -> None:
    def letters(text: str) -> str:
        return "".join(filter(str.isalpha, text.lower()))

    assert letters(mended(words)) == letters(words)


@pytest.mark.parametrize("mark", [HIDDEN, REDACTED])
def test_what_stands_for_hidden_words_stays_as_it_is(mark: str) -> None:
    assert mended(f"{mark} MEMINTA UANG KEPADA {mark}") == f"{mark} meminta uang kepada {mark}"
