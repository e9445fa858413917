"""The indicators on a screen, in a spreadsheet and for a program: the same figures, numbers as numbers, no score."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from kawal.domain.quality import QualityCount
from kawal.domain.recap import Recap
from kawal.reports.indicator_render import INDICATORS, PARTS, SOURCES, as_csv, as_json, as_text, as_xlsx
from kawal.reports.indicators import Indicator, IndicatorTable, Part, UnattendedOpd
from kawal.reports.recap import RecapTable
from kawal.reports.render import as_json as recap_json
from kawal.reports.render import as_text as recap_text
from kawal.wording.catalogues import LANGS, say

TABLE = IndicatorTable(
    instansi="KEPRI",
    year=2026,
    as_of=None,
    since=date(2026, 10, 25),
    indicators=[
        Indicator(key="sk", parts=[Part(key="decrees_in_force", count=2)]),
        Indicator(key="quality", parts=[Part(key="quality_answers", count=2, of=3)]),
        Indicator(key="plan", parts=[Part(key="plan_done", count=0, of=0)]),
        Indicator(key="recap", parts=[Part(key="satisfaction", count=3, mean=Decimal("4.33"))]),
    ],
    unattended=[
        UnattendedOpd(instansi="KEPRI", opd="DINKES", name="Dinas Kesehatan", accounts=0),
        UnattendedOpd(instansi="KEPRI", opd="PU", name="Dinas PU", accounts=2),
    ],
)


def test_json_has_each_part_with_what_it_is_of() -> None:
    read = json.loads(as_json(TABLE))
    assert read["indicators"] == {
        "sk": {"decrees_in_force": {"count": 2, "mean": None}},
        "quality": {"quality_answers": {"count": 2, "of": 3, "percent": 66.67}},
        "plan": {"plan_done": {"count": 0, "of": 0, "percent": None}},
        "recap": {"satisfaction": {"count": 3, "mean": 4.33}},
    }
    assert [one["opd"] for one in read["unattended"]] == ["DINKES", "PU"]
    assert not any("score" in key or "nilai" in key for key in read)


def test_csv_and_workbook_hold_the_same_figures_as_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(TABLE))))
    assert [(row["part"], row["value"], row["count"], row["of"]) for row in rows] == [
        ("decrees_in_force", "", "2", ""),
        ("quality_answers", "66.67", "2", "3"),
        ("plan_done", "", "0", "0"),
        ("satisfaction", "4.33", "3", ""),
    ]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    sheet = load_workbook(io.BytesIO(as_xlsx(TABLE))).active
    assert sheet is not None
    cells = [row for row in sheet.iter_rows(values_only=True) if row[1] == say("id", PARTS["quality_answers"])]
    assert cells == [("Mutu tindak lanjut", "Menjawab laporan", 66.67, 2, 3, "penilaian mutu")]


def test_the_table_says_who_lacks_a_liaison_and_that_there_is_no_score() -> None:
    shown = " ".join(as_text(TABLE).split())
    assert "66,67 %" in shown
    assert "OPD tanpa akun pejabat penghubung: DINKES." in shown
    assert "tidak aktif sejak 25 Okt 2026: PU." in shown
    everywhere = " ".join(as_text(TABLE.model_copy(update={"instansi": None})).split())
    assert "penghubung: KEPRI/DINKES." in everywhere
    assert "tanpa nilai gabungan" in shown
    assert "Assessment indicators 2026: KEPRI" in as_text(TABLE, "en")


def test_no_word_of_the_table_is_cut_in_a_terminal_of_eighty_columns() -> None:
    parts = [Part(key=key, count=271, of=273) for key in PARTS]
    whole = TABLE.model_copy(update={"indicators": [Indicator(key=key, parts=parts) for key in INDICATORS]})
    for lang in LANGS:
        shown = as_text(whole, lang, 80)
        assert "…" not in shown
        words = {word for text in PARTS.values() for word in say(lang, text).split()}
        assert {word for word in words if word not in shown} == set()


def test_every_indicator_names_its_source() -> None:
    assert set(INDICATORS) == set(SOURCES)


def test_a_recap_tells_what_reviewers_found_once_a_sample_was_drawn() -> None:
    table = RecapTable(instansi="KEPRI", year=2026, as_of=None, by=None, lines=[], total=Recap(masuk=5, selesai=5))
    assert "Mutu" not in recap_text(table)
    drawn = table.model_copy(update={"quality": QualityCount(drawn=4, reviewed=3, answers=2, partly=1, waiting=1)})
    assert "2 menjawab, 1 menjawab sebagian, 0 tidak menjawab, dari 3 yang dinilai" in " ".join(
        recap_text(drawn).split()
    )
    read = json.loads(recap_json(drawn))
    assert (read["quality"]["answers"], read["quality"]["reviewed"]) == (2, 3)
    assert len(read["notes"]) == 1
