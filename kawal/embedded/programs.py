"""The programs that are built from Go modules where they are not found: versions, places, and what a build takes.

The standard library alone: the first start asks this before anything is installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kawal.domain.msgids import Message, msgid


@dataclass(frozen=True)
class GoProgram:
    """A command of a published Go module at one version.

    What its build takes was counted with empty caches; a wrong number gives a wrong forecast and nothing worse.
    """

    name: str
    """Its folder in the cache."""
    title: Message
    """What people call it."""
    module: str
    version: str
    modules: int
    """How many modules are fetched."""
    packages: int
    """How many packages are compiled, the standard library's among them."""
    minutes: tuple[int, int]
    """How long that took on two cores, quick ones and slow ones."""
    gigabytes: int
    """What module cache, build cache and result take at their largest, with a margin."""

    @property
    def source(self) -> str:
        """What `go install` is asked for."""
        return f"{self.module}@v{self.version}"

    def file(self, cache: Path) -> Path:
        """Return where the built program lies, or will."""
        return cache / f"temporal-{self.name}" / self.version / "server"


SERVER = GoProgram(
    "server",
    msgid("the Temporal server"),
    "go.temporal.io/server/cmd/server",
    "1.32.2",
    modules=170,
    packages=1430,
    minutes=(3, 6),
    gigabytes=11,
)
UI = GoProgram(
    "ui",
    msgid("the Temporal UI"),
    "github.com/temporalio/ui-server/v2/cmd/server",
    "2.42.1",
    modules=38,
    packages=413,
    minutes=(1, 2),
    gigabytes=11,
)
