"""Checks whole files in a process of their own: whether they are what they claim to be, and what may be shown of them.

Decoders are native code that reads hostile bytes, and a file with millions of boxes would block everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kawal.intake.attachments import heic, mp4, voice
from kawal.intake.attachments.file_types import AMR, HEIC, KINDS, M4A, MP4, OFFICE, OGG, Kind
from kawal.intake.attachments.images import Area, blacked_out, without_metadata
from kawal.intake.attachments.office_documents import office_kind
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.reading_process import Limits, ReadingProcesses, UnreadableBytes

JUDGING = Limits(cpu_seconds=30, wall_seconds=180, memory=1536 * 1024 * 1024)
"""A picture of 50 million pixels takes up to 400 MB, and one that compresses badly ten seconds."""

JUDGED_AT_ONCE = 1

_WHOLE = {kind.media_type: kind for kind in (*KINDS.values(), OFFICE)}


class Inspectors:
    """Checks files, one at a time."""

    def __init__(self) -> None:
        """Start no process yet."""
        self._readers = ReadingProcesses("kawal.intake.attachments.inspection:judge_aside", JUDGING, JUDGED_AT_ONCE)

    async def black_out(self, kind: Kind, content: bytes, areas: Sequence[Area]) -> bytes:
        """Return a picture with these areas black; raises AttachmentRefused."""
        _, pieces = await self._read({"kind": kind.media_type, "areas": [list(area) for area in areas]}, kind, content)
        return pieces[0]

    async def judge(self, kind: Kind, content: bytes) -> tuple[Kind, bytes | None]:
        """Return the type of a whole file, and its variant without metadata if possible; raises AttachmentRefused."""
        said, pieces = await self._read({"kind": kind.media_type}, kind, content)
        return _WHOLE[said["kind"]], pieces[0] if pieces else None

    async def _read(self, asked: dict[str, Any], kind: Kind, content: bytes) -> tuple[dict[str, Any], list[bytes]]:
        try:
            said, pieces = await self._readers.read(asked, content)
        except UnreadableBytes as error:
            name = kind.extension.upper()
            raise AttachmentRefused("bomb" if error.why in ("time", "memory") else "broken", kind=name) from None
        if "refused" in said:
            raise AttachmentRefused(said["refused"], **said["details"])
        return said, list(pieces)


def judge_aside(said: dict[str, Any], pieces: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Check one whole file, or black out areas of a picture; this is the reading process's task."""
    try:
        if "areas" in said:
            areas = [Area(*area) for area in said["areas"]]
            return {}, [blacked_out(pieces[0], _WHOLE[said["kind"]], areas)]
        kind, variant = _judged(_WHOLE[said["kind"]], pieces[0])
    except AttachmentRefused as refused:
        return {"refused": refused.code, "details": refused.details}, []
    return {"kind": kind.media_type}, [] if variant is None else [variant]


def _judged(kind: Kind, content: bytes) -> tuple[Kind, bytes | None]:
    if kind is OFFICE:
        return office_kind(content), None
    if kind is MP4:
        return kind, mp4.without_metadata(content)
    if kind is HEIC:
        return kind, heic.without_metadata(content)
    if kind in (OGG, AMR, M4A):
        # A voice betrays who speaks: none of it is ever shown to the public.
        voice.check(kind, content)
        return kind, None
    return kind, without_metadata(content, kind)
