"""`kawal token`: tokens by which adapters are let in by HTTP; made, listed and revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import Refused, Usage
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_pairs, write_table
from kawal.domain.names import Channel

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.store.tokens import Token

_SCOPES = ("submit", "reply", "read")


def create(operator: Operator, *, token_name: str, channel: Channel, scope: list[str]) -> None:
    """Make a token and tell it, this once; bound to the agency of `--instansi`, if one was named."""
    unknown = [one for one in scope if one not in _SCOPES]
    if unknown:
        raise Usage("bad_scope", scope=", ".join(unknown), known=", ".join(_SCOPES))
    if not token_name.strip():
        raise Usage("bad_token_name")
    scopes = tuple(scope) or _SCOPES

    async def work(complaints: Complaints) -> tuple[Token, str]:

        instansi = operator.instansi()
        if instansi is not None and await complaints.directory.instansi(instansi) is None:
            known = ", ".join(one.code for one in await complaints.directory.all_instansi())
            raise Refused("unknown_instansi", instansi=instansi, known=known)
        return await complaints.system.tokens.create(token_name.strip()[:200], str(channel), instansi, scopes)

    token, text = operator.with_system(work)
    if operator.json:
        operator.write_json(token.model_dump(mode="json") | {"token": text})
        return
    write_pairs(
        [
            (operator.say("token_number"), str(token.id)),
            (operator.say("token_text"), text),
            (operator.say("token_scopes"), ", ".join(token.scopes)),
        ]
    )
    operator.note(operator.say("token_once"))


def list_tokens(operator: Operator) -> None:
    """List every token, revoked ones too; never its text."""

    async def work(complaints: Complaints) -> list[Token]:

        return await complaints.system.tokens.all()

    tokens = operator.with_system(work)
    if operator.json:
        operator.write_json([token.model_dump(mode="json") for token in tokens])
    elif tokens:
        columns = ("id", "token_name", "channel", "instansi", "scopes", "created_at", "last_used_at", "revoked_at")
        write_table(columns, (_row(operator, token) for token in tokens), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def revoke(operator: Operator, *, token_id: int) -> None:
    """End a token for good; refused where none of that number is valid."""

    async def work(complaints: Complaints) -> bool:

        return await complaints.system.tokens.revoke(token_id)

    if not operator.with_system(work):
        raise Refused("no_such_token", number=token_id)
    operator.write(operator.say("token_revoked", number=token_id))


SPECS = (
    Spec(
        "create",
        create,
        [
            Field("token_name", default=REQUIRED),
            Field("channel", "--channel", Channel, default=REQUIRED),
            Field("scope", "--scope", list[str], default=[]),
        ],
    ),
    Spec("list", list_tokens),
    Spec("revoke", revoke, [Field("token_id", kind=int, default=REQUIRED)]),
)


def _row(operator: Operator, token: Token) -> list[str]:
    return [
        str(token.id),
        token.name,
        token.channel,
        token.instansi or "–",
        ", ".join(token.scopes),
        show_instant(token.created_at, operator.lang),
        show_instant(token.last_used_at, operator.lang),
        show_instant(token.revoked_at, operator.lang),
    ]
