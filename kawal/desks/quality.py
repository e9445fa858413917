"""The review of follow-ups: who may draw samples and give verdicts, and what a reviewer is shown.

Reviewers are the Inspectorate and Biro Organisasi, which assists as agency admin [P]; nobody reviews a complaint in
which their own account took part [P]. What is shown to them goes on record.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel

from kawal.base.errors import SystemUnavailable
from kawal.client.reading import Readings
from kawal.crypto.data_keys import KeyDestroyed
from kawal.desks.arguments import DrawSample, ReadDrawn, ReviewDrawn
from kawal.desks.table import Desk
from kawal.domain.access import Act, may
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor, Event
from kawal.domain.msgids import msgid
from kawal.domain.names import EventKind
from kawal.domain.persons import same_person
from kawal.domain.quality import (
    MOST_DRAWN,
    MOST_SEED,
    Candidate,
    QualityCount,
    Verdict,
    count_item,
    draw,
    is_seed,
    lot,
    population_digest,
)
from kawal.domain.refusals import Refusal
from kawal.store.quality import Draw, DuplicateDraw, Grounds, Item, Population, WriteInProgress

_TOLD = (EventKind.REPLIED, EventKind.ASKED, EventKind.FOLLOWED_UP, EventKind.DISPUTED)
"""Messages between reporter and offices, besides the report itself."""


class Step(BaseModel):
    """Something that was written before the follow-up; nobody is named."""

    seq: int
    at: datetime
    kind: EventKind
    opd: str | None
    text: str


class ReviewMaterial(BaseModel):
    """The reading for a reviewer: the report, and what was written up to the follow-up, which comes last."""

    item: Item
    title: str
    text: str
    steps: list[Step]
    reviews: list[Grounds]
    """Others' reviews, only for reviewers who have given theirs, and for an auditor."""


class ReviewResult(Item):
    """A drawn follow-up after the reviewer's verdict."""

    verdict: Verdict


class Redraw(NamedTuple):
    """A draw repeated with today's record."""

    made: Draw
    candidates: int
    population_digest: str
    agrees: bool
    """Whether candidates and sample are the same as then."""
    gone: list[Candidate]
    """Candidates drawn then and not now."""
    come: list[Candidate]
    recorded: bool
    """Whether the access log, which is covered by the log's signed heads, says the same of the draw."""
    changed: list[int]
    """Places for which the access log has other verdicts than are stored."""

    @property
    def whole(self) -> bool:
        """Whether there is no difference at all."""
        return self.agrees and self.recorded and not self.changed


async def draw_sample(desk: Desk, given: DrawSample) -> Draw:
    """Draw a sample of an agency's final follow-ups, or of one OPD's, which must exist; raises Refusal."""
    instansi = await desk.agency()
    if given.opd not in (None, instansi):
        await desk.opd(instansi, given.opd)
    wanted = Population(instansi=instansi, opd=given.opd, from_day=given.first_day, to_day=given.last_day)
    return await Quality(desk.complaints).draw(wanted, given.size, desk.actor, given.seed)


async def read_drawn(desk: Desk, given: ReadDrawn) -> ReviewMaterial:
    """Read what a drawn follow-up answers and how; raises Refusal."""
    return await Quality(desk.complaints).read(given.draw, given.place, desk.actor, given.purpose)


async def review_drawn(desk: Desk, given: ReviewDrawn) -> ReviewResult:
    """Put a reviewer's verdict on record; raises Refusal."""
    item = await Quality(desk.complaints).review(
        given.draw, given.place, desk.actor, given.verdict, given.grounds, correct=given.correct
    )
    return ReviewResult(**item.model_dump(), verdict=given.verdict)


class Quality:
    """Draws samples of follow-ups and records their reviews."""

    def __init__(self, complaints: Readings) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._authority = complaints.authority
        self.record = complaints.record.quality

    async def draw(self, wanted: Population, size: int, actor: Actor, seed: str | None = None) -> Draw:
        """Draw `size` follow-ups and put the draw on record; once for the same days, agency and OPD.

        Without a seed it is the root of the log's first head after the last day's end, which nobody can choose; a given
        one must have been published before. Raises Refusal, SystemUnavailable.
        """
        async with self._authority.refusals(actor, Act.QUALITY_DRAW):
            return await self._draw(wanted, size, actor, seed)

    async def _draw(self, wanted: Population, size: int, actor: Actor, seed: str | None) -> Draw:
        _check(actor, Act.QUALITY_DRAW, wanted.instansi)
        now = self._complaints.now()
        if not wanted.from_day <= wanted.to_day <= local_day(now):
            raise Refusal("quality_period", first=wanted.from_day, last=wanted.to_day)
        if not 1 <= size <= MOST_DRAWN:
            raise Refusal("quality_size", most=MOST_DRAWN)
        seed, source = await self._seed(seed, wanted.to_day)
        try:
            made = await self.record.draw(wanted, seed, source, size, actor, now)
        except DuplicateDraw as error:
            raise Refusal("quality_drawn", number=error.number) from error
        except WriteInProgress as error:
            raise SystemUnavailable(
                msgid("A step is taking too long to be put on record. Nothing was drawn; try again shortly."),
            ) from error
        if made is None:
            raise Refusal("quality_nothing")
        return made

    async def read(self, number: int, place: int, actor: Actor, purpose: str | None = None) -> ReviewMaterial:
        """Return what a drawn follow-up answers and how, for a reviewer or an auditor; on record. Raises Refusal."""
        item, made = await self._item(number, place), await self.find(number)
        async with self._authority.refusals(actor, Act.QUALITY_READ, item.tracking_id):
            _check(actor, Act.QUALITY_READ, made.instansi)
        await self._authority.reading(
            actor,
            Act.READ_DRAWN,
            item.tracking_id,
            via="quality",
            purpose=purpose,
            facts={"draw": number, "place": place},
        )
        if item.erased:
            raise Refusal("quality_erased", tracking=item.tracking_id)
        events = await self._complaints.ledger.events(item.tracking_id)
        told = [event for event in events if event.seq <= item.seq]
        shown = _shown(item, actor, made)
        first, *later = told
        titles = [str(event.words["title"]) for event in told if event.words.get("title")]
        return ReviewMaterial(
            item=shown,
            title=titles[-1] if titles else "",
            text=str(first.words.get("text", "")),
            steps=[_step(event) for event in later if event.kind in _TOLD],
            reviews=[] if shown.hidden else await self.record.grounds(item),
        )

    async def review(
        self, number: int, place: int, actor: Actor, verdict: Verdict, grounds: str, *, correct: bool = False
    ) -> Item:
        """Put a verdict on record, or correct the reviewer's own; return the item after it. Raises Refusal."""
        item, made = await self._item(number, place), await self.find(number)
        async with self._authority.refusals(actor, Act.QUALITY_REVIEW, item.tracking_id):
            _check(actor, Act.QUALITY_REVIEW, made.instansi)
            await self._check_item(item, actor, correct=correct)
            await self._add(item, actor, verdict, grounds)
        return await self._item(number, place)

    async def items(self, number: int, reader: Actor | None) -> list[Item]:
        """Return a draw's items, with the verdicts that the reader may see; None is anybody. Raises Refusal."""
        made = await self.find(number)
        return [_shown(item, reader, made) for item in await self.record.items(number)]

    async def result(self, number: int) -> dict[str, QualityCount]:
        """Return the counts of a draw's verdicts, by the OPD that gave the follow-ups.

        Raises Refusal for an unknown draw.
        """
        await self.find(number)
        counted: dict[str, QualityCount] = {}
        for item in await self.record.items(number):
            share = count_item([review.verdict for review in item.reviews], erased=item.erased)
            counted[item.opd] = counted.get(item.opd, QualityCount()) + share
        return dict(sorted(counted.items()))

    async def candidates(self, number: int) -> list[tuple[str, Candidate]]:
        """Return all candidates of the draw, each with its lot, the lowest first: all that repeating the draw takes."""
        made = await self.find(number)
        found = await self.record.candidates(made, made.last_position)
        return await asyncio.to_thread(lambda: sorted((lot(made.seed, one), one) for one in found))

    async def redraw(self, number: int) -> Redraw:
        """Repeat the draw with today's record and the original seed, and compare; compare verdicts with the access log.

        Raises Refusal.
        """
        made = await self.find(number)
        found = await self.record.candidates(made, made.last_position)
        now, digest = await asyncio.to_thread(
            lambda: (draw(made.seed, found, made.size), population_digest(found).hex())
        )
        then = [Candidate(item.tracking_id, item.seq) for item in await self.record.items(number)]
        return Redraw(
            made,
            len(found),
            digest,
            agrees=digest == made.population_digest and now == then,
            gone=[one for one in then if one not in now],
            come=[one for one in now if one not in then],
            recorded=await self.record.is_recorded(made),
            changed=await self.record.unrecorded(number),
        )

    async def find(self, number: int) -> Draw:
        """Return the draw of that number; refuse if there is none."""
        made = await self.record.find(number)
        if made is None:
            raise Refusal("quality_unknown", number=number, place="–")
        return made

    async def _check_item(self, item: Item, actor: Actor, *, correct: bool) -> None:
        if item.erased:
            raise Refusal("quality_erased", tracking=item.tracking_id)
        if await self.record.has_handled(actor.account, item.tracking_id):
            raise Refusal("quality_handled", tracking=item.tracking_id)
        own = _has_judged(actor, item)
        if own != correct or (correct and actor.account not in {review.reviewer for review in item.reviews}):
            raise Refusal("quality_reviewed" if own else "quality_not_reviewed")

    async def _add(self, item: Item, actor: Actor, verdict: Verdict, grounds: str) -> None:
        try:
            revision = await self.record.add_review(item, actor, verdict, grounds, self._complaints.now())
        except KeyDestroyed as error:
            raise Refusal("quality_erased", tracking=item.tracking_id) from error
        if revision is None:
            raise Refusal("quality_reviewed")

    async def _item(self, number: int, place: int) -> Item:
        item = await self.record.item(number, place)
        if item is None:
            raise Refusal("quality_unknown", number=number, place=place)
        return item

    async def _seed(self, seed: str | None, last_day: date) -> tuple[str, str]:
        if seed is not None:
            if not is_seed(seed):
                raise Refusal("quality_seed", most=MOST_SEED)
            return seed, "given"
        head = await self.record.seed_after(last_day)
        if head is None:
            raise Refusal("quality_no_head", last=last_day)
        return head[0], f"head:{head[1]}"


def _check(actor: Actor, act: Act, instansi: str) -> None:
    refusal = may(actor, act, instansi)
    if refusal is not None:
        raise refusal


def _has_judged(actor: Actor, item: Item) -> bool:
    return any(same_person(review.reviewer, actor.account) for review in item.reviews)


def _shown(item: Item, reader: Actor | None, made: Draw) -> Item:
    """Return the item; others' verdicts only for an auditor, and for reviewers who have given theirs."""
    if reader is not None and (may(reader, Act.QUALITY_AUDIT, made.instansi) is None or _has_judged(reader, item)):
        return item
    return item.model_copy(update={"reviews": [], "hidden": len(item.reviews)})


def _step(event: Event) -> Step:
    said = next((event.words[name] for name in ("text", "question", "why") if event.words.get(name)), "")
    opd = event.facts.get("opd") or event.actor.opd
    return Step(seq=event.seq, at=event.at, kind=event.kind, opd=opd, text=str(said))
