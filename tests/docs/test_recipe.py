"""CONTRIBUTING's recipe for a command, followed in a copy of the code: its four steps, and nothing else, are enough."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROCESS = "kawal/domain/process"
STEPS: dict[str, list[tuple[str, str, str]]] = {
    "Name it": [
        ("kawal/domain/names.py", '    NUDGE = "nudge"\n', '    THANK = "thank"\n'),
        ("kawal/domain/names.py", '    NUDGED = "nudged"\n', '    THANKED = "thanked"\n'),
        ("schema.sql", "'resolved', 'nudged', ", "'thanked', "),
    ],
    "Give it its row": [
        (
            f"{PROCESS}/commands.py",
            "    opd: Code\n    how: Note\n\n\n",
            'class Thank(Arguments):\n    """The reporter\'s thanks, on record."""\n\n    note: Note\n\n\n',
        ),
        (
            f"{PROCESS}/transitions.py",
            'E.NUDGED, S.FORWARD, "–"),\n',
            '    C.THANK: Row(_REPORTER, _FORWARDED, c.Thank, (g.forwarded,), w.plain, E.THANKED, S.FOLLOW_UP, "–"),\n',
        ),
    ],
    "Say what it changes": [],
    "Find its words": [
        (
            "kawal/domain/labels.py",
            '    "nudged": msgid("OPD contacted directly"),\n',
            '    "thanked": msgid("thanked"),\n',
        ),
        (
            "kawal/cli/wording/help_messages.py",
            '    "nudge": msgid("Record a direct contact with an OPD."),\n',
            '    "thank": msgid("The reporter thanks."),\n',
        ),
        (
            "kawal/domain/record_labels.py",
            '    "nudge": msgid_in("command", "contact the OPD"),\n',
            '    "thank": msgid_in("command", "thank"),\n',
        ),
        (
            "kawal/cli/catalogue.py",
            '*_ruled("reporter", "reply", "accept", "dispute", "rate", "conceal"),\n',
            '    *_ruled("reporter", "thank"),\n',
        ),
        ("docs/cli.md", "| `nudge ID` | admin | **--opd** **--how** |\n", "| `thank ID` | reporter | **--note** |\n"),
    ],
}
"""Each step of the recipe: file, existing text, and what is inserted after it. Thanks change nothing of a complaint."""

ASKED = """
import json
from temporalio.workflow import _Definition
from kawal.cli.catalogue import CLIENT
from kawal.domain.access import may
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.names import CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS
from workflows.complaint import ComplaintWorkflow

thanks = CommandName("thank")
seen = Snapshot(tracking_id="1234567", instansi="KEPRI", status="proses", channel="web", report_class=None,
    pengawasan=False, category=None, anonim=False, rahasia=False, received_at="2026-01-05T02:00:00Z", opds=[])
defined = _Definition.must_from_class(ComplaintWorkflow)
print(json.dumps({
    "update": "thank" in defined.updates,
    "signal": None in defined.signals,  # one handler takes every signal by its name
    "options": [field.flag for one in CLIENT if one.name == "thank" for field in one.spec().fields],
    "panel": [one.panel for one in CLIENT if one.name == "thank"],
    "step": TRANSITIONS[thanks].step,
    "may": [role for role in Role if may(Actor(role=role, account="a", instansi="KEPRI"), thanks, seen) is None],
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the code in which the recipe was followed."""
    folder = tmp_path_factory.mktemp("recipe")
    for room in ("kawal", "workflows", "activities", "docs"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "schema.sql", folder)
    for file, behind, put in (edit for edits in STEPS.values() for edit in edits):
        text = (folder / file).read_text()
        assert text.count(behind) == 1, (file, behind)
        (folder / file).write_text(text.replace(behind, behind + put))
    run(folder, "-m", "docs.generate")
    return folder


def run(folder: Path, *arguments: str) -> str:
    environment = {"PYTHONPATH": str(folder), "PATH": "", "KAWAL_LANG": "en"}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_recipe_has_the_steps_that_are_followed_here() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text().split("## Adding a command\n")[1].split("\n## ")[0]
    assert re.findall(r"^\d\. \*\*(.+?)\.\*\*", recipe, re.MULTILINE) == list(STEPS)
    named = {file for edits in STEPS.values() for file, _, _ in edits}
    assert len(named) == 9
    assert all(Path(file).name in recipe for file in named)


def test_what_was_added_is_an_update_a_signal_and_a_command_line_with_its_rights(copy: Path) -> None:
    told: dict[str, Any] = json.loads(run(copy, "-c", ASKED))
    assert told == {
        "update": True,
        "signal": True,
        "options": [None, "--note", "--key"],
        "panel": ["reporter"],
        "step": "follow_up",
        "may": ["reporter"],
    }


def test_the_page_of_the_process_tells_of_it(copy: Path) -> None:
    page = (copy / "docs" / "process.md").read_text()
    assert "| `thank` | reporter | belum_ditindaklanjuti, proses | forwarded | – | thanked |" in page


def test_the_database_takes_its_event(copy: Path) -> None:
    words = (copy / "schema.sql").read_text().split("create domain event_word")[1].split(";")[0]
    assert "'thanked'" in words
