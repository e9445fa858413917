"""`kawal pass`: issuing, listing and revoking the passes with which officials use HTTP and the codec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.actor_option import parse_acting
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_pairs, write_table
from kawal.cli.wording.labels import ROLES, label

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.passes import NewPass
    from kawal.desks.tokens import Revocation
    from kawal.store.passes import Pass


def list_passes(operator: Operator) -> None:
    """List the passes, of an agency or all, including those that have ended, but never their texts."""

    async def work(complaints: Readings) -> list[Pass]:
        from kawal.domain.access import Act

        agency = await operator.seen_agency(complaints, Act.SEE_ACCESS)
        return [one for one in await complaints.record.passes.all() if agency in (None, one.instansi)]

    passes = operator.with_record(work)
    if operator.json:
        operator.write_json([one.model_dump(mode="json") for one in passes])
    elif passes:
        columns = ("id", "role", "opd", "instansi", "holder", "expires_at", "last_used_at", "revoked_at")
        write_table(columns, (_row(operator, one) for one in passes), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


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


def _holder(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Return the holder, written as for `--as`; raises UsageError."""
    return parse_acting(given["holder"])._asdict()


def _tell_issued(operator: Operator, made: NewPass) -> None:
    write_pairs(
        [
            (operator.say("token_number"), str(made.id)),
            (operator.say("pass_text"), made.text),
            (operator.say("pass_until"), show_instant(made.expires_at, operator.lang)),
        ]
    )
    operator.note(operator.say("pass_once"))


def _tell_revoked(operator: Operator, ended: Revocation) -> None:
    operator.write(operator.say("pass_revoked", number=ended.id))


SPECS = (
    *desk_specs(
        "pass",
        {
            "issue": Form(
                _tell_issued,
                typed=OptionLayout(apart={"role", "opd", "instansi", "name"}),
                instead=(Field("holder", "--for", default=REQUIRED),),
                read=_holder,
            ),
            "revoke": Form(_tell_revoked, typed=OptionLayout(places={"number"})),
        },
    ),
    Spec("list", list_passes),
)
