"""`POST /webhooks/{gateway}`: takes a signed message and answers with its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.domain.msgids import msgid, sentence
from kawal.intake.messages.conversation import Conversation, Message
from kawal.intake.messages.gateways import Gateway, gateways_of
from kawal.web.problems import Problem

BASE = "/webhooks"


class MessageReceipt(BaseModel):
    """The answer to a message: the report it belongs to; `secret` only where it began one."""

    tracking_id: str
    new: bool
    secret: str | None = None


router = APIRouter(prefix=BASE, tags=["webhooks"])


@router.post(
    "/{gateway}",
    response_model=MessageReceipt,
    response_model_exclude_none=True,
    summary="A message from a gateway",
    responses={401: {"description": "Not signed by this gateway, or too long ago"}, 404: {}, 409: {}, 422: {}, 503: {}},
)
async def take(gateway: str, request: Request) -> MessageReceipt:
    """Take one message: a new report, or more about one. Delivered again it has the same answer."""
    known: Mapping[str, Gateway] = request.app.state.gateways
    body = await request.body()
    given = _fields(request.headers.get("content-type", ""), body)
    sender = known.get(gateway)
    now = request.app.state.intake.complaints.now()
    if sender is None or not sender.accepts(request.headers, body, given, now):
        # The same answer for an unknown gateway: nobody learns which ones exist.
        raise Problem(401, "not_signed", msgid("The signature is not valid or too old."))
    outcome = await request.app.state.conversation.take(sender, _message(sender, given))
    return MessageReceipt(tracking_id=outcome.tracking_id, new=outcome.new, secret=outcome.secret)


def mount(app: FastAPI, complaints: Complaints, settings: Settings) -> None:
    """Mount the webhook; raises SystemUnavailable for a gateway file that cannot be used."""
    app.state.gateways = gateways_of(settings.home)
    app.state.conversation = Conversation(app.state.intake, complaints.system.conversations)
    app.include_router(router)


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    """Return the fields of a form or of a flat JSON object, as text."""
    try:
        if content_type.partition(";")[0].strip().lower() == "application/json":
            content: Any = json.loads(body)
            if not isinstance(content, dict):
                raise ValueError("not an object")
            return {str(name): _whole(str(value)) for name, value in content.items() if isinstance(value, (str, int))}
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=200))
    except (ValueError, RecursionError):
        raise Problem(422, "malformed", msgid("Send a form or a JSON object.")) from None


def _whole(text: str) -> str:
    """Return the text without lone surrogates, which JSON can carry where a gateway cut a message."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _message(gateway: Gateway, given: Mapping[str, str]) -> Message:
    names = gateway.fields
    missing = [name for name in (names.sender, names.text, names.message_id) if not given.get(name, "").strip()]
    if missing:
        raise Problem(422, "malformed", sentence(msgid("Missing: {names}."), names=", ".join(missing)))
    return Message(given[names.sender], given[names.text], given[names.message_id])
