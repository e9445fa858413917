"""Saved views: kept by whoever acts in a role, for that role; an admin may share them with the others."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.client.reading import Readings
from kawal.desks.arguments import AccessNumber
from kawal.desks.table import Desk
from kawal.desks.work_arguments import MoveView, RenameView, SaveView, ShareView
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.refusals import Refusal
from kawal.domain.saved_views import LISTS, MOST_VIEWS, ListView, listed, view_at
from kawal.store.saved_views import SavedView

_NO_OPD = msgid("There is no OPD {code} any more.")
_OPD_UNUSED = msgid("The OPD {code} is out of use: it gets no new reports.")
_NO_CATEGORY = msgid("There is no category “{name}” any more.")


class ViewResult(BaseModel):
    """A view that was saved, changed or removed."""

    number: int


class OwnView(BaseModel):
    """A saved view as its reader sees it."""

    number: int
    name: str
    address: str
    """Of the list, on this site; made from page and filters."""
    shared: bool
    own: bool


async def views_of(complaints: Readings, reader: Actor) -> list[OwnView]:
    """Return the reader's views of the role in which they act, in their order, then those that colleagues share."""
    return [
        OwnView(number=one.number, name=one.name, address=view.address, shared=one.shared, own=one.own)
        for one in await complaints.record.saved_views.of(reader)
        if (view := _listed(one)) is not None
    ]


async def gone_from(complaints: Readings, reader: Actor, address: str) -> Sayable | None:
    """Return which filter of a view means nothing any more; None where all do."""
    filters = view_at(address, reader.role).filters
    code, category = filters.get("opd"), filters.get("kategori")
    if code and reader.instansi is not None:
        opd = await complaints.directory.opd(reader.instansi, code)
        if opd is None or not opd.active:
            return sentence(_NO_OPD if opd is None else _OPD_UNUSED, code=code)
    if category and not await complaints.directory.has_category(category):
        return sentence(_NO_CATEGORY, name=category)
    return None


async def save(desk: Desk, given: SaveView) -> ViewResult:
    """Save what a list shows, after one's other views of the role."""
    await desk.complaints.authority.authorise(desk.actor, Act.KEEP_VIEWS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_VIEWS):
        view = view_at(given.address, desk.actor.role)
        await _check_name(desk, given.name)
        number = await desk.complaints.record.saved_views.add(desk.actor, given.name, view)
        if number is None:
            raise Refusal("too_many_views", most=MOST_VIEWS)
    return ViewResult(number=number)


async def rename(desk: Desk, given: RenameView) -> ViewResult:
    """Give one's view another name."""
    await desk.complaints.authority.authorise(desk.actor, Act.KEEP_VIEWS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_VIEWS):
        found = await _own(desk, given.number)
        await _check_name(desk, given.name, besides=given.number)
        await desk.complaints.record.saved_views.rename(desk.actor, found, given.name)
    return ViewResult(number=given.number)


async def move(desk: Desk, given: MoveView) -> ViewResult:
    """Let one's view change places with the one before it, or after it; the first and the last stay."""
    await desk.complaints.authority.authorise(desk.actor, Act.KEEP_VIEWS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_VIEWS):
        await _own(desk, given.number)
    numbers = [one.number for one in await _all_own(desk)]
    other = numbers.index(given.number) + (1 if given.down else -1)
    if 0 <= other < len(numbers):
        await desk.complaints.record.saved_views.swap(desk.actor, given.number, numbers[other])
    return ViewResult(number=given.number)


async def remove(desk: Desk, given: AccessNumber) -> ViewResult:
    """Remove one's view; whom it was shared with is shown it no longer."""
    await desk.complaints.authority.authorise(desk.actor, Act.KEEP_VIEWS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_VIEWS):
        await _own(desk, given.number)
    await desk.complaints.record.saved_views.remove(desk.actor, given.number)
    return ViewResult(number=given.number)


async def share(desk: Desk, given: ShareView) -> ViewResult:
    """Show one's view to everybody in the role in the agency, or no longer; on record with its name and filters."""
    instansi = desk.actor.instansi or await desk.agency()
    await desk.complaints.authority.authorise(desk.actor, Act.SHARE_VIEW, instansi)
    async with desk.complaints.authority.refusals(desk.actor, Act.SHARE_VIEW):
        found = await _own(desk, given.number)
    await desk.complaints.record.saved_views.share(desk.actor, given.number, shared=not given.end)
    told = {"what": "view_unshared" if given.end else "view_shared", "instansi": instansi, "number": given.number}
    words = {"name": found.name, "address": ListView(found.path, found.filters).address}
    await desk.complaints.authority.done(desk.actor, Act.SHARE_VIEW, told, words=words)
    return ViewResult(number=given.number)


def _listed(one: SavedView) -> ListView | None:
    """Return what a view shows by today's filters of its page; None where the page is no list any more."""
    return listed(one.path, one.filters) if one.path in LISTS else None


async def _all_own(desk: Desk) -> list[SavedView]:
    return [one for one in await desk.complaints.record.saved_views.of(desk.actor) if one.own]


async def _own(desk: Desk, number: int) -> SavedView:
    found = next((one for one in await _all_own(desk) if one.number == number), None)
    if found is None:
        raise Refusal("unknown_view", number=number)
    return found


async def _check_name(desk: Desk, name: str, besides: int | None = None) -> None:
    for one in await _all_own(desk):
        if one.name.casefold() == name.casefold() and one.number != besides:
            raise Refusal("view_name_taken", name=one.name)
