"""What a first start says before it keeps anyone waiting: what comes, how long it takes, how much disk.

`python -m kawal.embedded.first_start` is the first thing that `make up` runs, with the machine's own Python: so this
module and what it imports use the standard library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from kawal.domain.msgids import Sentence, msgid, sentence
from kawal.embedded.programs import SERVER, UI, GoProgram
from kawal.wording.catalogues import lang_of, say

FORETOLD = "KAWAL_FIRST_START_FORETOLD"
"""Set by `make` for what it runs after this module: nothing is said twice."""
_BOTH = msgid("the Temporal server and UI")


def folders(environ: Mapping[str, str]) -> tuple[Path, Path]:
    """Return the cache and the home that the settings would give (`kawal.base.settings`), without their library."""
    usual = (
        Path(environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache") / "kawal",
        Path(environ.get("XDG_DATA_HOME", "").strip() or Path.home() / ".local" / "share") / "kawal",
    )
    named = environ.get("KAWAL_CACHE"), environ.get("KAWAL_HOME")
    cache, home = (
        Path(name).expanduser().absolute() if name else place for name, place in zip(named, usual, strict=True)
    )
    return cache, home


def to_be_built(cache: Path, home: Path) -> list[GoProgram]:
    """Return what `make up` is going to build: what is neither in `cache` nor, for the server, on PATH.

    A home that the built server has written stays with it, whatever is on PATH.
    """
    found = shutil.which("temporal") is not None and not _written_by_built_server(home)
    missing = [] if found or SERVER.file(cache).exists() else [SERVER]
    return missing if UI.file(cache).exists() else [*missing, UI]


def forecast(programs: Sequence[GoProgram], lang: str, *, packages: bool) -> list[str]:
    """Return three lines: what is built (and that Python `packages` come before), how long it takes, how much disk."""
    least, most = (sum(minutes) for minutes in zip(*(one.minutes for one in programs), strict=True))
    gigabytes = max(one.gigabytes for one in programs)
    what = programs[0].title if len(programs) == 1 else _BOTH
    comes = (
        msgid("First start: installing Python packages, building {what}.")
        if packages
        else msgid("First start: building {what}.")
    )
    return [
        say(lang, comes, what=what),
        say(
            lang,
            msgid("Time: {least} to {most} minutes on two cores; later starts take seconds."),
            least=least,
            most=most,
        ),
        say(
            lang,
            msgid("Disk: {gigabytes} GB must be free while building; nearly all of it is freed afterwards."),
            gigabytes=gigabytes,
        ),
    ]


def foretell(programs: Sequence[GoProgram], lang: str, *, packages: bool = False, out: TextIO | None = None) -> None:
    """Say it, unless `make` has."""
    if programs and not os.environ.get(FORETOLD):
        (sys.stderr if out is None else out).write("\n".join(forecast(programs, lang, packages=packages)) + "\n")


def too_little_room(program: GoProgram, cache: Path) -> Sentence | None:
    """Return that the disk of `cache` cannot hold the build; None when it can."""
    free, needed = shutil.disk_usage(_existing(cache)).free // 10**9, program.gigabytes
    if free >= needed:
        return None
    return sentence(
        msgid(
            "Only {free} GB is free at {cache}; building {what} temporarily needs {needed} GB. Make room, or "
            "choose another folder with KAWAL_CACHE."
        ),
        free=free,
        cache=cache,
        what=program.title,
        needed=needed,
    )


def main() -> int:
    """Say what `make up` is about to do where that is long; return 3 when the disk has no room for it."""
    parser = argparse.ArgumentParser(prog="python -m kawal.embedded.first_start", description=__doc__)
    parser.add_argument("--packages", action="store_true", help="the Python packages are still to be installed")
    packages = parser.parse_args().packages
    lang = lang_of(os.environ.get("KAWAL_LANG"))
    cache, home = folders(os.environ)
    if os.environ.get("TEMPORAL_ADDRESS"):
        return 0
    programs = to_be_built(cache, home)
    missing = too_little_room(SERVER, cache) if SERVER in programs else None
    if missing is not None:
        sys.stderr.write(say(lang, missing) + "\n")
        return 3
    foretell(programs, lang, packages=packages)
    return 0


def _existing(folder: Path) -> Path:
    """Return the nearest folder above that is there: a cache is made when it is first written."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _written_by_built_server(home: Path) -> bool:
    """Whether the home says so (`kawal.embedded.choice` writes it)."""
    try:
        return bool(json.loads((home / "temporal" / "server.json").read_text())["kind"] == "server")
    except (OSError, ValueError, LookupError):  # none there yet; what is damaged, the start itself will name
        return False


if __name__ == "__main__":
    sys.exit(main())
