"""Prints how often the suggested category and OPD are those that the admin then chose.

    python -m benchmarks.suggestion [FILE]

FILE is a scenario (`at,complaint,actor,role,command,arguments`), by default scenarios/kepri-2022.csv. Reports are taken
in the order of their verification: each gets a suggestion before it is learned from, as it would in operation; rahasia
ones get a suggestion and are never learned from. The shipped scenario's texts are made by a script, so its figures say
little about real reports (docs/suggestion.md).
"""

from __future__ import annotations

import csv
import json
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kawal.domain.pengawasan_hint import hints_at_pengawasan
from kawal.domain.suggestion import Suggester, main_of, unsure

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "kepri-2022.csv"


class Case(NamedTuple):
    """A report as received, and what the admin decided."""

    text: str
    rahasia: bool
    category: str
    opds: list[str]


class HintCounts(NamedTuple):
    """How many reports were verified as berkadar pengawasan, and how many others; and where the hint was wrong."""

    pengawasan: int
    missed: int
    others: int
    stopped: int


def tree() -> list[str]:
    """Return the shipped category tree."""
    with (ROOT / "kawal" / "data" / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["kategori"] + (f" / {row['subkategori']}" if row["subkategori"] else "") for row in rows]
    return sorted(set(names))


def directory() -> dict[str, str]:
    """Return which OPD answers for which category, as shipped."""
    agencies = tomllib.loads((ROOT / "kawal" / "data" / "agencies.toml").read_text(encoding="utf-8"))
    return {category: opd["code"] for opd in agencies["opd"] for category in opd.get("categories", [])}


def cases(path: Path) -> Iterator[Case]:
    """Yield the decided reports of a scenario, in the order of their verification."""
    started: dict[str, dict[str, Any]] = {}
    decided: dict[str, str] = {}
    forwarded: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            arguments, name = json.loads(row["arguments"] or "{}"), row["complaint"]
            if row["command"] == "start":
                started[name] = arguments
            elif row["command"] in ("verify", "handle") and arguments.get("category"):
                decided.setdefault(name, arguments["category"])
            elif row["command"] == "forward":
                forwarded.setdefault(name, arguments["opds"])
    for name, category in decided.items():
        start = started[name]
        text = f"{start['title']}\n{start['text']}"
        yield Case(text, bool(start.get("rahasia")), category, forwarded.get(name, []))


def hint_counts(path: Path) -> HintCounts:
    """Count the reports of a scenario whose words hint at pengawasan, beside those that were verified as such."""
    texts: dict[str, str] = {}
    supervised: set[str] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            arguments = json.loads(row["arguments"] or "{}")
            if row["command"] == "start":
                texts[row["complaint"]] = f"{arguments['title']}\n{arguments['text']}"
            elif row["command"] in ("verify", "handle") and arguments.get("pengawasan"):
                supervised.add(row["complaint"])
    hinted = {name for name, text in texts.items() if hints_at_pengawasan(text)}
    return HintCounts(len(supervised), len(supervised - hinted), len(texts) - len(supervised), len(hinted - supervised))


def count_unsure(given: list[Case]) -> tuple[int, int, int]:
    """Count the reports whose suggestion is sure, of these the ones with the right OPD, and the unsure."""
    suggester, sure, right = Suggester(tree(), directory()), 0, 0
    for case in given:
        opds = suggester.opds(case.text)
        if not unsure(suggester.categories(case.text), opds):
            sure += 1
            right += not case.opds or opds[0].key in case.opds
        if not case.rahasia:
            suggester.learn(case.category, case.text, case.opds)
    return sure, right, len(given) - sure


def measure(given: list[Case], *, stemmed: bool, learning: bool) -> Counter[str]:
    """Count the hits: exact category, main category and OPD, as the first suggestion and among the first three."""
    suggester, hits = Suggester(tree(), directory(), stemmed=stemmed), Counter[str]()
    for case in given:
        categories = [one.key for one in suggester.categories(case.text)]
        mains = [main_of(key) for key in categories]
        hits.update(_hits("category", categories, {case.category}))
        hits.update(_hits("main category", mains, {main_of(case.category)}))
        if case.opds:
            hits["with an OPD"] += 1
            hits.update(_hits("OPD", [one.key for one in suggester.opds(case.text)], set(case.opds)))
        if learning and not case.rahasia:
            suggester.learn(case.category, case.text, case.opds)
    return hits


def _hits(what: str, suggested: list[str], right: set[str]) -> dict[str, int]:
    return {f"{what} 1": int(bool(right & set(suggested[:1]))), f"{what} 3": int(bool(right & set(suggested[:3])))}


def main(path: Path = SCENARIO) -> int:
    """Print the hit rates and the cost of one suggestion; return 3 when there is no scenario to measure."""
    if not path.exists():
        print(f"{path} is not there: no hit rate to print", file=sys.stderr)
        return 3
    given = list(cases(path))
    often = Counter(main_of(case.category) for case in given).most_common(1)[0]
    print(f"{len(given)} decided reports of {path.name} (its texts are made by a script, not by citizens)")
    print(f"always the most frequent main category ({often[0]}): {often[1] / len(given):.1%}")
    for stemmed, learning in ((False, False), (True, False), (False, True), (True, True)):
        began = time.perf_counter()
        hits = measure(given, stemmed=stemmed, learning=learning)
        each = (time.perf_counter() - began) / len(given) * 1000
        how = f"{'learning' if learning else 'tree only'}, {'stemmed' if stemmed else 'unstemmed'}"
        print(f"{how} ({each:.1f} ms a report)")
        for what, of in (("main category", len(given)), ("category", len(given)), ("OPD", hits["with an OPD"])):
            first, three = hits[f"{what} 1"], hits[f"{what} 3"]
            print(f"  {what:14} first {first / max(1, of):6.1%}   among three {three / max(1, of):6.1%}   of {of}")
    hints = hint_counts(path)
    print(f"hints at pengawasan: {hints.missed} of {hints.pengawasan} missed, {hints.stopped} of {hints.others} others "
          f"stopped ({hints.stopped / hints.others:.1%})")  # fmt: skip
    sure, right, doubtful = count_unsure(given)
    print(f"unsure: {doubtful}; of the {sure} others {right / max(1, sure):.0%} with the right OPD, if one at all")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
