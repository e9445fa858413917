"""Submit a report, add to it, follow it: `/reports`."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from kawal.domain.messages import Answer
from kawal.domain.msgids import msgid
from kawal.intake.http.schemas import ReceiptOut, ReplyIn, ReportIn
from kawal.intake.public_view import PublicView
from kawal.intake.service import IntakeService
from kawal.web.callers import Calling, bearer, caller_of
from kawal.web.json_routes import KEY, KEY_PARAMETER, JsonRoute, Key, says_json
from kawal.web.parameters import Tracking
from kawal.web.problems import Problem, language
from kawal.web.responses import problem_responses

SAID = {
    400: "The body is no JSON at all",
    404: "Tracking id and secret belong to no report",
    409: "The key was used for something else, or the report does not take this any more",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "A field is missing or wrong; `errors` names each",
}

Secret = Annotated[
    str,
    Header(
        alias="X-Tracking-Secret",
        min_length=1,
        max_length=40,
        description="The access code on the receipt. In a header, since URLs end up in logs, histories and referrers.",
        examples=["7KX2M9QD4T"],
    ),
]

router = APIRouter(prefix="/reports", tags=["reports"], route_class=JsonRoute)


@router.post(
    "",
    status_code=201,
    response_model=ReceiptOut,
    summary="Submit a report",
    responses={
        200: {"model": ReceiptOut, "description": "The same report was accepted before; its receipt again"},
        **problem_responses(SAID, 400, 401, 403, 409, 413, 415, 422, 429, 503),
    },
    openapi_extra={
        "parameters": [KEY_PARAMETER],
        "security": [{"token": []}, {}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReportIn"}}},
        },
    },
)
async def submit(request: Request) -> Response:
    """Accept a report. With 201 it is safe and has its tracking id; its deadlines count from now.

    An `external_id` is the sender's own number for it, so it needs a token.
    """
    # The body is parsed here, without the framework: this is the most frequent call, and it comes in waves.
    says_json(request)
    caller = await caller_of(request, bearer(request))
    caller.need("submit")
    idempotency_key = _key(request)
    given = _read(await request.body())
    if given.external_id is not None and caller.token is None:
        raise Problem(422, "external_id", "external_id hanya dengan token. / external_id needs a token.")
    receipt = await intake_of(request).submit(
        given.to_report(caller.channel),
        instansi=caller.instansi(given.instansi),
        idempotency_key=idempotency_key,
        sender=f"http:{caller.name}:",
        system=caller.system,
    )
    where = f"{request.url.path}/{receipt.tracking_id}"
    told = ReceiptOut(tracking_id=receipt.tracking_id, secret=receipt.secret, link=receipt.link, location=where)
    return Response(
        told.model_dump_json(),
        201 if receipt.fresh else 200,
        {"Location": where, "Cache-Control": "no-store"},
        media_type="application/json",
    )


def _key(request: Request) -> str | None:
    idempotency_key = request.headers.get("idempotency-key")
    if idempotency_key is not None and re.fullmatch(KEY, idempotency_key) is None:
        fault = {"pointer": "header: Idempotency-Key", "detail": "should be 1 to 150 visible characters of ASCII"}
        raise Problem(422, "invalid", f"Idempotency-Key: {fault['detail']}", errors=[fault])
    return idempotency_key


def _read(body: bytes) -> ReportIn:
    try:
        return ReportIn.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        if any(fault["type"] == "json_invalid" for fault in faults):
            raise Problem(400, "unreadable", msgid("The body is not JSON in UTF-8.")) from error
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from error


@router.get(
    "/{tracking_id}",
    response_model=PublicView,
    summary="See the progress of a report",
    responses=problem_responses(SAID, 401, 403, 404, 410, 422, 429, 503),
)
async def track(
    request: Request, response: Response, caller: Calling, tracking_id: Tracking, secret: Secret
) -> PublicView:
    """Return status, dates, who must do what by when, and everything that the reporter was told."""
    caller.need("read")
    response.headers["Cache-Control"] = "no-store"
    return await intake_of(request).track(tracking_id, secret, language(request))


@router.post(
    "/{tracking_id}/replies",
    status_code=202,
    response_model=Answer,
    summary="Add to a report",
    responses=problem_responses(SAID, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503),
)
async def reply(
    request: Request,
    caller: Calling,
    tracking_id: Tracking,
    secret: Secret,
    given: ReplyIn,
    idempotency_key: Key = None,
) -> Answer:
    """Add the reporter's words: an answer, missing information, a remark on a follow-up.

    It counts the same by whatever channel it comes. With 202 it is safe, even if the complaint's process is
    unavailable.
    """
    caller.need("reply")
    intake = intake_of(request)
    await intake.open_to(tracking_id, secret)
    return await intake.reply(
        tracking_id,
        given.text,
        given.files,
        channel=caller.channel,
        idempotency_key=idempotency_key,
        sender=f"http:{caller.name}:reply:",
    )


def intake_of(request: Request) -> IntakeService:
    """Return the service through which every route submits and replies."""
    intake: IntakeService = request.app.state.intake
    return intake


def mount(app: FastAPI, prefix: str) -> None:
    """Serve reports under `prefix`, and describe a submission's body in the document: its route parses it itself."""
    app.include_router(router, prefix=prefix)
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schema = ReportIn.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= schema.pop("$defs", {}) | {"ReportIn": schema}
        return document

    app.openapi = openapi  # type: ignore[method-assign]
