"""The addresses on which a running system listens, stored so that other commands of the same home find it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from kawal.base.errors import not_running
from kawal.base.settings import Settings


class Endpoints(BaseModel):
    """The addresses of one running system."""

    model_config = ConfigDict(frozen=True)

    temporal_address: str
    """host:port of the engine."""
    database_url: str
    namespace: str
    ui_url: str | None = None
    """The Temporal UI for a browser, if one runs."""
    codec_url: str | None = None
    """Where payloads are decrypted for the UI (console.codec), if they are."""
    external_temporal: bool = False
    """Whether the engine is the cluster at `TEMPORAL_ADDRESS`, whose TLS and API key come from the environment."""
    virtual_time: bool = False
    """Whether clients may move a workflow's clock."""


def endpoints_file(home: Path) -> Path:
    """Return the file that holds the addresses of a running system."""
    return home / "run" / "endpoints.json"


def write_endpoints(file: Path, endpoints: Endpoints) -> None:
    """Store the addresses, readable by the owner alone; the file is replaced atomically, so a reader never sees part of
    it."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(endpoints.model_dump_json(indent=1))
    draft.replace(file)


def running_endpoints(settings: Settings) -> Endpoints:
    """Return the addresses that commands of this home should use.

    If both `TEMPORAL_ADDRESS` and `DATABASE_URL` are set, those are used; otherwise a system must be running on this
    home. Raises SystemUnavailable, with the command that starts one.
    """
    if settings.temporal_address is not None and settings.database_url is not None:
        return Endpoints(
            temporal_address=settings.temporal_address,
            database_url=settings.database_url,
            namespace=settings.namespace,
            external_temporal=True,
        )
    if not is_running(settings.home):
        raise not_running()
    return Endpoints.model_validate_json(endpoints_file(settings.home).read_text())


def is_running(home: Path) -> bool:
    """Return whether a system runs on this home and has said where it listens."""
    return endpoints_file(home).exists() and _is_locked(_lock_file(home))


def database_address(settings: Settings) -> str:
    """Return the database that readings of this home should use: no engine need be there.

    With `DATABASE_URL` set and nothing running on this home that is it. Raises SystemUnavailable that says how to start
    one.
    """
    if settings.database_url is not None and not is_running(settings.home):
        return settings.database_url
    return running_endpoints(settings).database_url


@contextmanager
def home_lock(home: Path) -> Iterator[bool]:
    """Hold this home's lock, which the kernel releases with the process; yields False when another process holds it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock_file = _lock_file(home)
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _lock_file(home: Path) -> Path:
    return home / "run" / "home.lock"


def _is_locked(lock_file: Path) -> bool:
    try:
        descriptor = os.open(lock_file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
