"""Turns one row, through the mapping, into the report that it would start, or into the list of its faults."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Mapping as Look
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar, cast

from pydantic import ValidationError

from kawal.domain.calendar import local_day
from kawal.domain.messages import Past, Place, Report, Reporter
from kawal.domain.msgids import Sayable, Sentence, msgid, sentence
from kawal.domain.names import Channel, ReportClass, Status
from kawal.domain.policy import Rules
from kawal.domain.process.imported_history import Milestones, RowFault, on_day_only, past_of
from kawal.domain.refusals import Refusal
from kawal.domain.report import check_report
from kawal.domain.validation_messages import first_fault
from kawal.intake.files.dates import BadDate, read_date, read_day
from kawal.intake.files.faults import WHOLE_ROW, Fault
from kawal.intake.files.mapping import DATES, FLAGS, Mapping
from kawal.intake.files.table import Row

_YES = frozenset({"ya", "y", "yes", "true", "1", "x", "benar", "v"})
_NO = frozenset({"", "tidak", "t", "no", "n", "false", "0", "-", "bukan"})
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_FIELD_OF = {
    "name": "reporter_name",
    "email": "reporter_email",
    "phone": "reporter_phone",
    "origin": "reporter_origin",
    "report_class": "class",
}
Word = TypeVar("Word", bound=StrEnum)


class RowNames(NamedTuple):
    """The names that a row may use, by how people may write them (casefolded): loaded once for a file."""

    instansi: str
    opds: Look[str, str]
    categories: Look[str, str]


class PlannedReport(NamedTuple):
    """The report that a row would start."""

    row: int
    report: Report
    received_at: datetime
    status: Status


class _RowRejection(Exception):  # noqa: N818 - the way out of a field to its fault
    def __init__(self, field: str, reason: Sayable) -> None:
        super().__init__(field)
        self.field, self.reason = field, reason


class Planner:
    """Reads rows; `rules_of` gives the rules of a local day of receipt, or None if there are none."""

    def __init__(
        self,
        mapping: Mapping,
        known: RowNames,
        rules_of: Callable[[date], Rules | None],
        source: str,
        now: datetime,
    ) -> None:
        """Read with this mapping; `source` identifies the file by a digest, `now` is the instant of the import."""
        self._mapping = mapping
        self._known = known
        self._rules_of = rules_of
        self._source = source
        self._now = now
        self._fills = [(name, fields) for name, fields in mapping.columns.items()]
        self._words = {
            field: {_folded(word): meant for word, meant in table.items()} for field, table in mapping.values.items()
        }
        self._dated = mapping.has("status")

    def received_on(self, row: Row) -> date | None:
        """Return the local day of receipt, to load its rules before the row is planned; None if it has none."""
        column = self._mapping.column_of("received_at")
        cell = row.cells.get(column, "")
        if not cell:
            return local_day(self._now)
        try:
            return local_day(read_date(cell, self._mapping.dates, self._mapping.timezone)[0])
        except BadDate:
            return None

    def plan(self, row: Row) -> PlannedReport | list[Fault]:
        """Return the report that the row would start, or its faults."""
        cells, faults = self._cells(row)
        values: dict[str, Any] = {}
        for field, cell in cells.items():
            try:
                values[field] = self._read(field, cell)
            except _RowRejection as wrong:
                faults.append(self._fault(row, wrong))
        if faults:
            return faults
        try:
            return self._planned(row, values)
        except _RowRejection as wrong:
            return [self._fault(row, wrong)]
        except RowFault as wrong:
            return [self._fault(row, _RowRejection(wrong.field, wrong.reason))]

    # --- Cells -------------------------------------------------------------------------------------------------------

    def _cells(self, row: Row) -> tuple[dict[str, Any], list[Fault]]:
        """Return the cells by field, with the defaults in place of empty ones."""
        cells: dict[str, Any] = dict(self._mapping.defaults)
        faults: list[Fault] = []
        for column, fields in self._fills:
            cell = row.cells.get(column, "")
            if isinstance(cell, str) and (odd := _odd(cell)):
                faults.append(Fault(row.number, column, sentence(msgid("control character {odd}"), odd=odd)))
            elif cell != "":
                cells.update(dict.fromkeys(fields, cell))
        return cells, faults

    def _read(self, field: str, cell: str | datetime) -> Any:
        if field in DATES:
            try:
                return read_date(cell, self._mapping.dates, self._mapping.timezone)
            except BadDate as error:
                raise _RowRejection(field, error.reason) from error
        if field == "occurred_on":
            try:
                return str(read_day(cell, self._mapping.dates, self._mapping.timezone))
            except BadDate as error:
                raise _RowRejection(field, error.reason) from error
        text = str(cell)
        translated = self._words.get(field, {}).get(_folded(text), text)
        if field in FLAGS:
            return _flag(field, translated)
        return READ[field](self, field, translated) if field in READ else text

    def _opd(self, field: str, text: str) -> str:
        found = self._known.opds.get(_folded(text))
        if found is None:
            raise _RowRejection(
                field,
                sentence(msgid("there is no OPD “{what}”; add it to [values.{field}]"), what=text[:60], field=field),
            )
        return found

    def _category(self, field: str, text: str) -> str:
        found = self._known.categories.get(_folded(text))
        if found is None:
            raise _RowRejection(
                field,
                sentence(
                    msgid("there is no category “{what}”; add it to [values.{field}]"), what=text[:60], field=field
                ),
            )
        return found

    def _degrees(self, field: str, text: str) -> float:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            raise _RowRejection(field, msgid("not a number")) from None

    def _rating(self, field: str, text: str) -> int:
        if text not in ("1", "2", "3", "4", "5"):
            raise _RowRejection(field, msgid("not a rating from 1 to 5"))
        return int(text)

    def _fault(self, row: Row, wrong: _RowRejection) -> Fault:
        column = wrong.field if wrong.field == WHOLE_ROW else self._mapping.column_of(wrong.field)
        return Fault(row.number, column, wrong.reason)

    # --- The row as a whole ------------------------------------------------------------------------------------------

    def _planned(self, row: Row, values: dict[str, Any]) -> PlannedReport:
        dates = _in_order({field: values.pop(field) for field in DATES if field in values})
        received_at = dates.pop("received_at", None) or self._now
        if self._dated and "received_at" not in self._seen(row):
            raise _RowRejection("received_at", msgid("the date of receipt is required"))
        if received_at > self._now:
            raise _RowRejection("received_at", msgid("the date lies in the future"))
        if self._rules_of(local_day(received_at)) is None:
            raise _RowRejection("received_at", msgid("there are no rules for a report of that day"))
        status = values.pop("status", Status.BELUM_DIVERIFIKASI)
        report = self._report(values)
        past = self._past(values, dates, received_at, status)
        own_id = values.get("external_id") or self._own_id(report, received_at)
        report = report.model_copy(update={"past": past, "external_id": own_id})
        return PlannedReport(row.number, report, received_at, status)

    def _seen(self, row: Row) -> set[str]:
        return {field for column, fields in self._fills if row.cells.get(column, "") != "" for field in fields}

    def _report(self, values: dict[str, Any]) -> Report:
        for field in ("title", "text"):
            if not values.get(field):
                raise _RowRejection(field, msgid("is required"))
        external = values.get("external_id")
        if external is not None and len(external) > 200:
            raise _RowRejection("external_id", msgid("longer than 200 characters"))
        report = Report(
            title=values["title"],
            text=values["text"],
            channel=values.get("channel", Channel.SYSTEM),
            proposed_class=values.get("proposed_class") or values.get("class"),
            category=values.get("category"),
            chosen_opd=values.get("chosen_opd"),
            anonim=values.get("anonim", False),
            rahasia=values.get("rahasia", False),
            occurred_on=values.get("occurred_on"),
            place=Place(
                text=values.get("place", ""), latitude=values.get("latitude"), longitude=values.get("longitude")
            ),
            reporter=Reporter(
                name=values.get("reporter_name"),
                email=values.get("reporter_email"),
                phone=values.get("reporter_phone"),
                origin=values.get("reporter_origin"),
            ),
        )
        try:
            return check_report(report, self._now)
        except Refusal as refusal:
            raise _of_refusal(refusal) from refusal

    def _past(
        self, values: dict[str, Any], dates: dict[str, datetime], received_at: datetime, status: Status
    ) -> Past | None:
        """Return the report's past; None for a new report of today, whose parties are notified like any other's."""
        if not self._dated and not dates and local_day(received_at) == local_day(self._now):
            return None
        try:
            told = Milestones(
                status=status,
                received_at=received_at,
                **dates,
                opd=values.get("opd"),
                title=values["title"],
                report_class=values.get("class"),
                category=values.get("category"),
                pengawasan=values.get("pengawasan", False),
                follow_up=values.get("follow_up", ""),
                final_follow_up=values.get("final_follow_up", ""),
                reason=values.get("reason", ""),
                accepted=values.get("accepted", False),
                rating=values.get("rating"),
            )
        except ValidationError as error:
            raise _RowRejection(WHOLE_ROW, first_fault(error)) from error
        return past_of(told, self._source, self._now, undated=self._mapping.undated == "latest")

    def _own_id(self, report: Report, received_at: datetime) -> str:
        """Return an id for a row without one, derived from its content, so that it is recognised again."""
        content = f"{report.title}\x00{report.text}\x00{received_at.isoformat() if self._dated else ''}"
        return f"{self._mapping.name}:{hashlib.sha256(content.encode()).hexdigest()[:32]}"


READ: dict[str, Callable[[Planner, str, str], Any]] = {
    "status": lambda _self, field, text: _one_of(Status, field, text),
    "class": lambda _self, field, text: _one_of(ReportClass, field, text),
    "proposed_class": lambda _self, field, text: _one_of(ReportClass, field, text),
    "channel": lambda _self, field, text: _one_of(Channel, field, text),
    "opd": Planner._opd,
    "chosen_opd": Planner._opd,
    "category": Planner._category,
    "latitude": Planner._degrees,
    "longitude": Planner._degrees,
    "rating": Planner._rating,
}
"""How the words of a field are read, after the mapping's table of values."""


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _odd(cell: str) -> str | None:
    """Return the first control character of a cell, in readable form; None if there is none."""
    found = _ODD.search(cell)
    return None if found is None else f"U+{ord(found[0]):04X}"


def _one_of(kind: type[Word], field: str, text: str) -> Word:
    word = _folded(text).replace(" ", "_")
    if word not in set(kind):
        raise _RowRejection(
            field,
            sentence(msgid("“{what}” is not known; add it to [values.{field}]"), what=text[:60], field=field),
        )
    return kind(word)


def _flag(field: str, text: str) -> bool:
    word = _folded(text)
    if word in _YES or word in _NO:
        return word in _YES
    raise _RowRejection(field, msgid("neither yes nor no"))


def _in_order(dates: dict[str, tuple[datetime, bool]]) -> dict[str, datetime]:
    """Return the instants; a step of which only the day is known does not come before an earlier one of that day."""
    before: datetime | None = None
    instants: dict[str, datetime] = {}
    for field in DATES:
        if field in dates:
            at, day_only = dates[field]
            instants[field] = before = on_day_only(at, before) if day_only and before is not None else at
    return instants


def _of_refusal(refusal: Refusal) -> _RowRejection:
    """Return a refusal by the rules as a fault of its field."""
    fault = refusal.sentence.places.get("detail")
    if refusal.code == "point_is_half":
        return _RowRejection("latitude", refusal.sentence)
    if refusal.code == "malformed" and isinstance(fault, Sentence) and "field" in fault.places:
        field = str(fault.places["field"])
        return _RowRejection(_FIELD_OF.get(field, field), cast("Sayable", fault.places["fault"]))
    return _RowRejection(WHOLE_ROW, refusal.sentence)
