"""Which Temporal server runs here: the `temporal` command on PATH, or the official server built once and kept per user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SERVER_VERSION = "1.32.2"
UI_VERSION = "2.42.1"


@dataclass(frozen=True)
class ServerBinary:
    """A server that can be started: `cli` is Temporal's command line with its development server, `server` the plain server."""

    kind: Literal["cli", "server"]
    path: Path
    version: str


def built_path(cache: Path, name: Literal["server", "ui"]) -> Path:
    """Return where the built server or UI is kept; the version is part of the path."""
    version = SERVER_VERSION if name == "server" else UI_VERSION
    return cache / f"temporal-{name}" / version / "server"
