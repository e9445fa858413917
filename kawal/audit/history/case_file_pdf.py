"""The printed case file: a PDF in A4, in the reader's language. Any text that people wrote can be printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout

from kawal.audit.history.case_file import ActRow, CaseFile
from kawal.audit.history.case_file_messages import said
from kawal.audit.history.chronicle import ChronicleAct, ChronicleEntry, ChronicleEvent, Person
from kawal.audit.history.chronicle_acts import interleaved
from kawal.data import font
from kawal.domain.labels import CHANNELS, EVENTS, FACTS, ROLES, STATUSES
from kawal.wording.catalogues import Lang
from kawal.wording.dates import show_instant
from kawal.wording.labels import facts_in_words, label, left_out_in_words, pairs_in_words

_FONT = "dejavu"
_INK = (33, 37, 41)
_FAINT = (108, 117, 125)
_BRAND = (20, 83, 116)
_BAND = (234, 241, 246)
_LINE = (205, 217, 226)
_ALARM = (160, 30, 30)
_MISSING = "□"
_WIDTH = 180
"""Millimetres between the margins of an A4 page."""


def as_pdf(case: CaseFile, lang: Lang) -> bytes:
    """Return the case file as PDF; long histories take a moment of processor time, so run it in a thread."""
    page = _Page(case, lang)
    page.head()
    page.report()
    page.course()
    page.deadlines()
    page.letters()
    page.entries("refused", case.chronicle.refused)
    page.entries("readings", case.chronicle.readings)
    page.chain()
    page.engine()
    return bytes(page.pdf.output())


class _Column(NamedTuple):
    key: str
    width: int
    """The column's width, as a share of the sum of all columns' widths."""


class _Paper(FPDF):
    """An A4 document with a footer on each page that names the complaint."""

    def __init__(self, foot: str, lang: Lang) -> None:
        super().__init__(format="A4")
        self._foot, self._lang = foot, lang
        for style, name in (("", "DejaVuSansCondensed.ttf"), ("B", "DejaVuSansCondensed-Bold.ttf")):
            self.add_font(_FONT, style, str(font(name)))
        self.set_margins(15, 16, 15)
        self.set_auto_page_break(auto=True, margin=18)

    def footer(self) -> None:
        """Print the footer of a page (called by the library)."""
        self.set_y(-13)
        self.set_font(_FONT, size=7.5)
        self.set_text_color(*_FAINT)
        self.cell(_WIDTH / 2, 5, self._foot)
        page = said("page", self._lang, n=self.page_no(), all="{nb}")
        self.cell(_WIDTH / 2, 5, page, align="R")


class _Page:
    """Writes the parts of a case file one below another."""

    def __init__(self, case: CaseFile, lang: Lang) -> None:
        self._case, self._chronicle, self._lang = case, case.chronicle, lang
        self._glyphs: frozenset[int] = frozenset()
        self._lacks = False
        number = said("complaint", lang, id=case.chronicle.tracking_id)
        self.pdf = _Paper(f"Kawal · {number} · {show_instant(case.made_at, lang)}", lang)
        self.pdf.set_title(f"{said('title', lang)} {case.chronicle.tracking_id}")
        self.pdf.set_lang(lang)
        self.pdf.set_creation_date(case.made_at)
        self._glyphs = frozenset(self.pdf.fonts[_FONT].cmap)  # type: ignore[union-attr]
        self.pdf.add_page()

    # --- Parts -------------------------------------------------------------------------------------------------------

    def head(self) -> None:
        """Print the title, which complaint it is, and who made the file for which purpose."""
        pdf, chronicle, case = self.pdf, self._chronicle, self._case
        pdf.set_fill_color(*_BRAND)
        pdf.set_text_color(255, 255, 255)
        pdf.set_font(_FONT, "B", 17)
        pdf.cell(_WIDTH, 11, "  " + self._said("title"), fill=True, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font(_FONT, size=11)
        line = f"  {self._said('complaint', id=chronicle.tracking_id)} · {chronicle.instansi}"
        pdf.cell(_WIDTH, 8, line, fill=True, new_x="LMARGIN", new_y="NEXT")
        pdf.set_fill_color(255, 255, 255)
        pdf.ln(4)
        self._pairs(
            [
                (self._said("status"), label(STATUSES, chronicle.status, self._lang)),
                (self._said("received"), self._at(chronicle.received_at)),
                (self._said("anonim"), self._yes(chronicle.anonim)),
                (self._said("rahasia"), self._yes(chronicle.rahasia)),
                (self._said("supporters"), str(chronicle.supporters)),
                (self._said("identity"), self._said("shown" if chronicle.with_identity else "withheld")),
                (self._said("made"), self._at(case.made_at)),
                (self._said("made_by"), self._who(case.made_by)),
                (self._said("purpose"), case.purpose),
            ]
        )
        if chronicle.erased is not None:
            erased = chronicle.erased
            text = self._said("erased", at=self._at(erased.at), by=erased.by, ground=erased.ground)
            self._paragraph(text, color=_ALARM)

    def report(self) -> None:
        """Print what the reporter wrote, and who the reporter is where that is shown."""
        first = self._chronicle.events[0]
        words = first.words or {}
        if not words:
            return
        self._heading("report")
        reporter = words.get("reporter") or {}
        told = [("title", words.get("title")), ("place", pairs_in_words(words.get("place") or {}, self._lang))]
        told += [(name, reporter.get(name)) for name in ("name", "email", "phone", "origin")]
        self._pairs([(label(FACTS, name, self._lang), str(value)) for name, value in told if value])
        self._paragraph(str(words.get("text") or ""))

    def course(self) -> None:
        """Print every event, and among them each act beside the process, with what people wrote below it."""
        self._heading("course")
        rows = [
            self._act(one) if isinstance(one, ChronicleAct) else self._event(one)
            for one in interleaved(self._chronicle.events, self._chronicle.acts)
        ]
        self._table([_Column("number", 5), _Column("when", 17), _Column("event", 40), _Column("by", 22)], rows)

    def deadlines(self) -> None:
        """Print each deadline that was set, moved or ended, with its rule and source."""
        rows = [
            [f"{event.seq}", label(EVENTS, event.kind, self._lang), change.said]
            for event in self._chronicle.events
            for change in event.deadlines
        ]
        if rows:
            self._heading("deadlines")
            self._table([_Column("number", 5), _Column("event", 20), _Column("deadline", 59)], rows)

    def letters(self) -> None:
        """Print when each letter came, its size and hash, and what of it was left out, but not its content."""
        rows = [
            [
                str(one.number),
                self._at(one.received_at),
                label(CHANNELS, one.channel, self._lang),
                str(one.size),
                "\n".join([*(left_out_in_words(part, self._lang) for part in one.left_out), one.sha256]),
            ]
            for one in self._case.letters
        ]
        if rows:
            self._heading("letters")
            self._paragraph(self._said("letters_note"))
            columns = [("number", 6), ("when", 17), ("channel", 12), ("bytes", 10), ("left_out", 39)]
            self._table([_Column(*one) for one in columns], rows)

    def entries(self, heading: str, entries: list[ChronicleEntry]) -> None:
        """Print refusals, or readings and other acts."""
        self._heading(heading)
        if not entries:
            self._paragraph(self._said("none"))
            return
        rows = [
            [str(one.n), self._at(one.at), self._who(one.by), self._below(one.said, one.words or {})] for one in entries
        ]
        self._table([_Column("number", 7), _Column("when", 17), _Column("by", 24), _Column("what", 36)], rows)

    def chain(self) -> None:
        """Print each event's hash, how far the events are sealed, and the hashes of the acts beside the process."""
        self._heading("chain")
        self._paragraph(self._said("chain_note"))
        self._paragraph(self._sealing(), color=_ALARM if self._case.sealing == "differs" else _INK)
        columns = [_Column("number", 8), _Column("hash", 76)]
        self._table(columns, [[str(n), one.hash] for n, one in enumerate(self._case.rows, 1)])
        if self._case.act_rows:
            self._paragraph(self._said("acts_note"))
            self._table(columns, [[one.row[0][1], self._act_hash(one)] for one in self._case.act_rows])

    def engine(self) -> None:
        """Print every workflow event, run by run."""
        self._heading("engine")
        self._paragraph(self._said("engine_note"))
        brought: dict[tuple[str, int], list[str]] = defaultdict(list)
        for event in self._chronicle.events:
            for one in event.brought_about_by:
                brought[one.run_id, one.event_id].append(str(event.seq))
        for run in self._chronicle.runs:
            self._paragraph(self._said("run", run=run.run_id), bold=True)
            if run.history != "whole":
                self._paragraph(self._said(run.history))
                continue
            rows = [
                [str(one.event_id), self._at(one.at), one.said, ", ".join(brought[run.run_id, one.event_id])]
                for one in run.events
            ]
            self._table([_Column("number", 6), _Column("when", 18), _Column("what", 50), _Column("event", 10)], rows)
        if self._lacks:
            self._paragraph(self._said("glyphs"), color=_FAINT)

    # --- Cells -------------------------------------------------------------------------------------------------------

    def _event(self, event: ChronicleEvent) -> list[str]:
        at = self._at(event.at)
        if (event.recorded_at - event.at).total_seconds() >= 60:
            at += "\n" + self._said("recorded", at=self._at(event.recorded_at))
        what = f"{label(EVENTS, event.kind, self._lang)} → {label(STATUSES, event.status, self._lang)}"
        facts = facts_in_words(event.facts, self._lang, event.absent)
        if facts:
            what += f"\n{facts}"
        # The report itself is printed above.
        words = {} if event.seq == 1 else event.words or {}
        return [str(event.seq), at, self._below(what, words), self._who(event.by)]

    def _act(self, act: ChronicleAct) -> list[str]:
        what = self._below(self._said("beside", number=act.n, said=act.said), act.words)
        return ["–", self._at(act.at), what, self._who(act.by)]

    def _act_hash(self, row: ActRow) -> str:
        return row.hash if row.leaf is not None else f"{row.hash} ({self._said('act_not_sealed')})"

    def _below(self, text: str, words: dict[str, Any]) -> str:
        said_ = pairs_in_words(words, self._lang)
        return f"{text}\n“{said_}”" if said_ else text

    def _sealing(self) -> str:
        proof = self._case.receipt
        if proof is None:
            return self._said(self._case.sealing)
        return self._said("sealed", size=proof["head"].get("size", ""), at=proof["head"].get("at", ""))

    def _who(self, person: Person) -> str:
        role = label(ROLES, person.role, self._lang) + (f" {person.opd}" if person.opd else "")
        return f"{role}\n{person.name or person.account[:12]}"

    def _yes(self, flag: bool) -> str:
        return self._said("yes" if flag else "no")

    def _at(self, at: Any) -> str:
        return show_instant(at, self._lang)

    def _said(self, key: str, **details: object) -> str:
        return said(key, self._lang, **details)

    # --- Font --------------------------------------------------------------------------------------------------------

    def _heading(self, key: str) -> None:
        pdf = self.pdf
        pdf.ln(3)
        if pdf.will_page_break(30):
            pdf.add_page()
        pdf.set_font(_FONT, "B", 12)
        pdf.set_text_color(*_BRAND)
        pdf.cell(_WIDTH, 7, self._said(key), new_x="LMARGIN", new_y="NEXT")
        pdf.set_draw_color(*_BRAND)
        pdf.set_line_width(0.4)
        pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + _WIDTH, pdf.get_y())
        pdf.ln(2)

    def _paragraph(self, text: str, *, bold: bool = False, color: tuple[int, int, int] = _INK) -> None:
        self.pdf.set_font(_FONT, "B" if bold else "", 9)
        self.pdf.set_text_color(*color)
        self.pdf.multi_cell(_WIDTH, 4.6, self._printable(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self.pdf.ln(1.5)

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        pdf = self.pdf
        for name, value in pairs:
            pdf.set_font(_FONT, size=9)
            pdf.set_text_color(*_FAINT)
            pdf.cell(38, 4.8, self._printable(name))
            pdf.set_text_color(*_INK)
            text = self._printable(value.replace("\n", " · "))
            pdf.multi_cell(_WIDTH - 38, 4.8, text, new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(1.5)

    def _table(self, columns: Sequence[_Column], rows: Iterable[Sequence[str]]) -> None:
        pdf = self.pdf
        pdf.set_font(_FONT, size=8)
        pdf.set_text_color(*_INK)
        pdf.set_draw_color(*_LINE)
        pdf.set_line_width(0.2)
        with pdf.table(
            width=_WIDTH,
            col_widths=tuple(column.width for column in columns),
            headings_style=FontFace(emphasis="BOLD", color=_BRAND, fill_color=_BAND),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=4.2,
            padding=(0.8, 1.2),
            text_align="LEFT",
            v_align="TOP",
        ) as table:
            table.row([self._said(column.key) for column in columns])
            for cells in rows:
                table.row([self._printable(cell) for cell in cells])
        pdf.ln(2)

    def _printable(self, text: str) -> str:
        """Return a text that the font can print: missing characters become boxes, control characters are dropped."""
        shown = []
        for char in text.replace("\r\n", "\n").expandtabs(4):
            if char == "\n" or (ord(char) in self._glyphs and char.isprintable()):
                shown.append(char)
            elif char.isprintable() or ord(char) > 0xFFFF:
                shown.append(_MISSING)
                self._lacks = True
        return "".join(shown)
