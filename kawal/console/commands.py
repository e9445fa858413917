"""Every command of a complaint by JSON: `POST /complaints/ID/COMMAND`, one route for each row of the rules' table.

A body is the arguments' model of its row, with what the sender saw (`if_seq`) and, for a reporter's command that the
front desk passes on, with how it knows the reporter. Who acts is who the pass or the session says, never the body: a
field that is not the model's is refused. The rules decide; what they refuse is on record and told with its details.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import cache
from inspect import getdoc
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from kawal.client.complaints import Complaints
from kawal.console.officials import Official
from kawal.desks.reporters import Recognition, ReporterDesk
from kawal.domain.messages import Actor, Answer
from kawal.domain.names import REPORTERS_COMMANDS, CommandName, Role
from kawal.domain.process.commands import Arguments
from kawal.domain.process.transitions import TRANSITIONS, Row
from kawal.domain.record_labels import COMMANDS
from kawal.web.json_routes import JsonRoute, Key
from kawal.web.parameters import Tracking
from kawal.web.problems import refusals_with_details
from kawal.web.responses import problem_responses

_SAID = {
    400: "The body is no JSON at all",
    401: "The pass is unknown or has ended",
    403: "The role may not give this command",
    404: "There is no such complaint",
    409: "The complaint does not take this now, or has changed since the sender looked; `details` says more",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "A field is missing, wrong or not known; `errors` names each",
}

IfSeq = Annotated[
    int | None,
    Field(
        ge=1,
        lt=1 << 31,
        description="As the sender saw it: the complaint's `last_seq` then. If what the command rests on has changed"
        " since, it is refused (`changed_meanwhile`), and `details` says who did what and when.",
    ),
]

router = APIRouter(prefix="/complaints/{tracking_id}", tags=["commands"], route_class=JsonRoute)


class RecognitionIn(BaseModel):
    """How the front desk knows the reporter for whom it speaks, and on what paper the act rests, if on any."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=40)] | None = None
    """The report's access code."""
    contact: Annotated[str, Field(max_length=200)] | None = None
    """Or an e-mail address or telephone number given with the report."""
    stamp: date | None = None
    """The day on the paper's stamp."""
    stamp_grounds: Annotated[str, Field(max_length=2_000)] | None = None
    """Why a paper of an earlier day is registered only now."""

    def known(self) -> Recognition:
        """Return it as the desk takes it."""
        return Recognition(code=self.code, contact=self.contact, stamp=self.stamp, grounds=self.stamp_grounds)


@cache
def _body_of(arguments: type[Arguments], *, of_reporters: bool) -> type[BaseModel]:
    """Return the model of a body: a row's arguments, and what goes with them."""
    more: dict[str, Any] = {"if_seq": (IfSeq, None)}
    if of_reporters:
        more["recognition"] = (RecognitionIn | None, None)
    name = f"{arguments.__name__}{'ForReporter' if of_reporters else ''}Command"
    made: type[BaseModel] = create_model(name, __base__=arguments, __doc__=getdoc(arguments), **more)
    return made


def _route(name: CommandName, body: type[BaseModel]) -> Callable[..., Awaitable[Answer]]:
    async def give(
        request: Request,
        response: Response,
        actor: Official,
        tracking_id: Tracking,
        given: BaseModel,
        idempotency_key: Key = None,
    ) -> Answer:
        response.headers["Cache-Control"] = "no-store"
        complaints: Complaints = request.app.state.complaints
        key = f"http:{actor.account}:{idempotency_key or uuid4()}"
        with refusals_with_details():
            return await _given(complaints, tracking_id, name, actor, given, key)

    give.__name__ = f"command_{name}"
    give.__doc__ = _description(name, TRANSITIONS[name])
    # The framework reads the body by this annotation.
    give.__annotations__["given"] = body
    return give


async def _given(
    complaints: Complaints, tracking_id: str, name: CommandName, actor: Actor, given: BaseModel, key: str
) -> Answer:
    arguments = given.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"if_seq", "recognition"})
    seen: int | None = getattr(given, "if_seq", None)
    if name in REPORTERS_COMMANDS and actor.role is Role.DESK:
        recognition: RecognitionIn = getattr(given, "recognition", None) or RecognitionIn()
        known = recognition.known()
        return await ReporterDesk(complaints).speak(tracking_id, name, actor, arguments, key, known, if_seq=seen)
    return await complaints.send(tracking_id, name, actor, arguments, key, if_seq=seen)


def _description(name: CommandName, row: Row) -> str:
    """Return what the table says of a command, for the document."""
    who = "the front desk, for the reporter" if name in REPORTERS_COMMANDS else ", ".join(row.who)
    said = [
        getdoc(row.arguments) or "",
        f"By: {who}{'; the Inspectorate too, after take_over' if row.taken_over else ''}.",
        f"In status: {', '.join(sorted(row.statuses))}. Afterwards: {row.becomes}.",
        *(getdoc(guard) or "" for guard in row.guards),
    ]
    return "\n\n".join(filter(None, said))


def _summary(name: CommandName) -> str:
    words = str(COMMANDS[name])
    return words[0].upper() + words[1:]


def path_of(name: CommandName) -> str:
    """Return how a command is called in an address, as at the command line: `follow-up`."""
    return name.replace("_", "-")


for _name, _row in TRANSITIONS.items():
    if _row.who[0] is not Role.SYSTEM:
        router.add_api_route(
            f"/{path_of(_name)}",
            _route(_name, _body_of(_row.arguments, of_reporters=_name in REPORTERS_COMMANDS)),
            methods=["POST"],
            response_model=Answer,
            summary=_summary(_name),
            responses=problem_responses(_SAID, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503),
        )
