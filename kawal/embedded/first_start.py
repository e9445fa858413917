"""The announcement of a first start: what is about to happen, how long it takes, how much disk space it needs.

`python -m kawal.embedded.first_start` is the first thing that `make up` runs, with the machine's own Python, so this
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
"""Set by `make` for the programs it runs after this module, so that nothing is printed twice."""
_BOTH = msgid("the Temporal server and UI")


def folders(environ: Mapping[str, str]) -> tuple[Path, Path]:
    """Return the cache and the home as the settings would (`kawal.base.settings`), without importing pydantic."""
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

    A home whose data was written by the built server keeps using it, whatever is on PATH.
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
    """Print the forecast, unless `make` has done so."""
    if programs and not os.environ.get(FORETOLD):
        (sys.stderr if out is None else out).write("\n".join(forecast(programs, lang, packages=packages)) + "\n")


def too_little_room(program: GoProgram, cache: Path) -> Sentence | None:
    """Return a sentence that the disk of `cache` has too little space for the build; None if it has enough."""
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
    """Print what `make up` is about to do if it takes long; return 3 if the disk has too little space for it."""
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
    """Return the nearest existing folder at or above `folder`: a cache folder is created when it is first written."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _written_by_built_server(home: Path) -> bool:
    """Return whether the file that `kawal.embedded.server_choice` writes names the built server."""
    try:
        return bool(json.loads((home / "temporal" / "server.json").read_text())["kind"] == "server")
    except (OSError, ValueError, LookupError):  # not there yet; a damaged file is reported by the start itself
        return False


if __name__ == "__main__":
    sys.exit(main())
