"""`kawal pass`: passes by which officials are let in by HTTP and at the codec server; issued, listed and revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kawal.cli.terminal.acting import parse_acting
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import Usage
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_pairs, write_table
from kawal.cli.wording.labels import ROLES, label

if TYPE_CHECKING:
    from datetime import datetime

    from kawal.client.complaints import Complaints
    from kawal.domain.messages import Actor
    from kawal.store.passes import Pass

LONGEST_DAYS = 366
"""Days for which a pass may hold: whoever has left the office is out within a year, at the latest."""


def issue(operator: Operator, *, holder: str, pass_days: int) -> None:
    """Issue a pass to `holder` (as `--as` is written) and tell it, this once; raises Usage, Refusal."""
    if not 1 <= pass_days <= LONGEST_DAYS:
        raise Usage("bad_pass_days", days=pass_days, most=LONGEST_DAYS)
    as_holder = replace(operator, as_who=holder)
    who = parse_acting(holder)

    async def work(complaints: Complaints) -> tuple[int, str, Actor, datetime]:
        from kawal.desks.passes import PassOffice, check_holder
        from kawal.domain.names import Role

        check_holder(Role(who.role))
        by, official = await operator.actor(complaints), await as_holder.actor(complaints)
        expires_at = complaints.now() + timedelta(days=pass_days)
        number, text = await PassOffice(complaints).issue(by, official, expires_at)
        return number, text, official, expires_at

    number, text, official, expires_at = operator.with_system(work)
    if operator.json:
        made = official.model_dump(mode="json") | {"id": number, "expires_at": expires_at.isoformat(), "pass": text}
        operator.write_json(made)
        return
    write_pairs(
        [
            (operator.say("token_number"), str(number)),
            (operator.say("pass_text"), text),
            (operator.say("pass_until"), show_instant(expires_at, operator.lang)),
        ]
    )
    operator.note(operator.say("pass_once"))


def list_passes(operator: Operator) -> None:
    """List every pass, those that have ended too; never its text."""

    async def work(complaints: Complaints) -> list[Pass]:

        return await complaints.system.passes.all()

    passes = operator.with_system(work)
    if operator.json:
        operator.write_json([one.model_dump(mode="json") for one in passes])
    elif passes:
        columns = ("id", "role", "opd", "instansi", "holder", "expires_at", "last_used_at", "revoked_at")
        write_table(columns, (_row(operator, one) for one in passes), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def revoke(operator: Operator, *, pass_id: int) -> None:
    """End a pass for good; refused where none of that number holds, and to whoever may not."""

    async def work(complaints: Complaints) -> None:
        from kawal.desks.passes import PassOffice

        await PassOffice(complaints).revoke(await operator.actor(complaints), pass_id)

    operator.with_system(work)
    operator.write(operator.say("pass_revoked", number=pass_id))


SPECS = (
    Spec(
        "issue",
        issue,
        [Field("holder", "--for", default=REQUIRED), Field("pass_days", "--days", int, default=90)],
    ),
    Spec("list", list_passes),
    Spec("revoke", revoke, [Field("pass_id", kind=int, default=REQUIRED)]),
)


def _row(operator: Operator, one: Pass) -> list[str]:
    return [
        str(one.id),
        label(ROLES, one.role, operator.lang),
        one.opd or "–",
        one.instansi or "–",
        one.name,
        show_instant(one.expires_at, operator.lang),
        show_instant(one.last_used_at, operator.lang),
        show_instant(one.revoked_at, operator.lang),
    ]
