"""A relay that dies with -9 at a step of its work: `python -m tests.intake.dying_relay STEP SETTINGS ENDPOINTS MASTER`.

The steps are those between which a report's state changes: claimed, opened, started (not noted yet), noted.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import kawal.client.relay
from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.relay import Relay
from kawal.crypto.master_keys import load_master_key
from kawal.store.inbox import Inbox
from kawal.store.rules import Rulebook
from kawal.system import open_system

STEPS: dict[str, tuple[Any, str]] = {
    "claimed": (Inbox, "claim"),
    "opened": (Inbox, "open"),
    "started": (kawal.client.relay, "launch"),
    "noted": (Inbox, "mark_started"),
}


def then_die(step: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[NoReturn]]:
    """Do the step, and die as by kill -9: nothing is finished or reported."""

    async def dying(*arguments: Any, **named: Any) -> NoReturn:
        await step(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    return dying


async def main(step: str, settings: str, endpoints: str, master: str) -> None:
    owner, name = STEPS[step]
    setattr(owner, name, then_die(getattr(owner, name)))
    where, key = Endpoints.model_validate_json(endpoints), load_master_key(Path(master))
    async with open_system(Settings.model_validate_json(settings), endpoints=where, master=key) as connected:
        await Relay(connected, Rulebook(connected.pool), lease=timedelta(seconds=1)).start_waiting()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
