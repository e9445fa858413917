"""The messages of `kawal gateway`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "trial_waits": msgid("Message {number} waits to be sent by {gateway}; /kelola/gerbang shows what becomes of it."),
}

COMMANDS = {
    "gateway": msgid("The gateways by which messages to telephones leave."),
    "gateway test": msgid("Send a test message by a gateway."),
}

OPTIONS = {
    "gateway gateway": msgid("The gateway's name in outgoing-gateways.toml."),
    "gateway phone": msgid("The telephone to which it goes."),
}
