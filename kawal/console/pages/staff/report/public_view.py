"""What the public sees of a report now, for those who decide about it: its words, and who may change what of them."""

from __future__ import annotations

from typing import NamedTuple

from kawal.client.reading import Readings
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import Role
from kawal.domain.persons import HANDLERS, person_of
from kawal.domain.refusals import Refusal

_RAHASIA = msgid("Nothing: the report is confidential (rahasia).")
_UNVERIFIED = msgid("Nothing yet: it has not been verified.")
_WITHHELD = msgid(
    "Number, status and dates alone: it is or was subject to supervision, and its words are not released."
)
_PUBLIC = msgid("Its words as they stand below.")


class PublicView(NamedTuple):
    """The words that the public reads, or why none; and whether this official may release and redact."""

    says: Message
    title: str | None
    body: str | None
    place: str | None
    why_redacted: str | None
    may_release: bool
    own: Sayable | None
    """Why not this official, who handled the report in another role; None if that is no reason."""
    may_redact: bool
    withheld: bool
    """Whether only a release by the Inspectorate makes its words public."""


async def public_view_of(complaints: Readings, actor: Actor, row: Snapshot) -> PublicView:
    """Return what the public sees, by the view that is the public."""
    found = await complaints.record.public_versions.words_now(row.tracking_id)
    says = _PUBLIC if found is not None else _why_nothing(row)
    own = actor.role is Role.INSPECTORATE and person_of(actor.account) in await complaints.ledger.acted(
        row.tracking_id, HANDLERS
    )
    return PublicView(
        says,
        *(found or (None, None, None, None)),
        may_release=not own and may(actor, Act.RELEASE, row) is None,
        own=Refusal("own_handling").sentence if own else None,
        may_redact=may(actor, Act.REDACT, row) is None,
        withheld=says is _WITHHELD,
    )


def _why_nothing(row: Snapshot) -> Message:
    if row.rahasia:
        return _RAHASIA
    if row.verified_at is None:
        return _UNVERIFIED
    return _WITHHELD
