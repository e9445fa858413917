"""`/panduan`: the guide of one's role, a page each, as docs/panduan has them (in Indonesian)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import signed_in
from kawal.console.pages.frame import see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.names import Role

_CHECKOUT = Path(__file__).parents[4] / "docs" / "panduan"
_PACKAGED = Path(__file__).parents[3] / "data" / "panduan"
FOLDER = _CHECKOUT if _CHECKOUT.is_dir() else _PACKAGED
"""Where the guides lie: beside the code, or within it where it was installed from a wheel."""

PATH = "/panduan"

GUIDES = {
    Role.ADMIN: "admin",
    Role.LIAISON: "penghubung",
    Role.INSPECTORATE: "inspektorat",
    Role.DESK: "loket",
    Role.LEADERSHIP: "pimpinan",
    Role.AUDITOR: "auditor",
    Role.NATIONAL: "administrator",
}
"""Each role's guide, by the name of its file."""

_ADDRESS = re.compile(r"/[a-z/-]*")
"""An address that can be opened as it stands."""


class Guide(NamedTuple):
    """A guide as its page shows it."""

    title: str
    body: Markup


async def lead_to_own(request: Request) -> Response:
    """Lead to the guide of the role in which one acts."""
    signed = await signed_in(request)
    return see_other(f"{PATH}/{GUIDES[signed.actor.role]}")


async def show_guide(request: Request) -> Response:
    """Show one role's guide; any official may read any, and an unknown one leads to the own."""
    signed = await signed_in(request)
    name = request.path_params["name"]
    if name not in GUIDES.values():
        return see_other(PATH)
    others = [(one, guide_of(one).title) for one in GUIDES.values()]
    return staff_page(request, signed, "staff/guide.html", {"guide": guide_of(name), "guides": others})


@cache
def guide_of(name: str) -> Guide:
    """Return the guide of that name; its file is ours, so that its words need no bounds."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    heading, _, rest = text.partition("\n")
    return Guide(heading.removeprefix("# "), Markup(_markdown().render(rest)))  # noqa: S704 - made from our own file


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False})
    made.add_render_rule("code_inline", _linked)
    return made


def _linked(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """Return an address of ours as a link to it, other code as it is."""
    code = tokens[index].content
    if _ADDRESS.fullmatch(code):
        return str(Markup('<a href="{0}">{0}</a>').format(code))
    return f"<code>{escape(code)}</code>"


ROUTES = [
    Route(PATH, read_in_time(lead_to_own), methods=["GET"]),
    Route(f"{PATH}/{{name}}", read_in_time(show_guide), methods=["GET"]),
]
