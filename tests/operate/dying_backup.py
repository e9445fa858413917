"""A backup or restore that dies with -9: `python -m tests.operate.dying_backup WHAT STEP SETTINGS DATA KEYS [LIST]`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kawal.operate.backup
import kawal.operate.restore
from kawal.base.settings import Settings
from kawal.operate.backup import Parts, back_up
from tests.audit.installation import quiet, restored, storage
from tests.intake.dying_relay import then_die

BACKUP_STEPS: dict[str, tuple[Any, str]] = {
    "dumped": (kawal.operate.backup, "_dump"),
    "attachments copied": (kawal.operate.backup, "_copy_attachments"),
    "data part whole": (kawal.operate.backup, "write_manifest"),
}
RESTORE_STEPS: dict[str, tuple[Any, str]] = {
    "marked": (kawal.operate.restore, "_put_mark"),
    "first part of the database": (kawal.operate.restore, "run_tool"),
    "erased again": (kawal.operate.restore, "_erase_again"),
    "attachments placed": (kawal.operate.restore, "_place_attachments"),
}


def at_once(step: Callable[..., Any]) -> Callable[..., None]:
    """Do the same as `then_die` for a step that is not a coroutine."""

    def dying(*arguments: Any, **named: Any) -> None:
        step(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return dying


async def main(what: str, step: str, settings: str, data: str, keys: str, erasures: str | None = None) -> None:
    owner, name = {**BACKUP_STEPS, **RESTORE_STEPS}[step]
    doing = getattr(owner, name)
    setattr(owner, name, (then_die if asyncio.iscoroutinefunction(doing) else at_once)(doing))
    given, parts = Settings.model_validate_json(settings), Parts(Path(data), Path(keys))
    if what == "backup":
        await back_up(given, storage(given.home), parts, "test", quiet)
    else:
        listed = None if erasures is None else Path(erasures)
        await restored(given, parts, erasures=listed, without_erasures=listed is None)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
