"""Nothing in the rules or the workflows reads a clock, a random number or the outside world."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "kawal" / "domain").rglob("*.py"), *(ROOT / "workflows").rglob("*.py")])
FORBIDDEN_MODULES = {
    "logging",
    "os",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
    "urllib",
    "uuid",
}
FORBIDDEN_CALLS = {"now", "utcnow", "today", "getenv", "urandom", "perf_counter", "monotonic"}
WORKFLOW_OWN = {"workflow.now", "self._now"}
"""The engine's clock, which replays: the only allowed source of time."""


PURE = {"urllib.parse"}
"""Parts of these modules that only compute."""


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module not in PURE:
            yield node.module.split(".")[0]


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_rule_or_workflow_looks_outside_itself(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert set(imported(tree)) & FORBIDDEN_MODULES == set()
    calls = {name for name in called(tree) if name not in WORKFLOW_OWN}
    assert {name for name in calls if name.rsplit(".", 1)[-1] in FORBIDDEN_CALLS} == set()
    assert calls & {"open", "input", "print", "eval", "exec", "__import__"} == set()
