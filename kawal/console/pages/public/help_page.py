"""`/bantuan`: what each status word means, who sees what, how long things take by the rules in force, whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable_is_passed_over
from kawal.console.pages.frame import page
from kawal.console.pages.public.parts import agencies_of, complaints_of, site_of
from kawal.domain.calendar import local_day
from kawal.domain.government import HEADS
from kawal.domain.labels import STATUSES
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Status
from kawal.domain.policy import Policy, Rule, limit_rule
from kawal.domain.visibility import of_the_reporter, of_the_words
from kawal.store.directory import Instansi

STATUS_MEANINGS: dict[Status, Message] = {
    Status.BELUM_DIVERIFIKASI: msgid("Your report has arrived. An admin of the agency still has to read and check it."),
    Status.DITUNDA: msgid("Something is missing in your report. The admin has asked you, and waits for your answer."),
    Status.BELUM_DITINDAKLANJUTI: msgid("Your report was checked. No office (OPD) has answered yet."),
    Status.PROSES: msgid("An office has answered or begun to act. It is not over yet."),
    Status.SELESAI: msgid("It is over: you have accepted the answer, or did not object in time."),
    Status.DIARSIPKAN: msgid("The report is not taken further. The admin had to say why."),
    Status.BUKAN_WEWENANG: msgid("Another agency has to answer. The report was passed on to it."),
    Status.DIGABUNG: msgid("It is about the same matter as an earlier report, and follows that one."),
}
"""Each status word as a citizen understands it."""

LIMITS = (
    "verify",
    "respond",
    "complete_permintaan_informasi",
    "complete_aspirasi",
    "complete_pengaduan",
    "complete_pengawasan",
    "hold",
    "question",
    "auto_close",
)
"""The limits that a citizen waits for, in the order in which they matter."""


class Durations(NamedTuple):
    """How long things take: the rules' limits, and the days after a missed deadline at which the next office hears."""

    agencies: Sequence[str]
    """The names of those whose reports they hold for."""
    rules: list[Rule]
    rung_two: int
    rung_three: int
    aftercare_days: int
    heads: Sequence[str]
    """The titles of the heads of their governments, which are the last office."""


async def show_help(request: Request) -> Response:
    """Show the help page; while the database is away without the durations."""
    values = {
        "meanings": [(STATUSES[status], meaning) for status, meaning in STATUS_MEANINGS.items()],
        "reporter_readers": of_the_reporter(anonim=False),
        "anonim_readers": of_the_reporter(anonim=True),
        "rahasia_readers": of_the_words(rahasia=True),
        "durations": await _durations(request),
        "contact": site_of(request).contact,
    }
    return page(request, "public/help.html", values)


async def _durations(request: Request) -> Sequence[Durations]:
    """Return how long things take, once for all agencies that go by one rule set; nothing while it cannot be read."""
    groups: dict[str, tuple[Policy, list[Instansi]]] = {}
    with unavailable_is_passed_over():
        complaints = complaints_of(request)
        agencies = await agencies_of(request).offered(request)
        policies = await complaints.rulebook.policies_in_force(local_day(complaints.now()))
        for one in agencies:
            policy = policies.get(one.code) or policies.get(None)
            if policy is not None:
                groups.setdefault(policy.version, (policy, []))[1].append(one)
    return [_of(policy, group) for policy, group in groups.values()]


def _of(policy: Policy, group: Sequence[Instansi]) -> Durations:
    rules = [limit_rule(policy, limit) for limit in LIMITS]
    names, heads = [one.name for one in group], sorted({HEADS[one.kind] for one in group})
    return Durations(names, rules, policy.rung_two, policy.rung_three, policy.aftercare_days, heads)
