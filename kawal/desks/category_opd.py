"""Which OPD of the agency answers which category, or which agency outside it has the authority: set by its admin."""

from __future__ import annotations

from kawal.desks.arguments import CategoryChoice, SetCategory
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.category_names import meant, nearest
from kawal.domain.refusals import Refusal
from kawal.store.directory import CategoryPlace


class AnsweredBy(CategoryPlace):
    """Who answers a category in an agency from now on; nobody, where neither is named."""

    instansi: str


async def set_category(desk: Desk, given: SetCategory) -> AnsweredBy:
    """Set who answers a category, instead of whoever did; what was forwarded before stays where it is."""
    instansi = await desk.authorised(Act.SET_CATEGORY)
    directory = desk.complaints.directory
    async with desk.complaints.authority.refusals(desk.actor, Act.SET_CATEGORY):
        if (given.opd is None) == (given.outside is None):
            raise Refusal("category_place")
        category = await _category(desk, given.category)
        if given.opd is not None and await directory.missing_opds(instansi, [given.opd]):
            raise Refusal("unknown_opd", opd=given.opd, instansi=instansi)
    before = (await directory.own_places(instansi)).get(category)
    place = CategoryPlace(category=category, opd=given.opd, outside=given.outside)
    await directory.set_place(instansi, place)
    told = {"what": "category_set", "instansi": instansi, "category": category, "opd": given.opd}
    words = {"outside": given.outside, "before": before and (before.opd or before.outside)}
    said = {name: word for name, word in words.items() if word is not None}
    await desk.complaints.authority.done(desk.actor, Act.SET_CATEGORY, told, words=said)
    return AnsweredBy(instansi=instansi, **place.model_dump())


async def unset_category(desk: Desk, given: CategoryChoice) -> AnsweredBy:
    """Leave a category to nobody, or, below a main category, to whoever answers that one."""
    instansi = await desk.authorised(Act.UNSET_CATEGORY)
    async with desk.complaints.authority.refusals(desk.actor, Act.UNSET_CATEGORY):
        category = await _category(desk, given.category)
        if not await desk.complaints.directory.remove_place(instansi, category):
            raise Refusal("no_category_place", category=category, instansi=instansi)
    told = {"what": "category_unset", "instansi": instansi, "category": category}
    await desk.complaints.authority.done(desk.actor, Act.UNSET_CATEGORY, told)
    return AnsweredBy(instansi=instansi, category=category)


async def _category(desk: Desk, typed: str) -> str:
    names = await desk.complaints.directory.categories()
    found = typed if typed in names else meant(typed, names)
    if found is None:
        raise Refusal("category_unclear", category=typed, near="; ".join(nearest(typed, names)) or "–")
    return found
