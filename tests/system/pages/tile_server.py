"""A tile server on loopback for tests: it answers with one picture, remembers what it was asked, and can be away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.web.server import listen, serving

CREDIT = "© Penyedia peta"


class TileServer:
    """What it was asked so far, and whether it answers."""

    def __init__(self) -> None:
        """Answer."""
        self.url = ""
        self.away = False
        self.asked: list[tuple[str, Headers]] = []
        drawn = BytesIO()
        Image.new("RGB", (256, 256), "#dde8dd").save(drawn, "PNG")
        self._picture = drawn.getvalue()

    @property
    def host(self) -> str:
        """Return host and port."""
        return urlsplit(self.url).netloc

    @property
    def table(self) -> str:
        """Return what stands of it in `site.toml`."""
        return f'[map]\ntiles = "{self.url}/{{z}}/{{x}}/{{y}}.png"\ncredit = "{CREDIT}"\n'

    async def answer(self, request: Request) -> Response:
        """Answer with the picture."""
        self.asked.append((request.url.path, request.headers))
        return Response(status_code=503) if self.away else Response(self._picture, media_type="image/png")


@asynccontextmanager
async def tiles_served() -> AsyncIterator[TileServer]:
    """Serve tiles for as long as the block runs, under another host name than the pages', as cookies know hosts."""
    server = TileServer()
    app = Starlette(routes=[Route("/{z}/{x}/{y}.png", server.answer)])
    async with serving(app, listen("127.0.0.1", 0, or_free=True)) as url:
        server.url = url.replace("127.0.0.1", "localhost")
        yield server
