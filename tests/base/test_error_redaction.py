"""Nothing that people wrote is logged: neither by the embedded server, nor by us through an error."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import structlog
from pydantic import BaseModel

from kawal.base.endpoints import Endpoints
from kawal.base.error_redaction import traceback_of, words_of
from kawal.base.postgres import connect
from kawal.base.settings import Settings
from kawal.embedded.postgres import QUIET, postgres
from tests.base.test_logging import lines
from tests.database_owner import owner_url

__all__ = ["lines"]

WORD = "Cenderawasihrahasia"


async def caught(conn: asyncpg.Connection, query: str, *arguments: object) -> Exception:
    with pytest.raises((asyncpg.PostgresError, asyncpg.DataError)) as raised:
        await conn.execute(query, *arguments)
    error: Exception = raised.value
    return error


async def refused(database_url: str) -> list[Exception]:
    """Return errors of every kind that a statement containing somebody's words can cause."""
    conn = await connect(database_url)
    try:
        return [
            await caught(conn, "insert into instansi (code, name, kind) values ($1, $2, '')", "KEPRI", WORD),
            await caught(conn, "insert into opd (instansi, code, name) values ($1, $2, $3)", "ENTAH", "A", WORD),
            await caught(conn, f"insert into instansi (code, name, kind) values ('KEPRI', '{WORD}', '')"),  # noqa: S608
            await caught(conn, "insert into instansi (code, name) values ($1, 'x')", WORD),
            await caught(conn, "select $1::text::date", WORD),
            await caught(conn, "select $1::text::jsonb", f'{{"{WORD}'),
            await caught(conn, f"selec '{WORD}'"),
            await caught(conn, "select $1::integer", WORD),
        ]
    finally:
        await conn.close()


async def test_the_embedded_servers_log_has_no_row_and_no_value(
    database_url: str, quick_folder: Path, temporal_server: Endpoints
) -> None:
    await refused(database_url)
    home = quick_folder / "session"
    logs = [*(home / "postgres" / "logs").glob("*"), home / "postgres" / "log", *(home / "log").glob("*")]
    assert len(logs) > 2
    assert any(b"PostgreSQL" in one.read_bytes() for one in logs), "the server does log"
    assert [one for one in logs if WORD.encode() in one.read_bytes()] == []
    conn = await asyncpg.connect(temporal_server.database_url)
    try:
        for name, quiet in QUIET.items():
            assert await conn.fetchval("select current_setting($1)", name) in quiet, name
        assert await conn.fetchval("show log_rotation_age") == "1d"
        assert await conn.fetchval("show log_truncate_on_rotation") == "on"
    finally:
        await conn.close()


async def test_a_server_of_ones_own_whose_log_takes_rows_is_warned_of(
    temporal_server: Endpoints, lines: io.StringIO, tmp_path: Path
) -> None:
    url = urlsplit(temporal_server.database_url)
    conn = await asyncpg.connect(owner_url(temporal_server.database_url))
    try:
        await conn.execute(
            "create role talkative login superuser password 'x';"
            " alter role talkative set log_error_verbosity to 'verbose'"
        )
        own = urlunsplit(url._replace(netloc=f"talkative:x@{url.netloc.rpartition('@')[2]}"))
        async with postgres(Settings(home=tmp_path, database_url=own)) as given:
            assert given == own
        await conn.execute("drop role talkative")
    finally:
        await conn.close()
    warned = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {(one["event"], one.get("setting")) for one in warned} == {
        ("database_may_log_rows", "log_error_verbosity"),
        ("database_may_log_rows", "log_min_messages"),
        ("database_role_owns_tables", None),
    }


async def test_an_error_is_logged_with_its_place_and_without_its_row(database_url: str, lines: io.StringIO) -> None:
    errors = await refused(database_url)
    for error in errors:
        structlog.get_logger().error("request_failed", exc_info=error)
        logging.getLogger("elsewhere").error("failed", exc_info=error)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len(told) == 2 * len(errors)
    assert all("test_error_redaction.py" in line["exception"] for line in told)
    assert "constraint instansi_kind_check" in told[0]["exception"]
    assert WORD not in lines.getvalue()


def test_what_led_to_an_error_and_what_stands_together_is_told_without_values() -> None:
    class Model(BaseModel):
        number: int

    try:
        try:
            Model.model_validate({"number": WORD})
        except ValueError as error:
            raise ExceptionGroup("both", [error, KeyError("x")]) from error
    except ExceptionGroup as group:
        told = traceback_of(group)
    assert "ValidationError: Model: number (int_parsing)" in told
    assert "KeyError: 'x'" in told
    assert WORD not in told
    assert words_of(TimeoutError()) == "TimeoutError"
