"""The choice of the server for a home: remembered with its data, and tried out before it is used for virtual time."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.domain.msgids import msgid, sentence
from kawal.embedded.temporal_binary import ServerBinary, built_server, may_skip_time, server_on_path
from kawal.embedded.temporal_server import TemporalServer


class _LastWriter(BaseModel):
    """The server that last wrote a home's data."""

    kind: str
    version: str


async def choose_server(settings: Settings, *, virtual_time: bool) -> ServerBinary:
    """Return the server to run on this home, building it if necessary.

    A home whose data was written by the built server keeps using it, whatever appears on PATH later. Otherwise
    `temporal` on PATH is used; for virtual time only if it is new enough and a trial start with time skipping succeeds.
    Raises SystemUnavailable.
    """
    written = _read(settings.home)
    found = None if written is not None and written.kind == "server" else server_on_path()
    if found is not None and (not virtual_time or await grants_virtual_time(found)):
        chosen = found
    else:
        chosen = await asyncio.to_thread(built_server, settings)
    if written is not None and _numbers(written.version) > _numbers(chosen.version):
        raise SystemUnavailable(
            sentence(
                msgid(
                    "The data in {home} were written by Temporal server {version}, newer than {ours}. Install that "
                    "version again."
                ),
                home=settings.home,
                version=written.version,
                ours=chosen.version,
            ),
        )
    return chosen


def remember_server(home: Path, binary: ServerBinary) -> None:
    """Record which server runs on this home."""
    file = _file(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_LastWriter(kind=binary.kind, version=binary.version).model_dump_json())


async def grants_virtual_time(binary: ServerBinary) -> bool:
    """Return whether `binary` is new enough and, started on scratch data, accepts a workflow that skips time."""
    if not may_skip_time(binary):
        return False
    with tempfile.TemporaryDirectory(prefix="kw", ignore_cleanup_errors=True) as folder:
        server = TemporalServer(binary, Path(folder), virtual_time=True)
        try:
            await server.start("trial", retention=timedelta(days=1))
            client = await Client.connect(server.address, namespace="trial")
            skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=True))
            await skipper.client.start_workflow("trial", id=f"trial-{uuid.uuid4()}", task_queue="trial")
        except (SystemUnavailable, RPCError):
            return False
        finally:
            await server.stop()
    return True


def _read(home: Path) -> _LastWriter | None:
    file = _file(home)
    return _LastWriter.model_validate_json(file.read_text()) if file.exists() else None


def _file(home: Path) -> Path:
    return home / "temporal" / "server.json"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
