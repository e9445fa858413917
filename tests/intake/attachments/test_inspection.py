"""Whole files are judged in another process, within limits: whatever a file contains, later uploads go on."""

from __future__ import annotations

import asyncio
import time

import pytest

from kawal.intake.attachments import inspection
from kawal.intake.attachments.file_types import HEIC, MP4, OFFICE, PNG, Kind
from kawal.intake.attachments.inspection import Inspectors
from kawal.intake.attachments.refusals import AttachmentRefused
from tests.intake.attachments.files import png

BOXES = b"\0\0\0\x08ftyp" + b"\0\0\0\x08free" * 3_000_000
STALL = 0.25
"""Processor seconds that the event loop may spend at one go: other work on the machine does not count."""


@pytest.mark.parametrize("kind", [MP4, HEIC])
async def test_a_film_of_millions_of_boxes_is_refused_and_holds_nothing_up(kind: Kind) -> None:
    judges = Inspectors()
    judging_it = asyncio.create_task(judges.judge(kind, BOXES))
    longest, last = 0.0, time.thread_time()
    while not judging_it.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.thread_time() - last), time.thread_time()
    with pytest.raises(AttachmentRefused) as refused:
        await judging_it
    assert refused.value.code == "broken"
    assert longest < STALL


async def test_what_takes_too_much_is_refused_as_too_large_to_open_and_the_next_file_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inspection, "JUDGING", inspection.JUDGING._replace(wall_seconds=0))
    with pytest.raises(AttachmentRefused) as refused:
        await Inspectors().judge(PNG, png())
    assert refused.value.code == "bomb"
    monkeypatch.undo()
    kind, variant = await Inspectors().judge(PNG, png())
    assert (kind, bool(variant)) == (PNG, True)


async def test_a_refusal_of_the_other_process_is_the_same_refusal() -> None:
    with pytest.raises(AttachmentRefused) as refused:
        await Inspectors().judge(OFFICE, b"PK\x03\x04 not an archive")
    assert (refused.value.code, "DOCX/XLSX" in str(refused.value)) == ("broken", True)
