"""The routes of signing in through providers, and of linking identities."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.oidc import known_providers, linking, second_step
from kawal.console.auth.oidc.leaving import leave_to_sign_in
from kawal.console.auth.oidc.linking import leave_to_link
from kawal.console.auth.oidc.returning import come_back
from kawal.console.auth.oidc.second_step import take_code
from kawal.console.auth.signed_in import SIGN_IN
from kawal.console.pages.frame import see_other
from kawal.console.pages.staff.own_account import PATH as ACCOUNT
from kawal.console.pages.time_limits import read_in_time


async def _lead_to_sign_in(_request: Request) -> Response:
    return see_other(SIGN_IN)


async def _lead_to_account(_request: Request) -> Response:
    return see_other(ACCOUNT)


ROUTES = [
    Route(f"{known_providers.PATH}/{{code}}", leave_to_sign_in, methods=["POST"]),
    Route(f"{known_providers.PATH}/{{code}}/kembali", read_in_time(come_back), methods=["GET"]),
    Route(second_step.PATH, take_code, methods=["POST"]),
    Route(f"{linking.PATH}/{{code}}", leave_to_link, methods=["POST"]),
    Route(f"{known_providers.PATH}/{{code}}", _lead_to_sign_in, methods=["GET"]),
    Route(second_step.PATH, _lead_to_sign_in, methods=["GET"]),
    Route(f"{linking.PATH}/{{code}}", _lead_to_account, methods=["GET"]),
]
