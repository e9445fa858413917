"""Where the command `kawal` begins: Ctrl-C is silent from here on, and the version waits for nothing."""

from __future__ import annotations

import gc
import os
import sys

from kawal.base.leaving import leave
from kawal.cli.terminal import interrupts

TYPE_CHECKING = False  # as in base.leaving
if TYPE_CHECKING:
    from typing import NoReturn

ONLY_VERSION = ["--version"]
COMPLETE = "_KAWAL_COMPLETE"
"""Set by a shell that asks what TAB offers; which shell it is."""


def program() -> NoReturn:
    """Be the command `kawal`: run it and end the process with its exit code."""
    leave(main())


def main() -> int:
    """Run `kawal` with the process's own arguments and return its exit code."""
    interrupts.end_at_once()
    gc.disable()  # until the command is at work: nothing that is imported is garbage
    if sys.argv[1:] == ONLY_VERSION:
        from kawal.cli.terminal.release import release

        sys.stdout.write(f"kawal {release()}\n")
        return 0
    # Pydantic asks every installed package whether it plugs into it; none does.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    if COMPLETE in os.environ:
        from kawal.cli.terminal.shells import complete

        return complete(os.environ[COMPLETE])
    from kawal.cli.app import run

    try:
        return run(sys.argv[1:])
    finally:
        interrupts.end_at_once()
