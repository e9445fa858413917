"""The state of a newly received complaint is the same with and without the event that records it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Report
from kawal.domain.names import Channel, ReportClass
from kawal.domain.process.decide import begin
from kawal.domain.process.initial_state import received
from kawal.domain.process.projection import snapshot
from tests.domain.lives import ADAPTER, AGENCY, REPORT, RULES, TRACKING, examples, local

REPORTS = st.builds(
    lambda **fields: REPORT.model_copy(update=fields),
    channel=st.sampled_from(Channel),
    proposed_class=st.none() | st.sampled_from(ReportClass),
    category=st.none() | st.text(min_size=1),
    anonim=st.booleans(),
    rahasia=st.booleans(),
)


@examples(100)
@given(REPORTS, st.integers(0, 3 * 365 * 24))
def test_a_report_stands_as_its_first_event_says(report: Report, hours: int) -> None:
    at = local("2022-01-03 08:00") + timedelta(hours=hours)
    started = begin(report, TRACKING, AGENCY, RULES, ADAPTER, at)
    expected = snapshot(started.state).model_copy(update={"last_seq": 0})
    assert snapshot(received(report, TRACKING, AGENCY, RULES, at)) == expected
