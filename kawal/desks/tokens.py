"""Creating and revoking the tokens by which other systems send reports, on record."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel

from kawal.desks.arguments import AccessNumber, CreateToken
from kawal.desks.rules import held_to, serves_several
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
    """Create a token, bound to the agency that was named, else, where there are several, to the official's own."""
    instansi = await held_to(desk)
    await desk.complaints.authority.authorise(desk.actor, Act.CREATE_TOKEN, instansi)
    ends = None if given.days is None else desk.complaints.now() + timedelta(days=given.days)
    tokens = desk.complaints.record.tokens
    token, text = await tokens.create(given.name, str(given.channel), instansi, given.scopes, ends)
    # On record before it is shown: a token whose entry could not be written is known to nobody.
    told = {"what": "token_created", "instansi": instansi, "token": token.id, "channel": token.channel}
    await desk.complaints.authority.done(desk.actor, Act.CREATE_TOKEN, told, words={"name": token.name})
    return NewToken(**token.model_dump(), token=text)


async def revoke(desk: Desk, given: AccessNumber) -> Revocation:
    """End a token for good; refuse if none of that number is valid, or it is another agency's."""
    found = await desk.complaints.record.tokens.get(given.number)
    instansi = desk.named if found is None else found.instansi
    await desk.complaints.authority.authorise(desk.actor, Act.REVOKE_TOKEN, instansi)
    async with desk.complaints.authority.refusals(desk.actor, Act.REVOKE_TOKEN):
        if instansi is None and desk.actor.instansi is not None and await serves_several(desk.complaints):
            raise Refusal("token_of_all", number=given.number)
    if not await desk.complaints.record.tokens.revoke(given.number):
        raise Refusal("no_such_token", number=given.number)
    await desk.complaints.authority.done(
        desk.actor, Act.REVOKE_TOKEN, {"what": "token_revoked", "instansi": instansi, "token": given.number}
    )
    return Revocation(id=given.number)
