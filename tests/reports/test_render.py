from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from kawal.domain.recap import Recap
from kawal.reports.recap import By, RecapLine, RecapTable
from kawal.reports.render import as_csv, as_json, as_text, as_xlsx, figures_of
from kawal.reports.wording import FIGURES

KEPRI = Recap(masuk=273, selesai=271, proses=2, diarsipkan=4, ratings=3, rating_sum=13, overdue=1)


def table_of(total: Recap = KEPRI, by: By | None = None, *lines: RecapLine) -> RecapTable:
    return RecapTable(instansi="KEPRI", year=2022, as_of=None, by=by, lines=list(lines), total=total)


def by_opd(name: str = "Dinas Kesehatan") -> RecapTable:
    return table_of(KEPRI, "opd", RecapLine(key="DINKES", name=name, recap=KEPRI))


def test_json_has_the_published_keys_as_numbers() -> None:
    read = json.loads(as_json(table_of()))
    assert {name: read[name] for name in ("masuk", "selesai", "proses", "belum_diverifikasi")} == {
        "masuk": 273,
        "selesai": 271,
        "proses": 2,
        "belum_diverifikasi": 0,
    }
    assert read["belum_ditindaklanjuti"] == 0
    assert read["persen_selesai"] == 99.27
    assert read["satisfaction"] == 4.33
    assert read["diarsipkan"] == 4


def test_figures_that_do_not_exist_are_null_not_zero() -> None:
    nothing = figures_of(Recap())
    assert nothing["persen_selesai"] is None
    assert nothing["satisfaction"] is None
    assert nothing["masuk"] == 0


def test_csv_reads_back_with_a_line_each_and_the_total_last() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(by_opd()))))
    assert [(row["key"], row["name"], row["masuk"], row["persen_selesai"]) for row in rows] == [
        ("DINKES", "Dinas Kesehatan", "273", "99.27"),
        ("", "Seluruhnya", "273", "99.27"),
    ]


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\ufeff=1", "\u200b+1", "＝1", "＋1", "－1", "＠A1"]
)
def test_no_csv_cell_can_be_taken_for_a_formula(evil: str) -> None:
    (row, _) = csv.DictReader(io.StringIO(as_csv(by_opd(evil))))
    assert row["name"] == f"'{evil}"


def test_xlsx_opens_again_with_numbers_as_numbers_and_the_note_above() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(by_opd()))).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "Rekapitulasi laporan masuk tahun 2022: KEPRI"
    assert "dihitung pada baris tiap-tiap OPD" in str(rows[1][0])
    assert rows[2][3:6] == ["Masuk", "Selesai", "Proses"]
    assert rows[3][:6] == ["DINKES", "Dinas Kesehatan", None, 273, 271, 2]
    assert rows[4][1:4] == ["Seluruhnya", None, 273]
    assert rows[4][3 + [figure.key for figure in FIGURES].index("persen_selesai")] == 99.27


def test_a_formula_in_a_name_stays_a_text_in_xlsx() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(by_opd("=HYPERLINK(1)\x07")))).active
    assert sheet is not None
    cell = sheet["B4"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert cell.quotePrefix


def test_sums_that_do_not_close_are_shown_in_every_format() -> None:
    broken = table_of(Recap(masuk=10, selesai=7))
    loud = "JUMLAH TIDAK COCOK (Seluruhnya): masuk 10, terhitung 7, selisih 3."
    assert loud in as_text(broken)
    assert as_text(broken).index(loud) < as_text(broken).index("Rekapitulasi laporan")
    assert json.loads(as_json(broken))["warnings"] == [loud]
    sheet = load_workbook(io.BytesIO(as_xlsx(broken))).active
    assert sheet is not None
    assert sheet["A2"].value == loud


def test_the_screen_says_as_of_when_and_that_opd_lines_overlap() -> None:
    table = by_opd().model_copy(update={"as_of": datetime(2022, 6, 30, 17, tzinfo=UTC)})
    text = as_text(table)
    assert "per 30 Juni 2022 pukul 24.00" in text
    assert "pada baris “Seluruhnya”" in text
    assert "99,27" in text


def test_english_is_spoken_on_request_and_markup_in_names_is_text() -> None:
    lines = (RecapLine(key="", name="", recap=KEPRI), RecapLine(key="[red]x[/]", name="[red]x[/]", recap=KEPRI))
    text = as_text(table_of(KEPRI + KEPRI, "category", *lines), "en")
    assert "Recap of reports received in 2022: KEPRI" in text
    assert "(no category)" in text
    assert "[red]x[/]" in text


def test_a_ranking_shows_places() -> None:
    first = RecapLine(key="KEPRI", name="Pemprov Kepri", place=1, recap=KEPRI)
    last = RecapLine(key="RIAU", name="Riau", recap=Recap())
    text = as_text(table_of(KEPRI, "instansi", first, last), "en")
    assert "Rank" in text
    assert "–" in text


def test_no_figure_is_cut_off_on_a_narrow_terminal() -> None:
    big = Recap(masuk=999_999, selesai=999_998, proses=1, ratings=1, rating_sum=5)
    text = as_text(by_opd().model_copy(update={"lines": [RecapLine(key="X", name="Dinas " * 9, recap=big)]}), width=80)
    assert "…" not in text.split("Seluruhnya")[0]
    assert " 999.999 " in text
    assert " 100,00 " in text
