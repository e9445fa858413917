"""A relay that dies with -9 as it hands over: `python -m tests.intake.dying_handover STEP SETTINGS ENDPOINTS MASTER`.

The steps are those between which something is written: stored (the new report's row, before its number is noted), noted
(all of it committed), copied (one file, before that is noted).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import load_master_key
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.handover import HandoverRelay
from kawal.store.handovers import Handovers
from kawal.store.inbox import Inbox
from kawal.system import open_system
from tests.intake.dying_relay import then_die

STEPS: dict[str, tuple[Any, str]] = {
    "stored": (Inbox, "accept_within"),
    "noted": (Handovers, "start"),
    "copied": (Attachments, "add"),
}


async def main(step: str, settings: str, endpoints: str, master: str) -> None:
    owner, name = STEPS[step]
    setattr(owner, name, then_die(getattr(owner, name)))
    where, key = Endpoints.model_validate_json(endpoints), load_master_key(Path(master))
    async with open_system(Settings.model_validate_json(settings), endpoints=where, master=key) as connected:
        objects = Attachments(connected, AttachmentSettings.from_env(connected.settings.home))
        await HandoverRelay(Complaints(connected), objects).hand_over()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
