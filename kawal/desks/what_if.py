"""What another policy would have made of an agency's reports: asked, looked at by number, cancelled by its asker."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pydantic import BaseModel

from kawal.base.unavailable import as_unavailable
from kawal.client.reading import Readings
from kawal.desks.once import NothingDone
from kawal.desks.table import CommandingDesk, Desk
from kawal.desks.what_if_arguments import AskWhatIf, WhatIfNumber
from kawal.domain.access import Act
from kawal.domain.calendar import FIRST_DAY, local_day
from kawal.domain.policy import Policy
from kawal.domain.refusals import Refusal
from kawal.domain.what_if import ASKED_LIMITS, LONGEST_DAYS, VERSION, WhatIfQuestion
from kawal.store.what_if import AnotherUnderWay, WhatIf, WhatIfState


class WhatIfResult(BaseModel):
    """A computation that was asked for or cancelled, and how far it is."""

    number: int
    state: WhatIfState
    percent: int


async def ask(desk: CommandingDesk, given: AskWhatIf) -> WhatIfResult:
    """Put a question and have it answered in the background; the same one gets the answer that there is.

    Raises NothingDone where the engine cannot be reached; the question is then given up.
    """
    from kawal.client.what_if import have_answered  # the engine's library: whoever only reads does without

    complaints, instansi = desk.complaints, await desk.authorised(Act.ASK_WHAT_IF)
    today = local_day(complaints.now())
    question = _question(given, await policy_in_force(complaints, instansi), today)
    what_ifs = complaints.record.what_ifs
    try:
        asked = await what_ifs.ask(instansi, question, desk.actor, complaints.now())
    except AnotherUnderWay as other:
        raise Refusal("what_if_busy", number=other.number) from other
    if asked.unfinished:
        try:
            await have_answered(complaints.client, complaints.settings.task_queue, asked.number)
        except Exception as error:
            away = as_unavailable(error)
            if away is None:
                raise
            await what_ifs.end(asked.number, WhatIfState.FAILED, complaints.now())
            raise NothingDone(away.sentence) from error
    return _result(asked)


async def cancel(desk: Desk, given: WhatIfNumber) -> WhatIfResult:
    """Cancel a computation that one asked for; nothing happens to one that has ended."""
    complaints, instansi = desk.complaints, await desk.authorised(Act.ASK_WHAT_IF)
    async with complaints.authority.refusals(desk.actor, Act.ASK_WHAT_IF):
        asked = await asked_of(complaints, instansi, given.number)
        if asked.asked_account != desk.actor.account:
            raise Refusal("what_if_of_another")
    await complaints.record.what_ifs.end(asked.number, WhatIfState.CANCELLED, complaints.now())
    return _result(await asked_of(complaints, instansi, given.number))


async def asked_of(complaints: Readings, instansi: str, number: int) -> WhatIf:
    """Return an agency's computation of that number; refused if it has none."""
    found = await complaints.record.what_ifs.find(instansi, number) if 0 < number < 1 << 63 else None
    if found is None:
        raise Refusal("unknown_what_if", number=number)
    return found


async def policy_in_force(complaints: Readings, instansi: str) -> Policy:
    """Return an agency's limits of today."""
    standing = await complaints.rulebook.policies_in_force(local_day(complaints.now()))
    return standing.get(instansi) or standing[None]


class AskedDays(NamedTuple):
    """The first and the last day of receipt, and the day as of whose end it is counted (Asia/Jakarta)."""

    first: date
    last: date
    as_of: date


def usual_days(today: date) -> AskedDays:
    """Return the days of a question that names none: last year, as of yesterday."""
    return AskedDays(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), today - timedelta(days=1))


def _question(given: AskWhatIf, now: Policy, today: date) -> WhatIfQuestion:
    """Return what is asked; raises Refusal. The limits were checked as those of a rule set that is adopted."""
    usual = usual_days(today)
    first, last, as_of = given.first or usual.first, given.last or usual.last, given.as_of or usual.as_of
    if not FIRST_DAY <= first <= last:
        raise Refusal("what_if_period", first=FIRST_DAY)
    if (last - first).days >= LONGEST_DAYS:
        raise Refusal("what_if_too_long", days=LONGEST_DAYS)
    if not first <= as_of < today:
        raise Refusal("what_if_too_late")
    asked = {row.limit: getattr(given, row.limit) or getattr(now, row.limit) for row in ASKED_LIMITS}
    kept = {"history_archive_years": now.history_archive_years, "basis": now.basis, "effective_from": first}
    policy = Policy.model_validate({"version": VERSION, **kept, **asked})
    return WhatIfQuestion(policy=policy, first=first, last=last, as_of=as_of)


def _result(asked: WhatIf) -> WhatIfResult:
    return WhatIfResult(number=asked.number, state=asked.state, percent=asked.percent)
