"""Which attachments the public sees, and where: pictures without metadata, of reports that hide nothing.

LAPOR! shows the public no attachments, and whoever reports by web, letter or message was not told that a picture would
be shown. So two kinds are: what came with an Open311 report, which its sender shows already, and what an OPD put beside
a follow-up, whose text is public. Never of a rahasia or anonim report, and never an original: without a variant that
is drawn anew there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from domain.names import Channel, EventKind

PICTURES = ("image/jpeg", "image/png", "image/webp")

_SHOWN = f"""
    select a.id::text as id, a.tracking_id::text as tracking_id, a.event_seq
    from attachment a join complaint c on c.tracking_id = a.tracking_id
    where not c.rahasia and not c.anonim and c.erased_at is null
      and a.public_size is not null and a.media_type = any ($2)
      and case when a.event_seq is null then c.channel = '{Channel.OPEN311}'
               else exists (select from event e where e.workflow_id = c.workflow_id and e.seq = a.event_seq
                             and e.kind::text = '{EventKind.FOLLOWED_UP}') end
"""  # noqa: S608 - own words


class Photo(NamedTuple):
    """A picture that the public sees; `event_seq` is its follow-up's number, None if it came with the report."""

    id: str
    tracking_id: str
    event_seq: int | None


class Photos:
    """Finds the public pictures."""

    def __init__(self, pool: asyncpg.Pool, address: str) -> None:
        """Look through `pool`; a picture is given out under `address`, a slash and its id."""
        self._pool = pool
        self._address = address

    async def addresses(self, tracking_ids: Sequence[str]) -> dict[tuple[str, int | None], str]:
        """Give the address of the first picture of each report and of each follow-up, by number and event."""
        rows = await self._pool.fetch(
            f"{_SHOWN} and a.tracking_id::text = any ($1) order by a.added_at desc, a.id", list(tracking_ids), PICTURES
        )
        return {(row["tracking_id"], row["event_seq"]): f"{self._address}/{row['id']}" for row in rows}

    async def find(self, photo_id: str) -> Photo | None:
        """Give a picture if the public may see it."""
        row = await self._pool.fetchrow(f"{_SHOWN} and a.id::text = $1", photo_id, PICTURES)
        return None if row is None else Photo(**row)
