"""The files that pages load: style sheets, scripts, pictures; compressed once, kept by browsers for ever.

An address holds a digest of the content, so that a changed file has another address.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parents[1] / "static"
PATH = "/s"

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"
_DIGEST = 12


class Asset(NamedTuple):
    """A file as it is sent."""

    digest: str
    media_type: str
    content: bytes
    compressed: bytes


def address_of(name: str) -> str:
    """Return the address of a file of `kawal/console/static`; raises KeyError if there is none of that name."""
    return f"{PATH}/{_all()[name].digest}/{name}"


async def serve(request: Request) -> Response:
    """Answer with a file; one that has changed since is sent too, but not kept."""
    asset = _all().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    kept = request.path_params["digest"] == asset.digest
    headers = {
        "Cache-Control": _FOR_EVER if kept else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


@cache
def _all() -> dict[str, Asset]:
    return {file.name: _asset(file) for file in sorted(STATIC.iterdir()) if file.suffix in _TYPES}


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST]
    return Asset(digest, _TYPES[file.suffix], content, gzip.compress(content, 9, mtime=0))
