"""A master key that never leaves a service with the HTTP interface of Vault's transit engine (OpenBao has the same).

    KAWAL_TRANSIT_URL         https://vault.example:8200
    KAWAL_TRANSIT_KEY         the key's name there, of a type that authenticates associated data (aes256-gcm96)
    KAWAL_TRANSIT_TOKEN_FILE  a file with the token, read at each request so that an agent may renew it
    KAWAL_TRANSIT_MOUNT       where the engine is mounted; by default transit

The service keeps versions of a key, each of which is a master key to Kawal: `transit:NAME:vN`. After `rotate` there,
new data keys are wrapped by the newest version at once, and `kawal keys rotate-master` rewraps the others.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
import re
import ssl
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from kawal.crypto.encryption import KEY_BYTES, DataKey
from kawal.crypto.master_key import KeyUnavailable, WrappedSecret, binding, not_opened
from kawal.domain.msgids import msgid, sentence

SECONDS = 10
"""Time limit for the service's whole answer, after which the key counts as unavailable."""

_TOKEN = re.compile(r"[ -~]+")
_VERSION = re.compile(r"vault:v([0-9]{1,9}):[A-Za-z0-9+/=]+")


def from_environment() -> TransitMasterKey:
    """Return the master key of the service that the environment names; raises KeyError for a missing variable."""
    return TransitMasterKey(
        os.environ["KAWAL_TRANSIT_URL"],
        os.environ["KAWAL_TRANSIT_KEY"],
        Path(os.environ["KAWAL_TRANSIT_TOKEN_FILE"]),
        os.environ.get("KAWAL_TRANSIT_MOUNT") or "transit",
    )


class TransitMasterKey:
    """A master key that wraps and unwraps by asking the service, which sees data keys, their ids and owners only."""

    def __init__(self, url: str, name: str, token_file: Path, mount: str = "transit") -> None:
        """Use the service at `url`; nothing is requested yet."""
        self._base = f"{url.rstrip('/')}/v1/{mount}"
        self._name = name
        self._token_file = token_file
        self._client: httpx.AsyncClient | None = None

    async def current_id(self) -> str:
        """Return the id of the key's newest version; raises KeyUnavailable."""
        answer = await self._ask("GET", f"keys/{self._name}")
        return self._id(answer.get("latest_version"))

    async def opens(self, master_key_id: str) -> bool:
        """Return whether the id is a version of this key."""
        return master_key_id.startswith(f"transit:{self._name}:v")

    async def wrap(self, key: DataKey) -> WrappedSecret:
        """Have the service encrypt a data key's secret; raises KeyUnavailable."""
        answer = await self._ask(
            "POST",
            f"encrypt/{self._name}",
            plaintext=_base64(key.secret),
            associated_data=_base64(binding(key.key_id, key.owner)),
        )
        text = str(answer.get("ciphertext"))
        version = _VERSION.fullmatch(text)
        if version is None:
            raise KeyUnavailable(msgid("the key service's answer holds no ciphertext of its form"))
        return WrappedSecret(self._id(version[1]), text.encode())

    async def unwrap(self, key_id: UUID, owner: str, wrapped: WrappedSecret) -> DataKey:
        """Have the service decrypt a wrapped key; raises KeyUnavailable, also when the service refuses."""
        try:
            answer = await self._ask(
                "POST",
                f"decrypt/{self._name}",
                ciphertext=wrapped.data.decode("ascii", "replace"),
                associated_data=_base64(binding(key_id, owner)),
            )
            secret = base64.b64decode(str(answer.get("plaintext")), validate=True)
        except (binascii.Error, _ServiceRefusal):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise not_opened(key_id, owner, wrapped.master_key_id, f"transit:{self._name}")
        return DataKey(key_id, owner, secret)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(self, method: str, path: str, **body: str) -> dict[str, Any]:
        """Return the `data` of the service's answer; raises KeyUnavailable, or _ServiceRefusal when it refuses."""
        headers = {"X-Vault-Token": self._token()}
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._asking().request(method, f"/{path}", json=body or None, headers=headers)
            if answer.status_code == 400:
                raise _ServiceRefusal("the key service refuses (400)")
            if answer.status_code != 200:
                raise KeyUnavailable(
                    sentence(
                        msgid("the key service answers {status} to {request}"),
                        status=answer.status_code,
                        request=f"{method} {path}",
                    )
                )
            data = answer.json()["data"]
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, KeyError, TypeError) as error:
            raise KeyUnavailable(
                sentence(msgid("the key service does not answer as expected ({kind})"), kind=type(error).__name__)
            ) from error
        if not isinstance(data, dict):
            raise KeyUnavailable(sentence(msgid("the key service does not answer as expected ({kind})"), kind="data"))
        return data

    def _asking(self) -> httpx.AsyncClient:
        """Return the client, created at first use; it follows no redirect: the token is for this service alone."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                base_url=self._base,
                timeout=None,  # noqa: S113 - limited as a whole by the caller
                # The machine's certificate authorities, including an agency's own; no proxy or netrc of the
                # environment.
                verify=ssl.create_default_context(),
                trust_env=False,
            )
        return self._client

    def _token(self) -> str:
        try:
            token = self._token_file.read_text("ascii").strip()
        except (OSError, ValueError) as error:
            raise KeyUnavailable(
                sentence(
                    msgid("{file} cannot be read ({error})"),
                    file=self._token_file,
                    error=getattr(error, "strerror", None) or type(error).__name__,
                )
            ) from error
        if not _TOKEN.fullmatch(token):
            # The client would report this itself, quoting the token.
            raise KeyUnavailable(msgid("the token for the key service is not one line of ASCII"))
        return token

    def _id(self, version: object) -> str:
        if not str(version).isdigit():
            raise KeyUnavailable(msgid("the key service named no version of the key"))
        return f"transit:{self._name}:v{version}"


class _ServiceRefusal(KeyUnavailable):
    """The service refused the request: what was sent was not encrypted by it."""


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
