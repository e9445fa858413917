"""PostgreSQL's own tools: one that fits the server is found, or the needed one is named; no password is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.embedded.postgres_tools import DUMP, RESTORE, ToolFailed, _without_password, fitting_tool, run_tool


async def test_the_oldest_tool_that_can_read_the_server_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (15, 21):
        tool = tmp_path / str(version) / DUMP
        tool.parent.mkdir()
        tool.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3 (Debian)'\n")
        tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path / '21'}:/bin:/usr/bin")
    assert (await fitting_tool(DUMP, 19)).parent.name == "21"
    assert "pixeltable" in str(await fitting_tool(DUMP, 18))
    monkeypatch.setenv("PATH", f"{tmp_path / '15'}:/bin:/usr/bin")
    assert (await fitting_tool(DUMP, 15)).parent.name == "15"
    with pytest.raises(SystemUnavailable, match="19"):
        await fitting_tool(DUMP, 19)


async def test_what_a_tool_complains_of_is_told(tmp_path: Path) -> None:
    tool = await fitting_tool(RESTORE, 18)
    with pytest.raises(ToolFailed, match="pg_restore"):
        await run_tool(tool, [str(tmp_path / "none.dump")], "postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgresql://kawal:ra%3Ahasia@db:5433/kawal?a=b", "postgresql://kawal@db:5433/kawal?a=b", "ra:hasia"),
        ("postgresql://kawal@db/kawal", "postgresql://kawal@db/kawal", None),
        ("postgresql://postgres:@/kawal?host=/run", "postgresql://postgres:@/kawal?host=/run", None),
    ],
)
def test_a_password_does_not_stand_in_the_list_of_processes(url: str, shown: str, password: str | None) -> None:
    assert _without_password(url) == (shown, password)
