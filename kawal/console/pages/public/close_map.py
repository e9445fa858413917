"""The close map of `/lapor/peta`, where the operator has a tile server: the point in its middle is moved and used.

The tiles lie below a picture of our own that is a button and bears the mark of the point: without them a tap still
moves the point. Each answer is a whole page, and the point goes along with all that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.frame import page, with_pictures_from
from kawal.console.pages.tile_server import TileServer
from kawal.domain.close_map import BY_TAPS, OF_A_KNOWN_POINT, CloseMap, closer, further, rung
from kawal.domain.msgids import Sayable
from kawal.domain.places import Coordinate, OutsideMap
from kawal.intake.page_form import TypedReport

ZOOM, GO = "zoom", "go"
ACROSS, DOWN = "map.x", "map.y"
"""What a browser sends of a tap on the picture `map`."""

_WAYS = {"north": (0.5, 0.25), "east": (0.75, 0.5), "south": (0.5, 0.75), "west": (0.25, 0.5)}
"""Where a button moves the point, in parts of the picture: by a quarter of it."""


def tap_of(form: Mapping[str, object]) -> tuple[float, float] | None:
    """Return the pixel that was tapped; None if the picture was pressed by a key; raises OutsideMap.

    For a key browsers send the upper left corner, which no finger means.
    """
    try:
        tap = float(str(form.get(ACROSS))), float(str(form.get(DOWN)))
    except ValueError as error:
        raise OutsideMap from error
    return None if tap == (0, 0) else tap


def standing(typed: TypedReport, form: Mapping[str, object], tiles: TileServer, side: int) -> CloseMap:
    """Return the map around the point that goes along, as it was shown last; raises OutsideMap."""
    zoom = str(form.get(ZOOM, ""))
    try:
        point = Coordinate(float(typed.latitude), float(typed.longitude))
    except ValueError as error:
        raise OutsideMap from error
    shown = int(zoom) if zoom.isdecimal() and len(zoom) < 3 else OF_A_KNOWN_POINT
    return CloseMap(point, rung(shown, tiles.deepest), side)


def go_on(
    request: Request, typed: TypedReport, form: Mapping[str, object], tiles: TileServer, before: CloseMap
) -> Response:
    """Show the map after a tap on it or a press of one of its buttons; a point outside is refused and nothing moves."""
    try:
        after = _after(before, form, tiles.deepest)
    except OutsideMap as error:
        return show(request, typed, tiles, before, error.reason)
    return show(request, typed, tiles, after)


def _after(before: CloseMap, form: Mapping[str, object], deepest: int) -> CloseMap:
    way = str(form.get(GO, ""))
    if ACROSS in form:
        tap = tap_of(form)
        point = before.centre if tap is None else before.coordinate(*tap)
        return CloseMap(point, closer(before.zoom, min(deepest, BY_TAPS)), before.side)
    if way in _WAYS:
        return replace(before, centre=before.coordinate(*(part * before.side for part in _WAYS[way])))
    zooms = {"closer": closer(before.zoom, deepest), "further": further(before.zoom)}
    return replace(before, zoom=zooms.get(way, before.zoom))


def show(
    request: Request, typed: TypedReport, tiles: TileServer, shown: CloseMap, fault: Sayable | None = None
) -> Response:
    """Show the map, and what is wrong with the last tap."""
    values = {
        "typed": typed.with_point(shown.centre),
        "map": shown,
        "pictures": [(tiles.address(shown.zoom, one.x, one.y), one.left, one.top) for one in shown.tiles()],
        "has_closer": closer(shown.zoom, tiles.deepest) != shown.zoom,
        "has_further": further(shown.zoom) != shown.zoom,
        "server": tiles,
        "fault": fault,
    }
    status = 200 if fault is None else 422
    return page(request, "public/close_map.html", values, status=status, headers=with_pictures_from(tiles.origin))
