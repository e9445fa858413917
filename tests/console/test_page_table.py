"""Every page that is served is in the table of pages, so that the checks of a browser are made of it."""

from __future__ import annotations

import inspect
from collections import defaultdict
from pathlib import PurePath

from starlette.routing import Match, Route

from kawal.console.pages.app import ROUTES
from kawal.console.pages.frame import lead_up
from tests.system.pages.page_table import NOT_IN_THE_TABLE, PAGES


def shows_a_page(route: Route) -> bool:
    """Tell whether a route can answer with a page: it is read, is no file, and is not only a form's address."""
    return (
        "GET" in (route.methods or ())
        and inspect.unwrap(route.endpoint) is not lead_up
        and not PurePath(route.path).suffix
        and route.path not in NOT_IN_THE_TABLE
    )


def path_asked(address: str) -> str:
    """Return the path that an address of the table leads to, whatever the site has under its names."""
    return address.partition("?")[0].format_map(defaultdict(lambda: "1"))


def route_of(path: str) -> Route:
    """Return the route that answers whoever reads a path."""
    asked = {"type": "http", "method": "GET", "path": path, "headers": []}
    return next(route for route in ROUTES if route.matches(asked)[0] is Match.FULL)


def test_every_page_has_a_row_in_the_table() -> None:
    with_a_row = {route_of(path_asked(case.address)).path for case in PAGES}
    assert [route.path for route in ROUTES if shows_a_page(route) and route.path not in with_a_row] == []


def test_what_the_table_leaves_out_with_a_reason_is_served() -> None:
    served = {route.path for route in ROUTES}
    assert [path for path in NOT_IN_THE_TABLE if path not in served] == []


def test_every_row_has_a_name_of_its_own() -> None:
    names = [case.name for case in PAGES]
    assert len(names) == len(set(names))
