"""Recognises officials who call by HTTP with `Authorization: Bearer PASS`, and limits their calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kawal.domain.messages import Actor
from kawal.domain.msgids import msgid
from kawal.store.passes import Passes
from kawal.web.callers import address_of, bearer
from kawal.web.problems import Problem

_BEARER = HTTPBearer(auto_error=False, scheme_name="pass", description="An official's pass from `kawal pass issue`.")

_NEEDED = msgid("Show an official's valid pass: `Authorization: Bearer PASS`.")


async def official(
    request: Request, _shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
) -> Actor:
    """Return the official whose pass the caller shows; raises Problem 401 without a valid one, 429 over the limit."""
    text = bearer(request)
    passes: Passes = request.app.state.passes
    actor = None if text is None else await passes.who(text)
    address = address_of(request)
    if actor is None:
        # To limit guessing, it counts against the address like a citizen's call.
        await request.app.state.gate.let_in("public", address)
        raise Problem(401, "pass", _NEEDED, headers={"WWW-Authenticate": 'Bearer realm="kawal"'})
    await request.app.state.gate.let_in("token", f"pass-{actor.account}")
    await request.app.state.gate.let_in("address", address)
    return actor


Official = Annotated[Actor, Depends(official)]
"""The caller of a route for officials."""
