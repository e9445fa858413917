"""`kawal start`: accept a report for its reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from kawal.cli.terminal.actor_option import ActorOption
from kawal.cli.terminal.answers import refuse_in_words
from kawal.cli.terminal.dates import WIB, parse_day, show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.text_arguments import read_text
from kawal.domain.messages import Place, Report, Reporter
from kawal.domain.names import Channel, ReportClass, Role
from kawal.wording.links import ReportAccess, report_access, slip

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.domain.messages import Answer


class _Handout(NamedTuple):
    access: ReportAccess
    agency: str


COUNTER = ActorOption("adapter", None, None, "kawal")
"""The actor when nobody is named: the command line as an intake channel."""

FIELDS = (
    Field("title", "--title", default=REQUIRED),
    Field("text", "--text", default=REQUIRED),
    Field("channel", "--channel", Channel, Channel.WALK_IN),
    Field("report_class", "--class", ReportClass),
    Field("category", "--category"),
    Field("chosen_opd", "--opd"),
    Field("anonim", "--anonim", bool, default=False),
    Field("rahasia", "--rahasia", bool, default=False),
    Field("place", "--place"),
    Field("latitude", "--latitude", float),
    Field("longitude", "--longitude", float),
    Field("occurred_on", "--occurred-on"),
    Field("name", "--name"),
    Field("email", "--email"),
    Field("phone", "--phone"),
    Field("origin", "--origin"),
    Field("files", "--file", list[str], default=[]),
    Field("external_id", "--external-id"),
    Field("key", "--key"),
)


def start(
    operator: Operator,
    *,
    title: str,
    text: str,
    channel: Channel,
    report_class: ReportClass | None,
    category: str | None,
    chosen_opd: str | None,
    anonim: bool,
    rahasia: bool,
    place: str | None,
    latitude: float | None,
    longitude: float | None,
    occurred_on: str | None,
    name: str | None,
    email: str | None,
    phone: str | None,
    origin: str | None,
    files: list[str],
    external_id: str | None,
    key: str | None,
) -> None:
    """File the report and tell its tracking id; raises Refusal."""
    if (latitude is None) != (longitude is None):
        raise UsageError("point_is_half")
    happened = None if occurred_on is None else _past_day(occurred_on)
    report = Report(
        title=read_text(title, "--title"),
        text=read_text(text, "--text"),
        channel=channel,
        proposed_class=report_class,
        category=category,
        chosen_opd=chosen_opd and chosen_opd.upper(),
        anonim=anonim,
        rahasia=rahasia,
        place=Place(text=place or "", latitude=latitude, longitude=longitude),
        occurred_on=happened,
        reporter=Reporter(name=name or _filed_by(operator), email=email, phone=phone, origin=origin),
        external_id=external_id,
        attachments=files,
    )

    async def work(complaints: Complaints) -> tuple[Answer, _Handout | None]:
        actor = await _intake(operator).actor(complaints, otherwise=COUNTER)
        answer = await complaints.start(report, actor, key, operator.instansi())
        if actor.role is not Role.DESK:
            return answer, None
        return answer, await _handout(complaints, answer.tracking_id)

    with refuse_in_words(operator):
        answer, handed = operator.with_system(work)
    if operator.json:
        opens = {} if handed is None else {"secret": handed.access.secret, "link": handed.access.link}
        operator.write_json(answer.model_dump(mode="json") | opens)
        return
    at = show_instant(answer.at, operator.lang)
    operator.write(operator.say("started", id=answer.tracking_id, at=at))
    if handed is not None:
        operator.write(operator.say("access_code", code=handed.access.secret))
        operator.write("")
        operator.write(slip(handed.access, handed.agency, at, operator.lang))


async def _handout(complaints: Complaints, tracking_id: str) -> _Handout:
    """Return what the front desk hands out to a reporter."""
    from kawal.client.reporter_access import ReporterAccess

    secret = await ReporterAccess(complaints).secret_of(tracking_id)
    code = (await complaints.system.inbox.agencies_of([tracking_id]))[tracking_id]
    agency = await complaints.directory.instansi(code)
    access = report_access(complaints.settings.public_url, tracking_id, secret)
    return _Handout(access, code if agency is None else agency.name)


def _past_day(text: str) -> str:
    """Return the day as it was typed; raises UsageError for an invalid day, CommandRefusal for a future one."""
    day = parse_day(text, "--occurred-on")
    if day > datetime.now(WIB).date():
        raise CommandRefusal("fault_future", option="--occurred-on", day=text)
    return text


def _filed_by(operator: Operator) -> str | None:
    """Return the reporter's name if the actor is the reporter."""
    who = operator.acting()
    return who.name if who is not None and who.role == "reporter" else None


def _intake(operator: Operator) -> Operator:
    """Return the operator as an intake channel if the actor is a reporter, who has an identity only within a report."""
    return replace(operator, as_who="adapter:kawal") if _filed_by(operator) else operator


SPECS = (Spec("start", start, FIELDS),)
