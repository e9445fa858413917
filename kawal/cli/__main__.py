"""`python -m kawal.cli` is `kawal` where the project is not installed."""

from __future__ import annotations

from kawal.cli.entry import program

program()
