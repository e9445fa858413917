"""Wedged complaints as the lists show them, and `kawal mend`, which gives one a new run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Spec
from kawal.cli.wording.labels import label
from kawal.cli.wording.mend_messages import CAUSES
from kawal.client.complaint_details import mending

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.client.mend import MendResult
    from kawal.client.reading import Readings
    from kawal.store.wedged_complaints import WedgedComplaint

SAID = {"restarted": "mended_restarted", "sent_back": "mended_sent_back", "ended": "mended_ended"}
"""The result of mending a complaint (client.mend) -> the sentence."""

MOST_TOLD = 10
"""The most lines on one screen; a release that wedges every complaint must not hide everything else."""


async def wedged_now(complaints: Readings, operator: Operator) -> list[WedgedComplaint]:
    """Return the wedged complaints of the agency of `--instansi`, or all."""

    return await complaints.record.wedged.lines(operator.instansi())


def tell_wedged(operator: Operator, wedged: Sequence[WedgedComplaint]) -> None:
    """Show which complaints are wedged and what mends them: with --json in addition, on standard error."""
    write: Callable[[str], None] = operator.note if operator.json else operator.write
    for one in wedged[:MOST_TOLD]:
        write(
            operator.say(
                "wedged_line",
                id=one.tracking_id,
                since=show_instant(one.since, operator.lang),
                cause=label(CAUSES, one.cause, operator.lang),
                mend=mending(one.tracking_id),
            )
        )
    if len(wedged) > MOST_TOLD:
        write(operator.say("wedged_more", count=len(wedged) - MOST_TOLD))


def mend(operator: Operator, *, tracking_id: str) -> None:
    """Mend a wedged complaint; raises Refusal."""

    async def work(complaints: Complaints) -> MendResult:
        from kawal.client.mend import Mender

        return await Mender(complaints).mend(tracking_id, await operator.actor(complaints))

    mended = operator.with_system(work)
    if operator.json:
        operator.write_json(mended.model_dump(mode="json"))
    else:
        operator.write(operator.say(SAID[mended.way], id=tracking_id))


SPECS = (Spec("mend", mend, [TRACKING_ID]),)
