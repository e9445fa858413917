"""`/segel`: the published heads of the log in plain words; `/segel/periksa`: a page that checks a receipt of proof."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from kawal.audit.proof.receipt_check import MOST_BYTES, ProvenReport, ReceiptFault, check
from kawal.base.unavailable import unavailable
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import HEADERS, language_of, page
from kawal.console.pages.public.parts import complaints_of, count_call
from kawal.domain.labels import EVENTS, STATUSES
from kawal.domain.msgids import Message, msgid
from kawal.web.application import API

CHECK = "/segel/periksa"
PROGRAM = "verify_receipt.py"

FORM_BYTES = 4 * MOST_BYTES
"""The most bytes of the form: a pasted receipt of MOST_BYTES, in which each sign may be written as three."""

SHOWN_HEADS = 20

_NO_FILE = msgid("Choose the file, or paste what is in it.")
_AWAY = msgid("The file cannot be checked now. Send it again in a moment.")


async def show_heads(request: Request) -> Response:
    """Show the newest heads of the log, and the key that signs."""
    await count_call(request)
    heads = await complaints_of(request).system.log.newest_heads(SHOWN_HEADS)
    return page(request, "public/seal.html", {"heads": heads, "log": f"{API}/log", "check": CHECK, "program": PROGRAM})


async def show_check(request: Request) -> Response:
    """Show the form for a receipt."""
    return page(request, "public/seal_check.html", check_values())


async def check_receipt(request: Request) -> Response:
    """Check a receipt that was chosen or pasted, and say what it proves."""
    refuse_foreign(request)
    await count_call(request)
    async with request.form(max_files=1, max_fields=5, max_part_size=FORM_BYTES) as form:
        values, status = await checked(request, form)
    return page(request, "public/seal_check.html", values, status=status)


async def checked(request: Request, form: FormData) -> tuple[dict[str, Any], int]:
    """Return what a page says of the receipt that came with a form, and the status of its answer."""
    content, pasted = await _brought(form)
    if not content:
        return check_values(why=_NO_FILE), 422
    try:
        proven = await check(complaints_of(request).system.log, content)
    except ReceiptFault as fault:
        return check_values(why=fault.sentence, rejection=_said(request, fault), pasted=pasted), 422
    except Exception as error:
        if unavailable(error) is None:
            raise
        return check_values(why=_AWAY, pasted=pasted), 503
    return check_values(proven=proven), 200


async def send_program(request: Request) -> Response:
    """Send the program that checks receipts without us, as it lies in this installation."""
    await count_call(request)
    disposition = {"Content-Disposition": f'attachment; filename="{PROGRAM}"', "Cache-Control": "no-cache"}
    return Response(_program(), 200, {**HEADERS, **disposition}, "text/x-python; charset=utf-8")


async def _brought(form: FormData) -> tuple[bytes, str]:
    """Return what was chosen or pasted, of a file no more than shows that it is too large; and what was pasted."""
    file, pasted = form.get("file"), form.get("text")
    content = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    text = pasted.strip() if isinstance(pasted, str) else ""
    return content or text.encode("utf-8", "replace"), text


def check_values(
    *,
    proven: ProvenReport | None = None,
    why: Message | None = None,
    rejection: str | None = None,
    pasted: str = "",
) -> dict[str, Any]:
    """Return what the template of the form shows; the officials' page puts its own `frame` and `check` beside it."""
    return {
        "frame": "base.html",
        "proven": proven,
        "why": why,
        "rejection": rejection,
        "pasted": pasted,
        "kilobytes": MOST_BYTES // 1024,
        "events": EVENTS,
        "statuses": STATUSES,
        "program": PROGRAM,
        "log": f"{API}/log",
        "check": CHECK,
    }


def _said(request: Request, fault: ReceiptFault) -> str | None:
    """Return what the program says against the receipt, in the reader's language."""
    if fault.rejection is None:
        return None
    return fault.rejection.english if language_of(request) == "en" else fault.rejection.indonesian


@cache
def _program() -> bytes:
    return files("kawal.audit.proof").joinpath(PROGRAM).read_bytes()
