"""The demo's own folder and environment: nothing of the machine's real installation reaches them."""

from __future__ import annotations

import shutil
from collections.abc import MutableMapping
from pathlib import Path

import platformdirs

from kawal.base.demo_mark import DemoMark, demo_mark, write_demo_mark
from kawal.base.endpoints import is_running
from kawal.base.errors import AlreadyRunning, SystemUnavailable
from kawal.crypto.master_keys import MasterKeys, ensure_master_key
from kawal.domain.msgids import msgid, sentence
from kawal.record import master_key_file

_KEPT = frozenset({"KAWAL_CACHE", "KAWAL_LANG", "KAWAL_HTTP_PORT", "KAWAL_FIRST_START_FORETOLD"})
_PREFIXES = ("KAWAL_", "DATABASE_", "TEMPORAL_", "AWS_")
"""What the names of variables begin with that could lead a demo to a database, an engine, a key or a bucket."""


def default_home() -> Path:
    """Return the demo's folder beside that of the real installation."""
    return Path(platformdirs.user_data_dir("kawal-demo", appauthor=False))


def forget_installation(environ: MutableMapping[str, str]) -> None:
    """Take out of the environment all that leads to a real installation, also for the processes started from here."""
    for name in [one for one in environ if one.startswith(_PREFIXES) and one not in _KEPT]:
        del environ[name]


def clear_home(home: Path, *, anew: bool) -> bool:
    """Remove a demo that was not made to its end, or is to be made `anew`; return whether one is left to go on with.

    Raises SystemUnavailable for a folder that holds anything but a demo, AlreadyRunning for a demo that runs.
    """
    mark = demo_mark(home)
    if mark is None:
        if home.exists() and any(home.iterdir()):
            raise SystemUnavailable(
                sentence(msgid("{home} holds something that is no demo; choose a new folder with --home."), home=home)
            )
        return False
    if mark.ready and not anew:
        return True
    if is_running(home):
        raise AlreadyRunning(home)
    shutil.rmtree(home)
    return False


async def marked_home(home: Path) -> MasterKeys:
    """Return the master key of a demo's home; an empty one is marked first. Raises SystemUnavailable."""
    is_new = _made_empty(home)
    master = ensure_master_key(master_key_file(home))
    key = await master.current_id()
    if is_new:
        write_demo_mark(home, DemoMark(master_key=key))
    mark = demo_mark(home)
    if mark is None or mark.master_key != key:
        raise SystemUnavailable(sentence(msgid("{home} was not made as a demo; nothing is started on it."), home=home))
    return master


def _made_empty(home: Path) -> bool:
    """Make the folder if there is none; tell whether nothing lies in it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return not any(home.iterdir())
