"""A worker as operators run it, whose rules have a bug at the complaints that a file names: `broken_worker.py FILE`."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import workflows.complaint
from domain.decide import decide
from domain.state import State
from worker import main

_broken: set[str] = set()


def _follow(file: Path) -> None:
    """Beside the event loop, for what decides may not read files."""
    while True:
        if file.exists():
            _broken.clear()
            _broken.update(file.read_text().split())
        time.sleep(0.05)


def _buggy(state: State, *arguments: Any) -> Any:
    if state.tracking_id in _broken:
        raise RuntimeError("a bug in the rules")
    return decide(state, *arguments)


if __name__ == "__main__":
    vars(workflows.complaint)["decide"] = _buggy
    threading.Thread(target=_follow, args=[Path(sys.argv[1])], daemon=True).start()
    main()
