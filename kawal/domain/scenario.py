"""A recorded year as a file of dated commands: read completely, or refused completely, before anything is run.

The format is documented in docs/scenario-format.md. A row that cannot be read raises MalformedRow, with row and column.
A row that is well-formed but that the rules will refuse is not malformed: this shows only when it is run.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from kawal.domain.calendar import FIRST_DAY, LAST_DAY
from kawal.domain.messages import Actor, Place, Report, Reporter
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from kawal.domain.report import check_report
from kawal.domain.validation_messages import first_fault

COLUMNS = ("at", "complaint", "actor", "role", "command", "arguments")
START = "start"
LABEL_LIMIT = 60
ACTOR_LIMIT = 200
LOCAL = timedelta(hours=7)

INTERNAL = frozenset({CommandName.RECOMPUTE, CommandName.ATTACH})
"""Commands that Kawal gives itself, which cannot be part of a scenario."""

_ALIASES = {"admin": Role.ADMIN}
_TRACKING_STAND_IN = "0000000"


class Format(StrEnum):
    """The file format of the rows."""

    CSV = "csv"
    JSONL = "jsonl"


class MalformedRow(ValueError):  # noqa: N818 - an ordinary answer about a row
    """A row that cannot be read; nothing of the file is run.

    `row` is the line as an editor numbers it (in CSV the header is 1), `column` one of COLUMNS or "*" for the whole
    row, `reason` says what is wrong.
    """

    def __init__(self, row: int, column: str, reason: Sayable) -> None:
        """Keep the row, the column and the reason."""
        self.row, self.column, self.reason = row, column, reason
        self.sentence = sentence(msgid("row {row}, column {column}: {reason}"), row=row, column=column, reason=reason)
        """The message with row, column and reason."""

        super().__init__(str(self.sentence))


class ScenarioRow(BaseModel):
    """A dated command of a scenario, whose arguments are known to fit the command.

    `at` is aware, in local time (+07:00). For `start` the arguments are the fields of a Report. For `merge` the
    argument `main` is the label of another complaint of the file, to be replaced by that one's tracking id.
    """

    model_config = ConfigDict(frozen=True)

    row: int
    at: datetime
    complaint: str
    actor: str
    role: Role
    opd: str | None = None
    command: str
    arguments: dict[str, Any]

    @property
    def is_start(self) -> bool:
        """Whether this row begins its complaint."""
        return self.command == START

    def as_actor(self) -> Actor:
        """Return the actor; the account is an opaque id that is the same for the same name, role and OPD."""
        person = f"{self.role}/{self.opd or ''}:{self.actor}"
        account = f"skenario-{hashlib.sha256(person.encode()).hexdigest()[:12]}"
        return Actor(role=self.role, account=account, opd=self.opd, name=self.actor)

    def as_report(self) -> Report:
        """Return the report of a `start` row."""
        return Report.model_validate(self.arguments)


def decode(content: bytes) -> str:
    """Decode a file as UTF-8, with or without a byte order mark; raises MalformedRow at the first wrong byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise MalformedRow(
            row,
            "*",
            msgid("the file is not UTF-8; save it again as UTF-8"),
        ) from error


def format_of(name: str) -> Format:
    """Return the format by a file's name: .jsonl and .ndjson are JSONL, everything else is CSV."""
    return Format.JSONL if name.lower().endswith((".jsonl", ".ndjson")) else Format.CSV


def read_rows(text: str, format: Format | str) -> list[ScenarioRow]:  # noqa: A002 - the common word for it
    """Read and check a whole scenario; raises MalformedRow for the first row that is wrong."""
    lines = _csv_cells(text) if Format(format) is Format.CSV else _json_cells(text)
    rows: list[ScenarioRow] = []
    started: set[str] = set()
    for number, cells in lines:
        row = _read(number, cells)
        _check_order(row, rows[-1] if rows else None, started)
        rows.append(row)
    if not rows:
        raise MalformedRow(1, "*", msgid("there is not a single command"))
    for row in rows:
        _check_main(row, started)
    return rows


# --- From lines to cells ---------------------------------------------------------------------------------------------


class _Cells(NamedTuple):
    texts: dict[str, str]
    arguments: object
    """Text in CSV, an object already in JSONL."""


def _csv_cells(text: str) -> Iterator[tuple[int, _Cells]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    number = 1
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if header != list(COLUMNS):
            found = ",".join(header)[:100]
            raise _bad(
                1,
                "*",
                sentence(
                    msgid("the header must be exactly {columns}, not {found}"), found=found, columns=",".join(COLUMNS)
                ),
            )
        number = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(COLUMNS):
                    what = msgid("columns found: {found}; needed: {wanted}")
                    raise _bad(number, "*", sentence(what, found=len(cells), wanted=len(COLUMNS)))
                named = dict(zip(COLUMNS, cells, strict=True))
                yield number, _Cells(named, named["arguments"])
            number = reader.line_num + 1
    except csv.Error as error:
        raise _bad(number, "*", sentence(msgid("not valid CSV ({error})"), error=error)) from error


def _json_cells(text: str) -> Iterator[tuple[int, _Cells]]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        content = _json_object(number, "*", line)
        if set(content) != set(COLUMNS):
            wrong = sorted(set(content) ^ set(COLUMNS))[0][:40]
            raise _bad(
                number,
                "*",
                sentence(
                    msgid("the keys must be exactly {columns}; look at {wrong!r}"),
                    wrong=wrong,
                    columns=",".join(COLUMNS),
                ),
            )
        for name in COLUMNS[:-1]:
            if not isinstance(content[name], str):
                raise _bad(number, name, msgid("must be a string"))
        yield number, _Cells({name: content[name] for name in COLUMNS[:-1]}, content["arguments"])


def _json_object(row: int, column: str, text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        # A decoder's own message contains nothing of the row, only what was expected and where.
        raise _bad(row, column, sentence(msgid("not valid JSON ({error})"), error=error)) from error
    return _object(row, column, content)


def _object(row: int, column: str, content: object) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise _bad(row, column, msgid("must be a JSON object {...}"))
    return content


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("the same key twice")
    return content


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


# --- From cells to a row ---------------------------------------------------------------------------------------------


def _read(number: int, cells: _Cells) -> ScenarioRow:
    texts = {name: value.strip() for name, value in cells.texts.items()}
    at = _instant(number, texts["at"])
    complaint = _name(number, "complaint", texts["complaint"], LABEL_LIMIT)
    actor = _name(number, "actor", texts["actor"], ACTOR_LIMIT)
    role, opd = _role(number, texts["role"])
    command = _command(number, texts["command"])
    given = cells.arguments
    content = _json_object(number, "arguments", given) if isinstance(given, str) else given
    arguments = _object(number, "arguments", content)
    _check_texts(number, arguments)
    if command == START:
        _check_report(number, arguments, at)
    else:
        _check_arguments(number, CommandName(command), arguments)
    return ScenarioRow(
        row=number,
        at=at,
        complaint=complaint,
        actor=actor,
        role=role,
        opd=opd,
        command=command,
        arguments=arguments,
    )


def _instant(row: int, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        what = msgid("“{text}” is not an ISO 8601 date and time, such as 2022-01-03T09:30:00+07:00")
        raise _bad(row, "at", sentence(what, text=text[:40])) from None
    if at.utcoffset() is None:
        raise _bad(row, "at", msgid("without a time zone; add +07:00"))
    if at.utcoffset() != LOCAL:
        raise _bad(row, "at", msgid("the time zone must be +07:00"))
    if not FIRST_DAY < at.date() < LAST_DAY:
        raise _bad(
            row, "at", sentence(msgid("outside {first_day}..{last_day}"), first_day=FIRST_DAY, last_day=LAST_DAY)
        )
    return at


def _name(row: int, column: str, text: str, limit: int) -> str:
    if not 0 < len(text) <= limit or not text.isprintable():
        raise _bad(row, column, sentence(msgid("must have 1–{limit} characters, one line"), limit=limit))
    return text


def _role(row: int, text: str) -> tuple[Role, str | None]:
    name, slash, opd = text.partition("/")
    known = {str(role): role for role in Role if role is not Role.SYSTEM} | _ALIASES
    if name not in known:
        allowed = ", ".join(known)
        raise _bad(
            row, "role", sentence(msgid("unknown role “{role}”; there are: {allowed}"), role=name[:40], allowed=allowed)
        )
    if slash and not (0 < len(opd) <= LABEL_LIMIT and opd.isprintable() and not any(map(str.isspace, opd))):
        raise _bad(row, "role", msgid("the OPD code after “/” cannot be read"))
    return known[name], opd or None


def _command(row: int, text: str) -> str:
    allowed = [START, *(name for name in CommandName if name not in INTERNAL)]
    if text not in allowed:
        raise _bad(
            row,
            "command",
            sentence(
                msgid("unknown command “{command}”; there are: {allowed}"),
                command=text[:40],
                allowed=", ".join(allowed),
            ),
        )
    return text


def _check_texts(row: int, content: object) -> None:
    """Refuse NUL, which no database stores, and half a surrogate pair, which no encoding has, before the run begins."""
    if isinstance(content, dict):
        for key, value in content.items():
            _check_texts(row, key)
            _check_texts(row, value)
    elif isinstance(content, list):
        for value in content:
            _check_texts(row, value)
    elif isinstance(content, str) and any(char == "\0" or "\ud800" <= char <= "\udfff" for char in content):
        raise _bad(row, "arguments", msgid("has characters that cannot be kept"))


def _check_report(row: int, arguments: dict[str, Any], at: datetime) -> None:
    for where, model in (("", Report), ("place", Place), ("reporter", Reporter)):
        given = arguments if not where else arguments.get(where)
        unknown = sorted(set(given) - set(model.model_fields)) if isinstance(given, dict) else []
        if unknown:
            name = f"{where}.{unknown[0]}".lstrip(".")[:60]
            raise _bad(row, "arguments", sentence(msgid("{name}: unknown to start"), name=name))
    try:
        check_report(Report.model_validate(arguments), at)
    except ValidationError as error:
        raise _unfit(row, START, first_fault(error)) from error
    except Refusal as refusal:
        raise _unfit(row, START, refusal.sentence) from refusal


def _check_arguments(row: int, name: CommandName, arguments: dict[str, Any]) -> None:
    given = arguments
    if name is CommandName.MERGE and isinstance(arguments.get("main"), str):
        # Tracking ids do not exist yet; once all rows are known, the label is checked to be one of the file's.
        given = arguments | {"main": _TRACKING_STAND_IN}
    try:
        TRANSITIONS[name].arguments.model_validate(given)
    except ValidationError as error:
        raise _unfit(row, name, first_fault(error)) from error


def _unfit(row: int, command: str, detail: Sayable | str) -> MalformedRow:
    return _bad(row, "arguments", sentence(msgid("do not fit {command}: {detail}"), command=command, detail=detail))


# --- Consistency of the rows -----------------------------------------------------------------------------------------


def _check_order(row: ScenarioRow, before: ScenarioRow | None, started: set[str]) -> None:
    if before is not None and row.at < before.at:
        raise _bad(row.row, "at", msgid("earlier than the row before"))
    if row.is_start and row.complaint in started:
        raise _bad(row.row, "command", sentence(msgid("{complaint} has started already"), complaint=row.complaint))
    if not row.is_start and row.complaint not in started:
        what = msgid("the first row of {complaint} must be start")
        raise _bad(row.row, "command", sentence(what, complaint=row.complaint))
    started.add(row.complaint)


def _check_main(row: ScenarioRow, labels: set[str]) -> None:
    if row.command == CommandName.MERGE and row.arguments["main"] not in labels:
        what = msgid("main: no complaint of this file has that label")
        raise _bad(row.row, "arguments", what)


def _bad(row: int, column: str, reason: Sayable) -> MalformedRow:
    return MalformedRow(row, column, reason)
