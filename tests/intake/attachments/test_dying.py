"""Killed between any two steps, an upload leaves either a complete attachment or nothing visible."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from kawal.base.endpoints import Endpoints
from kawal.intake.attachments.service import Attachments
from tests.intake.attachments.conftest import READER
from tests.intake.attachments.files import joined, jpeg, pieces
from tests.intake.attachments.test_service import NOW, objects


@pytest.mark.parametrize(
    ("step", "left", "whole"), [("written", 2, 0), ("settled 1", 2, 0), ("settled 2", 2, 0), ("done", 2, 1)]
)
async def test_a_kill_between_two_steps_leaves_nothing_half_done(
    attachments: Attachments,
    temporal_server: Endpoints,
    database_url: str,
    tracking_id: str,
    tmp_path: Path,
    step: str,
    left: int,
    whole: int,
) -> None:
    where = temporal_server.model_copy(update={"database_url": database_url}).model_dump_json()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.intake.attachments.dying", where, str(tmp_path), tracking_id, step
    )
    assert await process.wait() == -signal.SIGKILL
    assert len(objects(attachments)) == left
    assert len(await attachments.list(tracking_id)) == whole
    # The sender retries, and the next sweep removes what the dead process left.
    ref = await attachments.add(tracking_id, "foto.jpg", pieces(jpeg()))
    assert ref.fresh is not bool(whole)
    await attachments.sweep(NOW)
    assert len(objects(attachments)) == 2
    for public in (True, False):
        _, stream = await attachments.open(tracking_id, ref.id, public=public, reader=READER)
        assert await joined(stream)
