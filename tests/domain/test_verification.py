"""The decision that is offered for a new report: what comes first, and where it stops."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.suggestion import SCENARIO, directory, tree
from kawal.domain.checks import SimilarReport, Suggestion
from kawal.domain.names import ReportClass
from kawal.domain.pengawasan_hint import hints_at_pengawasan
from kawal.domain.scenario import read_rows
from kawal.domain.suggestion import Suggester, unsure
from kawal.domain.verification import (
    CHOICES,
    Advice,
    Practice,
    ReceivedReport,
    Stop,
    named,
    offered_decision,
    offered_opds,
    unanswered,
)

ROADS, LAMPS, BRIDGES = "PEKERJAAN UMUM / JALAN", "PEKERJAAN UMUM / LAMPU", "PEKERJAAN UMUM / JEMBATAN"
PRACTICE = Practice(
    categories=frozenset({ROADS, LAMPS, BRIDGES, "SOSIAL"}),
    opds=frozenset({"DPUPR", "DISHUB", "DINSOS", "DISPERKIM"}),
    answering={"PEKERJAAN UMUM": "DPUPR", "SOSIAL": "DINSOS"},
    forwarded={LAMPS: {"DISHUB": 3, "DITUTUP": 9}},
)
REPORT = ReceivedReport("lampu jalan mati di batam", "Gelap sekali sejak Senin.")


def suggested(*keys: str) -> list[Suggestion]:
    return [Suggestion(key=key, share=0.5 / (n + 1)) for n, key in enumerate(keys)]


def test_the_reporters_own_category_comes_before_what_is_suggested() -> None:
    offer = offered_decision(
        REPORT._replace(category=BRIDGES), Advice(suggested(LAMPS, ROADS, "SOSIAL"), unsure=True), PRACTICE
    )
    assert [choice.category for choice in offer.choices] == [BRIDGES, LAMPS, ROADS]
    assert (offer.title, offer.report_class) == ("Lampu jalan mati di Batam", ReportClass.PENGADUAN)
    assert offer.stops == ()  # whoever wrote it chose it


def test_the_reporters_class_is_offered_and_else_a_pengaduan() -> None:
    asked = REPORT._replace(proposed_class=ReportClass.PERMINTAAN_INFORMASI)
    assert offered_decision(asked, Advice(), PRACTICE).report_class is ReportClass.PERMINTAAN_INFORMASI


def test_opds_are_those_that_got_such_reports_then_those_of_the_words_then_the_reporters() -> None:
    advised = suggested("DPUPR", "DINSOS")
    assert offered_opds(LAMPS, PRACTICE, advised, "DISPERKIM") == ("DISHUB", "DPUPR", "DINSOS")
    assert offered_opds("SOSIAL", PRACTICE, [], "DISPERKIM") == ("DINSOS", "DISPERKIM")
    assert offered_opds("SOSIAL", PRACTICE._replace(answering={}), [], None) == ()


def test_a_category_or_an_opd_that_is_not_in_use_is_never_offered() -> None:
    offer = offered_decision(REPORT._replace(category="LAMA"), Advice(suggested("LAMA", ROADS)), PRACTICE)
    assert [choice.category for choice in offer.choices] == [ROADS]


@pytest.mark.parametrize(
    ("advised", "stops"),
    [
        (Advice(suggested(LAMPS), unsure=False), ()),
        (Advice(suggested(LAMPS), unsure=True), (Stop.UNSURE,)),
        (Advice(unsure=False), (Stop.UNSURE,)),
        (Advice(suggested(LAMPS), hinted=True, unsure=False), (Stop.SUPERVISION,)),
        (
            Advice(
                suggested(LAMPS), [], [SimilarReport(tracking_id="1", score=0.7, shared_words=9, days=0)], unsure=False
            ),
            (Stop.LIKENESS,),
        ),
        (
            Advice(
                suggested(LAMPS), [], [SimilarReport(tracking_id="1", score=0.69, shared_words=9, days=0)], unsure=False
            ),
            (),
        ),
    ],
)
def test_it_stops_where_a_key_too_many_would_do_harm(advised: Advice, stops: tuple[Stop, ...]) -> None:
    assert offered_decision(REPORT, advised, PRACTICE).stops == stops


def test_without_an_opd_it_stops() -> None:
    nobody = PRACTICE._replace(answering={}, forwarded={})
    assert offered_decision(REPORT, Advice(suggested(LAMPS), unsure=False), nobody).stops == (Stop.NO_OPD,)


@given(st.sets(st.sampled_from(Stop)), st.sets(st.sampled_from([*map(str, Stop), "lain"])))
def test_every_stop_has_to_be_answered_by_itself(stops: set[Stop], looked_at: set[str]) -> None:
    assert set(unanswered(stops, looked_at)) == {stop for stop in stops if str(stop) not in looked_at}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jem", [BRIDGES]),
        ("PEK lam", [LAMPS]),
        ("ja", [ROADS]),
        ("pekerjaan", [ROADS, LAMPS, BRIDGES]),
        ("gajah", []),
        (" ", []),
    ],
)
def test_a_category_is_found_by_the_beginnings_of_its_words(typed: str, found: list[str]) -> None:
    assert named(typed, [ROADS, LAMPS, BRIDGES]) == found


def test_a_name_that_is_typed_as_a_whole_is_the_only_one_found() -> None:
    assert named("pekerjaan umum", ["PEKERJAAN UMUM / JALAN", "PEKERJAAN UMUM"]) == ["PEKERJAAN UMUM"]


def test_of_the_shipped_year_no_report_berkadar_pengawasan_passes_by_one_key() -> None:
    """Learning as the year went; `benchmarks keys` prints the share of the others that stop, which is bounded here."""
    rows = read_rows(SCENARIO.read_text(encoding="utf-8"), "csv")
    received = {row.complaint: row.as_report() for row in rows if row.is_start}
    suggester, practice = (
        Suggester(tree(), directory()),
        Practice(frozenset(tree()), frozenset(directory().values()), directory(), {}),
    )
    stopped: Counter[tuple[bool, bool]] = Counter()
    for row in rows:
        if row.command not in ("verify", "handle") or not row.arguments.get("category"):
            continue
        report = received[row.complaint]
        text = f"{report.title}\n{report.text}"
        categories, opds = suggester.categories(text), suggester.opds(text)
        advised = Advice(categories, opds, hinted=hints_at_pengawasan(text), unsure=unsure(categories, opds))
        sent = ReceivedReport(report.title, report.text, report.proposed_class, report.category, report.chosen_opd)
        by_one_key = not report.rahasia and not offered_decision(sent, advised, practice).stops
        stopped[bool(row.arguments.get("pengawasan")), by_one_key] += 1
        suggester.learn(row.arguments["category"], text)
    assert stopped[True, False] >= 11
    assert stopped[True, True] == 0
    assert stopped[False, True] > stopped[False, False]
    assert all(len(choice.opds) <= CHOICES for choice in offered_decision(sent, advised, practice).choices)
