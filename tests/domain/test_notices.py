"""Who is notified of what, and that privacy is kept whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Actor, ClockLine, Event, OpdLine, Snapshot
from kawal.domain.names import Channel, ClockKind, EventKind, ReportClass, Role, Status
from kawal.domain.notices import TABLE, Follower, NoticeDraft, Recipient, notices_for
from kawal.domain.process.projection import snapshot
from kawal.wording.letter_messages import WORDING
from kawal.wording.letters import letter
from tests.domain.lives import Life

AT = datetime(2022, 5, 9, 2, 0, tzinfo=UTC)
DEADLINE = datetime(2022, 5, 13, 17, 0, tzinfo=UTC)  # the end of 13 May in Jakarta
SYSTEM = Actor(role=Role.SYSTEM, account="system")
SECRET = "Budi Santoso"  # noqa: S105 - the reporter's name


def after(**changes: Any) -> Snapshot:
    return Snapshot.model_validate(
        {
            "tracking_id": "1234567",
            "instansi": "KEPRI",
            "status": Status.PROSES,
            "channel": Channel.WEB,
            "report_class": ReportClass.PENGADUAN,
            "pengawasan": False,
            "category": "PERHUBUNGAN",
            "anonim": False,
            "rahasia": False,
            "received_at": AT,
            "first_forwarded_at": AT,
            "opds": [OpdLine(code="DISHUB", state="owes", forwarded_at=AT)],
        }
        | changes
    )


def event(kind: EventKind, facts: dict[str, Any] | None = None, words: dict[str, Any] | None = None) -> Event:
    return Event(
        seq=4,
        at=AT,
        recorded_at=AT,
        kind=kind,
        actor=SYSTEM,
        status=Status.PROSES,
        facts=facts or {},
        words=words or {},
    )


def clock(kind: ClockKind, opd: str | None = None) -> ClockLine:
    return ClockLine(kind=kind, opd=opd, owed_by=Role.LIAISON, started_at=AT, deadline=DEADLINE)


def told(drafts: list[NoticeDraft]) -> list[tuple[str, str | None, str]]:
    return [(draft.to.value, draft.opd, draft.kind) for draft in drafts]


def read(draft: NoticeDraft, lang: str = "id") -> str:
    said = letter(draft.kind, draft.tracking_id, draft.body, lang, {"DISHUB": "Dinas Perhubungan"})
    return f"{said.subject}\n{said.text}"


def test_forwarding_tells_the_reporter_and_each_opd_with_the_last_day_of_its_deadline() -> None:
    stands = after(clocks=[clock(ClockKind.RESPOND, "DISHUB"), clock(ClockKind.RESPOND, "DPUPP")])
    drafts = notices_for(event(EventKind.FORWARDED, {"opds": ["DISHUB", "DPUPP"]}), stands)
    assert told(drafts) == [
        ("reporter", None, "forwarded"),
        ("liaison", "DISHUB", "to_handle"),
        ("liaison", "DPUPP", "to_handle"),
    ]
    assert "13 Mei 2022" in read(drafts[1])
    assert "13 May 2022" in read(drafts[1], "en")
    assert "Dinas Perhubungan" in read(drafts[1])


def test_the_final_follow_up_tells_of_the_ten_days_only_when_they_have_begun() -> None:
    final = event(EventKind.FOLLOWED_UP, {"opd": "DISHUB", "final": True, "first": True}, {"text": "Lampu diganti."})
    waiting = notices_for(final, after(clocks=[clock(ClockKind.AUTO_CLOSE)]))
    others_owe = notices_for(final, after())
    assert told(waiting) == [("reporter", None, "followed_up_final")]
    assert "akan dinyatakan selesai secara otomatis" in read(waiting[0])
    assert "> Lampu diganti." in read(waiting[0])
    assert told(others_owe) == [("reporter", None, "followed_up")]


def test_a_breach_tells_whoever_owes_the_admin_and_the_inspectorate_each_once() -> None:
    late_opd = {"clock": "respond", "opd": "DISHUB", "owed_by": "liaison", "nominal": "2022-05-13", "rung": 1}
    late_admin = {"clock": "verify", "opd": None, "owed_by": "agency_admin", "nominal": "2022-05-13", "rung": 1}
    assert told(notices_for(event(EventKind.BREACHED, late_opd), after())) == [
        ("liaison", "DISHUB", "breached"),
        ("agency_admin", None, "breached"),
        ("inspectorate", None, "item_breached"),
    ]
    assert told(notices_for(event(EventKind.BREACHED, late_admin), after())) == [
        ("agency_admin", None, "breached"),
        ("inspectorate", None, "item_breached"),
    ]


def test_late_completion_tells_every_opd_that_still_owes() -> None:
    opds = [
        OpdLine(code="DISHUB", state="owes", forwarded_at=AT),
        OpdLine(code="DPUPP", state="final", forwarded_at=AT),
        OpdLine(code="KEPRI", state="owes", forwarded_at=AT),
    ]
    facts = {"clock": "complete", "opd": None, "owed_by": "liaison", "deadline": "2022-05-13", "which": "last"}
    assert told(notices_for(event(EventKind.REMINDED, facts), after(opds=opds))) == [
        ("liaison", "DISHUB", "reminder_last"),
        ("agency_admin", None, "reminder_last"),
    ]


def test_the_third_rung_tells_the_gubernur_and_the_reporter_of_the_ombudsman() -> None:
    facts = {"clock": "respond", "opd": "DISHUB", "rung": 3}
    drafts = notices_for(event(EventKind.RUNG_REACHED, facts), after())
    assert told(drafts) == [("gubernur", None, "rung_three"), ("reporter", None, "ombudsman")]
    assert "Undang-Undang Nomor 37 Tahun 2008" in read(drafts[1])
    second = notices_for(event(EventKind.RUNG_REACHED, facts | {"rung": 2}), after())
    assert told(second) == [("sekda", None, "rung_two")]


def test_the_inspectorate_hears_of_a_berkadar_pengawasan_report_when_the_item_opens() -> None:
    verified = event(EventKind.VERIFIED, {"item_opened": True})
    assert ("inspectorate", None, "supervised") in told(notices_for(verified, after(pengawasan=True)))
    assert told(notices_for(event(EventKind.VERIFIED), after())) == [("reporter", None, "verified")]


def test_the_second_dispute_and_a_missed_instruction_reach_the_inspectorate() -> None:
    first = told(notices_for(event(EventKind.DISPUTED, {"count": 1}), after()))
    second = told(notices_for(event(EventKind.DISPUTED, {"count": 2, "item_opened": True}), after()))
    assert first == [("liaison", "DISHUB", "disputed")]
    assert second == [("liaison", "DISHUB", "disputed"), ("inspectorate", None, "second_dispute")]
    assert told(notices_for(event(EventKind.INSTRUCTION_ENDED, {"met": True}), after())) == []
    missed = notices_for(event(EventKind.INSTRUCTION_ENDED, {"met": False}), after())
    assert told(missed) == [("inspectorate", None, "instruction_missed")]


def test_an_instruction_goes_to_the_admin_or_to_the_opd_that_it_names() -> None:
    for to, expected in (("admin", ("agency_admin", None)), ("DISHUB", ("liaison", "DISHUB"))):
        drafts = notices_for(event(EventKind.INSTRUCTED, {"to": to, "by": "2022-05-20"}, {"text": "Segera."}), after())
        assert told(drafts) == [(*expected, "instructed")]
        assert "20 Mei 2022" in read(drafts[0])


def test_followers_are_told_what_the_reporter_is_told_with_texts_only_when_neither_is_rahasia() -> None:
    step = event(EventKind.FOLLOWED_UP, {"opd": "DISHUB", "final": False}, {"text": "Sudah diperbaiki."})
    open_one, secret_one = Follower(tracking_id="7654321", rahasia=False), Follower(tracking_id="7000001", rahasia=True)
    own, follower, secret = notices_for(step, after(), [open_one, secret_one])
    assert "Sudah diperbaiki." in read(own)
    assert follower.tracking_id == "7654321"
    assert "7654321 telah digabungkan dan mengikuti laporan nomor 1234567" in read(follower)
    assert "Sudah diperbaiki." in read(follower)
    assert "Sudah diperbaiki." not in read(secret)
    of_secret_main = notices_for(step, after(rahasia=True), [open_one])
    assert "Sudah diperbaiki." not in str(of_secret_main[1].model_dump())
    assert [draft.n for draft in (own, follower, secret)] == [0, 1, 2]


def test_followers_are_not_told_to_do_what_only_the_reporter_of_the_main_report_can() -> None:
    asked = event(EventKind.ASKED, {"by": "DISHUB"}, {"question": "Di mana?"})
    stands = after(clocks=[clock(ClockKind.QUESTION)])
    own, follower = notices_for(asked, stands, [Follower(tracking_id="7654321", rahasia=False)])
    assert "Mohon dijawab paling lambat 13 Mei 2022." in read(own)
    assert "Mohon dijawab" not in read(follower)


def test_imported_history_is_told_to_nobody() -> None:
    old = event(EventKind.FORWARDED, {"opds": ["DISHUB"], "imported": True})
    assert notices_for(old, after()) == []


def test_a_clock_that_ran_out_while_the_system_was_down_is_still_told() -> None:
    late = event(EventKind.AUTO_CLOSED, {"why": "no_reply"}).model_copy(update={"recorded_at": AT + timedelta(days=2)})
    assert told(notices_for(late, after())) == [("reporter", None, "closed_no_reply")]


def test_a_letter_leaves_out_what_it_does_not_know() -> None:
    paused = notices_for(event(EventKind.HELD, words={"missing": "Lokasi."}), after(clocks=[]))
    assert "{" not in read(paused[0])
    assert "> Lokasi." in read(paused[0])


def test_every_notice_of_the_table_has_words_in_both_languages_and_no_words_are_idle() -> None:
    kinds = {tell.kind for line in TABLE.values() for tell in line}
    assert set(WORDING) == kinds


def test_the_documentation_shows_the_table_as_it_is() -> None:
    shown = (Path(__file__).parents[2] / "docs" / "notices.md").read_text(encoding="utf-8")
    for kind, tells in TABLE.items():
        row = "; ".join(f"{tell.whom.name.lower()}: {tell.kind}" for tell in tells)
        assert f"| {kind} | {row} |" in shown


@pytest.mark.parametrize("lang", ["id", "en"])
def test_both_languages_name_the_same_places(lang: str) -> None:
    everything = {
        "deadline": "2022-05-13", "by": "2022-05-13", "opd": "DISHUB", "opds": ["DISHUB"], "clock": "respond",
        "days": 3, "count": 2, "main": "7654321", "class": "aspirasi", "category": "PERHUBUNGAN", "rating": 4,
        "left_out": ["files:a.jpg"], "refused": {"command": "accept", "code": "no_final_stands", "details": {}},
        "goes_on_as": "2345678", "goes_on_at": "Kabupaten Bintan", "continues": "2345678",
        "passed_on_by": "Provinsi Kepulauan Riau",
    }  # fmt: skip
    for kind, words in WORDING.items():
        full = letter(kind, "1234567", everything, lang, {})
        assert "1234567" in full.subject
        assert full.text.count(".") >= len(words.body) + len(words.act)


def noticed(life: Life) -> list[tuple[str, str | None, str]]:
    """Return all notices of a life, in order, by the read model at its end."""
    return [one for happened in life.events for one in told(notices_for(happened, snapshot(life.state)))]


def test_a_real_life_to_its_automatic_end_tells_each_their_part() -> None:
    life = Life().forwarded("A").until("2022-03-14").follow_up(final=True)
    assert "21 Maret 2022" not in read(final := notices_for(life.events[-1], snapshot(life.state))[0])
    assert "apabila tidak ada tanggapan sampai dengan 28 Maret 2022." in read(final)
    life.past_the_end_of("2022-03-28")
    assert life.status is Status.SELESAI
    said = noticed(life)
    for expected in (
        ("reporter", None, "received"),
        ("agency_admin", None, "new_report"),
        ("reporter", None, "verified"),
        ("reporter", None, "forwarded"),
        ("liaison", "A", "to_handle"),
        ("liaison", "A", "reminder"),
        ("liaison", "A", "reminder_last"),
        ("reporter", None, "closed_no_reply"),
    ):
        assert said.count(expected) == 1, expected


def test_a_real_life_that_is_forgotten_climbs_to_the_gubernur_and_each_rung_is_told_once() -> None:
    life = Life().forwarded("A").past_the_end_of("2022-03-23")
    said = noticed(life)
    for expected in (
        ("liaison", "A", "breached"),
        ("agency_admin", None, "breached"),
        ("inspectorate", None, "item_breached"),
        ("sekda", None, "rung_two"),
        ("gubernur", None, "rung_three"),
        ("reporter", None, "ombudsman"),
    ):
        assert said.count(expected) == 1, (expected, said)
    late = next(one for one in life.events if one.kind is EventKind.BREACHED)
    assert "Tenggat tersebut jatuh pada 14 Maret 2022." in read(notices_for(late, snapshot(life.state))[0])


FACTS = st.fixed_dictionaries(
    {
        "opds": st.just(["DISHUB", "DPUPP"]),
        "opd": st.sampled_from(["DISHUB", "KEPRI"]),
        "owed_by": st.sampled_from(["liaison", "agency_admin", "inspectorate", "reporter"]),
        "clock": st.sampled_from([str(kind) for kind in ClockKind]),
        "rung": st.integers(1, 3),
        "count": st.integers(1, 3),
        "final": st.booleans(),
        "item_opened": st.booleans(),
        "met": st.booleans(),
        "why": st.sampled_from(["no_reply", "unanswered"]),
        "which": st.sampled_from(["half", "last"]),
        "to": st.sampled_from(["admin", "DISHUB"]),
        "by": st.just("2022-05-20"),
        "days": st.integers(1, 5),
        "main": st.just("7654321"),
        "nominal": st.just("2022-05-13T17:00:00+00:00"),
        "deadline": st.just("2022-05-13"),
    }
)
WORD_KEYS = ("text", "why", "reason", "grounds", "question", "missing", "note", "how", "agency")


@given(st.sampled_from(sorted(EventKind)), FACTS, st.booleans(), st.booleans(), st.booleans())
def test_no_text_of_a_rahasia_report_reaches_an_official_and_no_identity_reaches_anyone(
    kind: EventKind, facts: dict[str, Any], rahasia: bool, anonim: bool, follower_rahasia: bool
) -> None:
    words = dict.fromkeys(WORD_KEYS, "isi yang dirahasiakan") | {"reporter": {"name": SECRET}, "name": SECRET}
    stands = after(rahasia=rahasia, anonim=anonim, clocks=[clock(one) for one in ClockKind])
    drafts = notices_for(event(kind, facts, words), stands, [Follower(tracking_id="7000001", rahasia=follower_rahasia)])
    assert [draft.n for draft in drafts] == list(range(len(drafts)))
    for draft in drafts:
        shown = str(draft.model_dump()) + read(draft) + read(draft, "en")
        assert SECRET not in shown
        own = draft.to is Recipient.REPORTER and draft.tracking_id == "1234567"
        if rahasia and not own:
            assert "dirahasiakan" not in shown
        if draft.tracking_id == "7000001" and follower_rahasia:
            assert "dirahasiakan" not in shown
        if anonim and draft.to is Recipient.LIAISON and kind in (EventKind.REPLIED, EventKind.DISPUTED):
            assert "dirahasiakan" not in shown
