"""What a reporter says of a report besides replying: `POST /reports/ID/accept`, `dispute`, `rate` and `conceal`.

The routes are made from the rules' table: the body of each is the arguments' model of its row.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from kawal.domain.messages import Answer
from kawal.domain.names import REPORTERS_SAY, CommandName
from kawal.domain.process.transitions import TRANSITIONS
from kawal.intake.http.reports import SAID, Secret, intake_of
from kawal.web.callers import Calling
from kawal.web.json_routes import JsonRoute, Key
from kawal.web.parameters import Tracking
from kawal.web.responses import problem_responses

_SUMMARIES = {
    CommandName.ACCEPT: "Accept the final follow-up",
    CommandName.DISPUTE: "Dispute the final follow-up",
    CommandName.RATE: "Rate how a report was handled",
    CommandName.CONCEAL: "Hide who reported, or the whole report",
}
_DETAILS = {
    CommandName.ACCEPT: "The report is then done. It needs a final follow-up of every OPD that has it.",
    CommandName.DISPUTE: "The report is then in progress again, and the OPDs owe another follow-up.",
    CommandName.RATE: "Of a report that is done, within its aftercare; the last rating counts.",
    CommandName.CONCEAL: (
        "At any time, also before the report is verified and after its end, and never taken back: with 202 it is out "
        "of the public's sight."
    ),
}
_EXAMPLES: dict[CommandName, dict[str, Any]] = {
    CommandName.ACCEPT: {"rating": 5},
    CommandName.DISPUTE: {"why": "Lampu di depan masjid masih padam."},
    CommandName.RATE: {"rating": 4, "words": "Cepat ditangani."},
    CommandName.CONCEAL: {"anonim": True, "rahasia": True},
}

router = APIRouter(prefix="/reports", tags=["reports"], route_class=JsonRoute)


def _route(name: CommandName) -> Callable[..., Awaitable[Answer]]:
    async def say(
        request: Request,
        caller: Calling,
        tracking_id: Tracking,
        secret: Secret,
        given: BaseModel,
        idempotency_key: Key = None,
    ) -> Answer:
        caller.need("reply")
        intake = intake_of(request)
        await intake.open_to(tracking_id, secret)
        return await intake.say(
            tracking_id,
            name,
            given.model_dump(mode="json", exclude_none=True),
            channel=caller.channel,
            idempotency_key=idempotency_key,
            sender=f"http:{caller.name}:{name}:",
        )

    say.__name__ = str(name)
    say.__doc__ = f"{_DETAILS[name]} With 202 it is safe, even if the complaint's process is unavailable."
    # The framework reads the body by this annotation: the model of the command's own row.
    say.__annotations__["given"] = TRANSITIONS[name].arguments
    return say


for _name in sorted(REPORTERS_SAY):
    router.add_api_route(
        f"/{{tracking_id}}/{_name}",
        _route(_name),
        methods=["POST"],
        status_code=202,
        response_model=Answer,
        summary=_SUMMARIES[_name],
        responses=problem_responses(SAID, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503),
        openapi_extra={"requestBody": {"content": {"application/json": {"example": _EXAMPLES[_name]}}}},
    )
