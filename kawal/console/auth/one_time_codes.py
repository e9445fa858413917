"""One-time codes of an authenticator app (TOTP, RFC 6238): six digits of every thirty seconds, each used once."""

from __future__ import annotations

import base64
import hmac
import time

import pyotp
import segno
from markupsafe import Markup

_SECONDS = 30
_AROUND = (0, -1, 1)
"""Steps besides the present one that count: clocks differ."""


def secret_text(secret: bytes) -> str:
    """Return a secret as apps read it: in base 32."""
    return base64.b32encode(secret).decode()


def step_of(secret: str, code: str, after: int) -> int | None:
    """Return the step whose code this is, if it is about now and later than step `after`; None for a wrong code."""
    totp, typed = pyotp.TOTP(secret), "".join(code.split())
    now = int(time.time()) // _SECONDS
    matching = (now + away for away in _AROUND if hmac.compare_digest(_code(totp, now + away), _plain(typed)))
    step = next(matching, None)
    return step if step is not None and step > after else None


def picture_of(secret: str, login: str) -> Markup:
    """Return the QR code by which an app takes a secret over, as an SVG element of ours."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login or "kawal", issuer_name="Kawal")
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, dark="#000", light="#fff", border=2
    )
    return Markup(drawn)  # noqa: S704 - drawn here: it holds no text of anybody


def _code(totp: pyotp.TOTP, step: int) -> bytes:
    return str(totp.generate_otp(step)).encode()


def _plain(typed: str) -> bytes:
    return typed.encode(errors="replace")
