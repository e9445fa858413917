"""The programs that are built from Go modules where they are not found: versions, places, and what a build takes.

The standard library alone, because the first start imports this before anything is installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kawal.domain.msgids import Message, msgid


@dataclass(frozen=True)
class GoProgram:
    """A command of a published Go module at one version.

    The figures for its build were measured with empty caches; a wrong one makes the forecast wrong and nothing worse.
    """

    name: str
    """Its folder in the cache."""
    title: Message
    """Its name for people."""
    module: str
    version: str
    modules: int
    """How many modules are downloaded."""
    packages: int
    """How many packages are compiled, including the standard library's."""
    minutes: tuple[int, int]
    """How many minutes that took on two cores, on a fast and on a slow machine."""
    gigabytes: int
    """The disk space of module cache, build cache and result at their largest, with a margin."""

    @property
    def source(self) -> str:
        """The argument of `go install`."""
        return f"{self.module}@v{self.version}"

    def file(self, cache: Path) -> Path:
        """Return the path of the built program, whether or not it exists yet."""
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
