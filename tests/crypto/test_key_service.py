"""A master key in a service: data keys are wrapped and unwrapped there, and its outage loses nothing."""

from __future__ import annotations

import socket
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kawal.crypto import transit
from kawal.crypto.encryption import DataKey
from kawal.crypto.kms import SERVICE, load_service
from kawal.crypto.master_key import MasterKeys, NotOpened, WrappedSecret
from kawal.crypto.master_keys import ENVIRONMENT, KeyUnavailable, ensure_master_key
from kawal.crypto.transit import TransitMasterKey
from kawal.web.server import listen, serving
from tests.crypto.key_service import NAME, KeyService

KEY = DataKey.fresh("complaint-1234567")
FOREIGN = WrappedSecret(f"transit:{NAME}:v1", b"vault:v1:AAAA")


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KeyService]:
    service = KeyService(tmp_path)
    await service.come()
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    yield service
    await service.go()


@pytest.fixture
async def master(service: KeyService, tmp_path: Path) -> AsyncIterator[MasterKeys]:
    assert service.url
    master = ensure_master_key(tmp_path / "keys" / "master.key")
    yield master
    await master.close()


async def test_a_data_key_is_wrapped_and_opened_by_the_service_alone(master: MasterKeys, tmp_path: Path) -> None:
    wrapped = await master.wrap(KEY)
    assert wrapped.master_key_id == f"transit:{NAME}:v1" == await master.current_id()
    assert KEY.secret not in wrapped.data
    assert await master.unwrap(KEY.key_id, KEY.owner, wrapped) == KEY
    assert not (tmp_path / "keys").exists()
    with pytest.raises(NotOpened):
        await master.unwrap(KEY.key_id, "complaint-7654321", wrapped)
    with pytest.raises(NotOpened):
        await master.unwrap(KEY.key_id, KEY.owner, wrapped._replace(data=b"vault:v9:AAAA"))
    with pytest.raises(NotOpened):
        await master.unwrap(KEY.key_id, KEY.owner, wrapped._replace(data=b"\xff garbage"))


async def test_what_an_earlier_version_wrapped_opens_after_a_rotation(service: KeyService, master: MasterKeys) -> None:
    before = await master.wrap(KEY)
    service.rotate()
    assert await master.current_id() == f"transit:{NAME}:v2"
    assert (await master.wrap(KEY)).master_key_id == f"transit:{NAME}:v2"
    assert await master.unwrap(KEY.key_id, KEY.owner, before) == KEY


@pytest.mark.usefixtures("service")
async def test_what_a_local_key_wrapped_opens_beside_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SERVICE)
    path = tmp_path / "keys" / "master.key"
    before = await ensure_master_key(path).wrap(KEY)
    monkeypatch.setenv(SERVICE, "transit")
    master = ensure_master_key(path)
    assert (await master.wrap(KEY)).master_key_id.startswith("transit:")
    assert await master.unwrap(KEY.key_id, KEY.owner, before) == KEY
    await master.close()


async def test_while_it_is_away_or_lets_nobody_in_keys_are_unavailable_and_then_open(
    service: KeyService, master: MasterKeys
) -> None:
    wrapped = await master.wrap(KEY)
    await service.go()
    for ask in (master.current_id(), master.wrap(KEY), master.unwrap(KEY.key_id, KEY.owner, wrapped)):
        with pytest.raises(KeyUnavailable, match="key service"):
            await ask
    await service.come()
    service.token_file.write_text("another")
    with pytest.raises(KeyUnavailable, match="403"):
        await master.unwrap(KEY.key_id, KEY.owner, wrapped)
    service.token_file.unlink()
    with pytest.raises(KeyUnavailable, match="token"):
        await master.wrap(KEY)
    service.token_file.write_text("a token")
    assert await master.unwrap(KEY.key_id, KEY.owner, wrapped) == KEY


@asynccontextmanager
async def answering(answer: Response) -> AsyncIterator[str]:
    """Run a server that answers everything with this."""

    async def same(_request: Request) -> Response:
        return answer

    application = Starlette(routes=[Route("/{path:path}", same, methods=["GET", "POST"])])
    async with serving(application, listen("127.0.0.1", 0, or_free=False)) as url:
        yield url


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"data": 7}', '{"data": {"plaintext": "AAAA", "ciphertext": "x"}}'])
async def test_an_answer_that_is_none_is_no_key(tmp_path: Path, body: str) -> None:
    (tmp_path / "token").write_text("a token")
    async with answering(Response(body)) as url:
        master = TransitMasterKey(url, NAME, tmp_path / "token")
        for ask in (master.current_id(), master.wrap(KEY), master.unwrap(KEY.key_id, KEY.owner, FOREIGN)):
            with pytest.raises(KeyUnavailable):
                await ask
        await master.close()


async def test_a_redirect_is_not_followed_for_the_token_is_meant_for_one_service(
    service: KeyService, tmp_path: Path
) -> None:
    async with answering(RedirectResponse(f"{service.url}/v1/transit/keys/{NAME}")) as url:
        master = TransitMasterKey(url, NAME, tmp_path / "token")
        with pytest.raises(KeyUnavailable, match="307"):
            await master.current_id()
        await master.close()
    assert service.asked == 0


async def test_a_service_that_takes_too_long_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transit, "SECONDS", 0.1)
    (tmp_path / "token").write_text("a token")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        master = TransitMasterKey(f"http://127.0.0.1:{silent.getsockname()[1]}", NAME, tmp_path / "token")
        with pytest.raises(KeyUnavailable, match="TimeoutError"):
            await master.current_id()
        await master.close()


async def test_an_address_that_is_none_is_a_service_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a token")
    for url in ("vault.example:8200", "http://127.0.0.1:none", "http://[::"):
        master = TransitMasterKey(url, NAME, tmp_path / "token")
        with pytest.raises(KeyUnavailable, match="key service"):
            await master.current_id()
        await master.close()


@pytest.mark.parametrize("content", [b"", b"hvs.first\nhvs.second", b"hvs.\xff", b"hvs.\x00second"])
async def test_a_token_that_is_none_is_said_to_be_none_and_never_repeated(
    service: KeyService, master: MasterKeys, content: bytes
) -> None:
    service.token_file.write_bytes(content)
    with pytest.raises(KeyUnavailable, match="token") as failed:
        await master.current_id()
    assert "hvs" not in "".join(traceback.format_exception(failed.value))
    assert service.asked == 0


async def test_a_module_of_the_operators_and_an_entry_point_are_found_and_what_is_none_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "our_keys.py").write_text(
        "from kawal.crypto.master_key import LocalMasterKey\ndef made():\n    return LocalMasterKey(bytes(32))\n"
    )
    facts = tmp_path / "our_keys-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: our-keys\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[kawal.kms]\nours = our_keys:made\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert await load_service("our_keys:made").current_id() == await load_service("ours").current_id()
    for name in ("nothing", "our_keys:missing", "missing_module:made", ":", "transit"):
        with pytest.raises(KeyUnavailable, match=SERVICE):
            load_service(name)
    monkeypatch.setenv(SERVICE, "nothing")
    monkeypatch.setenv(ENVIRONMENT, "")
    with pytest.raises(KeyUnavailable, match="nothing"):
        ensure_master_key(tmp_path / "master.key")
