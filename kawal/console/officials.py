"""Recognises officials who call by HTTP, with a pass (`Authorization: Bearer`) or signed in; and limits their calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kawal.console.auth.session_cookie import cookie_of
from kawal.console.auth.signed_in import check_header, need_recent, signed_in
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
    """Return the official whose pass the caller shows, or who is signed in.

    Raises Problem 401 for anybody else, 429 over the limit. What would change something by a session needs the form's
    token in the header `X-Kawal-Form`, else Problem 403.
    """
    text = bearer(request)
    if text is None and cookie_of(request) is not None:
        return await _by_session(request)
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


async def _by_session(request: Request) -> Actor:
    await request.app.state.gate.let_in("address", address_of(request))
    signed = await signed_in(request)
    if request.method not in ("GET", "HEAD"):
        check_header(request, signed)
    return signed.actor


Official = Annotated[Actor, Depends(official)]
"""The caller of a route for officials."""


async def official_of_late(request: Request, actor: Official) -> Actor:
    """Return the official; raises Problem 403 for a session that began too long ago to let somebody in by it."""
    if bearer(request) is None:
        need_recent(await signed_in(request))
    return actor


OfficialOfLate = Annotated[Actor, Depends(official_of_late)]
"""The caller of a route by which somebody is let in."""
