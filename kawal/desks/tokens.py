"""Creating and revoking the tokens by which other systems send reports, on record."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.arguments import AccessNumber, CreateToken
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.refusals import Refusal
from kawal.store.tokens import Token


class NewToken(Token):
    """A token with its text, which is shown only this once."""

    token: str


class Revocation(BaseModel):
    """A revoked token or pass, by its number."""

    id: int


async def create(desk: Desk, given: CreateToken) -> NewToken:
    """Create a token, bound to the agency that was named, if one was."""
    await desk.complaints.authority.authorise(desk.actor, Act.CREATE_TOKEN, desk.named)
    token, text = await desk.complaints.record.tokens.create(given.name, str(given.channel), desk.named, given.scopes)
    # On record before it is shown: a token whose entry could not be written is known to nobody.
    told = {"what": "token_created", "instansi": desk.named, "token": token.id, "channel": token.channel}
    await desk.complaints.authority.done(desk.actor, Act.CREATE_TOKEN, told, words={"name": token.name})
    return NewToken(**token.model_dump(), token=text)


async def revoke(desk: Desk, given: AccessNumber) -> Revocation:
    """End a token for good; refuse if none of that number is valid."""
    await desk.complaints.authority.authorise(desk.actor, Act.REVOKE_TOKEN, desk.named)
    if not await desk.complaints.record.tokens.revoke(given.number):
        raise Refusal("no_such_token", number=given.number)
    await desk.complaints.authority.done(
        desk.actor, Act.REVOKE_TOKEN, {"what": "token_revoked", "instansi": desk.named, "token": given.number}
    )
    return Revocation(id=given.number)
