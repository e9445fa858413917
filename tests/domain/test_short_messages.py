"""The short form of letters: every kind that a reporter gets fits an SMS of two segments, and nothing is ever cut."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.message_rules import fits_sms, fits_whatsapp, is_gsm, segments
from kawal.domain.notices import TABLE, Target
from kawal.wording.short_messages import SHORT, short_message

LINK = "https://lapor.kepriprov.go.id/l/2084921/" + "k" * 20
NUMBER = "2084921"
WHOLE: dict[str, Any] = {
    "deadline": "2026-09-30",
    "opd": "DPUPR",
    "opds": ["DPUPR", "DLH"],
    "main": "2084920",
    "rating": 4,
    "clock": "question",
    "refused": {"command": "accept", "code": "x", "details": {}},
    "text": "Di mana tepatnya lubang itu?",
}
NAMES = {"DPUPR": "Dinas Pekerjaan Umum, Penataan Ruang dan Pertanahan", "DLH": "Dinas Lingkungan Hidup"}


def test_every_kind_of_notice_that_a_reporter_may_get_has_a_short_form() -> None:
    reporters = (Target.REPORTER, Target.ITS_REPORTER, Target.OWER)
    kinds = {rule.kind for rules in TABLE.values() for rule in rules if rule.whom in reporters}
    assert set(SHORT) == kinds


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", SHORT)
def test_each_fits_two_segments_with_number_link_and_what_to_do(kind: str, lang: str) -> None:
    assert len(LINK) == 60
    said = short_message(kind, NUMBER, WHOLE, lang, NAMES, fits=fits_sms, agency="Provinsi Kepulauan Riau", link=LINK)
    bare = short_message(kind, NUMBER, WHOLE, lang, NAMES, fits=fits_sms, link=LINK)
    assert is_gsm(said)
    assert segments(said) <= 2
    assert NUMBER in said
    assert LINK in said.split()
    assert "{" not in said
    if SHORT[kind].act and SHORT[kind].act[0].one.count("{deadline}"):
        assert "30 September 2026" in bare


@pytest.mark.parametrize("kind", SHORT)
def test_where_no_reply_arrives_none_is_asked_for(kind: str) -> None:
    said = short_message(kind, NUMBER, WHOLE, "id", NAMES, fits=fits_sms, link=LINK, answered=False)
    assert "balas " not in said.lower()
    assert segments(said) <= 2


@pytest.mark.parametrize("kind", ["held", "asked"])
def test_a_question_is_quoted_whole_or_not_at_all(kind: str) -> None:
    for text, quoted in (("Di mana tepatnya?", True), ("Mohon dijelaskan. " * 20, False)):
        said = short_message(kind, NUMBER, WHOLE | {"text": text}, "id", {}, fits=fits_sms, link=LINK)
        assert ("tepatnya" in said, "dijelaskan" in said) == (quoted, False)
    assert "dijelaskan" in short_message(
        kind, NUMBER, WHOLE | {"text": "Mohon dijelaskan. " * 20}, "id", {}, fits=fits_whatsapp, link=LINK
    )


def test_what_others_wrote_is_quoted_to_no_follower_and_in_no_other_kind() -> None:
    followed = short_message("asked", NUMBER, WHOLE | {"follows": "1111111"}, "id", NAMES, fits=fits_sms, link=LINK)
    assert "lubang" not in followed
    assert "Balas" not in followed
    assert "1111111" in followed
    assert NUMBER in followed
    for kind in set(SHORT) - {"held", "asked"}:
        assert "lubang" not in short_message(kind, NUMBER, WHOLE, "id", NAMES, fits=fits_whatsapp)


@given(
    st.sampled_from(sorted(SHORT)),
    st.sampled_from(["id", "en"]),
    st.dictionaries(st.sampled_from(["DPUPR", "DLH"]), st.text(max_size=200)),
    st.text(max_size=400),
    st.text(max_size=80) | st.none(),
    st.booleans(),
)
def test_whatever_names_and_texts_are_the_number_and_the_link_stay_whole(
    kind: str, lang: str, names: dict[str, str], text: str, agency: str | None, follows: bool
) -> None:
    body = WHOLE | {"text": text} | ({"follows": "1111111"} if follows else {})
    said = short_message(kind, NUMBER, body, lang, names, fits=fits_sms, agency=agency, link=LINK)
    assert fits_sms(said)
    assert LINK in said
    assert ("1111111" if follows else NUMBER) in said


@pytest.mark.parametrize("kind", SHORT)
def test_what_the_notice_does_not_contain_is_left_out(kind: str) -> None:
    said = short_message(kind, NUMBER, {}, "id", {}, fits=fits_sms)
    assert "{" not in said
    assert said.startswith(("Laporan", "Ada", "Tindak", "Pertanyaan", "Permintaan", "Inspektorat", "Waktu", "Balasan"))
