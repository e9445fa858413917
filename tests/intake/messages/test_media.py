"""Files of messages are fetched after the message was taken, from the gateway's own hosts alone, bounded, once."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kawal.crypto.encryption import encrypt
from kawal.domain.names import Channel, workflow_id
from kawal.gateways.media import MediaRefused, media_client, opened_medium
from kawal.gateways.outgoing import OutgoingGateway
from kawal.intake.attachments.service import AttachmentRef, Attachments
from kawal.intake.messages.content import Medium, Message
from kawal.intake.messages.gateways import Gateway
from kawal.intake.messages.media import MOST_TRIES, MediaFetcher, put_media
from kawal.store.message_media import MediumContent, MediumStatus
from kawal.system import System
from tests.gateways.stand_in import SECRET, StandInGateway, stand_in_gateway
from tests.intake.attachments import files
from tests.intake.attachments.conftest import attachments, connected, file_report, tracking_id
from tests.workflows.life import eventually

__all__ = ["attachments", "connected", "file_report", "tracking_id"]

INCOMING = Gateway(name="wa", secret=SECRET, channel=Channel.WHATSAPP)
SENDER = "+6281200000001"


@pytest.fixture
async def gateway() -> AsyncIterator[StandInGateway]:
    async with stand_in_gateway() as opened:
        yield opened


def outgoing(gateway: StandInGateway, **changes: Any) -> OutgoingGateway:
    return OutgoingGateway.model_validate(
        {"name": "wa", "channel": "whatsapp", "url": gateway.url, "secret": SECRET, "media_hosts": ["127.0.0.1"]}
        | changes
    )


def serving(content: bytes, **more: Any) -> Callable[[Request], Awaitable[Response]]:
    async def served(_request: Request) -> Response:
        return Response(content, **more)

    return served


class Post:
    """A message's files on their way into a report."""

    def __init__(self, system: System, attachments: Attachments, gateway: StandInGateway, number: str) -> None:
        self.store = system.message_media
        self.system = system
        self.attachments = attachments
        self.gateway = gateway
        self.number = number

    def where(self, path: str) -> str:
        return f"http://127.0.0.1:{self.gateway.port}{path}" if path.startswith("/") else path

    async def put(self, *paths: str, **more: Any) -> None:
        media = [Medium(self.where(path), **more) for path in paths]
        message = Message(SENDER, "Lubang", "m-1", media=media)
        await put_media(self.store, INCOMING, message, self.number)

    async def fetch(self, gateway: OutgoingGateway | None = None, seconds: float = 20) -> None:
        gateways = {"wa": gateway or outgoing(self.gateway)}
        fetcher = MediaFetcher(self.store, self.attachments, self.system.outgoing_messages, gateways, seconds=seconds)
        while await fetcher.fetch_one():
            pass

    async def state(self) -> list[tuple[str, str | None]]:
        return [(str(line.status), line.last_error) for line in reversed(await self.store.lines(self.number))]


@pytest.fixture
def post(connected: System, attachments: Attachments, gateway: StandInGateway, tracking_id: str) -> Post:
    return Post(connected, attachments, gateway, tracking_id)


async def test_photo_and_voice_note_become_attachments_once(post: Post) -> None:
    post.gateway.files = {"/foto": serving(files.jpeg()), "/suara": serving(files.ogg())}
    for _ in range(2):
        await post.put("/foto", "/suara", name="Lubang.exe")
        await post.fetch()
    listed = await post.attachments.list(post.number)
    assert [(one.name, one.media_type) for one in listed] == [
        ("Lubang.jpg", "image/jpeg"),
        ("Lubang.ogg", "audio/ogg"),
    ]
    assert [one.public_size is None for one in listed] == [False, True]
    assert await post.state() == [("taken", None), ("taken", None)]


async def test_ones_own_program_sees_who_asks(post: Post) -> None:
    seen: list[str] = []

    async def served(request: Request) -> Response:
        seen.append(request.headers.get("x-kawal-signature", ""))
        return Response(files.jpeg())

    post.gateway.files = {"/foto": served}
    await post.put("/foto")
    await post.fetch()
    assert seen[0].startswith("sha256=")


async def test_meta_says_where_the_file_of_an_id_is(post: Post) -> None:
    base = f"http://127.0.0.1:{post.gateway.port}"

    async def said(request: Request) -> Response:
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        return Response(json.dumps({"url": f"{base}/file", "mime_type": "image/jpeg"}))

    post.gateway.files = {"/v21.0/4711": said, "/file": serving(files.jpeg())}
    await post.put("id 4711")
    await post.fetch(outgoing(post.gateway, shape="meta", url=f"{base}/v21.0/1234/messages"))
    assert await post.state() == [("taken", None)]


@pytest.mark.parametrize(
    ("where", "hosts", "why"),
    [
        ("https://elsewhere.example/foto", [], "host_not_allowed"),
        ("http://files.example/foto", ["files.example"], "not_https"),
        ("https://127.0.0.2/foto", ["127.0.0.2"], "private_address"),
        ("https://10.0.0.5/foto", ["10.0.0.5"], "private_address"),
        ("https://169.254.169.254/latest/meta-data", ["169.254.169.254"], "private_address"),
        ("https://[fd00::1]/foto", ["fd00::1"], "private_address"),
        ("https://files.example:port/foto", ["files.example"], "unusable_address"),
        ("https://[::1/foto", ["::1"], "unusable_address"),
        (f"https://{'a' * 64}.example/foto", [f"{'a' * 64}.example"], "unusable_address"),
        ("file:///etc/passwd", [], "host_not_allowed"),
        ("just words", [], "host_not_allowed"),
    ],
)
async def test_nothing_is_fetched_from_elsewhere_or_from_within(
    post: Post, where: str, hosts: list[str], why: str
) -> None:
    one = outgoing(post.gateway, media_hosts=["127.0.0.1", *hosts])
    async with media_client() as client:
        with pytest.raises(MediaRefused) as refused:
            async with opened_medium(client, one, where, datetime.now(UTC)):
                pass
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("to", "became"),
    [
        ("/foto", ("taken", None)),
        ("https://elsewhere.example/foto", ("given_up", "host_not_allowed")),
        ("/again", ("given_up", "too_many_redirects")),
        ("http://[::1", ("pending", "RemoteProtocolError")),
        ("http://127.0.0.1:port/foto", ("pending", "RemoteProtocolError")),
    ],
)
async def test_a_redirect_leads_to_allowed_hosts_only(post: Post, to: str, became: tuple[str, str | None]) -> None:
    async def away(_request: Request) -> Response:
        return Response(status_code=307, headers={"location": to})

    post.gateway.files = {"/again": away, "/foto": serving(files.jpeg())}
    await post.put("/again")
    await post.fetch()
    assert await post.state() == [became]


async def test_whatever_one_file_does_it_is_given_up_and_the_others_are_fetched(
    post: Post, connected: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = post.attachments.add

    async def failing(number: str, name: str, content: AsyncIterator[bytes]) -> AttachmentRef:
        if name.startswith("Rusak"):
            raise LookupError(name)
        return await add(number, name, content)

    monkeypatch.setattr(post.attachments, "add", failing)
    post.gateway.files = {"/foto": serving(files.jpeg())}
    await post.put("/foto", name="Rusak")
    await post.store.put(post.number, "wa", "m-2:0", MediumContent(where=post.where("/foto"), name="Baik"))
    await post.fetch()
    assert await post.state() == [("pending", "LookupError"), ("taken", None)]
    await again(connected.pool, MOST_TRIES - 1)
    await post.fetch()
    assert await post.state() == [("given_up", "LookupError"), ("taken", None)]


async def test_what_comes_compressed_is_not_unpacked(post: Post) -> None:
    asked: list[str] = []

    async def bomb(request: Request) -> Response:
        asked.append(request.headers["accept-encoding"])
        return Response(gzip.compress(files.jpeg()), headers={"content-encoding": "gzip"})

    post.gateway.files = {"/foto": bomb}
    await post.put("/foto")
    await post.fetch()
    assert asked == ["identity"]
    assert await post.state() == [("given_up", "type_not_allowed")]


async def test_what_is_no_file_of_a_kind_that_is_taken_is_given_up_and_its_sender_told_once(post: Post) -> None:
    post.gateway.files = {"/foto": serving(b"MZ\x90\x00" + bytes(200))}
    for _ in range(2):
        await post.put("/foto")
        await post.fetch()
    assert await post.state() == [("given_up", "type_not_allowed")]
    (told,) = await post.system.outgoing_messages.lines()
    assert (told.kind, told.tracking_id) == ("file_not_taken", post.number)
    assert await post.attachments.list(post.number) == []


async def test_a_file_that_is_too_large_is_cut_off_and_given_up(post: Post) -> None:
    async def long() -> AsyncIterator[bytes]:
        yield files.jpeg()
        for _ in range(600):
            yield bytes(1 << 16)

    async def served(_request: Request) -> Response:
        return StreamingResponse(long())

    post.gateway.files = {"/foto": served}
    await post.put("/foto")
    await post.fetch()
    assert await post.state() == [("given_up", "too_large")]


async def test_a_gateway_that_is_away_or_slow_is_asked_again_and_then_given_up(post: Post, connected: System) -> None:
    waiting = asyncio.Event()

    async def slow(_request: Request) -> Response:
        await waiting.wait()
        return Response(b"")

    post.gateway.files = {"/lambat": slow}
    await post.put("/tidak-ada")
    await post.fetch()
    await post.put("/lambat")
    await post.fetch(seconds=0.3)
    assert await post.state() == [("pending", "404"), ("pending", "TimeoutError")]
    await post.fetch()  # they are not due yet
    assert [line.attempts for line in await post.store.lines()] == [1, 1]
    await again(connected.pool, MOST_TRIES - 1)
    await post.fetch(seconds=0.3)
    assert [status for status, _ in await post.state()] == ["given_up", "given_up"]
    waiting.set()


async def test_a_store_of_ours_that_is_away_costs_a_file_no_try_and_its_sender_hears_of_nothing(
    post: Post, connected: System
) -> None:
    post.gateway.files = {"/foto": serving(files.jpeg())}
    await post.put("/foto")
    await again(connected.pool, MOST_TRIES)
    folder = post.attachments.storage.folder
    assert folder is not None
    shutil.rmtree(folder)
    folder.write_bytes(b"")
    await post.fetch()
    assert await post.state() == [("pending", "StorageUnavailable")]
    assert await post.system.outgoing_messages.lines() == []
    folder.unlink()
    folder.mkdir()
    await again(connected.pool, MOST_TRIES)
    await post.fetch()
    assert await post.state() == [("taken", None)]


async def test_a_file_that_breaks_off_is_the_gateways_fault(post: Post, connected: System) -> None:
    async def half(_request: Request) -> Response:
        return Response(files.jpeg(), headers={"Content-Length": "999999"})

    post.gateway.files = {"/foto": half}
    await post.put("/foto")
    await again(connected.pool, MOST_TRIES)
    await post.fetch(seconds=3)
    assert await post.state() == [("given_up", "RemoteProtocolError")]


async def again(pool: asyncpg.Pool, attempts: int) -> None:
    """Make what waits due, after so many tries."""
    await pool.execute(
        "update message_medium set next_try_at = now(), attempts = $1 where status = 'pending'", attempts
    )


async def test_where_no_gateway_may_be_asked_files_are_given_up(post: Post) -> None:
    await post.put("/foto")
    await post.fetch(outgoing(post.gateway, media_hosts=[]))
    assert await post.state() == [("given_up", "no_gateway")]


async def test_where_a_file_is_stands_in_no_clear_column(post: Post, connected: System) -> None:
    await post.put("/rahasia-alamat")
    row = await connected.pool.fetchrow("select * from message_medium")
    assert b"rahasia-alamat" not in row["body"]
    assert SENDER.encode() not in row["body"]
    assert (await post.store.lines())[0].status is MediumStatus.PENDING


async def test_the_loop_fetches_by_itself_also_past_what_nobody_foresaw(post: Post) -> None:
    post.gateway.files = {"/foto": serving(files.jpeg())}
    mac, key = bytes(32), await post.system.keys.key_for(workflow_id(post.number))
    await post.system.pool.execute(
        "insert into message_medium (tracking_id, gateway, once_mac, body) values ($1, 'wa', $2, $3)",
        post.number,
        mac,
        encrypt(key, b"{}", b"message medium\x00" + mac),
    )
    await post.put("/foto")
    fetcher = MediaFetcher(post.store, post.attachments, post.system.outgoing_messages, {"wa": outgoing(post.gateway)})
    running = asyncio.create_task(fetcher.fetching())
    await eventually(lambda: taken(post))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def taken(post: Post) -> bool:
    return ("taken", None) in await post.state()
