"""`/l/NUMBER/bukti`: the report's receipt of proof, to be kept and checked without us."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from kawal.audit.proof.receipt import NotAsSealed, NotSealedYet, receipt
from kawal.console.pages.frame import HEADERS
from kawal.console.pages.public.entrance import opened
from kawal.console.pages.public.parts import complaints_of, count_call
from kawal.domain.access import Act
from kawal.domain.msgids import msgid
from kawal.domain.refusals import Refusal
from kawal.web.problems import Problem

_NOT_YET = msgid("The proof is not ready yet: records are sealed every 15 minutes. Come back later.")
_CHANGED = msgid("The record is not as it was sealed, so no proof is given. Please tell the Inspectorate.")


async def send_proof(request: Request) -> Response:
    """Send the receipt as a file; that it was taken goes on record."""
    await count_call(request)
    tracking_id = await opened(request)
    complaints = complaints_of(request)
    reporter = await complaints.reporter(tracking_id)
    try:
        made = await receipt(complaints.pool, complaints.record.keys, tracking_id)
        told = {"what": "receipt"}
        await complaints.authority.reading(
            reporter, Act.TAKE_RECEIPT, tracking_id, via="page", addressed=True, facts=told
        )
    except (NotSealedYet, Refusal):
        raise Problem(409, "receipt_not_sealed", _NOT_YET) from None
    except NotAsSealed as error:
        raise Problem(409, "receipt_not_as_sealed", _CHANGED) from error
    name = f'attachment; filename="bukti-{tracking_id}.json"'
    headers = {**HEADERS, "Cache-Control": "no-store", "Content-Disposition": name}
    return Response(json.dumps(made, indent=1) + "\n", 200, headers, "application/json")
