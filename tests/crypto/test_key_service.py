"""A master key in a service: data keys are wrapped and opened there, and its outage is no loss."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.crypto.keyring import KeyUnavailable, ensure_master_key
from kawal.crypto.kms import SERVICE
from kawal.crypto.master_key import MasterKeys, NotOpened, Wrapped
from kawal.crypto.sealing import DataKey
from kawal.crypto.transit import TransitMasterKey
from kawal.web.serving import listen, serving
from tests.crypto.key_service import NAME, KeyService

KEY = DataKey.fresh("complaint-1234567")
FOREIGN = Wrapped(f"transit:{NAME}:v1", b"vault:v1:AAAA")


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


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"data": 7}', '{"data": {"plaintext": "AAAA", "ciphertext": "x"}}'])
async def test_an_answer_that_is_none_is_no_key(tmp_path: Path, body: str) -> None:
    async def answer(_request: Request) -> Response:
        return Response(body)

    bound = listen("127.0.0.1", 0, or_free=False)
    (tmp_path / "token").write_text("a token")
    anything = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    async with serving(anything, bound) as url:
        master = TransitMasterKey(url, NAME, tmp_path / "token")
        for ask in (master.current_id(), master.wrap(KEY), master.unwrap(KEY.key_id, KEY.owner, FOREIGN)):
            with pytest.raises(KeyUnavailable):
                await ask
        await master.close()
