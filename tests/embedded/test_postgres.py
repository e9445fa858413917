"""The embedded PostgreSQL is accessible to this user alone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from kawal.base.settings import Settings
from kawal.embedded.postgres import postgres
from tests.database_owner import owner_url


async def test_data_and_socket_are_closed_to_other_users(home: Path) -> None:
    async with postgres(Settings(home=home)) as url:
        (socket_folder,) = parse_qs(urlsplit(url).query)["host"]
        assert Path(socket_folder).stat().st_mode & 0o077 == 0  # noqa: ASYNC240  # a look at a local folder
        assert (home / "postgres").stat().st_mode & 0o077 == 0


async def test_a_home_with_a_path_too_long_for_a_socket_works_and_is_closed_too(home: Path) -> None:
    deep = home / ("x" * 60) / ("y" * 60)
    async with postgres(Settings(home=deep)) as url:
        (socket_folder,) = parse_qs(urlsplit(url).query)["host"]
        assert not socket_folder.startswith(str(deep))
        assert Path(socket_folder).stat().st_mode & 0o077 == 0  # noqa: ASYNC240  # a look at a local folder
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT current_database()") == "kawal"
        await connection.close()


async def test_a_home_with_spaces_and_signs_in_its_path_works_and_is_closed_too(home: Path) -> None:
    async with postgres(Settings(home=home / "data & arsip (2026)")) as url:
        (socket_folder,) = parse_qs(urlsplit(url).query)["host"]
        assert Path(socket_folder).stat().st_mode & 0o077 == 0  # noqa: ASYNC240  # a look at a local folder
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT current_database()") == "kawal"
        await connection.close()


async def test_data_stay_between_two_starts(home: Path) -> None:
    settings = Settings(home=home)
    async with postgres(settings) as url:
        connection = await asyncpg.connect(owner_url(url))
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        await connection.close()
    async with postgres(settings) as url:
        connection = await asyncpg.connect(owner_url(url))
        assert await connection.fetchval("SELECT n FROM kept") == 7
        await connection.close()
