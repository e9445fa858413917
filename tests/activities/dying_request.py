"""Asks for a link and is killed as soon as that is answered: `python -m tests.activities.dying_request`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from kawal.base.settings import Settings
from kawal.client.reading import Readings
from kawal.crypto.master_keys import LocalMasterKey
from kawal.intake.link_requests import LinkRequests
from kawal.record import open_record


async def main(home: str, database_url: str, number: str, contact: str) -> None:
    """Ask, then die."""
    master = LocalMasterKey(bytes(range(32)))
    async with open_record(Settings(home=Path(home)), database_url=database_url, master=master) as record:
        await LinkRequests(Readings(record)).ask(number, contact)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
