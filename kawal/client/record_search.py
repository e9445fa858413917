"""Searches in the record of an agency's complaints: allowed, put on record, and made into the store's criteria."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kawal.client.reading import Readings
from kawal.domain.messages import Actor
from kawal.store.search import SearchQuery, within


class RecordSearch(NamedTuple):
    """What somebody looks for, as they say it; None and nothing do not restrict the search."""

    name: str | None = None
    """An official's name, or their account."""
    opd: str | None = None
    kinds: Sequence[str] = ()
    first: date | None = None
    """From this local day."""
    last: date | None = None
    """Until the end of this local day."""
    before: int | None = None
    """Only what is before this position (of events) or number (of entries)."""


async def allowed_search(complaints: Readings, actor: Actor, asked: RecordSearch, via: str) -> SearchQuery:
    """Return the criteria for the store, once the search is on record; raises Refusal, itself on record.

    `via` is the channel, as the access log tells it.
    """
    since, until = within(asked.first, asked.last)
    wanted = SearchQuery(
        instansi=actor.instansi,
        accounts=None if asked.name is None else await complaints.accounts.named(asked.name, actor.instansi),
        opd=None if asked.opd is None else asked.opd.upper(),
        kinds=list(asked.kinds),
        since=since,
        until=until,
        before=asked.before,
    )
    told = wanted.model_dump(mode="json", exclude_defaults=True, exclude={"instansi"})
    words = {} if asked.name is None else {"actor": asked.name}
    await complaints.authority.search(actor, via=via, facts={"search": told}, words=words)
    return wanted
