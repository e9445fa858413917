"""The decision on a new report as it is offered to the admin, filled in; and what may not pass by one key alone.

The whole decision is offered: title, class, category, OPD. What the reporter said comes first, then what the agency
does with such reports, then what was suggested. It is an offer: what the admin sends counts. Where the offer may do
harm it stops: the admin has to look at something and say so before it can be sent. All of it is our own policy [P];
that the admin decides on these is the domain's rule (verify, forward). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from kawal.domain.checks import SimilarReport, Suggestion
from kawal.domain.names import ReportClass
from kawal.domain.suggestion import main_of
from kawal.domain.title import offered_title

CHOICES = 3
"""How many categories, and for each how many OPDs, are offered: those that have a key of their own."""

LIKENESS_STOPS = 0.7
"""From this score on (0..1, docs/suggestion.md) a report is so much like another that the two have to be looked at."""

_WORDS = re.compile(r"[^\W_]+")

_ANSWERING = 1
"""The weight of the directory's answer (this category is that OPD's), in reports that were forwarded."""


class Stop(StrEnum):
    """Why a decision does not pass by one key alone."""

    SUPERVISION = "pengawasan"
    """Its words hint that it may be berkadar pengawasan."""
    LIKENESS = "serupa"
    """It may repeat another report."""
    UNSURE = "ragu"
    """No category, or none that is clearly the likeliest, is offered."""
    NO_OPD = "tanpa_opd"
    """Nothing says which OPD it belongs to."""


class ReceivedReport(NamedTuple):
    """What a reporter sent, as far as the offer needs it; the words as the public would read them."""

    title: str
    text: str
    proposed_class: ReportClass | None = None
    category: str | None = None
    chosen_opd: str | None = None


class Advice(NamedTuple):
    """What is advised on it: codes and numbers."""

    categories: Sequence[Suggestion] = ()
    opds: Sequence[Suggestion] = ()
    similar: Sequence[SimilarReport] = ()
    hinted: bool = False
    """Whether words hint at abuse of authority."""
    unsure: bool = True
    """Whether no category is clearly the likeliest."""


class Practice(NamedTuple):
    """What the agency's directory says and what its admins did."""

    categories: Collection[str]
    """Those that may be chosen."""
    opds: Collection[str]
    """Those that take reports."""
    answering: Mapping[str, str]
    """Which OPD answers for which category."""
    forwarded: Mapping[str, Mapping[str, int]]
    """How often reports of a category were forwarded to an OPD."""


class CategoryChoice(NamedTuple):
    """A category that is offered, and the OPDs that then are, likeliest first."""

    category: str
    opds: tuple[str, ...]


class OfferedDecision(NamedTuple):
    """The decision as it is filled in when the report is shown."""

    title: str
    report_class: ReportClass
    choices: tuple[CategoryChoice, ...]
    """The first one is filled in; none where nothing is known."""
    duplicates: tuple[SimilarReport, ...]
    """Likely ones, most alike first."""
    stops: tuple[Stop, ...]

    @property
    def category(self) -> str | None:
        """The category that is filled in."""
        return self.choices[0].category if self.choices else None

    @property
    def opd(self) -> str | None:
        """The OPD that is filled in."""
        return self.choices[0].opds[0] if self.choices and self.choices[0].opds else None


def offered_decision(report: ReceivedReport, advised: Advice, practice: Practice) -> OfferedDecision:
    """Return the decision to fill in for a report that waits for its verification."""
    choices = tuple(
        CategoryChoice(category, offered_opds(category, practice, advised.opds, report.chosen_opd))
        for category in _categories(report, advised, practice)
    )
    return OfferedDecision(
        title=offered_title(report.title, report.text),
        report_class=report.proposed_class or ReportClass.PENGADUAN,
        choices=choices,
        duplicates=tuple(sorted(advised.similar, key=lambda one: (-one.score, one.tracking_id))),
        stops=tuple(_stops(report, advised, choices)),
    )


def offered_opds(
    category: str, practice: Practice, advised: Sequence[Suggestion] = (), chosen: str | None = None
) -> tuple[str, ...]:
    """Return the OPDs to offer for a category, likeliest first, at most CHOICES.

    First those to which such reports went, the directory's answer counting like one report; then those suggested by the
    words; then the one that the reporter chose, who mostly does not know the offices.
    """
    counts = dict(practice.forwarded.get(category, {}))
    answering = practice.answering.get(category) or practice.answering.get(main_of(category))
    if answering is not None:
        counts[answering] = counts.get(answering, 0) + _ANSWERING
    known = sorted((code for code, number in counts.items() if number > 0), key=lambda code: (-counts[code], code))
    ranked = [*known, *(one.key for one in advised), *([chosen] if chosen else [])]
    return tuple(code for code in dict.fromkeys(ranked) if code in practice.opds)[:CHOICES]


def unanswered(stops: Collection[Stop], looked_at: Collection[str]) -> tuple[Stop, ...]:
    """Return the stops, in the order of their kinds, that whoever decides has not said to have looked at."""
    return tuple(stop for stop in Stop if stop in stops and stop not in looked_at)


def _categories(report: ReceivedReport, advised: Advice, practice: Practice) -> list[str]:
    own = [report.category] if report.category else []
    ranked = dict.fromkeys([*own, *(one.key for one in advised.categories)])
    return [category for category in ranked if category in practice.categories][:CHOICES]


def _stops(report: ReceivedReport, advised: Advice, choices: Sequence[CategoryChoice]) -> list[Stop]:
    own = bool(choices) and choices[0].category == report.category
    return [
        stop
        for stop, stands in (
            (Stop.SUPERVISION, advised.hinted),
            (Stop.LIKENESS, any(one.score >= LIKENESS_STOPS for one in advised.similar)),
            (Stop.UNSURE, not choices or (advised.unsure and not own)),
            (Stop.NO_OPD, bool(choices) and not choices[0].opds),
        )
        if stands
    ]


def named(typed: str, names: Sequence[str]) -> list[str]:
    """Return the names of which each typed word begins a word, in any case and order; `names` come in order of use.

    Those whose last part ("MAIN / SUB") holds all typed words come first; a name that consists of them alone is the
    only one. The page's script finds by the same rule, so that what it shows is what is found here.
    """
    wanted = _WORDS.findall(typed.lower())
    if not wanted:
        return []
    found = [name for name in names if _begun_by(wanted, name)]
    exact = [name for name in found if sorted(_WORDS.findall(name.lower())) == sorted(wanted)]
    if len(exact) == 1:
        return exact
    return sorted(found, key=lambda name: not _begun_by(wanted, name.rpartition(" / ")[2]))


def _begun_by(wanted: Sequence[str], name: str) -> bool:
    words = _WORDS.findall(name.lower())
    return all(any(word.startswith(one) for word in words) for one in wanted)
