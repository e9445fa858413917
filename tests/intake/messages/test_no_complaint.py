"""Words that are no complaint, in their ordinary spellings, and complaints that contain them."""

from __future__ import annotations

import pytest

from kawal.intake.messages.no_complaint import Remark, conceals, is_bare, judges, remark_of

STOP = """
STOP | stop | Stop! | STOPP | stop stop STOP | BERHENTI | Berhenti. | UNREG | unreg sms | UNSUBSCRIBE | STOP ya
stop bos | UNREG KAWAL | Berhenti mengirim pesan | tolong berhenti kirim sms ke nomor saya | unsubscribe please
OFF
ＳＴＯＰ | Tolong berhenti kirim sms
"""
IDLE = """
ok | OK. | oke | Okee 👍 | ya | Iya | yaaa | baik | Baik pak | Terima kasih | terimakasih | TERIMA KASIH 🙏🙏
Térima kasih | makasih | Makasihh kak
thanks | Thank you | 👍 | 👍🏽 | 🙏🙏🙏 | ❤️ | ... | ??? | test | Tes.. | TESTING | halo | Hallo
haloooo | P | assalamualaikum | Assalamu'alaikum wr. wb. | Assalamu’alaikum | sipp | Siang min | selamat pagi
ok deh | siap 86 | siap ndan | ok bos | nggih pak | mksh bgt | trims atas infonya | terima kasih infonya | oh gitu
wkwkwk | hehe | sudah pak | Selamat Idul Fitri | selamat tahun baru | salam sejahtera | good night | mantap jiwa
Assalamualaikum warahmatullahi wabarakatuh | Selamat pagi pak admin | Ok siap, terima kasih banyak
"""
COMPLAINTS = """
Stop pungli di sekolah | Terima kasih, tapi lampunya masih mati | Air mati | ok jalan rusak | pungli | Banjir | 1️⃣
lampu off | stop info hoaks dari kades | belum pak | maaf, jalan rusak | saya mau lapor | gaji bulan baru
Hentikan galian di Batu 9 | 7654321 | Selamat pagi, jalan rusak | tes darah di puskesmas
"""


def spellings(table: str) -> list[str]:
    return [one.strip() for line in table.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", spellings(STOP))
def test_who_wants_silence_is_understood(text: str) -> None:
    assert remark_of(text) is Remark.STOP


@pytest.mark.parametrize("text", spellings(IDLE))
def test_thanks_greetings_tests_and_thumbs_say_nothing_of_their_own(text: str) -> None:
    assert remark_of(text) is Remark.IDLE


@pytest.mark.parametrize("text", spellings(COMPLAINTS))
def test_what_says_something_may_be_a_complaint(text: str) -> None:
    assert remark_of(text) is None


def test_a_long_message_is_never_without_meaning() -> None:
    assert remark_of("ya " * 13) is None


@pytest.mark.parametrize("text", ["TERIMA", "terima 5", "NILAI 3", "SANGGAH masih rusak", "TERIMA 4\nlampunya menyala"])
def test_the_words_by_which_reports_are_judged_are_known(text: str) -> None:
    assert judges(text)


@pytest.mark.parametrize("text", ["Terima kasih", "TERIMA 6", "nilai proyek 3 miliar", "sanggahan"])
def test_other_words_judge_nothing(text: str) -> None:
    assert not judges(text)


def test_a_word_that_hides_is_known_and_bare_without_another() -> None:
    assert conceals("RAHASIAKAN laporan saya")
    assert not conceals("rahasia")
    assert is_bare("TERIMA 5")
    assert is_bare("Anonimkan.")
    assert is_bare("ANONIMKAN saya")
    assert not is_bare("SANGGAH lampunya masih padam")
