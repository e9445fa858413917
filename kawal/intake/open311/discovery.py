"""The discovery document: where the endpoint is, what it speaks, and when its services last changed."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CONTACT = "Hubungi admin instansi pengelola layanan ini. / Ask the agency that runs this service."
KEY_SERVICE = "Kunci dibuat pengelola dengan `kawal token create`. / Keys are made by the operator."


class Changes:
    """When each agency's services last changed, as far as this process has seen; at first, when it first read them."""

    def __init__(self) -> None:
        """Start without having seen any services."""
        self._seen: dict[str, tuple[bytes, datetime]] = {}

    def since(self, instansi: str, services: list[dict[str, Any]]) -> datetime:
        """Return when that agency's services became these."""
        digest = sha256(repr(services).encode()).digest()
        known = self._seen.get(instansi)
        if known is None or known[0] != digest:
            known = self._seen[instansi] = (digest, datetime.now(UTC).replace(microsecond=0))
        return known[1]


def discovery(base: str, changeset: str) -> dict[str, Any]:
    """Return the document for an endpoint at `base`."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": base,
        "changeset": changeset,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {"changeset": changeset, "contact": CONTACT, "key_service": KEY_SERVICE, "endpoints": [endpoint]}
