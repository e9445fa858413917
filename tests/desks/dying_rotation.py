"""A rotation that dies with -9 at a step: `python -m tests.desks.dying_rotation STEP SETTINGS ENDPOINTS`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import kawal.crypto.master_keys
from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import MasterKeyFile
from kawal.desks.key_rotation import KeyRotation
from kawal.domain.names import Role
from kawal.store.data_keys import DataKeyStore
from kawal.store.master_rotations import MasterRotations
from kawal.system import open_system

STEPS: dict[str, tuple[Any, str, int]] = {
    "drafted": (MasterKeyFile, "draft", 1),
    "begun": (MasterRotations, "begin", 1),
    "previous kept": (kawal.crypto.master_keys, "_write_once", 2),
    "replaced": (os, "replace", 1),
    "installed": (MasterKeyFile, "install", 1),
    "one batch": (DataKeyStore, "_rewrap", 1),
    "two batches": (DataKeyStore, "_rewrap", 2),
    "all wrapped": (DataKeyStore, "master_keys", 3),
    "ended": (MasterRotations, "end", 1),
}
"""The call after which the process dies."""


def then_die(step: Callable[..., Any], calls: int) -> Callable[..., Any]:
    """Do the step that many times, and die as by kill -9: nothing is finished or reported."""
    left = calls

    def gone() -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    async def awaited(waiting: Any) -> Any:
        nonlocal left
        result = await waiting
        left -= 1
        return result if left else gone()

    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        result = step(*arguments, **named)
        if asyncio.iscoroutine(result):
            return awaited(result)
        left -= 1
        return result if left else gone()

    return dying


async def main(step: str, settings: str, endpoints: str) -> None:
    owner, name, calls = STEPS[step]
    setattr(owner, name, then_die(getattr(owner, name), calls))
    where = Endpoints.model_validate_json(endpoints)
    async with open_system(Settings.model_validate_json(settings), endpoints=where, engine_later=True) as connected:
        complaints = Complaints(connected)
        await KeyRotation(complaints, batch=2).rotate_master(await complaints.actor(Role.ADMIN, "Ani"))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
