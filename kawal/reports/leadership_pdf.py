"""The leadership's figures as a PDF in A4, to be printed and laid on a desk."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout

from kawal.data import font
from kawal.reports.leadership_render import Cell, FigureSheet, FigureSheets
from kawal.wording.catalogues import Lang
from kawal.wording.dates import show_number

_FONT = "dejavu"
_WIDTH = 180
"""Millimetres between the margins of an A4 page."""


def as_pdf(file: FigureSheets) -> bytes:
    """Return the tables as PDF; takes a moment of processor time, so run it in a thread."""
    pdf = FPDF(format="A4")
    for style, name in (("", "DejaVuSansCondensed.ttf"), ("B", "DejaVuSansCondensed-Bold.ttf")):
        pdf.add_font(_FONT, style, str(font(name)))
    pdf.set_margins(15, 16, 15)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.set_title(file.title)
    pdf.set_lang(file.lang)
    pdf.add_page()
    _line(pdf, file.title, 16, "B")
    for sheet in file.sheets:
        if sheet.rows:
            _table(pdf, sheet, file.lang)
    return bytes(pdf.output())


def _line(pdf: FPDF, text: str, size: float, style: str = "") -> None:
    pdf.set_font(_FONT, style, size)
    pdf.multi_cell(_WIDTH, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _table(pdf: FPDF, sheet: FigureSheet, lang: Lang) -> None:
    pdf.ln(4)
    if pdf.will_page_break(30):
        pdf.add_page()
    _line(pdf, sheet.title, 12, "B")
    if sheet.note:
        _line(pdf, sheet.note, 9)
    pdf.ln(1)
    pdf.set_font(_FONT, size=9)
    wide = len(sheet.headings)
    with pdf.table(
        width=_WIDTH,
        col_widths=(max(2, wide - 1), *[1] * (wide - 1)),
        headings_style=FontFace(emphasis="BOLD"),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        line_height=4.6,
        padding=(0.8, 1.2),
        text_align=("LEFT", *["RIGHT"] * (wide - 1)),
    ) as table:
        table.row(list(sheet.headings))
        for row in sheet.rows:
            table.row(_shown(row, lang))


def _shown(row: Sequence[Cell], lang: Lang) -> list[str]:
    return [show_number(cell, lang) if isinstance(cell, int | Decimal) else cell or "–" for cell in row]
