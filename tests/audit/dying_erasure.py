"""An erasure that dies with -9 at a step: `python -m tests.audit.dying_erasure STEP SETTINGS ENDPOINTS`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from audit.person import Asked, Persons
from client.complaints import Complaints
from client.connect import connection
from crypto.keys import KeyStore
from domain.erasure import Basis
from domain.names import Role
from intake.attachments.keeping import Attachments
from intake.attachments.settings import AttachmentSettings
from stack.endpoints import Endpoints
from stack.settings import Settings
from store.erasing import Erasures
from store.erasure_list import ErasureList
from tests.intake.dying_relay import then_die

ASKED = Asked(["siti@example.org"], [], "Surat 12/2022")

STEPS: dict[str, tuple[Any, str]] = {
    "key_gone": (KeyStore, "destroy"),
    "listed": (ErasureList, "append"),
    "committed": (Erasures, "erase"),
    "objects_gone": (Attachments, "remove_all"),
}


async def main(step: str, settings: str, endpoints: str) -> None:
    owner, name = STEPS[step]
    setattr(owner, name, then_die(getattr(owner, name)))
    where = Endpoints.model_validate_json(endpoints)
    async with connection(Settings.model_validate_json(settings), endpoints=where) as connected:
        complaints = Complaints(connected)
        attachments = Attachments(connected, AttachmentSettings.from_env(connected.settings.home, {}))
        actor = await complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")
        await Persons(complaints, attachments).erase(ASKED, actor, Basis.REQUEST)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
