"""An archiver killed between any two steps leaves nothing half done: the next round acts as if it ran once."""

from __future__ import annotations

import asyncio
import signal
import sys

from kawal.proof.chain import GENESIS, HISTORY_ARCHIVE_FIELDS, HISTORY_ARCHIVE_TAG, row_hash
from kawal.store.history_archive_due import HistoryArchiveDue
from tests.audit.dying_history_archiver import STEPS
from tests.audit.history_archiving import archived, one_round
from tests.audit.test_history_archiver import all_listed, put_away
from tests.workflows.life import Office


async def test_an_archiver_killed_at_every_step_archives_each_run_once(office: Office) -> None:
    cases = [await put_away(office) for _ in range(3)]
    await all_listed(office.complaints, len(cases))
    connected = office.complaints.system
    given = (connected.settings.model_dump_json(), connected.endpoints.model_dump_json())
    for step in STEPS:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.audit.dying_history_archiver", step, *given, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == -signal.SIGKILL, step
    await one_round(office.complaints)
    for case in cases:
        assert len(await archived(office.complaints, case.tracking_id)) == 1
    assert await HistoryArchiveDue(connected.pool).lines(10) == []
    prev = GENESIS
    rows = await connected.pool.fetch("select * from history_archive order by n")
    assert [row["n"] for row in rows] == [1, 2, 3]
    for row in rows:
        assert row["hash"] == row_hash(HISTORY_ARCHIVE_TAG, prev, [row[name] for name in HISTORY_ARCHIVE_FIELDS])
        prev = row["hash"]
