"""The client's side alone: `python starter.py start …`, verify, forward, show, history (CLIENT in kawal.cli.app)."""

from __future__ import annotations

import sys

from kawal.base.leaving import leave
from kawal.cli.app import run

if __name__ == "__main__":
    leave(run(sys.argv[1:], client_only=True, name="starter.py"))
