"""The rule sets: limits, sources, dates; and that the documentation shows the same table as the code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kawal.data import POLICIES, read_text
from kawal.domain.limit_names import NAMES
from kawal.domain.names import OWED_STEPS, ClockKind, ReportClass
from kawal.domain.policy import RULES, SP, P, Policy, S, limit_rule, load_policy, policy_on, rule_of
from kawal.wording.catalogues import say
from kawal.wording.explanations import said_rule

SHIPPED = load_policy(read_text(POLICIES))
PLAIN = Policy(version="t", effective_from=date(2019, 1, 1))
LIMITS = set(Policy.model_fields) - {"version", "effective_from", "basis", "carried_on"}


def test_the_table_has_every_limit_once_with_its_default_and_a_name() -> None:
    assert [row.limit for row in RULES] == list(dict.fromkeys(row.limit for row in RULES))
    assert {row.limit for row in RULES} == LIMITS == set(NAMES)
    assert {row.limit: row.national for row in RULES} == {limit: getattr(PLAIN, limit) for limit in LIMITS}


def test_every_clock_has_a_rule_and_only_completion_depends_on_the_class() -> None:
    clocks = [row.clock for row in RULES if row.clock is not None]
    assert set(clocks) == set(ClockKind)
    assert set(clocks) >= OWED_STEPS
    assert {clock for clock in clocks if clocks.count(clock) > 1} == {ClockKind.COMPLETE}


@pytest.mark.parametrize(
    ("cls", "pengawasan", "days"),
    [
        (ReportClass.PERMINTAAN_INFORMASI, False, 5),
        (ReportClass.ASPIRASI, False, 5),
        (ReportClass.ASPIRASI, True, 5),
        (ReportClass.PENGADUAN, False, 14),
        (ReportClass.PENGADUAN, True, 60),
    ],
)
def test_completion_follows_the_class(cls: ReportClass, pengawasan: bool, days: int) -> None:
    assert PLAIN.completion(cls, pengawasan) == days
    assert rule_of(PLAIN, ClockKind.COMPLETE, cls, pengawasan).limit == days


def test_a_completion_clock_without_a_class_has_no_rule() -> None:
    with pytest.raises(ValueError, match="class"):
        rule_of(PLAIN, ClockKind.COMPLETE, None, False)


def test_published_limits_name_their_source_and_the_others_say_that_they_are_kawals() -> None:
    sources = {row.limit: row.source for row in RULES}
    assert {limit for limit, source in sources.items() if source == S} == {
        "verify",
        "respond",
        "auto_close",
        "question",
    }
    assert {limit for limit, source in sources.items() if source == SP} == {
        "complete_permintaan_informasi",
        "complete_aspirasi",
        "complete_pengaduan",
        "complete_pengawasan",
        "hold",
    }
    assert all(source in (S, SP, P) for source in sources.values())


def test_a_rule_reads_in_indonesian_and_in_english() -> None:
    rule = rule_of(PLAIN, ClockKind.VERIFY, None, False)
    said = said_rule(rule, "id")
    assert (said.name, said.limit, said.unit, said.starts) == ("verifikasi dan penerusan", 3, "hari kerja", "diterima")
    assert "Permenpan RB 62/2018" in said.source
    english = said_rule(rule_of(PLAIN, ClockKind.AFTERCARE, None, False), "en")
    assert (english.unit, english.source) == ("calendar days", "Kawal's own policy [P]")


def test_a_changed_limit_is_not_shown_as_if_the_national_source_gave_it() -> None:
    changed = PLAIN.model_copy(update={"version": "uji", "respond": 2})
    source = rule_of(changed, ClockKind.RESPOND, None, False).source
    assert say("id", source).startswith("ditetapkan 2 oleh kebijakan uji; semula 5: ")
    assert say("en", source).startswith("set to 2 by policy uji; it was 5")


def test_the_year_2022_is_ruled_by_62_2018_and_today_by_5_2025_with_the_limits_carried_on() -> None:
    old, new = policy_on(SHIPPED, date(2022, 6, 1)), policy_on(SHIPPED, date(2026, 1, 2))
    assert (old.basis, new.basis) == ("Permenpan RB 62/2018", "Permenpan RB 5/2025")
    assert {limit: getattr(old, limit) for limit in LIMITS} == {limit: getattr(new, limit) for limit in LIMITS}
    assert "dilanjutkan berdasarkan Permenpan RB 5/2025" in say("id", limit_rule(new, "verify").source)
    assert "carried on under Permenpan RB 5/2025" in say("en", limit_rule(new, "hold").source)
    assert limit_rule(new, "take_over").source == P
    assert limit_rule(old, "verify").source == S


def test_a_rule_set_holds_from_its_first_day_and_a_day_before_all_of_them_is_refused() -> None:
    first, second = SHIPPED
    assert policy_on(SHIPPED, second.effective_from) == second
    assert policy_on(SHIPPED, date(2025, 5, 31)) == first
    with pytest.raises(ValueError, match="2018-12-31"):
        policy_on(SHIPPED, date(2018, 12, 31))


def test_of_two_rule_sets_with_one_date_the_later_is_the_correction() -> None:
    corrected = SHIPPED[0].model_copy(update={"version": "permenpan-62-2018-b", "respond": 4})
    assert policy_on([SHIPPED[0], corrected, SHIPPED[1]], date(2022, 1, 1)) == corrected


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("", r"\[\[policy\]\]"),
        ("policy = 3", r"\[\[policy\]\]"),
        ("policy = [3]", r"\[\[policy\]\] 1"),
        ("[[policy]", "TOML"),
        ("limit = 3", "limit"),
        ('[[policy]]\nversion = "a"', "a, effective_from"),
        ('[[policy]]\nversion = "a"\neffective_from = 2022-01-01\nverify = 0', "a, verify"),
        ('[[policy]]\nversion = "a"\neffective_from = 2022-01-01\nverify = "x"', "a, verify"),
        ('[[policy]]\nversion = "a"\neffective_from = 2022-01-01\nverfy = 3', "a, verfy"),
        ('[[policy]]\nversion = "a"\neffective_from = 2022-01-01\n' * 2, "a occurs twice"),
    ],
)
def test_a_bad_rule_set_file_is_refused_by_name_and_key(toml: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_policy(toml)


def test_a_rule_set_survives_json() -> None:
    assert [Policy.model_validate_json(policy.model_dump_json()) for policy in SHIPPED] == SHIPPED


def test_the_documentation_shows_the_same_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    shown = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")
    ]
    marks: dict[object, str] = {S: "[S]", P: "[P]"}
    assert shown == [
        [
            f"`{row.limit}`",
            row.clock.value if row.clock else "–",
            str(row.national),
            str(row.unit),
            str(row.starts),
            str(row.stops),
            marks[row.source] if row.source != SP else "[S], start [P]",
        ]
        for row in RULES
    ]
