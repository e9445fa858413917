"""`/mutu/sk`: the register of decrees (SK): what was entered, corrected and withdrawn.

Of the document itself nothing is kept but where it is and its SHA-256.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from typing import Any, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormOutcome,
    day_of,
    form_routes,
    number_of,
    page_route,
    performed,
)
from kawal.console.pages.staff.quality.samples import PATH
from kawal.domain.access import RIGHTS, Act
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Message, msgid
from kawal.store.registers import Decree, Plan

DECREES = f"{PATH}/sk"

Entry = TypeVar("Entry", Decree, Plan)

DONE: Mapping[str, Message] = {
    "catat": msgid("It is on the register."),
    "perbaiki": msgid("The correction is on the register; what stood before stays on record."),
    "kemajuan": msgid("The progress is on the register."),
}
"""What was done, by the word that the address holds afterwards."""


async def show_decrees(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the decrees, and to whoever keeps the register the form for a new one or for a correction."""
    complaints = complaints_of(request)
    decrees = await complaints.record.registers.decrees(signed.actor.instansi)
    chosen = corrected(request, signed, decrees, told)
    values = {
        **await register_values(request, signed, told),
        "decrees": decrees,
        "today": local_day(complaints.now()),
        "chosen": chosen,
        "typed": told.typed or ({} if chosen is None else _as_typed(chosen)),
    }
    return staff_page(request, signed, "staff/quality/decrees.html", values, status=told.status)


async def register_values(request: Request, signed: SignedIn, told: FormOutcome) -> dict[str, Any]:
    """Return what the page of either register shows."""
    agency = signed.actor.instansi
    return {
        "told": told,
        "keeps": signed.actor.role in RIGHTS[Act.KEEP_REGISTERS].who,
        "opds": await complaints_of(request).directory.opds(agency) if agency is not None else [],
        "done": DONE.get(request.query_params.get("telah", "")),
    }


def corrected(request: Request, signed: SignedIn, entries: Sequence[Entry], told: FormOutcome) -> Entry | None:
    """Return the entry of one's own agency that is being corrected; None where a new one is entered."""
    number = number_of(told.typed or request.query_params, "entri")
    return next((one for one in entries if one.entry == number and signed.actor.instansi in (None, one.instansi)), None)


def common_of(fields: Fields) -> dict[str, Any]:
    """Return what an entry of either register has, as a form gave it."""
    return {
        "opd": fields.get("opd"),
        "document": fields.get("dokumen", "").strip(),
        "document_hash": fields.get("berkas"),
        "correct": number_of(fields, "entri") or None,
        "withdrawn": "batal" in fields,
    }


async def digest_of(_: Request, file: UploadFile) -> str:
    """Return a document's SHA-256 in hex; a large one lies in a file and is read apart."""
    return await asyncio.to_thread(lambda: file_digest(file.file, "sha256").hexdigest())  # type: ignore[arg-type]


def _as_typed(one: Decree) -> dict[str, str]:
    return {
        "nomor": one.number,
        "tanggal": one.decided_on.isoformat(),
        "sampai": "" if one.valid_until is None else one.valid_until.isoformat(),
        "opd": one.opd or "",
        "dokumen": one.document,
        **({"batal": "ya"} if one.withdrawn else {}),
    }


async def _enter(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = common_of(fields) | {
        "number": fields.get("nomor", "").strip(),
        "decided_on": day_of(fields, "tanggal"),
        "valid_until": day_of(fields, "sampai"),
    }
    await performed(request, signed, "register decree", given)
    return see_other(f"{DECREES}?telah={'perbaiki' if given['correct'] else 'catat'}")


ROUTES: list[Route] = [
    page_route(DECREES, Act.QUALITY_READ, show_decrees),
    *form_routes(DECREES, Act.KEEP_REGISTERS, show_decrees, {"catat-dokumen": _enter}, digest_of),
]
