"""A worker as operators run it, with a bug in its rules for the complaints in a file: `broken_worker.py FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import workflows.complaint
from kawal.base.logging import configure_logging
from kawal.base.settings import Settings
from kawal.base.shutdown import run_until_stopped
from kawal.domain.process.decide import decide
from kawal.domain.process.state import State
from worker import run

_BROKEN = Path(sys.argv[1])


def _buggy(state: State, *arguments: Any) -> Any:
    if state.tracking_id in _BROKEN.read_text().split():
        raise RuntimeError("a bug in the rules")
    return decide(state, *arguments)


if __name__ == "__main__":
    vars(workflows.complaint)["decide"] = _buggy
    configure_logging()
    run_until_stopped(run(Settings.from_env()))
