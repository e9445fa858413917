"""The decisions of 2022 by keyboard alone, in Debian's Chromium: how many keys each took, learning as the year went and
with nothing learned; and what share of the reports stopped before a single key could send them.

    python -m benchmarks keys

Each report of scenarios/kepri-2022.csv is received, and its admin decides on it at the page: verify and forward,
handle, hold, archive, pass on, merge. What the scenario decided is what has to stand on record. A press of a key counts
one, with Shift or Ctrl or without; the letters of an admin's own sentences (what is missing, why it is archived) are
counted apart, and the title counts as suggested. Whoever presses knows the page's own rules: the shortest way is taken.
KAWAL_BENCH_KEYS=20 makes the first twenty decisions alone.
"""

from __future__ import annotations

import itertools
import os
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urljoin

from playwright.async_api import Page, expect

from activities import verify as advising
from benchmarks.servers import scratch_settings, servers, working
from benchmarks.suggestion import SCENARIO
from benchmarks.verification_desk import QUEUE, browsing, receive_advised, served, without_chromium
from kawal.client.complaints import Complaints
from kawal.console.pages.staff.verification.practice import Practices
from kawal.domain.names import EventKind
from kawal.domain.scenario import ScenarioRow, read_rows
from kawal.domain.verification import Stop, named

MEDIAN, MEAN, WITHIN_THREE, MEAN_UNLEARNED = 2, 4.0, 0.6, 5.5
"""The goals: keys for each decision."""

SHARE = "KAWAL_BENCH_KEYS"
"""The environment's name for how many of the year's decisions are made; all without it."""

_ACTS = ("verify", "handle", "hold", "archive", "pass_on", "merge")
_SENTENCES = {"hold": ("h", "missing"), "archive": ("a", "reason"), "pass_on": ("w", "agency")}


class YearsDecision(NamedTuple):
    """What the admin of the scenario decided at the queue, and to whom it then went."""

    place: int
    """Of its row in the file."""
    complaint: str
    command: str
    arguments: dict[str, Any]
    opds: list[str]


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        """Press on a page."""
        self.page = page
        self.keys = 0
        self.letters = 0

    async def press(self, *keys: str) -> None:
        """Press keys, each of which counts."""
        for key in keys:
            await self.page.keyboard.press(key)
        self.keys += len(keys)

    async def search(self, query: str, downs: int) -> None:
        """Type the beginning of a name, go down to it, and take it."""
        await self.page.keyboard.type(query)
        self.keys += len(query)
        await self.press(*["ArrowDown"] * downs, "Enter")

    async def say(self, words: str) -> None:
        """Type a sentence of the admin's own, whose letters are counted apart."""
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.insert_text(words)
        self.letters += len(words)


class Tally:
    """What a year took."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.keys: list[int] = []
        self.by_act: dict[str, list[int]] = {}
        self.letters = 0
        self.wrong = 0
        self.hits: Counter[str] = Counter()

    def add(self, decision: YearsDecision, pressed: Keyboard) -> None:
        """Count one decision."""
        self.keys.append(pressed.keys)
        self.by_act.setdefault(decision.command, []).append(pressed.keys)
        self.letters += pressed.letters

    def print(self, heading: str) -> None:
        """Print it."""
        within = sum(keys <= 3 for keys in self.keys) / len(self.keys)
        print(
            f"{heading}: {len(self.keys)} decisions; median {statistics.median(self.keys):g} keys, mean"
            f" {statistics.mean(self.keys):.2f}, within three {within:.1%}; wrong or missing {self.wrong};"
            f" letters of own sentences {self.letters}"
        )
        acts = (f"{act} {len(keys)}: {statistics.mean(keys):.2f}" for act, keys in sorted(self.by_act.items()))
        print("  mean by act: " + ", ".join(acts))
        offered = self.hits["offered"]
        if offered:
            print(
                f"  category first {self.hits['category 0'] / offered:.1%}, among three"
                f" {sum(self.hits[f'category {n}'] for n in range(3)) / offered:.1%}; stopped before a single key:"
                f" pengawasan {self.hits['stopped pengawasan']} of {self.hits['pengawasan']}, others"
                f" {self.hits['stopped other'] / max(1, self.hits['other']):.1%} of {self.hits['other']}"
            )


async def run() -> None:
    """Decide on the year twice, and print the figures."""
    if without_chromium():
        return
    most = int(os.environ.get(SHARE, "0")) or None
    learned = await _year(most, learning=True)
    learned.print("learning as the year went")
    print(f"  goals: median <= {MEDIAN}, mean <= {MEAN}, within three >= {WITHIN_THREE:.0%}, wrong or missing 0")
    unlearned = await _year(most, learning=False)
    unlearned.print("nothing learned")
    print(f"  goal: mean <= {MEAN_UNLEARNED}")


async def _year(most: int | None, *, learning: bool) -> Tally:
    """Decide on a year of an installation of its own."""
    tally = Tally()
    with _relearning(learning), scratch_settings() as settings:
        async with servers(settings) as running, working(running) as system:
            complaints = Complaints(system)
            practices = Practices(complaints, 0.0 if learning else float("inf"))
            async with served(complaints, settings, practices) as url, browsing(complaints, url) as page:
                await _decide_all(complaints, page, url, tally, most)
    return tally


async def _decide_all(complaints: Complaints, page: Page, url: str, tally: Tally, most: int | None) -> None:
    rows = read_rows(SCENARIO.read_text(encoding="utf-8"), "csv")
    starts = [(place, row) for place, row in enumerate(rows) if row.is_start]
    numbers: dict[str, str] = {}
    for decision in itertools.islice(_decisions(rows), most):
        while starts and starts[0][0] < decision.place:
            _, row = starts.pop(0)
            numbers[row.complaint] = await receive_advised(complaints, row.as_report())
        number = numbers[decision.complaint]
        await page.goto(f"{url}{QUEUE}/{number}")
        pressed = Keyboard(page)
        await _decide(pressed, decision, numbers, tally)
        await expect(page.locator("#results li").first).to_contain_text(number)
        tally.add(decision, pressed)
        tally.wrong += not await _stands(complaints, number, decision, numbers)
        if decision.command == "hold":
            reporter = await complaints.reporter(number)
            await complaints.send(number, "reply", reporter, {"text": "Sudah saya lengkapi."})


async def _decide(pressed: Keyboard, decision: YearsDecision, numbers: dict[str, str], tally: Tally) -> None:
    """Press what the decision takes, the shortest way."""
    page = pressed.page
    article = page.locator("article")
    if await article.locator("form[data-act=buka]").count():
        await pressed.press("b")
        await expect(article.locator("form[data-act=putuskan]")).to_be_visible()
    if decision.command in _SENTENCES:
        key, argument = _SENTENCES[decision.command]
        await pressed.press(key)
        await pressed.say(decision.arguments[argument])
        await pressed.press("Control+Enter")
    elif decision.command == "merge":
        await _merge(pressed, numbers[decision.arguments["main"]])
    else:
        await _verify(pressed, decision, tally)


async def _merge(pressed: Keyboard, main: str) -> None:
    await pressed.press("m")
    field = pressed.page.locator("[name=utama]")
    if await field.input_value() != main:
        await pressed.press("ControlOrMeta+a")
        await pressed.page.keyboard.type(main)
        pressed.keys += len(main)
    await pressed.press("Control+Enter")


async def _verify(pressed: Keyboard, decision: YearsDecision, tally: Tally) -> None:
    page, wanted = pressed.page, decision.arguments
    stops = set(await page.locator("[name=ditunjukkan]").evaluate_all("all => all.map(one => one.value)"))
    kind = "pengawasan" if wanted.get("pengawasan") else "other"
    tally.hits.update(["offered", kind, *([f"stopped {kind}"] if stops else [])])
    classes = await page.locator("[name=kelas]").evaluate_all("all => all.map(one => [one.value, one.checked])")
    values = [value for value, _ in classes]
    now = next(value for value, checked in classes if checked)
    await pressed.press(*["c"] * ((values.index(wanted["class"]) - values.index(now)) % len(values)))
    if wanted.get("pengawasan"):
        await pressed.press("p")
        stops.discard(Stop.SUPERVISION)
    if await _choose_category(pressed, wanted["category"], tally, unsure=Stop.UNSURE in stops):
        stops.discard(Stop.UNSURE)
    if decision.command == "verify" and await _choose_opds(pressed, decision.opds):
        stops.discard(Stop.NO_OPD)
    if decision.command == "handle":
        stops.discard(Stop.NO_OPD)
    await pressed.press(*["y"] * len(stops))
    await pressed.press("o" if decision.command == "handle" else "Enter")


async def _choose_category(pressed: Keyboard, wanted: str, tally: Tally, *, unsure: bool) -> bool:
    """Choose a category; return whether a key did."""
    page = pressed.page
    radios = page.locator("[name=kategori]:not([data-other])")
    offered = await radios.evaluate_all("all => all.map(one => one.value)")
    if wanted not in offered:
        # In the order of now: what admins choose more often comes earlier.
        answer = await page.request.get(f"{urljoin(page.url, QUEUE)}/pilihan.json")
        names = [str(one[0]) for one in await answer.json()]
        await pressed.press("4")
        await pressed.search(*shortest(wanted, lambda query: named(query, names)))
        return True
    place = offered.index(wanted)
    tally.hits[f"category {place}"] += 1
    if place or unsure:
        await pressed.press(str(place + 1))
    return bool(place) or unsure


async def _choose_opds(pressed: Keyboard, wanted: Sequence[str]) -> bool:
    """Tick the OPDs that are wanted and no other; return whether a key did."""
    page, before = pressed.page, pressed.keys
    boxes = page.locator("[name=opd]")
    shown = await boxes.evaluate_all("all => all.map(one => [one.value, one.checked])")
    for place, (code, checked) in enumerate(shown[:3], start=1):
        if checked is not (code in wanted):
            await pressed.press(f"Shift+Digit{place}")
    known = [code for code, _ in shown[:3]]
    lines = await page.locator("#opd-names option").evaluate_all("all => all.map(o => o.value + ' ' + o.textContent)")
    for code in wanted:
        if code not in known:
            line = next(one for one in lines if one.startswith(f"{code} "))
            await pressed.press("+")
            await pressed.search(*shortest(line, lambda query: named(query, lines)))
    return pressed.keys > before


def shortest(wanted: str, find: Callable[[str], list[str]]) -> tuple[str, int]:
    """Return the shortest beginnings of words that find a name, and how far down it then stands."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in wanted.lower()).split() if word]
    best = (wanted, 0)
    for query in _queries(words):
        if len(query) >= len(best[0]) + best[1]:
            continue
        found = find(query)
        if wanted in found and len(query) + found.index(wanted) < len(best[0]) + best[1]:
            best = (query, found.index(wanted))
    return best


def _queries(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield from (word[:length] for length in range(1, len(word) + 1))
    for one, other in itertools.permutations(words, 2):
        yield from (f"{one[:a]} {other[:b]}" for a in range(1, 4) for b in range(1, 4))


def _decisions(rows: Sequence[ScenarioRow]) -> Iterator[YearsDecision]:
    """Yield what admins decided at the queue: up to a report's first forwarding, as the year went."""
    forwarded: dict[str, list[str]] = {}
    for row in rows:
        if row.command == "forward":
            forwarded.setdefault(row.complaint, row.arguments["opds"])
    decided: set[str] = set()
    for place, row in enumerate(rows):
        if row.command not in _ACTS or row.complaint in decided:
            continue
        if row.command == "verify" and row.complaint not in forwarded:
            continue  # handled, or ended, by a later command
        if row.command == "handle" and "category" not in row.arguments:
            continue
        if row.command != "hold":
            decided.add(row.complaint)
        yield YearsDecision(place, row.complaint, row.command, row.arguments, forwarded.get(row.complaint, []))


async def _stands(complaints: Complaints, number: str, decision: YearsDecision, numbers: dict[str, str]) -> bool:
    """Tell whether what the scenario decided stands on record."""
    events = {event.kind: event for event in await complaints.history(number)}
    if decision.command == "merge":
        return bool(events[EventKind.MERGED].facts["main"] == numbers[decision.arguments["main"]])
    if decision.command == "handle":
        return EventKind.HANDLED in events
    if decision.command != "verify":
        return {"hold": EventKind.HELD, "archive": EventKind.ARCHIVED, "pass_on": EventKind.PASSED_ON}[
            decision.command
        ] in events
    verified, forwarded = events[EventKind.VERIFIED].facts, events[EventKind.FORWARDED].facts
    wanted = decision.arguments
    stands = (verified["class"], verified["category"], verified["pengawasan"], sorted(forwarded["opds"]))
    return stands == (
        wanted["class"],
        wanted["category"],
        bool(wanted.get("pengawasan")),
        sorted(decision.opds),
    )


@contextmanager
def _relearning(learning: bool) -> Iterator[None]:
    """Learn anew at every report while the block runs, or never."""
    before, advising.RELEARN_SECONDS = advising.RELEARN_SECONDS, 0.0 if learning else float("inf")
    try:
        yield
    finally:
        advising.RELEARN_SECONDS = before
