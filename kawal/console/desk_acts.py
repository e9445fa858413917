"""What officials do besides the process, by JSON: `POST /desk/GROUP/ACT`, one route for each row of DESK.

A body is the arguments' model of its row, an answer what `--json` prints at the command line. An act concerns the
official's own agency; who belongs to none names one. Sent again under its idempotency key an act is not done twice, but
answered `already_done`: what it gave the first time may have been a secret.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import getdoc
from typing import Annotated, get_type_hints

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from kawal.client.complaints import Complaints
from kawal.console.officials import Official, OfficialOfLate
from kawal.desks.table import DESK, GIVES_ACCESS, CommandingDesk, Row, do_meant, handler_of
from kawal.domain.access import RIGHTS
from kawal.web.json_routes import JsonRoute, Key
from kawal.web.problems import refusals_with_details
from kawal.web.responses import problem_responses

ON_THE_MACHINE = frozenset({"keys rotate-master"})
"""Rows without a route: a file of the machine that it names could be any, and only its operator may read them."""

_SAID = {
    400: "The body is no JSON at all",
    401: "The pass is unknown or has ended",
    403: "The role may not do this",
    404: "There is no such complaint",
    409: "It cannot be done now, or not by this official; `details` says more",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "A field is missing, wrong or not known; `errors` names each",
}

Agency = Annotated[
    str | None,
    Query(
        alias="instansi",
        pattern="^[A-Z0-9][A-Z0-9_.-]{0,39}$",
        description="The agency's code, for whoever belongs to none; others act in their own.",
    ),
]

router = APIRouter(prefix="/desk", tags=["desk"], route_class=JsonRoute)


def path_of(name: str) -> str:
    """Return how an act is called in an address: its words at the command line, `office/set`."""
    return name.replace(" ", "/")


def _route(name: str, row: Row) -> Callable[..., Awaitable[JSONResponse]]:
    handle = handler_of(row)

    async def act(
        request: Request, actor: Official, given: BaseModel, instansi: Agency = None, idempotency_key: Key = None
    ) -> JSONResponse:
        complaints: Complaints = request.app.state.complaints
        with refusals_with_details():
            await complaints.check_instansi(instansi)
            done = await do_meant(CommandingDesk(complaints, actor, instansi), name, given, idempotency_key)
        return JSONResponse(to_jsonable_python(done, by_alias=True), headers={"Cache-Control": "no-store"})

    act.__name__ = f"desk_{name}".replace(" ", "_").replace("-", "_")
    act.__doc__ = f"{getdoc(handle)}\n\nBy: {', '.join(RIGHTS[row.act].who)}."
    # The framework reads body and caller by these annotations.
    act.__annotations__["given"] = row.arguments
    if name in GIVES_ACCESS:
        act.__annotations__["actor"] = OfficialOfLate
    return act


for _name, _row in DESK.items():
    if _name not in ON_THE_MACHINE:
        router.add_api_route(
            f"/{path_of(_name)}",
            _route(_name, _row),
            methods=["POST"],
            response_model=get_type_hints(handler_of(_row))["return"],
            summary=_name.capitalize(),
            responses=problem_responses(_SAID, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503),
        )
