"""One complaint as it stands, with what is told of it besides its row: the same at the command line and by HTTP.

What is for officials alone is left out for anybody else. What a list does without is imported when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kawal.store.complaint_list import Reader, words_of

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor, Snapshot
    from kawal.domain.reachability import Reachability
    from kawal.store.erasure_status import ErasureStatus
    from kawal.store.wedged_complaints import WedgedComplaint

Words = dict[str, Any]


class ComplaintDetails(NamedTuple):
    """The parts of a complaint that are shown."""

    found: Snapshot
    words: Words
    """Title, text and place, as far as the reader may see them."""
    erased: ErasureStatus | None
    wedged: WedgedComplaint | None
    followers: list[tuple[str, int]]
    """The reports that follow it and whose reporters have written since, with how often."""
    left_out: list[str] | None
    """What of its letters was left out; None where the reader may not know."""
    reached: Reachability | None
    """How its reporter is told; only officials are told."""
    onward: str | None
    """As which report it goes on at another agency of this installation; only officials are told."""
    before: str | None
    """Which report goes on as this one; only officials are told."""
    letters: int | None
    """How many letters that name it wait in the tray; only officials are told."""
    supporters: int

    def json(self) -> dict[str, Any]:
        """Return it as JSON values, the row's fields first."""
        told = self.found.model_dump(mode="json") | {"words": self.words, "wedged": wedged_json(self.wedged)}
        if self.reached is not None:
            told["reporter_reached"] = self.reached._asdict()
        if self.letters is not None:
            told["letters_in_tray"] = self.letters
        if self.erased is not None:
            told["erased"] = self.erased.model_dump(mode="json")
        told["goes_on_as"], told["continues"] = self.onward, self.before
        told["supporters"] = self.supporters
        told["followers_replies"] = dict(self.followers)
        if self.left_out is not None:
            told["left_out"] = self.left_out
        return told


async def details_of(complaints: Readings, tracking_id: str, who: Actor | None) -> ComplaintDetails:
    """Return a complaint as `who` sees it, None being anybody; raises Refusal for an unknown one. Records nothing."""
    from kawal.store.erasure_status import erasure_of

    found, record = await complaints.snapshot(tracking_id), complaints.record
    reader = None if who is None else _reader(who)
    seen = complaints if who is None or reader is None else complaints.seen_by(_in_an_agency(who, found))
    official = who is not None and _is_official(who)
    return ComplaintDetails(
        found,
        await words_of(seen.pool, tracking_id, reader),
        await erasure_of(complaints.pool, tracking_id),
        await record.wedged.of(tracking_id),
        await record.complaint_rows.followers_replies(tracking_id),
        await _left_out(complaints, found, who),
        await _reached(complaints, tracking_id) if official else None,
        *(await _other_numbers(complaints, tracking_id) if official else (None, None)),
        await record.tray.undecided_for(tracking_id) if official else None,
        (await record.supports.counts([tracking_id]))[tracking_id],
    )


def wedged_json(one: WedgedComplaint | None) -> dict[str, Any] | None:
    """Return how a complaint is wedged and what mends it, as JSON values; None if it is not."""
    return None if one is None else one.model_dump(mode="json") | {"mend": mending(one.tracking_id)}


def mending(tracking_id: str) -> str:
    """Return the one command that mends a complaint."""
    return f"kawal mend {tracking_id}"


def _is_official(who: Actor) -> bool:
    from kawal.domain.access import OFFICIALS  # nobody named needs no rules

    return who.role in OFFICIALS


def _in_an_agency(who: Actor, found: Snapshot) -> Actor:
    """Return the reader; whoever names no agency, as one may at the command line, reads in the report's."""
    from kawal.domain.names import Role

    if who.instansi is not None or who.role is Role.AUDITOR:
        return who
    return who.model_copy(update={"instansi": found.instansi})


def _reader(who: Actor) -> Reader | None:
    """Return who may read words that are not public in the read model; None if nobody may."""
    from kawal.domain.access import RIGHTS, Act
    from kawal.domain.names import Role

    readers = set(RIGHTS[Act.READ_EVENTS].who) - {Role.DESK}  # what it registered, from the events alone
    return Reader(who.instansi, who.opd) if who.role in readers else None


async def _left_out(complaints: Readings, found: Snapshot, who: Actor | None) -> list[str] | None:
    """Return what of its letters was left out, to officials who may list them without stating a purpose."""
    if who is None:
        return None
    from kawal.domain.access import Act, may

    if may(who, Act.READ_LETTER, found) is not None:
        return None
    return [
        part
        for line in await complaints.seen_by(_in_an_agency(who, found)).record.raw_letters.lines(found.tracking_id)
        for part in line.left_out
    ]


async def _reached(complaints: Readings, tracking_id: str) -> Reachability:
    from kawal.client.reachability import reachability_of

    return await reachability_of(complaints, tracking_id)


async def _other_numbers(complaints: Readings, tracking_id: str) -> tuple[str | None, str | None]:
    """Return as which report one goes on, and which one goes on as it."""
    handovers = complaints.record.handovers
    onward, before = await handovers.onward(tracking_id), await handovers.before(tracking_id)
    return onward and onward.tracking_id, before and before.tracking_id
