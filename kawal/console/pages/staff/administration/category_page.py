"""`/kelola/kategori`: which OPD answers which main category, what lies outside the authority, and exceptions below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    TypedFault,
    agency_of,
    done,
    in_line,
    page_with_forms,
    performed,
)
from kawal.domain.access import Act
from kawal.domain.msgids import msgid
from kawal.domain.refusals import Refusal
from kawal.store.directory import CategoryPlace

CATEGORIES = f"{PATH}/kategori"

OUTSIDE = "~"
"""What a value begins with that names an agency outside; no OPD's code can."""

_MEANWHILE = msgid("Somebody else has changed this meanwhile; it was left as it is now. Look at it and send again.")


class MainLine(NamedTuple):
    """A main category, and who answers it: an OPD's code, OUTSIDE and an agency's name, or "" for nobody."""

    category: str
    value: str


def value_of(place: CategoryPlace | None) -> str:
    """Return who answers, as a field holds it."""
    if place is None:
        return ""
    return place.opd or f"{OUTSIDE}{place.outside}"


async def main_places(request: Request, agency: str) -> list[MainLine]:
    """Return every main category in use, with who answers it."""
    directory = complaints_of(request).directory
    places = await directory.own_places(agency)
    return [MainLine(one, value_of(places.get(one))) for one in await directory.categories() if " / " not in one]


async def main_values(request: Request, agency: str, places: Mapping[str, CategoryPlace]) -> dict[str, Any]:
    """Return what the table of main categories needs; `places` is who answers what in the agency."""
    return {
        "mains": await main_places(request, agency),
        "outsiders": sorted({one.outside for one in places.values() if one.outside}),
        "opds": await complaints_of(request).directory.opds(agency),
        "outside_mark": OUTSIDE,
    }


async def show_categories(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show who answers what."""
    directory, agency = complaints_of(request).directory, agency_of(signed)
    places = await directory.own_places(agency)
    values = {
        **await main_values(request, agency, places),
        "below": [one for one in places.values() if " / " in one.category],
        "categories": await directory.categories(),
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/categories.html", values, status=told.status)


def saving(path: str) -> FormAct:
    """Return what the table of main categories does on the page of a path, and leads back there."""

    async def save(request: Request, signed: SignedIn, fields: Fields) -> Response:
        await _save(request, signed, fields)
        return done(path, "kategori")

    return save


async def _save(request: Request, signed: SignedIn, fields: Fields) -> None:
    """Do what was chosen otherwise than the page had shown it, main category by main category."""
    wanted = [
        (MainLine(fields[f"kategori-{n}"], fields[f"jawab-{n}"]), fields.get(f"semula-{n}", ""))
        for n in _numbers(fields)
    ]
    changed = [(line, before) for line, before in wanted if line.value != before]
    now = {one.category: one.value for one in await main_places(request, agency_of(signed))}
    faults = []
    for line, before in changed:
        if now.get(line.category) != before:
            faults.append(in_line(line.category, _MEANWHILE))
            continue
        try:
            await _set(request, signed, line)
        except Refusal as refusal:
            faults.append(in_line(line.category, refusal.sentence))
    if faults:
        raise TypedFault(*faults)


def _numbers(fields: Fields) -> Sequence[str]:
    numbers = [name.removeprefix("kategori-") for name in fields if name.startswith("kategori-")]
    return [one for one in numbers if f"jawab-{one}" in fields]


async def _set(request: Request, signed: SignedIn, line: MainLine) -> None:
    if not line.value:
        await performed(request, signed, "category unset", {"category": line.category})
        return
    outside = line.value.startswith(OUTSIDE)
    who = {"outside": line.value.removeprefix(OUTSIDE)} if outside else {"opd": line.value}
    await performed(request, signed, "category set", {"category": line.category, **who})


async def _set_one(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {
        "category": fields.get("kategori", "").strip() or " ",
        "opd": fields.get("opd", ""),
        "outside": fields.get("luar", "").strip(),
    }
    await performed(request, signed, "category set", given)
    return done(CATEGORIES, "kategori")


async def _unset_one(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "category unset", {"category": fields.get("kategori", "") or " "})
    return done(CATEGORIES, "kategori")


ACTS: dict[str, FormAct] = {"simpan": saving(CATEGORIES), "tetapkan": _set_one, "lepas": _unset_one}

ROUTES = page_with_forms(CATEGORIES, Act.SET_CATEGORY, show_categories, ACTS)
