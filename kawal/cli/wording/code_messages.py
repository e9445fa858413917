"""What `kawal code` says."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

SENTENCES: dict[str, Message] = {
    "code_changed": msgid("The access code of {id} was changed; the old one and links made of it no longer work."),
    "access_link": msgid("The link for the reporter: {link}"),
}
"""Each key with its sentence."""

COMMANDS: dict[str, Message] = {
    "code": msgid("The access codes of reporters."),
    "code change": msgid("Change a reporter's access code, for the reporter: the old one and its links end."),
}
"""Each key with a command's or group's help."""

OPTIONS: dict[str, Message] = {
    "code access_code": msgid("The access code so far."),
    "code contact": msgid("The e-mail address or telephone number that the reporter names."),
}
"""Each key with an option's help."""
