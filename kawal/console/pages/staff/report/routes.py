"""The routes about one report, in the order in which they are tried: what has a name of its own before the acts."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.staff.report import acts, comparison, desk_forms, files, page

ROUTES: list[Route] = [*page.ROUTES, *comparison.ROUTES, *desk_forms.ROUTES, *files.ROUTES, *acts.ROUTES]
