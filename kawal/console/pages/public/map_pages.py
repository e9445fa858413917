"""`/lapor/peta`: a place is pointed at on a map, without a script; `/peta`, `/tempat`: the map and names of villages.

A browser tells where a picture that is a button was tapped, in pixels of the picture as it is shown. So every map is
shown in one width, which fits the smallest screen; a closer map makes the point more exact, and where the operator has
a tile server the close map (`close_map`) makes it exact to some twenty metres.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import page
from kawal.console.pages.public import close_map, report_form
from kawal.console.pages.public.agencies import area_of, must_be_chosen
from kawal.console.pages.public.parts import agencies_of, count_call, site_of
from kawal.data import places
from kawal.domain.close_map import opened
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.places import CREDIT, Area, OutsideMap
from kawal.intake.page_form import TypedReport
from kawal.store.directory import Instansi

WIDTH = 280
"""Of every map as it is shown, in CSS pixels: a screen of 320 has room for it."""

_DAY = "public, max-age=86400"
_AREA = "area"
_NO_MAP = msgid("There is no map of this area. Describe the place in words.")


class ShownMap(NamedTuple):
    """A map on a page."""

    area: str
    height: int
    closer: tuple[Area, ...]


async def point(request: Request) -> Response:
    """Show the map, or after a tap the form with the point; all that was typed goes along and nothing is sent.

    Where the operator has a tile server, a tap leads to the close map, and so does a point that goes along.
    """
    refuse_foreign(request)
    await count_call(request)
    form = await request.form()
    typed = TypedReport.of(form)
    agencies = await agencies_of(request).offered(request)
    area = str(form.get(_AREA, "") or area_of(typed.agency, agencies) or "")
    if not await asyncio.to_thread(places.is_made, area):
        return await _without_map(request, typed, agencies)
    try:
        return await _pointed(request, typed, form, area)
    except OutsideMap as error:
        return await _map(request, typed, area, error.reason)


async def _without_map(request: Request, typed: TypedReport, agencies: Sequence[Instansi]) -> Response:
    """Show the form again: for whom the report is has to be chosen first, or there is no map of that agency's area."""
    if must_be_chosen(typed.agency, agencies):
        return await report_form.show(request, typed, faults={"agency": report_form.WHOM}, status=422)
    return await report_form.show(request, typed, notice=_NO_MAP)


async def _pointed(request: Request, typed: TypedReport, form: Mapping[str, object], area: str) -> Response:
    tiles = site_of(request).tiles()
    if tiles is not None and _has_point(typed, form):
        return close_map.go_on(request, typed, form, tiles, close_map.standing(typed, form, tiles, WIDTH))
    if close_map.ACROSS not in form:
        return await _map(request, typed, area)
    frame, tap = (await asyncio.to_thread(places.map_frame, area)).shown(WIDTH), close_map.tap_of(form)
    if tiles is not None:
        return close_map.show(request, typed, tiles, opened(frame, tap, tiles.deepest))
    if tap is None:
        raise OutsideMap
    return await report_form.show(request, typed.with_point(frame.coordinate(*tap)))


def _has_point(typed: TypedReport, form: Mapping[str, object]) -> bool:
    """Tell whether the close map is shown already, or a point is known and none was just tapped on another map."""
    known = bool(typed.latitude or typed.longitude)
    return close_map.ZOOM in form or (known and close_map.ACROSS not in form)


async def _map(request: Request, typed: TypedReport, area: str, fault: Sayable | None = None) -> Response:
    shown = await asyncio.to_thread(_shown, area)
    values = {"typed": typed, "map": shown, "width": WIDTH, "fault": fault, "credit": CREDIT}
    return page(request, "public/map.html", values, status=200 if fault is None else 422)


def _shown(area: str) -> ShownMap:
    frame = places.map_frame(area).shown(WIDTH)
    return ShownMap(area, round(frame.height), places.closer_maps(area) if "." not in area else ())


async def map_picture(request: Request) -> Response:
    """Answer with the map of an area, an SVG with two colour schemes."""
    area = str(request.path_params["area"])
    if not await asyncio.to_thread(places.is_made, area):
        raise HTTPException(404)
    headers = {
        "Cache-Control": _DAY,
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await asyncio.to_thread(places.map_svg, area), 200, headers, "image/svg+xml")


async def villages(request: Request) -> Response:
    """Answer with the names of a kecamatan's villages, for the script of the form."""
    area, district = str(request.path_params["area"]), str(request.path_params["district"])
    if not await asyncio.to_thread(places.is_made, area):
        raise HTTPException(404)
    names = await asyncio.to_thread(places.villages, area, district)
    return Response(json.dumps(names), 200, {"Cache-Control": _DAY}, "application/json")
