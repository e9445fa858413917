"""The master key: from a file that only its owner may read, or the environment."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kawal.crypto.encryption import DataKey
from kawal.crypto.master_keys import (
    ENVIRONMENT,
    PREVIOUS,
    KeyUnavailable,
    LocalMasterKey,
    MasterKeyFile,
    ensure_master_key,
    load_master_key,
)


def text_of(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


async def test_the_file_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    made = ensure_master_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    ids = [await one.current_id() for one in (made, ensure_master_key(path), load_master_key(path))]
    assert len(set(ids)) == 1
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


async def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    with ThreadPoolExecutor(8) as threads:
        made = [await key.current_id() for key in threads.map(ensure_master_key, [path] * 16)]
    assert len(set(made)) == 1


async def test_the_environment_goes_first_and_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, text_of(bytes(32)))
    assert await ensure_master_key(tmp_path / "master.key").current_id() == LocalMasterKey(bytes(32)).master_key_id
    assert not (tmp_path / "master.key").exists()


def test_a_missing_broken_or_open_file_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with pytest.raises(KeyUnavailable, match=ENVIRONMENT):
        load_master_key(path)
    for content in ("", "not base64!", base64.b64encode(bytes(31)).decode()):
        path.write_text(content)
        path.chmod(0o600)
        with pytest.raises(KeyUnavailable, match="base64"):
            load_master_key(path)
    path.write_text(base64.b64encode(bytes(32)).decode())
    path.chmod(0o640)
    with pytest.raises(KeyUnavailable, match="chmod"):
        load_master_key(path)


async def test_a_wrapped_key_opens_for_its_owner_and_its_master_alone() -> None:
    master, key = LocalMasterKey(bytes(32)), DataKey.fresh("complaint-1234567")
    wrapped = await master.wrap(key)
    assert await master.unwrap(key.key_id, key.owner, wrapped) == key
    with pytest.raises(KeyUnavailable):
        await master.unwrap(key.key_id, "complaint-7654321", wrapped)
    with pytest.raises(KeyUnavailable):
        await LocalMasterKey(b"x" * 32).unwrap(key.key_id, key.owner, wrapped)
    with pytest.raises(KeyUnavailable):
        await master.unwrap(key.key_id, key.owner, wrapped._replace(data=b""))


async def test_a_key_that_is_put_in_anothers_place_wraps_at_once_and_the_earlier_one_still_opens(
    tmp_path: Path,
) -> None:
    path, key = tmp_path / "keys" / "master.key", DataKey.fresh("complaint-1234567")
    running = ensure_master_key(path)
    before = await running.wrap(key)
    file = MasterKeyFile(path)
    following = file.draft()
    assert file.draft() == following
    assert await running.current_id() == before.master_key_id
    file.install(following)
    file.install(following)
    assert await running.current_id() == following
    assert (await running.wrap(key)).master_key_id == following
    assert await running.unwrap(key.key_id, key.owner, before) == key
    assert [one.name for one in file.previous()] == [f"{before.master_key_id}.key"]
    assert stat.S_IMODE(file.previous()[0].stat().st_mode) == 0o600
    assert sorted(one.name for one in path.parent.iterdir()) == ["master.key", "previous"]
    file.previous()[0].unlink()
    with pytest.raises(KeyUnavailable, match=before.master_key_id):
        await running.unwrap(key.key_id, key.owner, before)


async def test_a_key_of_the_operators_is_taken_and_the_same_one_or_none_is_refused(tmp_path: Path) -> None:
    path, given = tmp_path / "keys" / "master.key", tmp_path / "given.key"
    await ensure_master_key(path).current_id()
    given.write_bytes(path.read_bytes())
    given.chmod(0o600)
    with pytest.raises(KeyUnavailable, match="in use already"):
        MasterKeyFile(path).draft(given)
    with pytest.raises(KeyUnavailable, match="not in"):
        MasterKeyFile(path).install("0" * 16)
    given.write_text(text_of(b"x" * 32))
    assert MasterKeyFile(path).draft(given) == LocalMasterKey(b"x" * 32).master_key_id
    given.write_text(text_of(b"y" * 32))
    with pytest.raises(KeyUnavailable, match="is prepared"):
        MasterKeyFile(path).draft(given)


async def test_earlier_keys_of_the_environment_still_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = DataKey.fresh("complaint-1234567")
    wrapped = await LocalMasterKey(b"x" * 32).wrap(key)
    monkeypatch.setenv(PREVIOUS, f"{text_of(b'y' * 32)}, {text_of(b'x' * 32)}")
    with pytest.raises(KeyUnavailable, match="is not set"):
        load_master_key(tmp_path / "master.key")
    monkeypatch.setenv(ENVIRONMENT, text_of(bytes(32)))
    keys = load_master_key(tmp_path / "master.key")
    assert await keys.unwrap(key.key_id, key.owner, wrapped) == key
    assert (await keys.wrap(key)).master_key_id == LocalMasterKey(bytes(32)).master_key_id


async def test_while_the_file_cannot_be_read_the_key_that_was_holds_on(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    keys = ensure_master_key(path)
    before = await keys.current_id()
    content = path.read_bytes()
    path.write_text("half")
    assert await keys.current_id() == before
    path.write_bytes(content)
    assert await keys.current_id() == before
