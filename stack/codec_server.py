"""Decodes payloads for the Temporal UI: on loopback only, for the UI's origin only, and only while it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Middleware
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from stack.temporal_config import LOOPBACK

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Decoder(Protocol):
    """What opens payloads: it finds each payload's key by the payload's own metadata."""

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads opened, in order."""
        ...


@asynccontextmanager
async def codec_server(decoder: Decoder, *, ui_origin: str, port: int = 0) -> AsyncIterator[str]:
    """Serve `POST /decode` on loopback and yield the server's address; port 0 takes a free one.

    A browser page of any origin but `ui_origin` is refused, and so is a request under another host name (which is how a
    foreign page would reach loopback through its own name).
    """
    application = web.Application(middlewares=[_only_for(ui_origin)], client_max_size=20 * 2**20)
    application.router.add_post("/decode", _decode_with(decoder))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _decode_with(decoder: Decoder) -> _Handler:
    async def decode(request: web.Request) -> web.StreamResponse:
        try:
            sealed = json_format.Parse(await request.text(), Payloads(), ignore_unknown_fields=True)
        except json_format.ParseError:
            raise web.HTTPBadRequest(text="not a JSON list of payloads") from None
        opened = Payloads(payloads=await decoder.decode(list(sealed.payloads)))
        return web.Response(text=json_format.MessageToJson(opened), content_type="application/json")

    return decode


def _only_for(ui_origin: str) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if request.headers.get("Origin") != ui_origin:
            raise web.HTTPForbidden(text="only the Temporal UI may ask")
        if request.url.host not in (LOOPBACK, "localhost"):
            raise web.HTTPForbidden(text="only on loopback")
        response = web.Response() if request.method == "OPTIONS" else await handler(request)
        response.headers["Access-Control-Allow-Origin"] = ui_origin
        response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "content-type, x-namespace, authorization"
        response.headers["Vary"] = "Origin"
        return response

    return guard
