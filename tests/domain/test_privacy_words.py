"""Who wants to stay unknown is understood in every ordinary spelling; in doubt a report is anonim."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.privacy_words import read_wishes, without_tag
from kawal.domain.process.commands import TEXT_LIMIT

ANONIM = """
Anonim. Kepala desa minta uang
ANONIM: Kepala desa minta uang
#anonim|Kepala desa minta uang
*ANONIM*|Kepala desa minta uang
ANONIM|Kepala desa minta uang
Kepala desa minta uang|anonim
Kepala desa minta uang|Jalan Merpati|- Anonim -
Kepala desa minta uang. Anonim
Kepala desa minta uang (anonim)
Kepala desa minta uang #anonim
anonim - kepala desa minta uang
anonim – kepala desa minta uang
anonim, kepala desa minta uang
Anonim kepala desa minta uang
(anonim) kepala desa minta uang
[Anonim] Kepala desa minta uang
_anonim_|Kepala desa minta uang
~anonim~ Kepala desa minta uang
"anonim" Kepala desa minta uang
>> ANONIM << Kepala desa minta uang
Anônim. Kepala desa minta uang
𝐀𝐍𝐎𝐍𝐈𝐌 Kepala desa minta uang
ＡＮＯＮＩＭ|Kepala desa minta uang
# anonim
Tolong anonim. Kepala desa minta uang
Kepala desa minta uang, tolong anonim ya
Mohon secara anonim. Kepala desa minta uang
Saya lapor secara anonim bahwa kepala desa minta uang
Saya ingin anonim. Kepala desa minta uang
Mohon dianonimkan. Kepala desa minta uang
Tolong di anonimkan
Anonimkan saya
Kepala desa minta uang, rahasiakan nama saya
Tolong rahasiakan identitas saya, kepala desa minta uang
rahasiakan dong nama saya
jangan sebut nama saya. Kepala desa minta uang
Jangan sebutkan nama saya
jangan disebut nama saya
jangan tulis nama saya
jangan cantumkan identitas saya
jangan bocorkan identitas pelapor
tidak mau disebut nama saya
Nama saya mohon dirahasiakan
identitas pelapor dirahasiakan
nama dirahasiakan. Kepala desa minta uang
nama saya tolong jangan disebut
nama saya jangan disebutkan
Sembunyikan nama saya
samarkan identitas saya
tanpa nama
anonymous|Kepala desa minta uang
Anonym: Kepala desa minta uang
anonimus
Annonim: Kepala desa minta uang
anonin, kepala desa minta uang
ANOMIM|Kepala desa minta uang
jgn sebut nama sy. Kepala desa minta uang
jgn sebutin nama saya ya
tlg rahasiakan identitas sy
nama saya jgn disebar
jangan kasih tahu nama saya
jangan kasi tau nama saya
Kepala desa minta uang. Mohon jaga kerahasiaan pelapor
kerahasiaan identitas saya mohon dijaga
jangan sampai nama saya ketahuan
"""
DOUBTFUL = """
pelaku anonim mengirim surat kaleng
ada akun anonim yang menjual minyak oplosan
"""
NAMED = """
Prinsip anonimitas harus dijaga
keanoniman warga
Saya tidak anonim, nama saya Budi
bukan anonim
tidak perlu anonim
jangan anonim
Jalan rusak di Batu 9
Kepala desa minta uang
nama jalan tidak ada
Namanya Budi, ia minta uang
Tolong sebutkan nama petugasnya
Data bansos saya salah
Kerahasiaan data pasien bocor di puskesmas
Jangan sampai banjir lagi, tidak ada yang tahu nama petugasnya
Ini sudah rahasia umum di kantor desa
Rahasia umum: kepala desa minta uang
Petugas merahasiakan data penerima bantuan
dokumen rahasia negara bocor
bukan rahasia lagi
animo warga tinggi
anomali tagihan air
Jalan tanpa nama jalan di Batu 9
"""
RAHASIA = """
RAHASIA|Kepala desa minta uang
rahasia
#rahasia Kepala desa minta uang
RAHASIA: kepala desa minta uang
Rahasia. Kepala desa minta uang
*rahasia* kepala desa minta uang
Kepala desa minta uang. Rahasia
Kepala desa minta uang (rahasia)
Kepala desa minta uang|rahasia
Mohon dirahasiakan. Kepala desa minta uang
laporan ini rahasia
Kepala desa minta uang, laporan saya mohon dirahasiakan
secara rahasia
bersifat rahasia
rahasiakan laporan ini
RAHASIAKAN
Rahasia kepala desa minta uang
"""


def spellings(table: str) -> list[str]:
    return [line.replace("|", "\n") for line in table.strip().splitlines()]


@pytest.mark.parametrize("text", spellings(ANONIM))
def test_who_asks_to_be_anonim_is_and_the_report_stays_public(text: str) -> None:
    wishes = read_wishes(text)
    assert (wishes.anonim, wishes.rahasia, wishes.doubtful) == (True, False, False)


@pytest.mark.parametrize("text", spellings(DOUBTFUL))
def test_in_doubt_a_report_is_anonim_and_the_doubt_is_told(text: str) -> None:
    assert read_wishes(text) == (True, False, True, text)


@pytest.mark.parametrize("text", spellings(NAMED))
def test_who_asks_for_nothing_is_neither(text: str) -> None:
    assert read_wishes(text) == (False, False, False, text)


@pytest.mark.parametrize("text", spellings(RAHASIA))
def test_who_asks_for_secrecy_gets_it(text: str) -> None:
    assert read_wishes(text).rahasia


def test_both_can_be_asked_for() -> None:
    for asked in ("ANONIM\nRAHASIA", "anonim, rahasia", "Rahasia dan anonim"):
        assert read_wishes(f"{asked}\nKepala desa minta uang") == (True, True, False, "Kepala desa minta uang")


def test_only_a_line_that_says_nothing_else_is_taken_out() -> None:
    assert read_wishes("*ANONIM*\nKepala desa\n#rahasia").text == "Kepala desa"
    assert read_wishes("Anonim. Kepala desa").text == "Anonim. Kepala desa"
    assert read_wishes("ANONIM").text == "ANONIM"


def test_a_title_goes_without_the_word() -> None:
    assert without_tag("ANONIM: Kepala desa") == "Kepala desa"
    assert without_tag("(rahasia) Kepala desa") == "Kepala desa"
    assert without_tag("Anonim") == "Anonim"
    assert without_tag("Anonimitas warga") == "Anonimitas warga"


_TAGS = ("ANONIM", "*anonim*", "#rahasia", "(Rahasia)", "anonim!")
_LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(st.lists(_LINE | st.sampled_from(_TAGS), max_size=6))
def test_nothing_that_was_written_is_lost_but_such_lines(lines: list[str]) -> None:
    left = read_wishes("\n".join(lines)).text
    others = [line for line in lines if line not in _TAGS]
    for line in others:
        if "anonim" not in line.casefold() and "rahasia" not in line.casefold():
            assert set(line.split()) <= set(left.split())


@pytest.mark.parametrize("piece", ["nama ", "diri ", "jangan ", "rahasia ", "# ", "anonim ", "nama saya mohon "])
def test_a_long_text_is_read_at_once(piece: str) -> None:
    began = time.process_time()
    read_wishes((piece * TEXT_LIMIT)[:TEXT_LIMIT])
    assert time.process_time() - began < 1
