"""`/segel`: the published heads of the log in plain words; `/segel/periksa`: a page that checks a receipt of proof."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from starlette.datastructures import UploadFile
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
    return _form(request)


async def check_receipt(request: Request) -> Response:
    """Check a receipt that was chosen or pasted, and say what it proves."""
    refuse_foreign(request)
    await count_call(request)
    content, pasted = await _brought(request)
    if not content:
        return _form(request, why=_NO_FILE, status=422)
    try:
        proven = await check(complaints_of(request).system.log, content)
    except ReceiptFault as fault:
        return _form(request, why=fault.sentence, rejection=_said(request, fault), pasted=pasted, status=422)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _form(request, why=_AWAY, pasted=pasted, status=503)
    return _form(request, proven=proven)


async def send_program(request: Request) -> Response:
    """Send the program that checks receipts without us, as it lies in this installation."""
    await count_call(request)
    disposition = {"Content-Disposition": f'attachment; filename="{PROGRAM}"', "Cache-Control": "no-cache"}
    return Response(_program(), 200, {**HEADERS, **disposition}, "text/x-python; charset=utf-8")


async def _brought(request: Request) -> tuple[bytes, str]:
    """Return what was chosen or pasted, of a file no more than shows that it is too large; and what was pasted."""
    async with request.form(max_files=1, max_fields=5, max_part_size=FORM_BYTES) as form:
        file, pasted = form.get("file"), form.get("text")
        content = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
        text = pasted.strip() if isinstance(pasted, str) else ""
        return content or text.encode("utf-8", "replace"), text


def _form(
    request: Request,
    *,
    proven: ProvenReport | None = None,
    why: Message | None = None,
    rejection: str | None = None,
    pasted: str = "",
    status: int = 200,
) -> Response:
    values = {
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
    return page(request, "public/seal_check.html", values, status=status)


def _said(request: Request, fault: ReceiptFault) -> str | None:
    """Return what the program says against the receipt, in the reader's language."""
    if fault.rejection is None:
        return None
    return fault.rejection.english if language_of(request) == "en" else fault.rejection.indonesian


@cache
def _program() -> bytes:
    return files("kawal.audit.proof").joinpath(PROGRAM).read_bytes()
