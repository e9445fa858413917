"""Samples of follow-ups and their reviews: never changed once drawn or judged, corrected only by additions.

What a reviewer writes is about somebody's complaint, so it is encrypted with that complaint's key and erased with it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import at_local, end_of
from kawal.domain.messages import Actor
from kawal.domain.names import Role, workflow_id
from kawal.domain.persons import person_of
from kawal.domain.quality import Candidate, Verdict, draw, population_digest
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore

PATIENCE = timedelta(seconds=3)
"""How long a draw may block the writing of events."""

_DRAW = (
    "id, instansi, opd, from_day, to_day, seed, seed_source, size, candidates, encode(population_digest, 'hex') as"
    " population_digest, last_position, drawn_at, drawn_by_role, drawn_by"
)


class DuplicateDraw(Exception):  # noqa: N818 - names the condition
    """The same follow-ups were drawn from before; `number` is that draw's."""

    def __init__(self, number: int) -> None:
        """Keep the earlier draw's number."""
        super().__init__(f"drawn before: {number}")
        self.number = number


class WriteInProgress(Exception):  # noqa: N818 - names the condition
    """A step has been in progress for longer than others may be kept waiting: try again."""


class Population(BaseModel):
    """The follow-ups to draw from: the final ones given on these local days, both inclusive.

    `opd` is the code of the follow-ups' OPD; None: all.
    """

    instansi: str
    opd: str | None = None
    from_day: date
    to_day: date


class Draw(Population):
    """A recorded draw; with its seed, size and candidates anyone can repeat it."""

    id: int
    seed: str
    seed_source: str
    """`given`, or `head:SIZE`: the root of the log's head of that size."""
    size: int
    candidates: int
    population_digest: str
    last_position: int
    """Events recorded after this one were not considered."""
    drawn_at: datetime
    drawn_by_role: Role
    drawn_by: str


class Review(BaseModel):
    """One reviewer's current verdict; `revision` is above 1 if it was corrected."""

    reviewer_role: Role
    reviewer: str
    revision: int
    verdict: Verdict
    reviewed_at: datetime


class Grounds(Review):
    """A review with its text, None if it is erased; superseded revisions are included."""

    name: str | None = None
    grounds: str | None = None


class Item(BaseModel):
    """A drawn follow-up and the current verdicts."""

    draw: int
    place: int
    tracking_id: str
    seq: int
    opd: str
    rahasia: bool
    erased: bool
    reviews: list[Review] = []
    hidden: int = 0
    """The number of further verdicts that are not shown to the reader."""


class QualityRecord:
    """A store that draws samples, and keeps what reviewers found."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore, *, patience: timedelta = PATIENCE) -> None:
        """Work through `pool`; grounds are encrypted with the complaints' keys in `keys`."""
        self._patience = patience
        self._log = AccessLog(pool, keys)
        self._pool = pool
        self._keys = keys

    async def newest_position(self) -> int:
        """Return the newest event's position, when no event before it is still being written.

        Raises WriteInProgress.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            # Waits for the steps being written now, and blocks new ones meanwhile, so only for a short time.
            milliseconds = int(self._patience / timedelta(milliseconds=1))
            await conn.execute("select set_config('lock_timeout', $1, true)", f"{milliseconds}ms")
            try:
                await conn.execute("select wait_for_steps()")
            except asyncpg.LockNotAvailableError as error:
                raise WriteInProgress from error
            return int(await conn.fetchval("select coalesce(max(position), 0) from event"))

    async def candidates(self, wanted: Population, last_position: int) -> dict[Candidate, str]:
        """Return the follow-ups that may be drawn, with their OPDs; erased ones too, as their process record stays."""
        rows = await self._pool.fetch(
            "select e.tracking_id::text as tracking_id, e.seq, e.facts->>'opd' as opd"
            " from event e join complaint c using (tracking_id)"
            " where e.kind = 'followed_up' and e.facts->>'final' = 'true' and e.at >= $1 and e.at < $2"
            " and e.position <= $3 and c.instansi = $4 and ($5::text is null or e.facts->>'opd' = $5)",
            at_local(wanted.from_day, 0),
            end_of(wanted.to_day),
            last_position,
            wanted.instansi,
            wanted.opd,
        )
        return {Candidate(row["tracking_id"], row["seq"]): row["opd"] for row in rows}

    async def seed_after(self, day: date) -> tuple[str, int] | None:
        """Return root (hex) and size of the first head sealed after a local day's end; None if there is none yet."""
        row = await self._pool.fetchrow(
            "select encode(root, 'hex') as root, size from log_head where at >= $1 order by size limit 1",
            end_of(day),
        )
        return None if row is None else (row["root"], row["size"])

    async def draw(
        self, wanted: Population, seed: str, seed_source: str, size: int, actor: Actor, at: datetime
    ) -> Draw | None:
        """Draw and record a sample; None if there is nothing to draw from. Raises DuplicateDraw, WriteInProgress."""
        position = await self.newest_position()
        found = await self.candidates(wanted, position)
        if not found:
            return None
        drawn, digest = await asyncio.to_thread(lambda: (draw(seed, found, size), population_digest(found)))
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow(
                "insert into quality_draw (instansi, opd, from_day, to_day, seed, seed_source, size, candidates,"  # noqa: S608
                " population_digest, last_position, drawn_at, drawn_by_role, drawn_by)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                f" on conflict do nothing returning {_DRAW}",
                wanted.instansi,
                wanted.opd,
                wanted.from_day,
                wanted.to_day,
                seed,
                seed_source,
                size,
                len(found),
                digest,
                position,
                at,
                str(actor.role),
                actor.account,
            )
            if row is None:
                raise DuplicateDraw(await self._number_of(wanted))
            await conn.executemany(
                "insert into quality_item (draw, place, tracking_id, seq, opd) values ($1, $2, $3, $4, $5)",
                [(row["id"], n, one.tracking_id, one.seq, found[one]) for n, one in enumerate(drawn, start=1)],
            )
            made = Draw.model_validate(dict(row))
            await self._log.append_lasting(conn, AccessKind.REVIEWED, actor, at, facts=_told(made, drawn))
        return made

    async def draws(self, instansi: str | None = None) -> list[Draw]:
        """Return every draw, the newest first."""
        rows = await self._pool.fetch(
            f"select {_DRAW} from quality_draw where $1::text is null or instansi = $1 order by id desc",  # noqa: S608 - own column names
            instansi,
        )
        return [Draw.model_validate(dict(row)) for row in rows]

    async def find(self, number: int) -> Draw | None:
        """Return the draw of that number; None if there is none."""
        row = await self._pool.fetchrow(f"select {_DRAW} from quality_draw where id = $1", number)  # noqa: S608 - own column names
        return None if row is None else Draw.model_validate(dict(row))

    async def items(self, number: int) -> list[Item]:
        """Return the follow-ups of a draw, in the order of the lots, with the current verdicts."""
        rows = await self._pool.fetch(
            "select i.draw, i.place, i.tracking_id::text as tracking_id, i.seq, i.opd::text as opd, c.rahasia,"
            " c.erased_at is not null as erased,"
            " (select coalesce(jsonb_agg(to_jsonb(r) order by r.reviewed_at, r.reviewer), '[]') from ("
            "   select distinct on (reviewer) reviewer_role, reviewer, revision, verdict, reviewed_at"
            "   from quality_review where draw = i.draw and place = i.place"
            "   order by reviewer, revision desc) r) as reviews"
            " from quality_item i join complaint c using (tracking_id) where i.draw = $1 order by i.place",
            number,
        )
        return [Item.model_validate(dict(row)) for row in rows]

    async def item(self, number: int, place: int) -> Item | None:
        """Return one drawn follow-up; None if the draw has no such place."""
        return next((one for one in await self.items(number) if one.place == place), None)

    async def has_handled(self, account: str, tracking_id: str) -> bool:
        """Return whether the person of an account appears in any event of a complaint, in whatever role."""
        return bool(
            await self._pool.fetchval(
                "select exists (select from event where workflow_id = $1 and left(actor_account, $2) = $3)",
                workflow_id(tracking_id),
                len(person_of(account)),
                person_of(account),
            )
        )

    async def add_review(self, item: Item, actor: Actor, verdict: Verdict, grounds: str, at: datetime) -> int | None:
        """Add a verdict, or the next revision of the reviewer's own; return its revision.

        None: another one of the same reviewer was added at the same moment. Raises KeyDestroyed for an erased
        complaint.
        """
        before = next((one.revision for one in item.reviews if one.reviewer == actor.account), 0)
        key = await self._keys.key_for(workflow_id(item.tracking_id))
        secret = json.dumps({"grounds": grounds, "name": actor.name}).encode()
        async with self._pool.acquire() as conn, conn.transaction():
            added: int | None = await conn.fetchval(
                "insert into quality_review (draw, place, reviewer_role, reviewer, revision, verdict, ciphertext,"
                " reviewed_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning revision",
                item.draw,
                item.place,
                str(actor.role),
                actor.account,
                before + 1,
                str(verdict),
                encrypt(key, secret, _aad(item.draw, item.place, actor.account, before + 1)),
                at,
            )
            if added is not None:
                facts = {"what": "review", "draw": item.draw, "place": item.place, "revision": added}
                said = facts | {"verdict": str(verdict)}
                await self._log.append_lasting(
                    conn, AccessKind.REVIEWED, actor, at, tracking_id=item.tracking_id, facts=said
                )
        return added

    async def is_recorded(self, made: Draw) -> bool:
        """Return whether the access log agrees with a draw as stored: its candidates, its seed and its sample."""
        drawn = [Candidate(one.tracking_id, one.seq) for one in await self.items(made.id)]
        rows = await self._pool.fetch(
            # In what capacity somebody drew it says nothing of the draw.
            "select facts - 'operator' - 'deputy_for' as facts from access_log"
            " where kind = 'reviewed' and facts->>'what' = 'draw'"
            " and (facts->>'draw')::bigint = $1",
            made.id,
        )
        return [row["facts"] for row in rows] == [_told(made, drawn)]

    async def unrecorded(self, number: int) -> list[int]:
        """Return the places of a draw for which reviews and access log differ."""
        return [row["place"] for row in await self._pool.fetch(_UNRECORDED, number)]

    async def grounds(self, item: Item) -> list[Grounds]:
        """Return every review of an item, superseded revisions too, decrypted; in the order of their addition."""
        rows = await self._pool.fetch(
            "select * from quality_review where draw = $1 and place = $2 order by id", item.draw, item.place
        )
        return [await self._opened(row, item.tracking_id) for row in rows]

    async def _number_of(self, wanted: Population) -> int:
        return int(
            await self._pool.fetchval(
                "select id from quality_draw where instansi = $1 and opd is not distinct from $2 and from_day = $3"
                " and to_day = $4",
                wanted.instansi,
                wanted.opd,
                wanted.from_day,
                wanted.to_day,
            )
        )

    async def _opened(self, row: Any, tracking_id: str) -> Grounds:
        secret: dict[str, Any] = {}
        try:
            key = await self._keys.key_of(workflow_id(tracking_id), row["ciphertext"])
            place = _aad(row["draw"], row["place"], row["reviewer"], row["revision"])
            secret = json.loads(decrypt(key, row["ciphertext"], place))
        except KeyDestroyed:
            pass
        return Grounds.model_validate({**dict(row), **secret})


def _told(made: Draw, drawn: Sequence[Candidate]) -> dict[str, Any]:
    """Return the facts of a draw in the access log; the sample's digest is that of its sorted items."""
    return {
        "what": "draw",
        "draw": made.id,
        "seed_digest": sha256(made.seed.encode()).hexdigest(),
        "population": made.population_digest,
        "sample": population_digest(drawn).hex(),
    }


_UNRECORDED = """
with said as (
    select (facts->>'place')::integer as place, actor_account as reviewer, (facts->>'revision')::integer as revision,
        facts->>'verdict' as verdict
    from access_log where kind = 'reviewed' and facts->>'what' = 'review' and (facts->>'draw')::bigint = $1),
kept as (select place, reviewer, revision, verdict from quality_review where draw = $1)
select distinct place from (
    (select * from said except select * from kept)
    union all (select * from kept except select * from said)) as differing
order by place
"""


def _aad(number: int, place: int, reviewer: str, revision: int) -> bytes:
    return f"review\x00{number}\x00{place}\x00{reviewer}\x00{revision}".encode()
