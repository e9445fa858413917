"""`/webhooks/{gateway}`: takes signed messages and answers with what became of each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from pydantic import BaseModel

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.domain.contacts import phone_number
from kawal.domain.msgids import msgid, sentence
from kawal.domain.refusals import Refusal
from kawal.gateways.meta import reports_of
from kawal.gateways.outgoing import OutgoingGateway, Shape, outgoing_gateways_of
from kawal.intake.messages import meta, receipts, twilio
from kawal.intake.messages.content import Message
from kawal.intake.messages.conversation import Conversation, Outcome
from kawal.intake.messages.gateways import Gateway, Scheme, gateways_of
from kawal.intake.messages.media import MediaFetcher
from kawal.intake.messages.parser import MissingFields, form_of, message_of, object_of
from kawal.store.conversations import MessageKind, SignatureReused
from kawal.store.outgoing_messages import OutgoingMessages
from kawal.web.callers import address_of
from kawal.web.problems import Problem

BASE = "/webhooks"

_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,200}")


class MessageReceipt(BaseModel):
    """What became of a message.

    `tracking_id` is the report it belongs to, `secret` and `link` only where it began one; `answer` is for the sender.
    """

    kind: MessageKind
    tracking_id: str | None = None
    new: bool
    secret: str | None = None
    link: str | None = None
    answer: str | None = None


class PostReceipt(BaseModel):
    """What became of the messages of one post; their gateway is told neither access codes, links nor answers."""

    messages: list[MessageReceipt]


@asynccontextmanager
async def _fetching(app: FastAPI) -> AsyncIterator[None]:
    """Fetch the files of messages while the application runs."""
    fetching = asyncio.create_task(app.state.media_fetcher.fetching())
    yield
    fetching.cancel()
    await asyncio.gather(fetching, return_exceptions=True)


router = APIRouter(prefix=BASE, tags=["webhooks"], lifespan=_fetching)


@router.post(
    "/{gateway}",
    response_model=MessageReceipt | PostReceipt,
    summary="A message from a gateway",
    responses={
        401: {"description": "Not signed by this gateway, or too long ago"},
        404: {},
        409: {},
        413: {},
        422: {},
        429: {},
        503: {},
    },
)
async def take(gateway: str, request: Request) -> Response:
    """Take what a gateway posts: new reports, or more about some. Delivered again it has the same answer."""
    body = await request.body()
    sender, form = await _signed(gateway, request, body)
    try:
        messages = _messages(sender, request, body, form)
    except MissingFields as error:
        raise Problem(422, "malformed", sentence(msgid("Missing: {names}."), names=", ".join(error.names))) from None
    except ValueError:
        raise Problem(422, "malformed", msgid("Send a form or a JSON object.")) from None
    if sender.scheme is Scheme.META:
        await _note_reports(request, sender, body)
    outcomes = await _taken(request, sender, messages)
    if sender.scheme is Scheme.TWILIO:
        answer = next((one.answer for one in outcomes), None)
        return Response(twilio.answer_of(answer), media_type=twilio.MEDIA_TYPE)
    if sender.scheme is Scheme.META:
        told = [_receipt(one).model_copy(update={"secret": None, "link": None, "answer": None}) for one in outcomes]
        return _json(PostReceipt(messages=told))
    return _json(_receipt(outcomes[0]))


@router.get("/{gateway}", summary="Meta verifies the webhook", responses={401: {}, 429: {}})
async def verify(
    gateway: str,
    request: Request,
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    token: Annotated[str, Query(alias="hub.verify_token")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge")] = "",
) -> Response:
    """Answer with the challenge, if the token is the one that was agreed."""
    known: Mapping[str, Gateway] = request.app.state.gateways
    found = known.get(gateway)
    right = found is not None and found.verifies(token) and mode == "subscribe"
    if not right or _CHALLENGE.fullmatch(challenge) is None:
        await request.app.state.gate.let_in("public", address_of(request))
        raise _not_signed()
    return Response(challenge, media_type="text/plain")


def mount(app: FastAPI, complaints: Complaints, settings: Settings) -> None:
    """Mount the webhook, after the attachments; raises SystemUnavailable for a gateway file that cannot be used."""
    app.state.gateways = gateways_of(settings.home)
    app.state.outgoing_gateways = outgoing_gateways_of(settings.home)
    app.state.outgoing_messages = complaints.system.outgoing_messages
    fetching = {name for name, one in app.state.outgoing_gateways.items() if one.media_hosts}
    app.state.conversation = Conversation(
        app.state.intake, complaints.system.conversations, lang=settings.lang, fetching=fetching
    )
    app.state.media_fetcher = MediaFetcher(
        complaints.system.message_media,
        app.state.attachments,
        app.state.outgoing_messages,
        app.state.outgoing_gateways,
        settings.lang,
    )
    app.include_router(router)
    app.include_router(receipts.router)


async def _signed(gateway: str, request: Request, body: bytes) -> tuple[Gateway, dict[str, str]]:
    """Return the gateway that signed the request, and the form if its signature covers one; else raise Problem."""
    known: Mapping[str, Gateway] = request.app.state.gateways
    found = known.get(gateway)
    form = _form(body) if found is not None and found.scheme is Scheme.TWILIO else {}
    now = request.app.state.intake.complaints.now()
    gate = request.app.state.gate
    if found is None or not found.accepts(request.headers, body, form, now):
        await gate.let_in("public", address_of(request))
        # The same answer for an unknown gateway: nobody learns which ones exist.
        raise _not_signed()
    await gate.let_in("token", f"webhook {found.name}")
    return found, form


def _form(body: bytes) -> dict[str, str]:
    try:
        return form_of(body)
    except ValueError:
        return {}


def _messages(gateway: Gateway, request: Request, body: bytes, form: Mapping[str, str]) -> list[Message]:
    """Return what was posted, in the form common to all gateways; raises MissingFields, ValueError."""
    match gateway.scheme:
        case Scheme.TWILIO:
            given = twilio.message_of(gateway, form)
            return [] if given is None else [given]
        case Scheme.META:
            return meta.messages_of(object_of(body))
    is_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
    return [message_of(gateway, object_of(body) if is_json else form_of(body))]


async def _note_reports(request: Request, gateway: Gateway, body: bytes) -> None:
    """Record what Meta reports, in the same posts, of messages that it was given by the gateway of the same name."""
    known: Mapping[str, OutgoingGateway] = request.app.state.outgoing_gateways
    outgoing = known.get(gateway.name)
    if outgoing is not None and outgoing.shape is Shape.META:
        await receipts.note(request.app.state.outgoing_messages, gateway.name, reports_of(object_of(body)))


async def _taken(request: Request, gateway: Gateway, messages: Sequence[Message]) -> list[Outcome]:
    """Take each message; one that is refused keeps no other from being taken, and is told of at the end."""
    conversation: Conversation = request.app.state.conversation
    outcomes: list[Outcome] = []
    refused: list[Refusal] = []
    for message in messages:
        try:
            outcome = await conversation.take(gateway, message)
            outcomes.append(outcome)
            if gateway.scheme is Scheme.META:
                await _answer(request, gateway, message, outcome)
        except Refusal as refusal:
            refused.append(refusal)
        except SignatureReused:
            raise _not_signed() from None
    if refused:
        raise refused[0]
    return outcomes


async def _answer(request: Request, gateway: Gateway, message: Message, outcome: Outcome) -> None:
    """Put the answer among the messages: Meta's post cannot be answered by its response. Put again it is the same."""
    number = phone_number(message.sender)
    if outcome.answer is None or number is None or gateway.name not in request.app.state.outgoing_gateways:
        return
    messages: OutgoingMessages = request.app.state.outgoing_messages
    await messages.put(
        None,
        to=number,
        kind="answer",
        words=outcome.answer,
        tracking_id=outcome.tracking_id,
        answers=True,
        once=f"answer {gateway.name}:{message.identity}",
        channel=gateway.channel,
        instansi=gateway.instansi,
        gateway=gateway.name,
    )


def _receipt(outcome: Outcome) -> MessageReceipt:
    return MessageReceipt(
        kind=outcome.kind,
        tracking_id=outcome.tracking_id,
        new=outcome.kind is MessageKind.REPORT,
        secret=None if outcome.access is None else outcome.access.secret,
        link=None if outcome.access is None else outcome.access.link,
        answer=outcome.answer,
    )


def _json(told: BaseModel) -> Response:
    content = told.model_dump_json(exclude_none=True)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


def _not_signed() -> Problem:
    return Problem(401, "not_signed", msgid("The signature is not valid or too old."))
