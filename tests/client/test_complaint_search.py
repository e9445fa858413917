"""Complaints are found by words; rahasia ones by the blind index, by overseers, for a purpose, recorded."""

from __future__ import annotations

from typing import Any

import pytest

from kawal.client.advice import Adviser
from kawal.client.complaint_search import ComplaintSearch
from kawal.domain.checks import CheckResult
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.store.access_log import AccessEntry
from kawal.store.advice import advice_of
from kawal.store.backfill import Backfill
from tests.workflows.life import Office, eventually

LAMP = "Penerangan lampu padam gelap gulita sekitar masjid Almunawarah setiap malam"


async def log(office: Office) -> list[AccessEntry]:
    return [entry async for entry in office.complaints.access_log.entries()]


async def actor(office: Office, role: Role = Role.ADMIN) -> Any:
    return await office.complaints.actor(role, "Dewi", "DPUPR" if role is Role.LIAISON else None, "KEPRI")


async def test_public_reports_are_found_by_anyone_in_whatever_form_the_words_have(office: Office) -> None:
    case = await office.receive(title="Lampu", text=LAMP)
    await case.verify()
    for hidden in (await office.receive(title="Lampu", text=LAMP, rahasia=True), await office.receive(text=LAMP)):
        assert hidden
    supervised = await office.receive(title="Lampu", text=LAMP)
    await supervised.verify(pengawasan=True)
    found = await ComplaintSearch(office.complaints).public("padamkan lampu", None, 10)
    assert [one.tracking_id for one in found] == [case.tracking_id]
    assert await ComplaintSearch(office.complaints).public("lampu jembatan", None, 10) == []
    assert await ComplaintSearch(office.complaints).public("lampu", "RIAU", 10) == []


async def test_what_is_not_verified_is_found_by_those_who_oversee_it_for_a_purpose_and_on_record(
    office: Office,
) -> None:
    case = await office.receive(title="Lampu", text=LAMP)
    finding = ComplaintSearch(office.complaints)
    found = await finding.withheld("padamkan lampu", await actor(office), "Sidang 12", 10, "cli")
    assert [(one.tracking_id, one.title) for one in found] == [(case.tracking_id, "Lampu")]
    assert [(entry.kind, entry.tracking_id) for entry in await log(office)] == [("read_report", case.tracking_id)]
    await case.verify()
    assert await finding.withheld("padamkan lampu", await actor(office), "Sidang 12", 10, "cli") == []


@pytest.mark.parametrize("decided", [True, False])
async def test_rahasia_reports_are_found_without_a_word_of_theirs_standing_anywhere(
    office: Office, decided: bool
) -> None:
    case = await office.receive(title="Rahasia", text=LAMP, rahasia=True)
    if decided:
        await case.verify()
    await office.receive(title="Lain", text="Jalan berlubang", rahasia=True)
    finding = ComplaintSearch(office.complaints)
    found = await finding.withheld("MASJID almunawarah padam", await actor(office), "Sidang 12", 10, "cli")
    assert [(one.tracking_id, one.title) for one in found] == [(case.tracking_id, None)]
    assert await finding.withheld("masjid jembatan", await actor(office), "Sidang 12", 10, "cli") == []
    entries = await log(office)
    assert [(entry.kind, entry.tracking_id, entry.facts["found"]) for entry in entries] == [
        ("read_report", case.tracking_id, 1),
        ("read_report", None, 0),
    ]
    assert entries[0].words == {"words": "MASJID almunawarah padam", "purpose": "Sidang 12"}
    stored = await office.complaints.pool.fetch("select encode(word_mac, 'escape') as word from rahasia_word")
    assert (len(stored) > 8) is decided
    assert decided or not stored
    assert "almunawarah" not in str(stored)


NOT_SEARCHED = (
    (Role.LIAISON, "masjid", "Sidang", "words_not_yours"),
    (Role.LEADERSHIP, "masjid", "Sidang", "words_not_yours"),
    (Role.ADMIN, "masjid", " ", "purpose_needed"),
    (Role.ADMIN, "masjid", "x" * 1_000_000, "purpose_too_long"),
    (Role.ADMIN, "x" * 1_000_000, "Sidang", "search_words"),
    (Role.ADMIN, "  ", "Sidang", "search_words"),
    (Role.ADMIN, "a\x00b", "Sidang", "search_words"),
)
"""Who, for which words and purpose, and the refusal."""


async def test_who_may_not_search_is_refused_on_record(office: Office) -> None:
    for role, words, purpose, code in NOT_SEARCHED:
        with pytest.raises(Refusal) as caught:
            await ComplaintSearch(office.complaints).withheld(words, await actor(office, role), purpose, 10, "cli")
        assert caught.value.code == code
    recorded = [(entry.kind, entry.facts["code"]) for entry in await log(office)]
    assert recorded == [("refused", code) for *_, code in NOT_SEARCHED]


async def test_a_likeness_to_a_rahasia_report_is_told_to_those_alone_who_may_read_it(office: Office) -> None:
    first = await office.receive(title="Lampu", text=LAMP, rahasia=True)
    await first.verify()
    second = await office.receive(title="Lampu", text=LAMP + " lagi")
    await second.forward()
    adviser = Adviser(office.complaints)

    async def advised() -> CheckResult | None:
        return await adviser.advice(second.tracking_id, await actor(office), None, "cli")

    advice = await eventually(advised)
    assert [(one.tracking_id, one.rahasia, one.metres) for one in advice.similar] == [(first.tracking_id, True, None)]
    assert advice.similar[0].score > 0.8
    entries = [(entry.tracking_id, entry.facts["matter"], entry.facts.get("of")) for entry in await log(office)]
    assert entries[-2:] == [(second.tracking_id, "advice", None), (first.tracking_id, "likeness", second.tracking_id)]
    shown = await adviser.advice(second.tracking_id, await actor(office, Role.LIAISON), None, "cli")
    assert shown is not None
    assert shown.similar == []


async def test_advice_is_a_reading_like_others(office: Office) -> None:
    case = await office.receive(title="Lampu", text=LAMP, rahasia=True)
    adviser = Adviser(office.complaints)
    for who, purpose, code in (
        (await actor(office), None, "purpose_needed"),
        (await actor(office, Role.LIAISON), "Sidang", "words_not_of_opd"),
        (await actor(office, Role.LEADERSHIP), "Sidang", "words_not_yours"),
    ):
        with pytest.raises(Refusal) as caught:
            await adviser.advice(case.tracking_id, who, purpose, "cli")
        assert caught.value.code == code
    await eventually(lambda: advice_of(office.complaints.pool, case.tracking_id))
    advice = await adviser.advice(case.tracking_id, await actor(office), "Verifikasi", "cli")
    assert advice is not None
    assert advice.categories
    last = (await log(office))[-1]
    assert (last.kind, last.tracking_id, last.facts["matter"]) == ("read_report", case.tracking_id, "advice")
    assert last.words == {"purpose": "Verifikasi"}


async def test_a_likeness_to_what_is_not_public_is_told_to_those_alone_who_oversee_it(office: Office) -> None:
    first = await office.receive(title="Lampu", text=LAMP)
    second = await office.receive(title="Lampu", text=LAMP + " lagi")
    await second.forward()
    adviser = Adviser(office.complaints)

    async def seen_by(who: Any) -> list[str]:
        advice = await adviser.advice(second.tracking_id, who, None, "cli")
        return [one.tracking_id for one in advice.similar] if advice else []

    admin, liaison = await actor(office), await actor(office, Role.LIAISON)
    assert await eventually(lambda: seen_by(admin)) == [first.tracking_id]
    assert await seen_by(liaison) == []
    await first.verify()
    assert await seen_by(liaison) == [first.tracking_id]


async def test_no_search_finds_a_report_by_what_is_masked_in_it(office: Office) -> None:
    case = await office.receive(title="Lampu", text=f"{LAMP}. Hubungi Siti Aminah, 0812-3456-7890")
    await case.verify()
    finding = ComplaintSearch(office.complaints)
    for words in ("siti", "aminah", "0812 3456 7890", "3456", "disembunyikan"):
        assert await finding.public(words, None, 10) == []
        assert await finding.withheld(words, await actor(office), "Sidang", 10, "cli") == []


async def test_earlier_rahasia_reports_are_indexed_once(office: Office) -> None:
    case = await office.receive(title="Rahasia", text=LAMP, rahasia=True)
    await case.verify()
    pool, keys = office.complaints.pool, office.complaints.system.keys
    before = await pool.fetch("select * from rahasia_word order by word_mac")
    await pool.execute("delete from rahasia_word")
    assert await Backfill(pool, keys).run() == 1
    assert await pool.fetch("select * from rahasia_word order by word_mac") == before
    assert await Backfill(pool, keys).run() == 0
    found = await ComplaintSearch(office.complaints).withheld("masjid", await actor(office), "Sidang", 10, "cli")
    assert [one.tracking_id for one in found] == [case.tracking_id]
