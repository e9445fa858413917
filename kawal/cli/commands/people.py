"""`kawal account` and `kawal deputy`: people who sign in, their roles, their links, and who stands in for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.actor_option import parse_acting
from kawal.cli.terminal.dates import show_day, show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.wording.labels import role_in_words

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.accounts import Invitation, LinkMade, RoleEnd, RoleGranted
    from kawal.desks.deputies import DeputyEnd, DeputyNamed
    from kawal.store.deputies import Deputyship
    from kawal.store.people import Person, RoleGrant

    Listed = tuple[list[Person], list[RoleGrant], list[Deputyship]]


def list_accounts(operator: Operator) -> None:
    """List who can sign in, with their roles and the deputies: to an official the own agency's, else everybody."""

    async def work(complaints: Readings) -> Listed:
        from kawal.domain.access import Act
        from kawal.domain.calendar import local_day

        record, own = complaints.record, await operator.seen_agency(complaints, Act.SEE_ACCESS)
        people, grants = await record.people.all(), await record.people.grants(own)
        deputies = await record.deputies.all(local_day(complaints.now()))
        if operator.acting() is None:
            return people, grants, deputies
        holders = {one.person for one in grants}
        own_deputies = [one for one in deputies if one.actor.instansi == own]
        return [one for one in people if one.id in holders], grants, own_deputies

    people, grants, deputies = operator.with_record(work)
    if operator.json:
        operator.write_json(_as_json(people, grants, deputies))
        return
    if not people:
        operator.write(operator.say("nothing_found"))
        return
    write_table(("holder", "login", "role", "held", "until"), _rows(operator, people, grants), operator.lang)
    if deputies:
        operator.write("")
        columns = ("deputy", "holder", "absent", "role", "from_day", "until")
        write_table(columns, (_deputy_row(operator, one) for one in deputies), operator.lang)


def _rows(operator: Operator, people: list[Person], grants: list[RoleGrant]) -> list[list[str]]:
    """Return a row for each role that is held, and one for whoever holds none."""
    rows = []
    for person in people:
        held = [one for one in grants if one.person == person.id and one.ended_at is None]
        roles = [(_role(operator, one.actor), str(one.id), _until(operator, one)) for one in held]
        rows += [[person.name, person.login, *role] for role in roles or [("–", "–", "–")]]
    return rows


def _until(operator: Operator, one: RoleGrant) -> str:
    return "–" if one.until is None else show_day(one.until, operator.lang)


def _deputy_row(operator: Operator, one: Deputyship) -> list[str]:
    days = [show_day(day, operator.lang) for day in (one.from_day, one.until_day)]
    return [str(one.id), one.deputy_name, one.absent_name, _role(operator, one.actor), *days]


def _role(operator: Operator, actor: Any) -> str:
    return role_in_words(actor.role, actor.opd, actor.instansi, operator.lang)


def _as_json(people: list[Person], grants: list[RoleGrant], deputies: list[Deputyship]) -> dict[str, Any]:
    return {
        "people": [one.model_dump(mode="json", exclude={"handle"}) for one in people],
        "roles": [one.model_dump(mode="json") for one in grants],
        "deputies": [one.model_dump(mode="json") for one in deputies],
    }


def _holder(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Return role and name, written as for `--as`; raises UsageError."""
    return parse_acting(given["holder"])._asdict()


def _held(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Return the role, written as for `--as` without the name; raises UsageError."""
    return {name: value for name, value in parse_acting(f"{given['held']}:-")._asdict().items() if name != "name"}


def _tell_invited(operator: Operator, made: Invitation) -> None:
    _tell_granted(operator, made)
    _tell_link(operator, made)


def _tell_granted(operator: Operator, made: RoleGranted) -> None:
    role = role_in_words(made.role, made.opd, made.instansi, operator.lang)
    operator.write(operator.say("role_granted", number=made.number, role=role))


def _tell_link(operator: Operator, made: LinkMade) -> None:
    until = show_instant(made.expires_at, operator.lang)
    operator.write(operator.say("link_made", login=made.login or "–", until=until))
    operator.write(f"  {made.link}")
    operator.note(operator.say("link_once"))


def _tell_role_ended(operator: Operator, ended: RoleEnd) -> None:
    operator.write(operator.say("role_ended", number=ended.number))


def _tell_deputy(operator: Operator, made: DeputyNamed) -> None:
    first, last = (show_day(day, operator.lang) for day in (made.first, made.last))
    operator.write(operator.say("deputy_named", number=made.number, first=first, last=last))


def _tell_deputy_ended(operator: Operator, ended: DeputyEnd) -> None:
    operator.write(operator.say("deputy_ended", number=ended.number))


_ROLE = {"role", "opd", "instansi"}

ACCOUNT = (
    *desk_specs(
        "account",
        {
            "invite": Form(
                _tell_invited,
                typed=OptionLayout(apart={*_ROLE, "name"}),
                instead=(Field("holder", "--for", default=REQUIRED, help_key="account holder"),),
                read=_holder,
            ),
            "grant": Form(
                _tell_granted,
                typed=OptionLayout(places={"login"}, apart=_ROLE),
                instead=(Field("held", "--role", default=REQUIRED, help_key="account held"),),
                read=_held,
            ),
            "end-role": Form(_tell_role_ended, typed=OptionLayout(places={"number"})),
            "link": Form(_tell_link, typed=OptionLayout(places={"login"})),
        },
    ),
    Spec("list", list_accounts),
)

DEPUTY = desk_specs(
    "deputy",
    {
        "name": Form(_tell_deputy, typed=OptionLayout(places={"number", "login"})),
        "end": Form(_tell_deputy_ended, typed=OptionLayout(places={"number"})),
    },
)
