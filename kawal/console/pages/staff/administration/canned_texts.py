"""`/kelola/teks`: the texts that the agency keeps for its officials' forms, by form, status and category."""

from __future__ import annotations

from itertools import groupby
from typing import Any

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
    agency_of,
    chosen_number,
    done,
    page_with_forms,
    performed,
)
from kawal.domain.access import Act
from kawal.domain.canned_texts import COMMANDS, PLACES
from kawal.domain.labels import STATUSES
from kawal.domain.record_labels import COMMANDS as COMMAND_NAMES

TEXTS = f"{PATH}/teks"


async def show_texts(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show every text, by the form that offers it, with the forms that change them."""
    complaints = complaints_of(request)
    texts = await complaints.record.canned_texts.all(agency_of(signed))
    chosen = told.typed.get("nomor") or request.query_params.get("ubah", "")
    values = {
        "chosen": next((one for one in texts if str(one.number) == chosen), None),
        "by_command": [(command, list(kept)) for command, kept in groupby(texts, key=lambda one: one.command)],
        "commands": sorted(COMMANDS),
        "command_names": COMMAND_NAMES,
        "statuses": STATUSES,
        "categories": await complaints.directory.categories(),
        "places": PLACES,
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/canned_texts.html", values, status=told.status)


async def _add(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "canned add", _content(fields))
    return done(TEXTS, "teks")


async def _change(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "canned change", {"number": chosen_number(fields)} | _content(fields))
    return done(TEXTS, "teks")


async def _remove(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "canned remove", {"number": chosen_number(fields)})
    return done(TEXTS, "teks-hapus")


def _content(fields: Fields) -> dict[str, Any]:
    return {
        "command": fields.get("formulir-untuk", ""),
        "title": fields.get("judul", "").strip() or " ",
        "text": fields.get("teks", "").strip() or " ",
        "status": fields.get("status", ""),
        "category": fields.get("kategori", "").strip(),
    }


ACTS: dict[str, FormAct] = {"tambah": _add, "ubah": _change, "hapus": _remove}

ROUTES = page_with_forms(TEXTS, Act.KEEP_CANNED_TEXTS, show_texts, ACTS)
