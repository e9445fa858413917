"""The demo's gateways for SMS and WhatsApp: an address of the demo itself, which keeps what it is handed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from kawal.demo.sent_messages import SentMessages
from kawal.domain.names import Channel
from kawal.gateways.outgoing import FILE
from kawal.gateways.signing import is_signed

PATH = "/demo/gerbang"

_GATEWAY = """[[gateway]]
name = "demo-{channel}"
channel = "{channel}"
url = "http://127.0.0.1:{port}{path}"
secret = "{secret}"
answered = false

[[gateway.template]]
name = "kabar"
"""


class GatewayStub:
    """Takes the signed messages of this demo alone."""

    def __init__(self, home: Path, port: int, sent: SentMessages) -> None:
        """Write the home's list of gateways anew, with an address at this port and a secret of this start."""
        self._secret = secrets.token_urlsafe(32)
        self._sent = sent
        file = home / FILE
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        told = {"port": port, "path": PATH, "secret": self._secret}
        file.write_text("\n".join(_GATEWAY.format(channel=one, **told) for one in (Channel.SMS, Channel.WHATSAPP)))

    def take(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Keep a message; return False for one that this demo did not sign."""
        if not is_signed(self._secret, headers, body, datetime.now(UTC)):
            return False
        message = json.loads(body)
        text = message.get("text") or " · ".join(message["template"]["parameters"])
        self._sent.add(message["channel"], message["to"], text)
        return True
