"""What a caller is told when a complaint does not answer."""

from __future__ import annotations

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence


def no_worker() -> SystemUnavailable:
    """Return the error for an engine that runs without a worker."""
    return SystemUnavailable(
        msgid(
            "The worker does not answer: check that `make up` or `kawal worker` runs, then repeat with the same --key."
        ),
    )


def wedged(tracking_id: str) -> SystemUnavailable:
    """Return the error for a complaint that accepts nothing until it is mended."""
    return SystemUnavailable(
        sentence(
            msgid(
                "Complaint {tracking_id} is wedged: its workflow task keeps failing and the complaint is at a "
                "standstill. The agency admin or the Inspectorate can mend it with `kawal mend {tracking_id}`; "
                "then repeat with the same --key."
            ),
            tracking_id=tracking_id,
        ),
    )


def without_run(tracking_id: str) -> SystemUnavailable:
    """Return the error for a complaint that is open in the record but has no run at the moment."""
    return SystemUnavailable(
        sentence(
            msgid(
                "Complaint {tracking_id} is being started again from its record; repeat in a moment with the same "
                "--key."
            ),
            tracking_id=tracking_id,
        ),
    )
