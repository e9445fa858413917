"""Number, code and link as reporters get them: whole in every channel, in no more than two segments by SMS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.base.settings import Settings
from kawal.domain.message_rules import fits_sms, is_gsm
from kawal.domain.notices import Recipient
from kawal.intake.messages.conversation import _ANONIM, _DOUBTFUL, _IN_PARTS, _NOT_FETCHED, _RAHASIA
from kawal.wording.letters import Envelope, Letter, in_envelope
from kawal.wording.links import (
    HiddenParts,
    _that_fit,
    in_letter,
    in_message,
    report_access,
    report_link,
    slip,
    without_access,
)

URL = "https://lapor.kepriprov.go.id"
ACCESS = report_access(URL, "1234567", "7KX2M9QD4T")
LINK = f"{URL}/l/1234567/7KX2M9QD4T"
UNKNOWN = report_access(None, "1234567", "7KX2M9QD4T")
LONGEST = report_access(f"https://{'x' * 52}", "123456789", "7KX2M9QD4T")
LANGS = ("id", "en")
HIDDEN = (
    HiddenParts(anonim=False, rahasia=False, told=[]),
    HiddenParts(anonim=True, rahasia=False, told=[_ANONIM]),
    HiddenParts(anonim=True, rahasia=False, told=[_DOUBTFUL]),
    HiddenParts(anonim=True, rahasia=True, told=[_ANONIM, _RAHASIA]),
)


def test_a_link_is_the_public_address_the_number_and_the_code() -> None:
    assert report_link(URL, "1234567", "7KX2M9QD4T") == ACCESS.link == LINK
    assert UNKNOWN.link is None


@pytest.mark.parametrize("lang", LANGS)
def test_a_letter_names_number_and_code_and_the_link_on_a_line_of_its_own_only_if_it_is_known(lang: str) -> None:
    with_link, without = in_letter(ACCESS, lang), in_letter(UNKNOWN, lang)
    assert with_link.splitlines()[0].endswith(f" {LINK}")
    assert "http" not in without
    for said in (with_link, without):
        assert "1234567" in said
        assert "7KX2M9QD4T" in said


@pytest.mark.parametrize("to", [one for one in Recipient if one is not Recipient.REPORTER])
def test_no_letter_to_an_official_can_have_a_reporters_code(to: Recipient) -> None:
    with pytest.raises(ValueError, match="only a reporter"):
        in_envelope(Letter("s", "t"), Envelope(to, "Dinas", "Kepri", answered=False, access=ACCESS), "id")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("access", [ACCESS, UNKNOWN, LONGEST], ids=["link", "no link", "longest"])
@pytest.mark.parametrize("hidden_parts", HIDDEN, ids=["open", "anonim", "doubtful", "rahasia"])
def test_the_answer_by_sms_has_at_most_two_segments_and_number_code_hiding_and_judging(
    lang: str, access: tuple[str, str, str | None], hidden_parts: HiddenParts
) -> None:
    opened = type(ACCESS)(*access)
    said = in_message(opened, hidden_parts, [_IN_PARTS, _NOT_FETCHED], lang, sms=True)
    assert is_gsm(said)
    assert fits_sms(said)
    assert opened.tracking_id in said
    assert (opened.link or opened.secret) in said
    assert "TERIMA" in said
    assert "SANGGAH" in said


@pytest.mark.parametrize("lang", LANGS)
def test_only_words_that_still_do_something_are_offered(lang: str) -> None:
    offered = [in_message(ACCESS, hidden_parts, [], lang, sms=False) for hidden_parts in HIDDEN]
    assert [("ANONIMKAN" in said, "RAHASIAKAN" in said) for said in offered] == [
        (True, True),
        (False, True),
        (False, True),
        (False, False),
    ]


def test_without_a_limit_everything_is_said() -> None:
    said = in_message(LONGEST, HIDDEN[2], [_IN_PARTS, _NOT_FETCHED], "en", sms=False)
    for one in (_DOUBTFUL, _IN_PARTS, _NOT_FETCHED):
        assert one.one in said


@given(parts=st.lists(st.text(max_size=200), min_size=1, max_size=6))
def test_what_fits_is_a_selection_in_order_that_begins_with_the_first_part(parts: list[str]) -> None:
    taken = _that_fit(parts)
    assert taken[0] == parts[0]
    rest = iter(parts[1:])
    assert all(one in rest for one in taken[1:])
    if len(taken) > 1:
        assert all(map(is_gsm, taken[1:]))
        assert fits_sms(" ".join(taken))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("access", [ACCESS, UNKNOWN], ids=["link", "no link"])
def test_the_slip_prints_anywhere_and_has_all_that_opens_the_report(
    lang: str, access: tuple[str, str, str | None]
) -> None:
    opened = type(ACCESS)(*access)
    printed = slip(opened, "Pemerintah Provinsi Kepulauan Riau", "29 November 2026 08.00 WIB", lang)
    assert printed.isascii()
    assert opened.tracking_id in printed
    assert opened.secret in printed
    assert (LINK in printed) is (opened.link is not None)
    assert max(len(line) for line in printed.splitlines()) <= 100


@pytest.mark.parametrize(
    "quoted",
    [
        f"Sudah saya cek.\n> {LINK}",
        "kode akses 7KX2M9QD4T.",
        "KODE 7kx2m9qd4t",
        "<http://lain.example/l/1234567/0000000000>",
        f"<{LINK}>; nomor 1234567",
    ],
)
def test_what_a_reporter_writes_loses_the_code_and_keeps_the_rest(quoted: str) -> None:
    left = without_access(quoted, ACCESS)
    assert "7KX2M9QD4T" not in left.upper()
    assert "0000000000" not in left
    assert left.split()[0][:4] == quoted.split()[0][:4] or "…/l/1234567/…" in left


def test_ordinary_words_and_other_numbers_are_left_alone() -> None:
    said = "Lubang di Jl. Merdeka 7, lihat https://peta.example/l/1234567 dan laporan 1234567; A7KX2M9QD4TB"
    assert without_access(said, ACCESS) == said


@pytest.mark.parametrize(
    "address", ["https://lapor.example.org", "http://localhost:8480", "https://[2001:db8::1]:8443", "https://a.b/"]
)
def test_a_public_address_is_an_origin(address: str) -> None:
    assert Settings.from_env({"KAWAL_PUBLIC_URL": address}).public_url == address.removesuffix("/")


@pytest.mark.parametrize(
    "address",
    [
        "lapor.example.org",
        "ftp://lapor.example.org",
        "https://lapor.example.org/kawal",
        "https://lapor.example.org?x=1",
        "https://a@lapor.example.org",
        "https://",
        "https://lapor_.example.org",
        f"https://{'x' * 90}",
    ],
)
def test_anything_else_is_refused_by_name(address: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        Settings.from_env({"KAWAL_PUBLIC_URL": address})
