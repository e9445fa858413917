"""Whatever stands in a request's first line is answered, and is no fault of ours."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from fastapi import FastAPI

from kawal.web.server import listen, serving

LINES = ["OPTIONS *", "CONNECT x:443", "GET ?", "GET http://x/papan", "GET //papan", "GET /%2e%2e/papan", "BREW /papan"]


async def test_a_target_that_is_no_pages_path_is_refused_or_led_to_one(app: FastAPI) -> None:
    async with serving(app, listen("127.0.0.1", 0, or_free=True)) as url:
        for line in LINES:
            reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
            writer.write(f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            assert answer[:10] in (b"HTTP/1.1 3", b"HTTP/1.1 4"), (line, answer)
