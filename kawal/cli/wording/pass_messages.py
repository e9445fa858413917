"""What `kawal pass` says."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

SENTENCES: dict[str, Message] = {
    "pass_text": msgid("Pass"),
    "pass_until": msgid("Valid until"),
    "pass_once": msgid("Hand it to its holder now: it is not stored here and cannot be shown again."),
    "pass_revoked": msgid("Pass {number} is revoked; every process refuses it within 5 seconds."),
}
"""Each key with its sentence."""
