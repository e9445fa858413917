"""`/kelola/opd`: the agency's OPDs, one by one, and many from a list that is judged line by line first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.list_upload import list_of, list_text
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    agency_of,
    done,
    page_with_forms,
    performed,
)
from kawal.desks.opd_list import ListedOpd, read_opds
from kawal.domain.access import Act

OPDS = f"{PATH}/opd"


async def show_opds(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show every OPD, with the forms."""
    opds = await complaints_of(request).directory.opds(agency_of(signed))
    values = {"opds": opds, "told": told, "done": done_on(request)}
    return staff_page(request, signed, "staff/administration/opds.html", values, status=told.status)


async def _add(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "opd add", _named(fields))
    return done(OPDS, "opd")


async def _rename(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "opd rename", _named(fields))
    return done(OPDS, "nama")


def _named(fields: Fields) -> dict[str, str]:
    return {"code": fields.get("kode", "").strip().upper() or "–", "name": fields.get("nama", "").strip() or " "}


def _with_code(command: str, word: str) -> FormAct:
    async def act(request: Request, signed: SignedIn, fields: Fields) -> Response:
        await performed(request, signed, command, {"code": fields.get("kode", "")})
        return done(OPDS, word)

    return act


# --- Many at once ----------------------------------------------------------------------------------------------------


def list_acts(path: str) -> dict[str, FormAct]:
    """Return what the forms of a list do on the page of a path: show what it would do, and add all or nothing."""

    async def preview(request: Request, signed: SignedIn, fields: Fields) -> Response:
        return _shown(request, signed, path, fields, await _read(request, signed, fields), status=200)

    async def add_all(request: Request, signed: SignedIn, fields: Fields) -> Response:
        listed = await _read(request, signed, fields)
        new = [{"code": one.code, "name": one.name} for one in listed if not one.there]
        if not new or any(one.fault for one in listed):
            return _shown(request, signed, path, fields, listed, status=409)
        await performed(request, signed, "opd import", {"opds": new})
        return done(path, "daftar")

    return {"periksa": preview, "tambah-semua": add_all}


async def _read(request: Request, signed: SignedIn, fields: Fields) -> list[ListedOpd]:
    agency = agency_of(signed)
    names = {one.code: one.name for one in await complaints_of(request).directory.opds(agency)}
    return read_opds(list_of(fields), agency, names)


def _shown(
    request: Request, signed: SignedIn, path: str, fields: Fields, listed: list[ListedOpd], *, status: int
) -> Response:
    values = {
        "page_path": path,
        "listed": listed,
        "text": list_of(fields),
        "faults": sum(one.fault is not None for one in listed),
        "new": sum(one.fault is None and not one.there for one in listed),
    }
    return staff_page(request, signed, "staff/administration/opd_list.html", values, status=status)


ACTS: dict[str, FormAct] = {
    "tambah": _add,
    "ganti-nama": _rename,
    "pakai": _with_code("opd activate", "pakai"),
    "henti": _with_code("opd deactivate", "henti"),
    **list_acts(OPDS),
}

ROUTES = page_with_forms(OPDS, Act.ADD_OPD, show_opds, ACTS, list_text)
