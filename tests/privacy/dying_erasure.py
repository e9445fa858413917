"""An erasure that dies with -9 at a step: `python -m tests.privacy.dying_erasure STEP SETTINGS ENDPOINTS`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.domain.erasure import Basis
from kawal.domain.names import Role
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.privacy.person import PersonRequest, Persons
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureList
from kawal.store.erasures import Erasures
from kawal.system import open_system
from tests.intake.dying_relay import then_die

ASKED = PersonRequest(["siti@example.org"], [], "Surat 12/2022")

STEPS: dict[str, tuple[Any, str]] = {
    "key_gone": (DataKeyStore, "destroy"),
    "listed": (ErasureList, "append"),
    "committed": (Erasures, "erase"),
    "objects_gone": (Attachments, "remove_all"),
}


async def main(step: str, settings: str, endpoints: str) -> None:
    owner, name = STEPS[step]
    setattr(owner, name, then_die(getattr(owner, name)))
    where = Endpoints.model_validate_json(endpoints)
    async with open_system(Settings.model_validate_json(settings), endpoints=where) as connected:
        complaints = Complaints(connected)
        attachments = Attachments(connected, AttachmentSettings.from_env(connected.settings.home, {}))
        actor = await complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")
        await Persons(complaints, attachments).erase(ASKED, actor, Basis.REQUEST)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
