"""A report's life as its reporter reads it: every step a sentence, and no word that was not written to or by them."""

from __future__ import annotations

from hypothesis import given

from kawal.domain.names import EventKind
from kawal.wording.catalogues import LANGS, say
from kawal.wording.report_timeline import QUOTED, timeline
from tests.domain.lives import ADMIN, AGENCY, INSPECTORATE, REPORTER, Life, examples, liaison
from tests.domain.test_properties import begins, lived, steps
from tests.wording.test_report_standing import NAMES

OFFICES_OWN = {
    EventKind.REMINDED,
    EventKind.NUDGED,
    EventKind.PAUSE_ENDED,
    EventKind.EXTENSION_LAPSED,
    EventKind.FOLLOWER_ATTACHED,
}
"""Steps of which a reporter reads nothing."""
SOMETIMES = {EventKind.INSTRUCTION_ENDED, EventKind.REFUSED}


def told(life: Life, lang: str = "id") -> list[str]:
    """Return the sentences of a life's timeline."""
    return [say(lang, step.what) for step in timeline(life.events, NAMES, AGENCY)]


def test_a_life_is_told_with_the_words_to_and_by_the_reporter() -> None:
    life = Life().forwarded("A").do("ask", liaison("A"), question="Jalan mana?").do("reply", REPORTER, text="Jalan A")
    life.follow_up("A", final=True).do("dispute", REPORTER, why="Masih rusak")
    assert told(life) == [
        "Laporan Anda diterima.",
        "Laporan Anda diperiksa dan diterima.",
        "Laporan Anda diteruskan ke Dinas PUPR.",
        "Dinas PUPR bertanya kepada Anda.",
        "Anda menulis.",
        "Dinas PUPR menyatakan pekerjaan selesai.",
        "Anda menyanggah tindak lanjutnya.",
    ]
    words = {step.words: step.own for step in timeline(life.events, NAMES, AGENCY) if step.words}
    assert words == {"Jalan mana?": False, "Jalan A": True, "Ditambal": False, "Masih rusak": True}


def test_what_offices_write_to_each_other_is_not_shown() -> None:
    life = Life().forwarded("A").do("nudge", ADMIN, opd="A", how="RAHASIA")
    life.do("return", liaison("A"), reason="RAHASIA").do("escalate", ADMIN, why="RAHASIA")
    life.do("instruct", INSPECTORATE, to="admin", text="RAHASIA", by="2022-03-10")
    life.do("forward", ADMIN, opds=["B"], note="RAHASIA").do("withdraw", ADMIN, opd="B", grounds="RAHASIA")
    life.do("take_over", INSPECTORATE).do("follow_up", INSPECTORATE, text="Selesai", final=True)
    life.do("resolve", INSPECTORATE, finding="RAHASIA")
    shown = timeline(life.events, NAMES, AGENCY)
    assert [step.words for step in shown if step.words] == ["Selesai"]
    assert not any("RAHASIA" in one for one in told(life))


def test_quoted_is_what_letters_quote_to_the_reporter() -> None:
    assert set(QUOTED.values()) == {"missing", "question", "text", "reason", "agency", "grounds"}


@examples(40)
@given(begins, steps)
def test_every_step_is_a_sentence_in_both_languages_or_the_offices_own(
    at: str, script: list[tuple[int, int, int]]
) -> None:
    life = lived(at, script)
    shown = {step.seq for step in timeline(life.events, NAMES, AGENCY)}
    for event in life.events:
        assert (event.seq in shown) != (event.kind in OFFICES_OWN) or event.kind in SOMETIMES, event.kind
    for lang in LANGS:
        assert all(one and "{" not in one for one in told(life, lang))
