"""A separate process that dies, as by kill -9, at a chosen step of accepting an attachment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.attachments.storage import ObjectStorage
from kawal.system import System, open_system
from tests.intake.attachments.conftest import MASTER
from tests.intake.attachments.files import jpeg, pieces


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Dying(ObjectStorage):
    def __init__(self, url: str, step: str) -> None:
        super().__init__(url)
        self.step = step
        self.settled = 0

    async def settle(self, incoming: str, path: str) -> None:
        if self.step == "written":
            _die()
        await super().settle(incoming, path)
        self.settled += 1
        if self.step == f"settled {self.settled}":
            _die()


async def _main(endpoints: str, home: str, tracking_id: str, step: str) -> None:
    settings = Settings(home=Path(home))
    where = Endpoints.model_validate_json(endpoints)
    async with open_system(settings, endpoints=where, master=MASTER) as opened:
        attachments = _attachments(opened, Path(home), step)
        await attachments.add(tracking_id, "foto.jpg", pieces(jpeg(), 100))
        _die()


def _attachments(opened: System, home: Path, step: str) -> Attachments:
    settings = AttachmentSettings.from_env(home, {})
    attachments = Attachments(opened, settings)
    attachments.storage = _Dying(settings.url, step)
    return attachments


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
