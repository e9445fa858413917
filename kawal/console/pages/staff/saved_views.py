"""`/kerja/tampilan`: the views that somebody saved in the role in which they act; they stand on `/kerja`, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    chosen_number,
    done,
    page_with_forms,
    performed,
)
from kawal.desks.saved_views import OwnView, gone_from, views_of
from kawal.domain.access import Act, may
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.saved_views import LONGEST_ADDRESS, LONGEST_NAME, MOST_VIEWS

PATH = "/kerja/tampilan"

_DONE: Mapping[str, Message] = {
    "simpan": msgid("The view is saved; it stands on the page of your work."),
    "nama": msgid("The view has its new name."),
    "urutan": msgid("The views stand in the new order."),
    "hapus": msgid("The view is removed."),
    "bagikan": msgid("Everybody in your role in the agency is shown the view."),
    "tarik": msgid("The view is yours alone again."),
}


class ShownView(NamedTuple):
    """A view, and which of its filters means nothing any more."""

    view: OwnView
    gone: Sayable | None


async def shown_views(request: Request, signed: SignedIn) -> list[ShownView]:
    """Return the views of whoever is signed in, for the role in which they act."""
    complaints = complaints_of(request)
    return [
        ShownView(one, await gone_from(complaints, signed.actor, one.address))
        for one in await views_of(complaints, signed.actor)
    ]


async def show_views(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the views with the forms that change them; one that could not be saved with what was typed."""
    views = await shown_views(request, signed)
    values = {
        "own": [one for one in views if one.view.own],
        "of_others": [one for one in views if not one.view.own],
        "shares": may(signed.actor, Act.SHARE_VIEW, signed.actor.instansi) is None,
        "told": told,
        "done": _DONE.get(request.query_params.get("telah", "")),
        "unsaved": told.typed if "alamat" in told.typed else None,
        "longest_name": LONGEST_NAME,
        "most": MOST_VIEWS,
    }
    return staff_page(request, signed, "staff/saved_views.html", values, status=told.status)


async def _save(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {"name": fields.get("nama", "").strip() or " ", "address": fields.get("alamat", "")[: LONGEST_ADDRESS + 1]}
    await performed(request, signed, "view save", given)
    return done(PATH, "simpan")


async def _rename(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {"number": chosen_number(fields), "name": fields.get("nama", "").strip() or " "}
    await performed(request, signed, "view rename", given)
    return done(PATH, "nama")


async def _move(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(
        request, signed, "view move", {"number": chosen_number(fields), "down": fields.get("arah") == "turun"}
    )
    return done(PATH, "urutan")


async def _remove(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "view remove", {"number": chosen_number(fields)})
    return done(PATH, "hapus")


async def _share(request: Request, signed: SignedIn, fields: Fields) -> Response:
    end = fields.get("bagi") == "tarik"
    await performed(request, signed, "view share", {"number": chosen_number(fields), "end": end})
    return done(PATH, "tarik" if end else "bagikan")


ACTS: dict[str, FormAct] = {"simpan": _save, "nama": _rename, "urutan": _move, "hapus": _remove, "bagikan": _share}

ROUTES = page_with_forms(PATH, Act.KEEP_VIEWS, show_views, ACTS)
