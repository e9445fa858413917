"""What the public sees of a report now, for those who decide about it: its words, and who may change what of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kawal.client.reading import Readings
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import Role
from kawal.domain.persons import HANDLERS, person_of
from kawal.domain.publicity import PublicStanding, may_show
from kawal.domain.refusals import Refusal
from kawal.store.public_versions import PublicWords

_RAHASIA = msgid("Nothing: the report is confidential (rahasia).")
_UNVERIFIED = msgid("Nothing yet: it has not been verified.")
_WITHHELD = msgid(
    "Number, status and dates alone: it is or was subject to supervision, and its words are not released."
)
_PUBLIC = msgid("Its words as they stand below.")


class PublicView(NamedTuple):
    """The words that the public reads, or why none; and what of it this official may release and redact."""

    says: Message
    words: PublicWords | None
    decides: bool
    """Whether the role decides about it at all."""
    may_release: bool
    """A file."""
    may_release_words: bool
    own: Sayable | None
    """Why not this official, who handled the report in another role; None if that is no reason."""
    may_redact: bool
    """Words."""
    may_redact_pictures: bool
    withheld: bool
    """Whether only a release by the Inspectorate makes its words public."""


async def public_view_of(readings: Readings, actor: Actor, row: Snapshot) -> PublicView:
    """Return what the public sees of a report, by the view that is the public."""
    return (await public_views(readings, actor, [row]))[row.tracking_id]


async def public_views(readings: Readings, actor: Actor, rows: Sequence[Snapshot]) -> dict[str, PublicView]:
    """Return the same of several reports, by number."""
    numbers = [row.tracking_id for row in rows]
    store = readings.record.public_versions
    words = await store.words_now(numbers)
    decided = [row.tracking_id for row in rows if may(actor, Act.RELEASE, row) is None]
    standings = await store.standings(decided) if decided else {}
    handled: Mapping[str, set[str]] = {}
    if actor.role is Role.INSPECTORATE:
        handled = await readings.ledger.acted_on(numbers, HANDLERS)
    return {
        row.tracking_id: _view(
            actor,
            row,
            words.get(row.tracking_id),
            standings.get(row.tracking_id),
            own=person_of(actor.account) in handled.get(row.tracking_id, ()),
        )
        for row in rows
    }


def _view(
    actor: Actor, row: Snapshot, words: PublicWords | None, standing: PublicStanding | None, *, own: bool
) -> PublicView:
    says = _PUBLIC if words is not None else _why_nothing(row)
    of_words = standing is not None and may_show(actor.role, standing, words=True) is None
    of_files = standing is not None and may_show(actor.role, standing, words=False) is None
    return PublicView(
        says,
        words,
        decides=standing is not None,
        may_release=of_files and not own,
        may_release_words=of_words and not own and says is _WITHHELD,
        own=Refusal("own_handling").sentence if own else None,
        may_redact=of_words,
        may_redact_pictures=of_files,
        withheld=says is _WITHHELD,
    )


def _why_nothing(row: Snapshot) -> Message:
    if row.rahasia:
        return _RAHASIA
    if row.verified_at is None:
        return _UNVERIFIED
    return _WITHHELD
