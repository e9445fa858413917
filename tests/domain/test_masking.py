"""What is masked in words that others may read, and what is not: shapes people write, and any that can be generated."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kawal.domain.masking import HIDDEN, masked, masked_words
from kawal.domain.messages import Reporter

SITI = Reporter(
    name="Siti Aminah Ani", email="siti.aminah@rumah.example", phone="+62 811-7654-3210", origin="akun-77123"
)

PHONES = [
    "0812-3456-7890", "081234567890", "0812.3456.7890", "0812 3456 7890", "0812/3456/7890", "0812_3456_7890",
    "0812 - 3456 - 7890", "0812–3456–7890", "0812—3456—7890", "0812‑3456‑7890", "0812−3456−7890",
    "0812\u00a03456\u00a07890", "0812\u20093456\u20097890", "0812\u202f3456\u202f7890", "0812\u200b3456\u200b7890",
    "0812\u00ad34567890", "(0812) 3456 7890", "(0771) 4575000", "0771-21234", "0771 4575000", "021-5551234",
    "+62 812 3456 7890", "(+62) 812 3456 7890", "+62(0)812 3456 7890", "+62 (0) 812 3456 7890", "+6281234567890",
    "62 812 3456 7890", "62-812-3456-7890", "6281234567890", "0062 812 3456 7890", "+62 771 4575000",
    "+60 12-345 6789", "+6591234567", "+65 9123 4567", "+1 (650) 253-0000", "0065 9123 4567",
    "０８１２３４５６７８９０", "𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎", "٠٨١٢٣٤٥٦٧٨٩٠", "0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
    "O812-3456-789O", "o812 3456 789o", "0 8 1 2 3 4 5 6 7 8 9 0", "0-8-1-2-3-4-5-6-7-8-9-0", "08 12 34 56 78 90",
    "0 812 3456 7890", "0812\t3456\t7890", "812 3456 7890", "81234567890", "0812-12-12-2012", "081234567",
    "wa.me/6281234567890", "wa.me/6591234567", "WA.ME/+6591234567", "phone=6591234567",
]  # fmt: skip
CARDS = [
    "2171014101900001", "2171 0141 0190 0001", "217101-410190-0001", "21.71.01.410190.0001", "21 71 01 41 01 90 0001",
    "217101 010190 0001", "2171–0101–0190–0001",
    "２１７１０１４１０１９００００１", "2171012345678901", "2171010112090003",
]  # fmt: skip
ADDRESSES = [
    "budi@kantor.go.id", "budi.s+a@kantor.go.id", "budi＠gmail.com", "budi @ gmail.com", "budi@ gmail.com",
    "budi (at) gmail.com", "budi(at)gmail.com", "budi[at]gmail[dot]com", "budi [at] gmail (dot) com",
    "budi {at} gmail.com", "budi at gmail.com", "budi at gmail dot com", "budi at gmail titik com",
    "budi dot santoso at gmail dot co dot id", "BUDI@GMAIL.COM", "b\u200budi@gmail.com", "o'neil@mail.example",
    "budi@gmail . com",
]  # fmt: skip
OWN = [
    "0811 7654 3210", "811.7654.3210", "0811,7654,3210", "0811\n7654\n3210", "62 811 7654 3210", "62:811:7654:3210",
    "8-1-1-7-6-5-4-3-2-1-0", "0811*7654*3210", "Siti Aminah Ani", "SITI AMINAH", "siti  aminah", "Aminah, Siti",
    "Siti.Aminah", "siti_aminah", "SitiAminahAni", "Siti\u00a0Aminah",
    "Ámínáh", "Ａｍｉｎａｈ", "Am\u200binah", "Ani Siti",
    "akun-77123", "siti.aminah@rumah.example",
]  # fmt: skip
"""What is hidden because it is the reporter's."""

ORDINARY = [
    "Rp 12.000.000", "Rp12.000.000,00", "Rp 62.500.000.000", "Rp 62.812.345.678", "Rp. 8.123.456.789",
    "1.234.567.890.123.456", "3.500 orang", "2 buah @ 5.000", "2026-11-29", "17-08-2025", "08-12-2025", "08-12-25",
    "08/12/2025 pukul 08.30", "08.12.2025", "8 12 2025", "2026-11-24T10:00:00", "tahun 2025/2026", "pukul 08.12-10.30",
    "No. 5", "No 021", "Jalan Merpati No. 12A", "RT 005/012", "RT 005/012 RW 003", "RT 05/RW 02 No. 21", "29125",
    "1000009", "laporan 8123456", "laporan #0812345", "81234567", "0.9186123, 104.4665123", "lat 0.9186 104.4665",
    "-0.8123456789, 104.08123456", "1.08123456, 104.08123456", "0.9186123456789012", "BP 1234 AB",
    "Perda 7/2016, 24-11-2026", "nomor 112 dan 1708", "1500-567", "008/0123/DISHUB/2026", "5.02.03.2.01.0007",
    "03.02.01.2.01.07", "12,5 km", "100 m²", "220 volt 50 Hz", "pasal 12 ayat 3", "KM 12+500", "9999000011112222",
    "@akun_warga", "rapat di kantor dinas.", "Warga mengeluh. Lampu mati.", "Ani anak tetangga", "Jalan Aminahan",
]  # fmt: skip


@pytest.mark.parametrize("shape", [*PHONES, *CARDS, *ADDRESSES, *OWN])
@pytest.mark.parametrize("around", ["{}", "Hubungi {}, terima kasih.", "({})", "HP: {}.", "kontak \u201c{}\u201d ya"])
def test_what_tells_of_a_person_is_hidden(shape: str, around: str) -> None:
    shown = masked(around.format(shape), SITI)
    assert HIDDEN in shown
    left = shown.replace(HIDDEN, "")
    assert not any(char.isdigit() for char in left)
    assert sum(char.isalpha() for char in left) == sum(char.isalpha() for char in around.format(""))


@pytest.mark.parametrize("shape", ORDINARY)
@pytest.mark.parametrize("around", ["{}", "Ada {}, di sini.", "({})"])
def test_ordinary_numbers_and_words_are_left(shape: str, around: str) -> None:
    assert masked(around.format(shape), SITI) == around.format(shape)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("HP.0812-3456-7890", f"HP.{HIDDEN}"),
        ("No.081234567890 atau telp0812345678", f"No.{HIDDEN} atau telp{HIDDEN}"),
        ("https://wa.me/6591234567", f"https://{HIDDEN}"),
        ("08123456789 / 08129876543", f"{HIDDEN} / {HIDDEN}"),
        ("0812 3456 7890 0813 9876 5432", f"{HIDDEN} {HIDDEN}"),
        ("17-08-2025 0812 3456 7890 17-08-2025", f"17-08-2025 {HIDDEN} 17-08-2025"),
        ("0812 3456 7890 2 orang", f"{HIDDEN} 2 orang"),
        ("RW 03/02 0812-3456-7890", f"RW 03/02 {HIDDEN}"),
        ("1. 0812345678\n2. 0813456789", f"1. {HIDDEN}\n2. {HIDDEN}"),
        ("NIK2171014101900001KK2171010112090003", f"NIK{HIDDEN}KK{HIDDEN}"),
        ("NIK 2171 0141 0190 0001 HP 0812 3456 7890", f"NIK {HIDDEN} HP {HIDDEN}"),
        ("tulis ke budi.s+a@kantor.go.id. Terima kasih", f"tulis ke {HIDDEN}. Terima kasih"),
        ("Rp 5.000 hub 0812.345.678", f"Rp 5.000 hub {HIDDEN}"),
        ("Pak Ani dan anak Ani", f"Pak {HIDDEN} dan anak Ani"),
        ("Aminahnya di Jalan Aminahan", f"{HIDDEN}nya di Jalan Aminahan"),
        (f"sudah {HIDDEN} 0812 3456 7890", f"sudah {HIDDEN} {HIDDEN}"),
    ],
)
def test_what_stands_around_is_left_as_it_was(text: str, shown: str) -> None:
    assert masked(text, SITI) == shown


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Budi", "Saya Budi, di Jalan Budiman", f"Saya {HIDDEN}, di Jalan Budiman"),
        ("Ali", "ALI dan Aliansi", f"{HIDDEN} dan Aliansi"),
        ("Al", "Saya Al, jalan alun-alun, al hasil", f"Saya {HIDDEN}, jalan alun-alun, al hasil"),
        ("Warga Jalan Merpati", "Warga di jalan itu, Merpati", f"Warga di jalan itu, {HIDDEN}"),
        ("Hamba Allah", "Ya Allah, hamba mohon", "Ya Allah, hamba mohon"),
        ("Pelapor", "Pelapor mengeluh", "Pelapor mengeluh"),
        ("H. Muhammad Nur, S.H.", "pak Nur dan MUHAMMAD NUR", f"pak {HIDDEN} dan {HIDDEN}"),
        ("", "Lampu mati", "Lampu mati"),
        ("[]()*+", "Lampu mati (dua)", "Lampu mati (dua)"),
        ("Disembunyikan", f"{HIDDEN} ya", f"{HIDDEN} ya"),
    ],
)
def test_a_name_is_hidden_in_any_case_without_eating_up_other_words(name: str, text: str, shown: str) -> None:
    assert masked(text, Reporter(name=name)) == shown


def test_what_an_event_holds_is_masked_wherever_it_stands() -> None:
    words = {
        "text": "Siti",
        "place": {"text": "HP 081234567890", "latitude": 0.5},
        "tags": ["Aminah", 3],
        "reporter": {},
    }
    assert masked_words(words, SITI) == {
        "text": "Siti", "place": {"text": f"HP {HIDDEN}", "latitude": 0.5}, "tags": [HIDDEN, 3],
    } | {"text": HIDDEN}  # fmt: skip


# --- Any spelling, any text -------------------------------------------------------------------------------------------

_SEPARATORS = st.sampled_from(["", " ", "-", ".", "–", "\u00a0", "\u2009", " - ", "_"])
_SURROUNDINGS = st.text(alphabet="abc XYZ,.!?:;()\n\u00e9漢", max_size=20)
_ANYTHING = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0812 +-.@atod[]()/\u200b")), max_size=120)
_DIGIT_STYLES = ["0123456789", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]


@st.composite
def spelled_number(draw: st.DrawFn) -> str:
    """Return a mobile number in some spelling of it."""
    digits = "8" + draw(st.sampled_from("123578")) + draw(st.text("0123456789", min_size=8, max_size=9))
    prefix = draw(st.sampled_from(["0", "62", "+62", "+62 ", "(+62) ", "0062", "(0)"]))
    separator, size = draw(_SEPARATORS), draw(st.integers(2, 4))
    rest = [digits[3 + at : 3 + at + size] for at in range(0, len(digits) - 3, size)]
    return _styled(draw, prefix + separator.join([digits[:3], *rest]))


@st.composite
def spelled_card(draw: st.DrawFn) -> str:
    """Return an identity number in some spelling of it."""
    day = draw(st.integers(1, 31)) + draw(st.sampled_from([0, 40]))
    region = f"{draw(st.integers(11, 94))}{draw(st.integers(1, 99)):02}{draw(st.integers(1, 99)):02}"
    date = f"{day:02}{draw(st.integers(1, 12)):02}{draw(st.integers(0, 99)):02}"
    serial = f"{draw(st.integers(1, 9999)):04}"
    cut = draw(st.sampled_from([[region, date, serial], [region + date + serial]]))
    return _styled(draw, draw(st.sampled_from([" ", "-", ".", "–", "\u00a0"])).join(cut))


@st.composite
def spelled_address(draw: st.DrawFn) -> str:
    """Return an e-mail address in some spelling of it."""
    at = draw(st.sampled_from(["@", "＠", " @ ", "(at)", " (at) ", "[at]", " [at] ", " at "]))
    dot = draw(st.sampled_from([".", "(dot)", " [dot] ", " dot "]))
    local = draw(st.from_regex(r"\A[a-z][a-z0-9._-]{2,10}[a-z]\Z"))
    return f"{local}{at}contoh{dot}example"


@st.composite
def spelled_name(draw: st.DrawFn) -> str:
    """Return the reporter's name in some spelling of it."""
    parts = draw(st.permutations(["Kuncoro", "Wirasasmita", "Al"]))
    name = draw(st.sampled_from([" ", "  ", ".", "-", "_", "\u00a0"])).join(parts)
    return draw(st.sampled_from([name, name.upper(), name.lower()]))


def _styled(draw: st.DrawFn, text: str) -> str:
    style = draw(st.sampled_from(_DIGIT_STYLES))
    return "".join(style["0123456789".index(char)] if char in "0123456789" else char for char in text)


KUNCORO = Reporter(name="Kuncoro Al Wirasasmita", phone="0811 7654 3210", email="kuncoro@contoh.example")


@given(_SURROUNDINGS, st.one_of(spelled_number(), spelled_card()), _SURROUNDINGS)
def test_no_planted_number_survives(before: str, number: str, after: str) -> None:
    assert not any(char.isdigit() for char in masked(f"{before} {number} {after}", None))


@given(_SURROUNDINGS, spelled_address(), _SURROUNDINGS)
def test_no_planted_address_survives(before: str, address: str, after: str) -> None:
    assert "contoh" not in masked(f"{before} {address} {after}", None)


@given(_SURROUNDINGS, spelled_name(), _SURROUNDINGS)
def test_no_planted_name_survives(before: str, name: str, after: str) -> None:
    shown = masked(f"{before} {name} {after}", KUNCORO).lower()
    assert "kuncoro" not in shown
    assert "wirasasmita" not in shown


@given(_ANYTHING, st.sampled_from([None, KUNCORO, SITI, Reporter(name="Disembunyikan ")]))
@example(f"0812{HIDDEN}34567890", KUNCORO)
@example("0812 3456 7890 0812 3456 7890", None)
def test_masking_again_changes_nothing(text: str, reporter: Reporter | None) -> None:
    once = masked(text, reporter)
    assert masked(once, reporter) == once


@pytest.mark.parametrize(
    "piece",
    ["0812 ", "8", "+62 ", "a@", "a at ", "a.", "0 8 ", "siti ", "0811 ", "[at]", "1.234.", "0771 2123 ", " ", "(at)",
     "+1", "\u00a0\u00ad", "ﷺ", "0771", "+6591234567", "811 222 333 ", "a dot ", "o0", "siti_", HIDDEN[:-1]],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    masked("0812", SITI)  # what is loaded at first use
    began = time.process_time()
    masked((piece * 10_000)[:10_000], SITI)
    assert time.process_time() - began < 1
