"""Parsing a scenario: well-formed rows are read, others are reported by row and column before anything runs."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.names import CommandName, Role
from kawal.domain.scenario import COLUMNS, INTERNAL, Format, MalformedRow, ScenarioRow, decode, format_of, read_rows
from kawal.wording.catalogues import say

REPORT = {"title": "Jalan berlubang", "text": "Jalan di depan pasar berlubang besar.", "channel": "web"}
Cells = dict[str, Any]


def cells(day: int = 3, complaint: str = "A", command: str = "start", **changed: Any) -> Cells:
    role = "adapter" if command == "start" else "agency_admin"
    arguments = REPORT if command == "start" else {}
    row = {"at": f"2022-01-{day:02}T09:30:00+07:00", "complaint": complaint, "actor": "Rina", "role": role}
    return row | {"command": command, "arguments": arguments} | changed


def as_csv(*rows: Cells, header: str = ",".join(COLUMNS)) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        arguments = row["arguments"]
        given_as = arguments if isinstance(arguments, str) else json.dumps(arguments)
        writer.writerow([row[name] for name in COLUMNS[:-1]] + [given_as])
    return f"{header}\n{text.getvalue()}"


def as_jsonl(*rows: Cells) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def refusal(text: str, format: Format = Format.CSV) -> MalformedRow:  # noqa: A002
    with pytest.raises(MalformedRow) as caught:
        read_rows(text, format)
    return caught.value


def of_second_row(**changed: Any) -> MalformedRow:
    changed = {"command": "archive", "arguments": {"reason": "iklan"}} | changed
    return refusal(as_csv(cells(), cells(4, **changed)))


def test_rows_come_back_with_their_line_time_role_and_arguments() -> None:
    rows = read_rows(
        as_csv(
            cells(),
            cells(4, command="verify", role="admin", arguments={"title": "T", "class": "pengaduan", "category": "X"}),
            cells(5, command="receive", role="liaison/DISHUB"),
        ),
        "csv",
    )
    assert [row.row for row in rows] == [2, 3, 4]
    assert rows[0].is_start
    assert rows[0].as_report().title == "Jalan berlubang"
    assert rows[0].at == datetime(2022, 1, 3, 2, 30, tzinfo=UTC)
    assert (rows[1].role, rows[2].role, rows[2].opd) == (Role.ADMIN, Role.LIAISON, "DISHUB")


def test_csv_and_jsonl_say_the_same() -> None:
    rows = [cells(), cells(4, command="hold", arguments={"missing": "lokasi"})]
    from_csv, from_jsonl = read_rows(as_csv(*rows), "csv"), read_rows(as_jsonl(*rows), Format.JSONL)
    assert [row.model_dump(exclude={"row"}) for row in from_csv] == [
        row.model_dump(exclude={"row"}) for row in from_jsonl
    ]
    assert [row.row for row in from_jsonl] == [1, 2]


def test_the_ending_of_a_name_tells_the_format() -> None:
    assert [format_of(name) for name in ("a.csv", "a.JSONL", "a.ndjson", "a")] == ["csv", "jsonl", "jsonl", "csv"]


def test_an_account_is_opaque_and_the_same_for_the_same_person() -> None:
    first, second, other = read_rows(as_csv(cells(), cells(complaint="B"), cells(complaint="C", actor="Budi")), "csv")
    assert first.as_actor() == second.as_actor()
    assert first.as_actor().account != other.as_actor().account
    assert "Rina" not in first.as_actor().account


def test_two_rows_may_have_one_time_and_blank_lines_are_passed_over() -> None:
    text = as_csv(cells(), cells(complaint="B")).replace("\n", "\n\n")
    assert len(read_rows(text, "csv")) == 2


def test_a_text_over_several_lines_counts_as_the_lines_an_editor_shows() -> None:
    long = json.dumps(REPORT, indent=1)
    assert refusal(as_csv(cells(arguments=long), cells(4, command="x"))).row == 2 + long.count("\n") + 1


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read_rows(decode(b"\xef\xbb\xbf" + as_csv(cells()).encode()), "csv")
    assert read_rows("\ufeff" + as_jsonl(cells()), "jsonl")


def test_bytes_that_are_not_utf_8_are_named_by_their_row() -> None:
    with pytest.raises(MalformedRow, match="UTF-8") as caught:
        decode(as_csv(cells(), cells(complaint="B", actor="Zoë")).encode("latin-1"))
    assert caught.value.row == 3


def test_commands_that_the_rules_will_refuse_are_well_formed() -> None:
    rows = read_rows(as_csv(cells(), cells(4, command="grant", role="reporter"), cells(5, command="receive")), "csv")
    assert [row.command for row in rows] == ["start", "grant", "receive"]


@pytest.mark.parametrize("text", ["", ",".join(COLUMNS), ",".join(COLUMNS) + "\n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text).row == 1


def test_an_empty_jsonl_is_refused() -> None:
    assert refusal("\n\n", Format.JSONL).column == "*"


def test_another_header_is_refused() -> None:
    assert refusal(as_csv(cells(), header="at,complaint,actor,role,command,args")).row == 1
    assert refusal(as_csv(cells(), header="complaint,at,actor,role,command,arguments")).row == 1


def test_a_missing_cell_is_refused() -> None:
    assert refusal(as_csv(cells()) + "2022-01-04T09:30:00+07:00,A,Rina,agency_admin,receive\n").row == 3


def test_an_unclosed_quote_is_refused() -> None:
    assert "CSV" in str(refusal(as_csv(cells()) + '2022-01-04T09:30:00+07:00,A,Rina,agency_admin,hold,"{\n').reason)


@pytest.mark.parametrize(
    "at",
    [
        "",
        "kemarin",
        "2022-01-04",
        "2022-01-04T09:30:00",
        "2022-01-04T02:30:00Z",
        "2022-01-04T09:30:00+08:00",
        "2022-02-30T09:30:00+07:00",
        "1999-01-04T09:30:00+07:00",
        "2101-01-04T09:30:00+07:00",
    ],
)
def test_a_time_that_is_no_local_time_is_refused(at: str) -> None:
    error = of_second_row(at=at)
    assert (error.row, error.column) == (3, "at")


def test_rows_out_of_order_are_refused() -> None:
    error = refusal(as_csv(cells(4), cells(3, complaint="B")))
    assert (error.row, error.column) == (3, "at")


@pytest.mark.parametrize("role", ["", "gubernur", "system", "liaison/", "liaison/DIS HUB", "Admin"])
def test_an_unknown_role_is_refused(role: str) -> None:
    error = of_second_row(role=role)
    assert (error.row, error.column) == (3, "role")


@pytest.mark.parametrize("command", ["", "Verify", "follow-up", "hapus", *sorted(INTERNAL)])
def test_an_unknown_command_is_refused(command: str) -> None:
    error = of_second_row(command=command)
    assert (error.row, error.column) == (3, "command")


@pytest.mark.parametrize(
    ("column", "value"), [("complaint", " "), ("complaint", "x" * 61), ("actor", ""), ("actor", "a\tb")]
)
def test_a_name_that_is_empty_too_long_or_not_one_line_is_refused(column: str, value: str) -> None:
    error = of_second_row(**{column: value})
    assert (error.row, error.column) == (3, column)


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "{",
        "[]",
        '"teks"',
        "null",
        '{"reason": NaN}',
        '{"reason": "a", "reason": "b"}',
        '{"reason": "\\ud800"}',
        '{"reason": "a\\u0000b"}',
        '{"reason": ""}',
        '{"reason": 5}',
        '{"reason": "a", "why": "b"}',
        "{}",
        "[" * 100_000,
        json.dumps({"reason": "x" * 2001}),
    ],
)
def test_arguments_that_are_no_json_object_or_do_not_fit_are_refused(arguments: str) -> None:
    error = of_second_row(arguments=arguments)
    assert (error.row, error.column) == (3, "arguments")


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"title": "x" * 151},
        {"text": "x" * 10_001},
        {"channel": "merpati"},
        {"occurred_on": "2022-01-04"},
        {"occurred_on": "03-01-2022"},
        {"category_name": "x"},
        {"place": {"lat": 1.0}},
        {"place": {"latitude": 91}},
        {"place": "Batam"},
        {"reporter": {"email": "bukan surel"}},
        {"reporter": {"nik": "1"}},
    ],
)
def test_a_start_that_is_no_report_is_refused(changed: Cells) -> None:
    error = refusal(as_csv(cells(arguments=REPORT | changed)))
    assert (error.row, error.column) == (2, "arguments")


def test_a_complaint_begins_with_its_start_and_has_one() -> None:
    assert refusal(as_csv(cells(command="receive"))).column == "command"
    second = refusal(as_csv(cells(), cells(4)))
    assert (second.row, second.column) == (3, "command")


def test_merge_names_a_label_of_the_file() -> None:
    rows = [cells(complaint="lama"), cells(complaint="baru")]
    merge = cells(4, complaint="baru", command="merge", arguments={"main": "lama"})
    assert read_rows(as_csv(*rows, merge), "csv")[-1].arguments == {"main": "lama"}
    for main in ("tiada", "1234567", 5, None):
        error = refusal(as_csv(*rows, merge | {"arguments": {"main": main}}))
        assert (error.row, error.column) == (4, "arguments")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("{", "*"),
        ("[]", "*"),
        (json.dumps(cells() | {"extra": 1}), "*"),
        (json.dumps({name: value for name, value in cells().items() if name != "role"}), "*"),
        (json.dumps(cells(actor=5)), "actor"),
        (json.dumps(cells(arguments="{")), "arguments"),
        (json.dumps(cells(arguments=[])), "arguments"),
        (json.dumps(cells(arguments=None)), "arguments"),
    ],
)
def test_a_malformed_line_of_jsonl_is_refused(line: str, column: str) -> None:
    error = refusal(as_jsonl(cells(complaint="B")) + line + "\n", Format.JSONL)
    assert (error.row, error.column) == (2, column)


def test_a_refusal_names_row_and_column_in_both_languages() -> None:
    error = of_second_row(role="x")
    assert say("id", error.sentence).startswith("baris 3, kolom role: peran “x” tidak dikenal")
    assert say("en", error.sentence).startswith("row 3, column role: unknown role")


def test_every_command_of_people_can_stand_in_a_scenario() -> None:
    for name in set(CommandName) - INTERNAL:
        error = of_second_row(command=name, arguments={"tidak": "dikenal"})
        assert error.column == "arguments"


@given(st.text(), st.sampled_from(Format))
def test_no_text_breaks_the_reader(text: str, format: Format) -> None:  # noqa: A002
    with suppress(MalformedRow):
        rows = read_rows(as_csv(cells()) + text if format is Format.CSV else text, format)
        assert all(isinstance(row, ScenarioRow) for row in rows)
