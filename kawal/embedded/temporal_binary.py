"""The available Temporal servers: the `temporal` command on PATH, and the official server built once per user."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kawal.base.settings import Settings
from kawal.domain.msgids import msgid
from kawal.embedded import go_build
from kawal.embedded.programs import SERVER, UI
from kawal.wording.catalogues import say

OLDEST_WITH_VIRTUAL_TIME = (1, 32)
"""Older servers accept a request to skip time and silently do not skip."""


@dataclass(frozen=True)
class ServerBinary:
    """A server that can be started: `cli` is Temporal's command with its development server, `server` the plain one."""

    kind: Literal["cli", "server"]
    path: Path
    version: str
    """The version of the server it contains."""

    def described(self, lang: str) -> str:
        """Return the line that says which server is used."""
        if self.kind == "cli":
            source = msgid("the `temporal` command on PATH")
        else:
            source = msgid("built from the official module")
        told = msgid("Temporal server {version}: {source} ({path})")
        return say(lang, told, version=self.version, source=source, path=self.path)


def built_server(settings: Settings) -> ServerBinary:
    """Return the official server from the user's cache, building it first if necessary (minutes, with progress).

    Raises SystemUnavailable if it cannot be built.
    """
    path = SERVER.file(settings.cache)
    if not path.exists():
        label = say(settings.lang, msgid("Building the Temporal server"))
        go_build.build(SERVER, cache=settings.cache, label=label, lang=settings.lang)
    return ServerBinary("server", path, SERVER.version)


def server_on_path() -> ServerBinary | None:
    """Return the `temporal` command on PATH with its server's version, or None if there is none that reports it."""
    found = shutil.which("temporal")
    if found is None:
        return None
    try:
        told = subprocess.run(  # noqa: S603  # found on PATH
            [found, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"Server (\d+\.\d+\.\d+)", told.stdout)
    return ServerBinary("cli", Path(found), version[1]) if version else None


def may_skip_time(binary: ServerBinary) -> bool:
    """Return whether this server's version supports virtual time; only a trial start shows whether it is enabled."""
    major, minor = binary.version.split(".")[:2]
    return (int(major), int(minor)) >= OLDEST_WITH_VIRTUAL_TIME


def built_ui(settings: Settings) -> Path | None:
    """Return the Temporal UI's server if it has been built."""
    path = UI.file(settings.cache)
    return path if path.exists() else None


def build_ui(settings: Settings) -> Path:
    """Build the Temporal UI's server if it is missing. Raises SystemUnavailable; everything else works without it."""
    path = UI.file(settings.cache)
    if not path.exists():
        label = say(settings.lang, msgid("Building the Temporal UI"))
        go_build.build(UI, cache=settings.cache, label=label, lang=settings.lang)
    return path
