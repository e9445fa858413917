"""`python -m kawal.embedded.setup`: prepare the servers before anything runs; repeated, it only says which are used."""

from __future__ import annotations

import argparse
import asyncio
import sys

from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.embedded.server_choice import choose_server
from kawal.embedded.temporal_binary import build_ui
from kawal.wording.catalogues import say


async def prepare(settings: Settings, *, virtual_time: bool) -> str:
    """Find or build the engine and return the line that names it. Raises SystemUnavailable."""
    if settings.temporal_address is not None and not virtual_time:
        source = "TEMPORAL_ADDRESS"
        return f"Temporal server: {settings.temporal_address} ({source})"
    return (await choose_server(settings, virtual_time=virtual_time)).described(settings.lang)


def main() -> int:
    """Prepare the servers; return 0, or 3 if the engine is unavailable. The UI may be missing."""
    parser = argparse.ArgumentParser(prog="python -m kawal.embedded.setup", description=__doc__)
    parser.add_argument("--virtual-time", action="store_true", help="a server whose clock can be moved (reruns, tests)")
    virtual_time = parser.parse_args().virtual_time
    settings = Settings.from_env()
    try:
        sys.stdout.write(asyncio.run(prepare(settings, virtual_time=virtual_time)) + "\n")
    except SystemUnavailable as error:
        sys.stderr.write(say(settings.lang, error.sentence) + "\n")
        return 3
    if not virtual_time and settings.temporal_address is None:
        try:
            build_ui(settings)
        except SystemUnavailable as error:
            sys.stderr.write(say(settings.lang, error.sentence) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
