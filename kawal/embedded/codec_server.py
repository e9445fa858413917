"""Shows payloads opened, in the Temporal UI and to the command line: on loopback, to who says who they are.

A browser logs in on a page of this server, which sets a cookie for the session; the UI sends it along, for another port
of the same host is the same site. A program sends `Authorization: Bearer` and states its purpose in a header. Who they
are and what they may see the desk decides; here is only what a browser must be kept from.
"""

from __future__ import annotations

import html
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol

from aiohttp import web
from aiohttp.typedefs import Middleware
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from kawal.embedded.temporal_config import LOOPBACK

COOKIE = "kawal_codec"
PURPOSE = "X-Kawal-Purpose"
"""The header by which a program states what it reads for."""

SESSION_SECONDS = 8 * 3600
"""How long a login holds: a working day."""

_MOST_SESSIONS = 1000
_FORM_BYTES = 16 * 1024
_PAYLOAD_BYTES = 20 * 2**20
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Visit(NamedTuple):
    """Who looks, by the secret that was shown, and what for."""

    number: str
    """Of this login or this way of calling; it is no secret."""
    secret: str
    purpose: str


class Desk(Protocol):
    """Decides who is let in, and what of the payloads a visitor is shown."""

    async def admits(self, secret: str) -> bool:
        """Whether the secret is somebody's."""
        ...

    async def show(self, visit: Visit | None, payloads: Sequence[Payload], login_url: str) -> list[Payload]:
        """The payloads as the visitor may see them, in order: opened, or a note that says why not.

        None is a browser that has not logged in; it is told where.
        """
        ...


@asynccontextmanager
async def codec_server(desk: Desk, *, ui_origin: str, port: int = 0) -> AsyncIterator[str]:
    """Serve on loopback and yield the server's address; port 0 takes a free one.

    A browser page of any origin but `ui_origin` is refused, and so is a request under another host name (which is how a
    foreign page would reach loopback through its own name).
    """
    server = _Server(desk, ui_origin)
    application = web.Application(middlewares=[_only_for(ui_origin)], client_max_size=_PAYLOAD_BYTES)
    application.router.add_post("/decode", server.decode)
    application.router.add_get("/login", server.page)
    application.router.add_post("/login", server.log_in)
    application.router.add_post("/logout", server.log_out)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        server.url = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        yield server.url
    finally:
        await runner.cleanup()


class _Server:
    def __init__(self, desk: Desk, ui_origin: str) -> None:
        self.url = ""
        self._desk = desk
        self._ui_origin = ui_origin
        self._sessions: dict[str, tuple[Visit, float]] = {}

    async def decode(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit_of(request)
        try:
            sealed = json_format.Parse(await request.text(), Payloads(), ignore_unknown_fields=True)
        except (json_format.ParseError, UnicodeDecodeError):
            raise web.HTTPBadRequest(text="not a JSON list of payloads") from None
        shown = await self._desk.show(visit, list(sealed.payloads), f"{self.url}/login")
        return web.Response(text=json_format.MessageToJson(Payloads(payloads=shown)), content_type="application/json")

    async def page(self, request: web.Request) -> web.StreamResponse:
        return self._page("in" if self._session_of(request) else "out")

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        self._own_form(request)
        form = await request.post()
        secret, purpose = str(form.get("pass", "")).strip(), str(form.get("purpose", "")).strip()
        if not purpose or len(purpose) > 500 or not await self._desk.admits(secret):
            return self._page("refused", status=403)
        if len(self._sessions) >= _MOST_SESSIONS:
            self._sessions.clear()
        key = secrets.token_urlsafe(32)
        self._sessions[key] = (Visit(secrets.token_hex(8), secret, purpose), time.monotonic() + SESSION_SECONDS)
        answer = self._page("in")
        answer.set_cookie(COOKIE, key, max_age=SESSION_SECONDS, httponly=True, samesite="Strict", path="/")
        return answer

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        self._own_form(request)
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        answer = self._page("out")
        answer.del_cookie(COOKIE, path="/")
        return answer

    async def _visit_of(self, request: web.Request) -> Visit | None:
        given = request.headers.get("Authorization")
        if given is None:
            return self._session_of(request)
        scheme, _, secret = given.partition(" ")
        if scheme.lower() != "bearer" or not await self._desk.admits(secret.strip()):
            raise web.HTTPUnauthorized(text="no valid pass", headers={"WWW-Authenticate": 'Bearer realm="kawal"'})
        purpose = request.headers.get(PURPOSE, "").strip()
        return Visit("header", secret.strip(), purpose)

    def _session_of(self, request: web.Request) -> Visit | None:
        visit, until = self._sessions.get(request.cookies.get(COOKIE, ""), (None, 0.0))
        return visit if time.monotonic() < until else None

    def _own_form(self, request: web.Request) -> None:
        """Refuse a form that another site's page sends here, or one that is too long."""
        if request.headers.get("Origin") not in (self.url, self._ui_origin):
            raise web.HTTPForbidden(text="only from its own page")
        if (request.content_length or 0) > _FORM_BYTES:
            raise web.HTTPRequestEntityTooLarge(_FORM_BYTES, request.content_length or 0)

    def _page(self, state: str, *, status: int = 200) -> web.Response:
        text = _PAGE.format(said=_SAID[state], form=_FORMS[state], ui=html.escape(self._ui_origin, quote=True))
        return web.Response(text=text, content_type="text/html", status=status, headers=_PAGE_HEADERS)


def _only_for(ui_origin: str) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if request.url.host not in (LOOPBACK, "localhost"):
            raise web.HTTPForbidden(text="only on loopback")
        if request.path != "/decode":
            return await handler(request)
        origin = request.headers.get("Origin")
        if origin != ui_origin and (origin is not None or "Authorization" not in request.headers):
            raise web.HTTPForbidden(text="only the Temporal UI may ask, or a program with a pass")
        response = web.Response() if request.method == "OPTIONS" else await handler(request)
        response.headers["Access-Control-Allow-Origin"] = ui_origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "content-type, x-namespace, authorization"
        response.headers["Vary"] = "Origin"
        return response

    return guard


_PAGE = """<!doctype html>
<html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kawal: isi muatan / payloads</title>
<style>body{{font:16px/1.5 sans-serif;max-width:34em;margin:3em auto;padding:0 1em}}label{{display:block;margin:1em 0}}
input{{width:100%;font:inherit;padding:.4em;box-sizing:border-box}}button{{font:inherit;padding:.4em 1em}}</style>
<h1>Isi muatan / payloads</h1>
<p>{said}</p>
{form}
<p><a href="{ui}">Temporal UI</a></p>
</html>
"""
_IN = """<form method="post" action="/login">
<label>Pas / pass <input name="pass" type="password" autocomplete="off" required maxlength="200"></label>
<label>Untuk apa dibaca / what it is read for <input name="purpose" required maxlength="500" autocomplete="off"></label>
<button>Masuk / log in</button></form>"""
_OUT = '<form method="post" action="/logout"><button>Keluar / log out</button></form>'
_SAID = {
    "out": "Tunjukkan pas Anda dan sebutkan tujuannya; keduanya menentukan apa yang dibuka, dan dicatat. / "
    "Show your pass and state the purpose; what is opened depends on them, and goes on record.",
    "in": "Anda sudah masuk: muat ulang Temporal UI. / You are logged in: reload the Temporal UI.",
    "refused": "Pas tidak berlaku, atau tujuan kosong atau terlalu panjang. / "
    "The pass does not hold, or the purpose is missing or too long.",
}
_FORMS = {"out": _IN, "refused": _IN, "in": _OUT}
