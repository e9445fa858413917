"""The house: what import rules between packages cannot say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATEMENTS = {"fetch", "fetchval", "fetchrow", "execute", "executemany", "cursor", "copy_records_to_table"}
ROOMS_WITH_SQL = ("kawal/store", "kawal/audit/proof", "kawal/reports")
SERVERS = {"kawal/base/postgres.py", "kawal/embedded/postgres.py", "kawal/embedded/postgres_tools.py"}
"""What is asked of the server itself: sessions, databases, its version and settings."""

ENGINES_OWN = {"kawal/embedded/temporal_hosts.py", "kawal/operate/backup.py"}
"""The embedded engine's SQLite file."""


def sources(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_no_statement_stands_outside_store_proof_and_reports() -> None:
    found = {
        where
        for where, tree in sources("kawal", "activities", "workflows")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STATEMENTS
    }
    assert {where for where in found if not where.startswith(ROOMS_WITH_SQL)} - SERVERS - ENGINES_OWN == set()
