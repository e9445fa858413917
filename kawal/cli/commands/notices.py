"""`kawal notices`: the outbox - number, kind, recipient and state; a text only for its recipient, or who may see it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from kawal.cli.commands.complaint_list import LIMIT, check_limit
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import desk_act
from kawal.cli.terminal.faults import CommandRefusal
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import ROLES, label
from kawal.domain.names import Role

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.dead_letters import NoticeResult
    from kawal.domain.messages import Actor
    from kawal.store.notices import Notice
    from kawal.store.outbox import NoticeLine
    from kawal.wording.letters import Letter


class State(StrEnum):
    """The state of a notice (repeated from store.outbox, for which a command's help must not wait)."""

    PENDING = "pending"
    UNDERWAY = "underway"
    SENT = "sent"
    NOT_SENT = "not_sent"
    FAILED = "failed"


_READS_FOR = {"sekda": Role.LEADERSHIP, "gubernur": Role.LEADERSHIP}


def notices(
    operator: Operator,
    *,
    notice_state: State | None,
    notice_of: str | None,
    notice_show: int | None,
    notice_resend: int | None,
    notice_aside: int | None,
    grounds: str | None,
    purpose: str | None,
    limit: int,
) -> None:
    """List the outbox, newest first, show one notice's letter, send one again, or leave one that failed unsent."""
    if notice_resend is not None:
        _resend(operator, notice_resend)
        return
    if notice_aside is not None:
        _set_aside(operator, notice_aside, grounds)
        return
    if notice_show is not None:
        _show(operator, notice_show, purpose)
        return
    check_limit(limit)
    from kawal.store.outbox import NoticeStatus

    async def work(complaints: Readings) -> list[NoticeLine]:
        agency = await _listed_agency(operator, complaints, notice_of)
        status = None if notice_state is None else NoticeStatus(notice_state)
        outbox = complaints.record.outbox
        return await outbox.lines(status=status, tracking_id=notice_of, instansi=agency, limit=limit + 1)

    lines = operator.with_record(work)
    shown = lines[:limit]
    if operator.json:
        operator.write_json([line.model_dump(mode="json") for line in shown])
    elif shown:
        columns = ("id", "created_at", "kind", "report", "to", "state", "attempts", "last_error")
        write_table(columns, (_row(operator, line) for line in shown), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))
    if len(lines) > limit:
        operator.note(operator.say("more_left", shown=limit))


async def _listed_agency(operator: Operator, complaints: Readings, tracking_id: str | None) -> str | None:
    """Return the agency whose notices are listed, None for all; raises Refusal, on record.

    Those about one report are for whoever may see where it stands: among them may be the reader's own.
    """
    from kawal.domain.access import Act

    if tracking_id is None or operator.acting() is None:
        return await operator.seen_agency(complaints, Act.LIST_WAITING)
    return (await complaints.authority.seeing(await operator.actor_on(complaints, tracking_id), tracking_id)).instansi


def _resend(operator: Operator, number: int) -> None:
    sent: NoticeResult = desk_act(operator, "notices resend", {"number": number})
    _tell(operator, sent, "notice_again")


def _set_aside(operator: Operator, number: int, grounds: str | None) -> None:
    aside: NoticeResult = desk_act(operator, "notices set-aside", {"number": number, "grounds": grounds})
    _tell(operator, aside, "notice_aside")


def _tell(operator: Operator, done: NoticeResult, key: str) -> None:
    if operator.json:
        operator.write_json(done.model_dump())
    else:
        operator.write(operator.say(key, number=done.notice))


def _show(operator: Operator, number: int, purpose: str | None) -> None:
    async def work(complaints: Readings) -> tuple[Notice, Letter]:
        from kawal.domain.access import Act
        from kawal.wording.letters import letter

        notice = await complaints.record.outbox.notice(number)
        if notice is None:
            raise CommandRefusal("no_such_notice", number=number)
        actor = await operator.actor_on(complaints, notice.tracking_id)
        row = await complaints.authority.reading(
            actor,
            Act.READ_NOTICE,
            notice.tracking_id,
            via="cli",
            purpose=purpose,
            addressed=_is_for(actor, notice),
            facts={"notice": number},
        )
        names = {opd.code: opd.name for opd in await complaints.directory.opds(row.instansi)}
        return notice, letter(notice.kind, notice.tracking_id, notice.body, operator.lang, names, to=notice.to_role)

    notice, said = operator.with_record(work)
    if operator.json:
        operator.write_json(
            notice.model_dump(mode="json", exclude={"body"}) | {"subject": said.subject, "text": said.text}
        )
    else:
        operator.write(f"{said.subject}\n\n{said.text}")


SPECS = (
    Spec(
        "notices",
        notices,
        [
            Field("notice_state", "--state", State),
            Field("notice_of", "--report"),
            Field("notice_show", "--show", int),
            Field("notice_resend", "--resend", int),
            Field("notice_aside", "--set-aside", int),
            Field("grounds", "--grounds"),
            Field("purpose", "--purpose"),
            LIMIT,
        ],
    ),
)


def _is_for(actor: Actor, notice: Notice) -> bool:
    """Tell whether the notice was written to this reader."""
    meant = _READS_FOR.get(notice.to_role) or notice.to_role
    return actor.role == meant and (actor.role is not Role.LIAISON or actor.opd == notice.to_opd)


def _recipient(role: str, opd: str | None, operator: Operator) -> str:
    name = label(ROLES, role, operator.lang)
    return f"{name} {opd}" if opd else name


def _row(operator: Operator, line: NoticeLine) -> list[str]:
    return [
        str(line.id),
        show_instant(line.created_at, operator.lang),
        line.kind,
        line.tracking_id,
        _recipient(line.to_role, line.to_opd, operator),
        str(line.status),
        str(line.attempts),
        line.last_error or "",
    ]
