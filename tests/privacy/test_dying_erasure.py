"""An erasure killed at any step, once repeated, has the same result as one that ran once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter

from kawal.domain.erasure import Basis
from kawal.domain.names import Role
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.privacy.person import Persons
from kawal.store.erasure_list import ErasureList
from tests.audit.test_history_archiver import put_away
from tests.privacy.dying_erasure import ASKED, STEPS
from tests.privacy.test_person import kept_letter, piece
from tests.workflows.life import Office


async def test_an_erasure_killed_at_every_step_is_as_if_it_had_run_once(office: Office) -> None:
    complaints = office.complaints
    connected = complaints.system
    attachments = Attachments(connected, AttachmentSettings.from_env(connected.settings.home, {}))
    numbers = [(await put_away(office)).tracking_id for _ in range(3)]
    for number in numbers:
        await attachments.add(number, "lubang.txt", piece(b"Lubang.\n"))
        await kept_letter(office, number)
    given = (connected.settings.model_dump_json(), connected.endpoints.model_dump_json())
    for step in STEPS:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.privacy.dying_erasure", step, *given, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == -signal.SIGKILL, step
    actor = await complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")
    await Persons(complaints, attachments).erase(ASKED, actor, Basis.REQUEST)
    assert await Persons(complaints, attachments).erase(ASKED, actor, Basis.REQUEST) == []
    pool = connected.pool
    assert await pool.fetchval("select count(*) from complaint where erased_at is not null and title is null") == 3
    assert await pool.fetchval("select count(*) from data_key where destroyed_at is not null") == 3
    assert await pool.fetchval("select count(*) from erasure where objects_removed_at is not null") == 3
    assert await pool.fetchval("select count(*) from raw_letter") == 0
    assert [stored.path async for stored in attachments.storage.under()] == []
    listed = ErasureList(connected.settings.erasure_list).entries()
    assert Counter(entry.tracking_id for entry in listed) == Counter(numbers)
    said = [entry async for entry in complaints.access_log.entries() if entry.kind in ("erased", "key_destroyed")]
    assert Counter((entry.kind, entry.tracking_id) for entry in said) == Counter(
        (kind, number) for kind in ("erased", "key_destroyed") for number in numbers
    )
