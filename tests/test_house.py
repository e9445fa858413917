"""House rules that import rules between packages cannot express."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STATEMENTS = {"fetch", "fetchval", "fetchrow", "execute", "executemany", "cursor", "copy_records_to_table"}
ROOMS_WITH_SQL = ("kawal/store", "kawal/audit/proof", "kawal/reports")
SERVERS = {
    *("kawal/base/postgres.py", "kawal/base/database_roles.py"),
    *("kawal/embedded/postgres.py", "kawal/embedded/postgres_tools.py"),
}
"""Queries of the server itself: sessions, databases, roles, its version and settings."""

ENGINES_OWN = {"kawal/embedded/temporal_hosts.py", "kawal/operate/backup.py"}
"""The embedded engine's SQLite file."""

TOP_LEVEL = {
    *("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *("Makefile", "pyproject.toml", "uv.lock", ".gitignore", ".ci"),
    *("kawal", "workflows", "activities", "worker.py", "starter.py", "schema.sql"),
    *("tests", "scenarios", "benchmarks", "tools", "docs"),
}

OURS = ("kawal", "workflows", "activities", "worker", "starter")
KNOWN_TO = {
    "starter.py": {"kawal.base.leaving", "kawal.cli.app"},
    "worker.py": {
        *("kawal.system", "kawal.base", "kawal.embedded.namespace", "kawal.operate.upkeep"),
        *("activities.registry", "workflows.display", "workflows.registry", "workflows.rounds"),
        "kawal.wording.catalogues",
    },
    "kawal/demo_api.py": {"kawal.api", "kawal.console.pages.demo", "kawal.demo", "kawal.web"},
    "kawal/api.py": {"kawal.base.settings", "kawal.client.complaints", "kawal.console", "kawal.intake", "kawal.web"},
}
"""What each composed program may import; import-linter starts from packages, and these are single modules."""

RUNS_A_WORKER = {
    ("worker", "kawal/cli/commands"),
    ("worker", "kawal/demo"),
    ("worker", "kawal/rerun"),
}
COMPOSED_LINES = 60
MODULE_LINES = 400


def sources(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), parsed(path)


@cache
def parsed(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def ours_imported_by(tree: ast.AST) -> set[str]:
    """Return which modules of ours a module imports, also within functions; there are no relative imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return {name for name in found if within(name, OURS)}


def within(name: str, known: Iterable[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in known)


def test_no_statement_stands_outside_store_proof_and_reports() -> None:
    found = {
        where
        for where, tree in sources("kawal", "activities", "workflows")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STATEMENTS
    }
    assert {where for where in found if not where.startswith(ROOMS_WITH_SQL)} - SERVERS - ENGINES_OWN == set()


_AS_THE_APPLICATION = re.compile(r"(?:complaints|complaints_of\(request\)|record)\.pool\b")
_ONLY_DECIDES = (
    "left_office(",
    "erasure_of(",
    "Search(",
    "changed_reports(",
    "record.pool.acquire(",
    "record_health(",
    "await receipt(",
    "agency_sums = ",
    "work_page(",
)
"""What asks as the application and then shows what the scope shows, or shows nothing of reports."""


def test_officials_are_shown_reports_as_their_scope_shows_them() -> None:
    for path in sorted((ROOT / "kawal" / "console" / "pages" / "staff").rglob("*.py")):
        for line in path.read_text().splitlines():
            if _AS_THE_APPLICATION.search(line):
                assert any(name in line for name in _ONLY_DECIDES), f"{path.name}: read by `seen_by`: {line.strip()}"


def test_the_composed_programs_have_fewer_than_60_lines() -> None:
    lengths = {where: len(lines_of(ROOT / where)) for where in ("worker.py", "starter.py", "kawal/api.py")}
    assert {where: length for where, length in lengths.items() if length >= COMPOSED_LINES} == {}


@pytest.mark.parametrize("where", KNOWN_TO)
def test_the_composed_programs_know_only_what_they_compose(where: str) -> None:
    imported = ours_imported_by(parsed(ROOT / where))
    assert {name for name in imported if not within(name, KNOWN_TO[where])} == set()


def test_nothing_knows_the_worker_but_what_runs_one_and_nobody_knows_the_starter() -> None:
    knowing = {
        (name, where.rsplit("/", 1)[0])
        for where, tree in sources("kawal", "activities", "workflows")
        for name in ours_imported_by(tree)
        if name.split(".")[0] in ("worker", "starter")
    }
    assert {(name, room) for name, room in knowing if (name.split(".")[0], room) not in RUNS_A_WORKER} == set()


def test_nothing_lies_at_top_level_but_the_fixed_names() -> None:
    asked = ["git", "-C", str(ROOT), "ls-files"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {path.split("/")[0] for path in listed} == TOP_LEVEL


def test_every_module_is_below_400_lines() -> None:
    modules = [ROOT / where for where, _ in sources("kawal", "workflows", "activities")]
    long = {str(path.relative_to(ROOT)): len(lines_of(path)) for path in modules}
    assert {where: length for where, length in long.items() if length >= MODULE_LINES} == {}


def test_what_a_program_imports_is_found_wherever_it_stands() -> None:
    program = """
import kawal.store.inbox as box, asyncio
from kawal import store, domain
def late():
    from kawal.domain.names import Role
"""
    assert ours_imported_by(ast.parse(program)) == {
        "kawal.store.inbox",
        "kawal.store",
        "kawal.domain",
        "kawal.domain.names.Role",
    }
    assert within("kawal.cli.app", {"kawal.cli"})
    assert not within("kawal.client", {"kawal.cli"})
