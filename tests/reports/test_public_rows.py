"""The CSV of the board and of the figures: every cell harmless, every figure beside its parts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from kawal.domain.names import Publicity, Status
from kawal.domain.public_figures import Figure, Period
from kawal.domain.recap import Recap
from kawal.reports.public_figures import AreaLine, CategoryLine, OpdLine, PublicFigures, ReportSet
from kawal.reports.public_rows import BOARD_COLUMNS, FIGURE_COLUMNS, as_csv, board_rows, figure_rows
from kawal.store.public_board import BoardRow

NIGHT = datetime(2022, 3, 1, 20, 30, 0, 5, tzinfo=UTC)


def row(**given: object) -> BoardRow:
    """Return a row of the board."""
    fields = {
        "number": "1234567",
        "instansi": "KEPRI",
        "status": Status.PROSES,
        "title": "=HYPERLINK(1)",
        "beginning": "+62 lubang",
        "place": "@pasar",
        "category": "-1",
        "opds": ["=A", "Dinas B"],
        "anonim": False,
        "received_at": NIGHT,
        "first_forwarded_at": NIGHT,
        "first_follow_up_at": None,
        "completed_at": None,
        "supporters": 0,
    }
    return BoardRow.model_validate(fields | given)


def read(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV by the names in its first."""
    return list(csv.DictReader(io.StringIO(text)))


def test_no_typed_text_of_the_board_becomes_a_formula() -> None:
    (told,) = read(as_csv(board_rows([row()])))
    assert tuple(told) == BOARD_COLUMNS
    assert [told[name] for name in ("title", "beginning", "place", "category", "opds")] == [
        "'=HYPERLINK(1)", "'+62 lubang", "'@pasar", "'-1", "'=A; Dinas B",
    ]  # fmt: skip
    assert (told["received_at"], told["first_follow_up_at"]) == ("2022-03-02T03:30:00+07:00", "")


def test_of_an_anonim_report_the_board_gives_days() -> None:
    (told,) = read(as_csv(board_rows([row(anonim=True)])))
    assert (told["anonim"], told["received_at"], told["first_forwarded_at"]) == ("ya", "2022-03-02", "2022-03-02")


def test_each_figure_stands_beside_its_parts_which_add_up_and_a_category_shows_public_reports_alone() -> None:
    public = Recap(masuk=3, selesai=2, proses=1, ratings=1, rating_sum=4)
    hidden = Recap(masuk=2, selesai=2)
    both = ReportSet(by_publicity={Publicity.PUBLIC: public, Publicity.RAHASIA: hidden})
    figures = PublicFigures(
        instansi="KEPRI",
        name="Pemprov Kepri",
        period=Period.of_year(2022),
        day=date(2022, 6, 30),
        all=both,
        median_days_to_follow_up=Decimal("2.5"),
        median_days_to_completion=None,
        opds=[
            OpdLine(code="PU", name="=PU", place=1, reports=both),
            OpdLine(code="", name="", place=None, reports=both),
        ],
        categories=[CategoryLine(name="JALAN", recap=public), CategoryLine(name="", recap=public)],
        areas=[AreaLine(code="21.71.03", recap=public)],
    )
    told = read(as_csv(figure_rows(figures, areas={"21.71.03": "=Nongsa"})))
    assert tuple(told[0]) == FIGURE_COLUMNS
    assert {(one["first_month"], one["last_month"], one["as_of"]) for one in told} == {
        ("2022-01", "2022-12", "2022-06-30")
    }
    counts = [one for one in told if one["figure"] in set(Figure)]
    assert len(counts) == len(Figure) * 6
    for one in counts:
        parts = [int(one[str(kind)] or 0) for kind in Publicity]
        assert sum(parts) == int(one["value"])
        if one["of"] in ("category", "area"):
            assert [one[str(kind)] for kind in Publicity][1:] == ["", "", ""]
    by = {(one["of"], one["code"], one["figure"]): one for one in told}
    assert (by["all", "", "selesai"]["value"], by["all", "", "selesai"]["rahasia"]) == ("4", "2")
    assert by["all", "", "median_days_to_follow_up"]["value"] == "2.5"
    assert by["all", "", "median_days_to_completion"]["value"] == ""
    assert (by["opd", "PU", "masuk"]["name"], by["opd", "PU", "masuk"]["rank"]) == ("'=PU", "1")
    assert by["opd", "", "masuk"]["name"] == "(tidak pada OPD mana pun)"
    assert by["category", "JALAN", "masuk"]["value"] == "3"
    assert by["area", "21.71.03", "masuk"]["name"] == "'=Nongsa"
    assert by["category", "", "satisfaction"]["value"] == "4.00"
