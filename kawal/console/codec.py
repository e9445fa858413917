"""The codec by HTTP: decrypts payloads for the Temporal UI and programs on this machine, for callers who identify
themselves.

A browser in which somebody is signed in states a purpose on a page here, which sets a cookie; the UI sends it along,
because another port of the same host is the same site. A program sends `Authorization: Bearer` and states its purpose
in a header. The desk decides who they are and what they may see; this module only guards against what a browser could
be made to do.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import secrets
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from google.protobuf import json_format
from starlette.responses import Response
from temporalio.api.common.v1 import Payload, Payloads

from kawal.console.auth.session_cookie import cookie_of
from kawal.console.codec_pages import State, page
from kawal.domain.msgids import msgid, sentence
from kawal.web.callers import address_of, bearer
from kawal.web.problems import Problem, language

BASE = "/codec"
COOKIE = "kawal_codec"
PURPOSE = "X-Kawal-Purpose"
"""The header in which a program states its purpose."""

SESSION_SECONDS = 8 * 3600
"""How long a purpose is valid at most; the session in which it was stated may end before."""

PURPOSE_CHARACTERS = 500

_MOST_SESSIONS = 1000
_FORM_BYTES = 16 * 1024
_PAYLOAD_BYTES = 20 * 2**20
_MOST_PAYLOADS = 10_000
"""More than a page of the UI asks for at once; a payload's JSON has two or three opening braces."""

_OWN_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


class Visit(NamedTuple):
    """A caller: the session's cookie or the pass that was shown, and the purpose."""

    number: str
    """Identifies this sign-in or this way of calling; it is not secret."""
    secret: str
    purpose: str


class Desk(Protocol):
    """Decides who is admitted, and which payloads a visitor is shown."""

    async def admits(self, secret: str) -> bool:
        """Tell whether the secret is valid."""
        ...

    async def show(self, visit: Visit | None, payloads: Sequence[Payload], login_url: str) -> list[Payload]:
        """Return the payloads as the visitor may see them, in order: decrypted, or a note that says why not.

        A visit of None is a browser that has not signed in; it is told where to do so.
        """
        ...


def limit_of(path: str) -> int | None:
    """Return the most bytes of a body for a path of the codec; None for any other."""
    return {f"{BASE}/decode": _PAYLOAD_BYTES, f"{BASE}/login": _FORM_BYTES, f"{BASE}/logout": _FORM_BYTES}.get(path)


def codec_router(desk: Desk, ui_origin: str) -> APIRouter:
    """Return the codec's routes, for browser pages of the Temporal UI's origin and for programs with a pass.

    A page of any other origin is refused, and so is any request that does not come from this machine under a loopback
    name (a foreign page could reach loopback through a host name of its own).
    """
    codec = _Codec(desk, ui_origin)
    router = APIRouter(prefix=BASE, dependencies=[Depends(_only_here)], include_in_schema=False)
    router.add_api_route("/decode", codec.decode, methods=["POST"])
    router.add_api_route("/decode", codec.preflight, methods=["OPTIONS"])
    router.add_api_route("/login", codec.page, methods=["GET"])
    router.add_api_route("/login", codec.log_in, methods=["POST"])
    router.add_api_route("/logout", codec.log_out, methods=["POST"])
    return router


async def _only_here(request: Request) -> None:
    """Refuse a caller on another machine, even through a proxy, and any host name that is not loopback's."""
    proxied = any(header in request.headers for header in _FORWARDED)
    # The header as it was sent: for a malformed one the framework substitutes the server's own address.
    own_name = _OWN_HOST.fullmatch(request.headers.get("Host", "").lower())
    if proxied or own_name is None or not _is_loopback(address_of(request)):
        raise Problem(403, "elsewhere", msgid("Only this machine may ask this."))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class _Codec:
    def __init__(self, desk: Desk, ui_origin: str) -> None:
        self._desk = desk
        self._ui_origin = ui_origin
        self._sessions: dict[str, tuple[Visit, float]] = {}

    async def decode(self, request: Request) -> Response:
        self._from_the_ui(request)
        visit, body = await self._visit_of(request), await request.body()
        if body.count(b"{") > 3 * _MOST_PAYLOADS:  # before parsing: the limit on bytes allows millions of braces
            raise _too_many()
        try:
            # In a thread: a page of payloads may have megabytes, and other requests must not wait for it.
            payloads = await asyncio.to_thread(_parsed, body)
        except (json_format.ParseError, UnicodeDecodeError):
            detail = msgid("This is not a JSON list of payloads.")
            raise Problem(400, "not_payloads", detail) from None
        if len(payloads) > _MOST_PAYLOADS:
            raise _too_many()
        shown = await self._desk.show(visit, payloads, f"{_own_origin(request)}{BASE}/login")
        told = await asyncio.to_thread(json_format.MessageToJson, Payloads(payloads=shown))
        return self._for_the_ui(Response(told, media_type="application/json"))

    async def preflight(self, request: Request) -> Response:
        self._from_the_ui(request)
        return self._for_the_ui(Response())

    async def page(self, request: Request) -> Response:
        if self._session_of(request):
            return self._page(request, "in")
        return self._page(request, "out" if await self._desk.admits(cookie_of(request) or "") else "nobody")

    async def log_in(self, request: Request) -> Response:
        self._own_form(request)
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        secret, purpose = cookie_of(request) or "", form.get("purpose", [""])[0].strip()
        if not await self._desk.admits(secret):
            await self._count(request)
            return self._page(request, "nobody", status=403)
        if not 0 < len(purpose) <= PURPOSE_CHARACTERS:
            return self._page(request, "refused", status=403)
        if len(self._sessions) >= _MOST_SESSIONS:
            self._sessions.clear()
        key = secrets.token_urlsafe(32)
        self._sessions[key] = (Visit(secrets.token_hex(8), secret, purpose), time.monotonic() + SESSION_SECONDS)
        answer = self._page(request, "in")
        answer.set_cookie(COOKIE, key, max_age=SESSION_SECONDS, httponly=True, samesite="strict", path=BASE)
        return answer

    async def log_out(self, request: Request) -> Response:
        self._own_form(request)
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        answer = self._page(request, "out")
        answer.delete_cookie(COOKIE, path=BASE)
        return answer

    async def _visit_of(self, request: Request) -> Visit | None:
        secret = bearer(request)
        if secret is None:
            return self._session_of(request)
        if not await self._desk.admits(secret):
            await self._count(request)
            detail = msgid("Show an official's valid pass.")
            raise Problem(401, "pass", detail, headers={"WWW-Authenticate": 'Bearer realm="kawal"'})
        return Visit("header", secret, request.headers.get(PURPOSE, "").strip())

    def _session_of(self, request: Request) -> Visit | None:
        visit, until = self._sessions.get(request.cookies.get(COOKIE, ""), (None, 0.0))
        return visit if time.monotonic() < until else None

    def _own_form(self, request: Request) -> None:
        """Refuse a form that a page of another site sends here."""
        if request.headers.get("Origin") not in (_own_origin(request), self._ui_origin):
            raise Problem(403, "elsewhere", msgid("Only its own page may ask this."))

    def _from_the_ui(self, request: Request) -> None:
        origin = request.headers.get("Origin")
        if origin != self._ui_origin and (origin is not None or "Authorization" not in request.headers):
            detail = msgid("Only the Temporal UI, or a program with a pass, may ask this.")
            raise Problem(403, "elsewhere", detail)

    def _for_the_ui(self, answer: Response) -> Response:
        answer.headers["Access-Control-Allow-Origin"] = self._ui_origin
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        answer.headers["Access-Control-Allow-Headers"] = "content-type, x-namespace, authorization"
        answer.headers["Vary"] = "Origin"
        return answer

    def _page(self, request: Request, state: State, *, status: int = 200) -> Response:
        return page(state, BASE, self._ui_origin, language(request), status=status)

    async def _count(self, request: Request) -> None:
        """Count the attempt against the address like a citizen's call, to limit guessing; raises Problem 429."""
        await request.app.state.gate.let_in("public", address_of(request))


def _too_many() -> Problem:
    return Problem(413, "too_many_payloads", sentence(msgid("At most {most} payloads."), most=_MOST_PAYLOADS))


def _parsed(body: bytes) -> list[Payload]:
    return list(json_format.Parse(body.decode(), Payloads(), ignore_unknown_fields=True).payloads)


def _own_origin(request: Request) -> str:
    """Return the origin of this page, whose host is loopback's."""
    return f"http://{request.headers['Host']}"
