"""A key service for tests with the interface of Vault's transit engine: a real HTTP server that can go away."""

from __future__ import annotations

import base64
import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kawal.web.server import listen, serving

NAME = "kawal"


class KeyService:
    """One key with its versions; `token` is what callers have to send."""

    def __init__(self, folder: Path) -> None:
        self.token_file = folder / "token"
        self.token_file.write_text("a token\n")
        self.versions = [AESGCM.generate_key(bit_length=256)]
        self.asked = 0
        self._listening = AsyncExitStack()
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables that Kawal needs."""
        return {
            "KAWAL_KMS": "transit",
            "KAWAL_TRANSIT_URL": self.url,
            "KAWAL_TRANSIT_KEY": NAME,
            "KAWAL_TRANSIT_TOKEN_FILE": str(self.token_file),
        }

    def rotate(self) -> None:
        """Add a version, which encrypts from now on."""
        self.versions.append(AESGCM.generate_key(bit_length=256))

    async def come(self) -> None:
        """Start listening, always on the same port."""
        application = Starlette(
            routes=[
                Route(f"/v1/transit/keys/{NAME}", self._told),
                Route(f"/v1/transit/encrypt/{NAME}", self._encrypted, methods=["POST"]),
                Route(f"/v1/transit/decrypt/{NAME}", self._decrypted, methods=["POST"]),
            ]
        )
        bound = listen("127.0.0.1", self._port, or_free=False)
        self._port = bound.getsockname()[1]
        await self._listening.enter_async_context(serving(application, bound))

    async def go(self) -> None:
        """Stop listening, and drop the open connections."""
        await self._listening.aclose()

    async def _told(self, request: Request) -> Response:
        self._check(request)
        return _answer(latest_version=len(self.versions))

    async def _encrypted(self, request: Request) -> Response:
        self._check(request)
        body, nonce = await request.json(), os.urandom(12)
        encrypted = AESGCM(self.versions[-1]).encrypt(nonce, _bytes(body["plaintext"]), _bytes(body["associated_data"]))
        return _answer(ciphertext=f"vault:v{len(self.versions)}:{base64.b64encode(nonce + encrypted).decode()}")

    async def _decrypted(self, request: Request) -> Response:
        self._check(request)
        body = await request.json()
        try:
            _, version, text = body["ciphertext"].split(":")
            blob, key = _bytes(text), AESGCM(self.versions[int(version[1:]) - 1])
            plain = key.decrypt(blob[:12], blob[12:], _bytes(body["associated_data"]))
        except (ValueError, IndexError, InvalidTag):
            return JSONResponse({"errors": ["invalid ciphertext"]}, 400)
        return _answer(plaintext=base64.b64encode(plain).decode())

    def _check(self, request: Request) -> None:
        self.asked += 1
        if request.headers.get("X-Vault-Token") != "a token":
            raise HTTPException(403)


def _answer(**data: Any) -> Response:
    return JSONResponse({"data": data})


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
