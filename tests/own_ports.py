"""Ports for an engine that goes away during its test.

The usual ports are free to everyone then: the engine of a test that runs beside this one would take them, and be taken
for this one's.
"""

from __future__ import annotations

from pathlib import Path

from kawal.embedded.temporal_config import free_ports


def take_own_ports(home: Path) -> None:
    """Let the engine of `home` start on ports that it has chosen, and find them again, instead of the usual ones."""
    free_ports(home / "temporal" / "ports.json")
