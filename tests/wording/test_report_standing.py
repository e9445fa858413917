"""The first sentences of a report's own page: where it is, who owes what by when, and what happens if nobody acts."""

from __future__ import annotations

import re

from hypothesis import given

from kawal.domain.calendar import local_day
from kawal.domain.names import FINAL, Status
from kawal.domain.process.timers import reason_without_deadline
from kawal.wording.catalogues import LANGS, say
from kawal.wording.report_standing import YOU, Standing, standing
from tests.domain.lives import ADMIN, AGENCY, INSPECTORATE, REPORTER, Life, examples, liaison
from tests.domain.test_properties import begins, steps, walk

NAMES = {AGENCY: "Diskominfo", "A": "Dinas PUPR", "B": "Dinas Perhubungan", "C": "Dinas Kesehatan"}


def lead(life: Life, main: Life | None = None) -> str:
    return " ".join(say("id", one) for one in standing(life.state, NAMES, None if main is None else main.state).lead)


def more(life: Life) -> str:
    return " ".join(say("id", one) for one in standing(life.state, NAMES).more)


def test_a_new_report_is_with_the_admin_until_the_third_working_day_and_then_goes_to_the_inspectorate() -> None:
    assert lead(Life()) == (
        "Laporan Anda ada pada admin pengaduan Diskominfo. Laporan diperiksa dan diteruskan paling lambat Kamis, "
        "10 Maret 2022. Bila terlewat, laporan naik ke Inspektorat."
    )


def test_a_forwarded_report_names_the_office_its_first_follow_up_and_the_inspectorate() -> None:
    assert lead(Life().forwarded("A")) == (
        "Laporan Anda ada pada Dinas PUPR. Tindak lanjut pertama paling lambat Senin, 14 Maret 2022. Bila terlewat, "
        "laporan naik ke Inspektorat."
    )


def test_a_late_report_names_the_rung_reached_and_the_next_with_its_day() -> None:
    life = Life().forwarded("A").past_the_end_of("2022-03-14")
    assert lead(life) == (
        "Laporan Anda ada pada Dinas PUPR. Tindak lanjut pertama seharusnya paling lambat Senin, 14 Maret 2022: "
        "terlambat. Bila tidak ada tindakan sampai Kamis, 17 Maret 2022, laporan naik ke Sekretaris Daerah."
    )
    assert "Inspektorat sudah diberi tahu." in more(life)
    assert "Rabu, 23 Maret 2022, laporan naik ke Gubernur" in lead(life.past_the_end_of("2022-03-17"))
    assert "Ombudsman" in lead(life.past_the_end_of("2022-04-20"))


def test_a_hold_asks_for_what_is_missing_and_says_that_the_report_is_archived_without_it() -> None:
    life = Life().do("hold", ADMIN, missing="Di mana?")
    assert lead(life) == (
        "Laporan Anda menunggu Anda: ada yang kurang. Kirimlah yang kurang paling lambat Senin, 21 Maret 2022. "
        "Tanpa itu laporan diarsipkan."
    )


def test_a_question_says_whether_silence_closes_the_report() -> None:
    life = Life().forwarded("A").do("ask", liaison("A"), question="Jalan mana?")
    assert "laporan dilanjutkan dengan yang sudah diketahui" in lead(life)
    followed = Life().forwarded("A").follow_up("A").do("ask", liaison("A"), question="Jalan mana?")
    assert "laporan ditutup sebagai selesai" in lead(followed)


def test_a_finished_report_is_the_reporters_turn() -> None:
    found = standing(Life().finished("A").state, NAMES)
    assert found.owing == [YOU]
    assert "terima atau sanggah" in " ".join(say("id", one) for one in found.lead)


def test_an_instruction_names_its_addressee_its_day_and_the_rung_above_those_it_stopped() -> None:
    life = Life().forwarded("A").past_the_end_of("2022-03-14")
    life.do("instruct", INSPECTORATE, to="A", text="Segera", by="2022-03-21")
    assert "Inspektorat memerintahkan Dinas PUPR bertindak paling lambat Senin, 21 Maret 2022." in lead(life)
    assert "laporan naik ke Sekretaris Daerah" in lead(life)


def test_a_report_taken_over_is_with_the_inspectorate() -> None:
    life = Life().forwarded("A").past_the_end_of("2022-03-14").do("take_over", INSPECTORATE)
    assert lead(life).startswith("Laporan Anda ada pada Inspektorat.")
    assert "laporan naik ke Sekretaris Daerah" in lead(life)


def test_a_report_that_is_done_says_until_when_it_can_be_rated() -> None:
    assert "Sampai Rabu, 6 April 2022 Anda masih dapat" in lead(Life().closed())


def test_a_merged_report_tells_where_the_main_one_stands() -> None:
    life = Life().do("merge", ADMIN, main="7654321")
    main = Life().forwarded("A")
    assert "7654321" in lead(life, main=main)
    assert "Laporan Anda ada pada Dinas PUPR." in lead(life, main=main)
    main.do("ask", liaison("A"), question="Jalan mana?")
    asked = lead(life, main=main)
    assert "Laporan itu menunggu pelapornya sendiri sampai Senin, 21 Maret 2022." in asked
    assert "Anda bertanya" not in asked
    main.do("reply", REPORTER, text="Ini").follow_up("A", final=True).do("accept", REPORTER)
    assert "memberi nilai" not in lead(life, main=main)


def test_a_deadline_in_a_year_without_a_calendar_is_marked_and_the_mark_explained() -> None:
    life = Life("2026-12-28 09:00").forwarded("A")
    assert "(sementara)" in lead(life)
    assert "hari libur tahun itu" in more(life)


@examples(60)
@given(begins, steps)
def test_every_open_complaint_names_who_owes_and_by_when(at: str, script: list[tuple[int, int, int]]) -> None:
    for life, command in walk(at, script):
        found = standing(life.state, NAMES)
        if life.state.status in FINAL:
            assert found.owing == []
        else:
            assert found.owing, command
            assert found.until is not None, command
            late = life.state.breached_and_owed() or reason_without_deadline(life.state)
            assert late or found.until >= local_day(life.now), command
        for lang in LANGS:
            assert all(say(lang, one) for one in [*found.lead, *found.more])


@examples(30)
@given(begins, steps)
def test_the_sentences_are_short(at: str, script: list[tuple[int, int, int]]) -> None:
    for life, _ in walk(at, script):
        for lang in LANGS:
            found = standing(life.state, NAMES)
            sentences = [say(lang, one) for one in [*found.lead, *found.more]]
            words = [len(re.findall(r"\w+", one)) for one in sentences]
            assert sum(words) / len(words) <= 15, sentences


def test_what_is_final_owes_nothing_in_every_final_status() -> None:
    archived = Life().do("archive", ADMIN, reason="ganda")
    passed_on = Life().do("pass_on", ADMIN, agency="Kementerian")
    assert archived.status is Status.DIARSIPKAN
    assert passed_on.status is Status.BUKAN_WEWENANG
    for life in (archived, passed_on, Life().closed()):
        assert standing(life.state, NAMES) == Standing(standing(life.state, NAMES).lead, [], [], None)


def test_a_reply_ends_the_reporters_turn() -> None:
    life = Life().do("hold", ADMIN, missing="Di mana?").do("reply", REPORTER, text="Di pasar")
    assert standing(life.state, NAMES).owing != [YOU]
