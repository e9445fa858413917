"""The same attachments in a bucket: against moto's small S3 server."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kawal.base.errors import StorageUnavailable
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import MEGABYTE, AttachmentSettings
from kawal.system import System
from tests.intake.attachments import files
from tests.intake.attachments.conftest import Filing
from tests.intake.attachments.files import pieces
from tests.intake.attachments.test_service import NOW, content
from tests.workflows.life import eventually

SERVER = Path(sys.executable).parent / "moto_server"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.subprocess.Process]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "kunci",
        "AWS_SECRET_ACCESS_KEY": "rahasia",
    }.items():
        monkeypatch.setenv(name, value)
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        SERVER, "-H", "127.0.0.1", "-p", str(port), stdout=quiet, stderr=quiet
    )

    async def has_a_bucket() -> bool:
        try:
            async with httpx.AsyncClient() as client:
                return (await client.put(f"{endpoint}/kawal")).is_success
        except httpx.TransportError:
            return False

    await eventually(has_a_bucket)
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
def bucket(server: asyncio.subprocess.Process, connected: System) -> Attachments:
    assert server.returncode is None
    return Attachments(connected, AttachmentSettings(url="s3://kawal/lampiran"))


async def paths(attachments: Attachments) -> list[str]:
    return [stored.path async for stored in attachments.storage.under()]


async def test_a_bucket_takes_and_gives_what_a_folder_does(
    bucket: Attachments, connected: System, tracking_id: str, file_report: Filing
) -> None:
    photo, long = files.jpeg(), b"baris panjang\n" * (9 * MEGABYTE // 14)
    refs = await asyncio.gather(*(bucket.add(tracking_id, "foto.jpg", pieces(photo)) for _ in range(4)))
    assert len({ref.id for ref in refs}) == 1
    assert await content(bucket, tracking_id, refs[0]) == photo
    assert files.CAMERA.encode() not in await content(bucket, tracking_id, refs[0], public=True)
    large = await bucket.add(tracking_id, "panjang.txt", pieces(long, 64 * 1024))
    assert await content(bucket, tracking_id, large) == long
    with pytest.raises(AttachmentRefused):
        await bucket.add(tracking_id, "x.txt", pieces(b"a" * 11 * MEGABYTE, 64 * 1024))
    assert len(await paths(bucket)) == 3

    other = await file_report()
    gone = await bucket.add(other, "x.txt", pieces(b"teks"))
    await connected.pool.execute("delete from attachment where id = $1", gone.id)
    assert await bucket.sweep() == 0
    assert await bucket.sweep(60 * NOW) == 1
    assert await bucket.remove_all(tracking_id) == 2
    assert await paths(bucket) == []


async def test_with_the_bucket_away_nothing_is_taken_and_nothing_waits_long(
    bucket: Attachments, server: asyncio.subprocess.Process, tracking_id: str
) -> None:
    ref = await bucket.add(tracking_id, "x.txt", pieces(b"teks"))
    server.kill()
    await server.wait()
    async with asyncio.timeout(40):
        with pytest.raises(StorageUnavailable):
            await bucket.add(tracking_id, "y.txt", pieces(b"lain"))
        with pytest.raises(StorageUnavailable):
            await content(bucket, tracking_id, ref)
    assert await bucket.list(tracking_id) == [ref]
