"""The state of a complaint that was received and to which nothing else has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kawal.domain.messages import Report
from kawal.domain.names import ClockKind
from kawal.domain.policy import Rules
from kawal.domain.process import clocks
from kawal.domain.process.state import State


def received(report: Report, tracking_id: str, instansi: str, rules: Rules, at: datetime) -> State:
    """Return the state of a newly received complaint, for code that needs it before there is an event."""
    return _state(
        at,
        tracking_id=tracking_id,
        instansi=instansi,
        channel=report.channel,
        anonim=report.anonim,
        rahasia=report.rahasia,
        category=report.category,
        report_class=report.proposed_class,
        rules=rules,
    )


def received_by(facts: dict[str, Any], at: datetime) -> State:
    """Return the same state from the facts of the event that recorded the receipt."""
    return _state(
        at,
        tracking_id=facts["tracking_id"],
        instansi=facts["instansi"],
        channel=facts["channel"],
        anonim=facts["anonim"],
        rahasia=facts["rahasia"],
        category=facts.get("category"),
        report_class=facts.get("class"),
        rules=Rules.model_validate(facts["rules"]),
    )


def _state(at: datetime, **told: Any) -> State:
    state = State(received_at=at, last_at=at, **told)
    clocks.start(state, ClockKind.VERIFY, at)
    return state
