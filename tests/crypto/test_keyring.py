"""The master key: from a file that only its owner reads, or the environment."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crypto.keyring import ENVIRONMENT, KeyUnavailable, LocalMasterKey, ensure_master_key, load_master_key
from crypto.sealing import DataKey


def test_the_file_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    made = ensure_master_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert ensure_master_key(path).master_key_id == load_master_key(path).master_key_id == made.master_key_id
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    with ThreadPoolExecutor(8) as threads:
        made = {key.master_key_id for key in threads.map(ensure_master_key, [path] * 16)}
    assert len(made) == 1


def test_the_environment_goes_first_and_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, base64.b64encode(bytes(32)).decode())
    assert ensure_master_key(tmp_path / "master.key").master_key_id == LocalMasterKey(bytes(32)).master_key_id
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


def test_a_wrapped_key_opens_for_its_owner_and_its_master_alone() -> None:
    master, key = LocalMasterKey(bytes(32)), DataKey.fresh("complaint-1234567")
    wrapped = master.wrap(key)
    assert master.unwrap(key.key_id, key.owner, wrapped) == key
    with pytest.raises(KeyUnavailable):
        master.unwrap(key.key_id, "complaint-7654321", wrapped)
    with pytest.raises(KeyUnavailable):
        LocalMasterKey(b"x" * 32).unwrap(key.key_id, key.owner, wrapped)
    with pytest.raises(KeyUnavailable):
        master.unwrap(key.key_id, key.owner, b"")
