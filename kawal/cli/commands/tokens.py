"""`kawal token`: creating, listing and revoking the tokens with which adapters use HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec
from kawal.cli.terminal.tables import write_pairs, write_table

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.tokens import NewToken, Revocation
    from kawal.store.tokens import Token


def list_tokens(operator: Operator) -> None:
    """List the tokens, including revoked ones, but never their texts: an agency's with those that are for every one."""

    async def work(complaints: Readings) -> list[Token]:
        from kawal.domain.access import Act

        agency = await operator.seen_agency(complaints, Act.LIST_TOKENS)
        return [one for one in await complaints.record.tokens.all() if agency is None or one.instansi in (None, agency)]

    tokens = operator.with_record(work)
    if operator.json:
        operator.write_json([token.model_dump(mode="json") for token in tokens])
    elif tokens:
        columns = (
            "id",
            "token_name",
            "channel",
            "instansi",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        )
        write_table(columns, (_row(operator, token) for token in tokens), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def _row(operator: Operator, token: Token) -> list[str]:
    return [
        str(token.id),
        token.name,
        token.channel,
        token.instansi or "–",
        ", ".join(token.scopes),
        show_instant(token.created_at, operator.lang),
        show_instant(token.expires_at, operator.lang),
        show_instant(token.last_used_at, operator.lang),
        show_instant(token.revoked_at, operator.lang),
    ]


def _tell_made(operator: Operator, token: NewToken) -> None:
    write_pairs(
        [
            (operator.say("token_number"), str(token.id)),
            (operator.say("token_text"), token.token),
            (operator.say("token_scopes"), ", ".join(token.scopes)),
        ]
    )
    operator.note(operator.say("token_once"))


def _tell_revoked(operator: Operator, ended: Revocation) -> None:
    operator.write(operator.say("token_revoked", number=ended.id))


SPECS = (
    *desk_specs(
        "token",
        {
            "create": Form(_tell_made, typed=OptionLayout(places={"name"}, flags={"scopes": "--scope"})),
            "revoke": Form(_tell_revoked, typed=OptionLayout(places={"number"})),
        },
    ),
    Spec("list", list_tokens),
)
