"""What `kawal attachments` says."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid, msgid_in

SENTENCES: dict[str, Message] = {
    "attachment_options": msgid("--get and --output go together, and not with --add."),
    "no_such_attachment": msgid("There is no attachment {number}; this complaint has {most}."),
    "attachment_refused": msgid("{sentence}"),
    "attachment_added": msgid("The attachment was added; name it in a follow-up with --file {id}"),
}
"""Each key with its sentence."""

COMMANDS = {
    "attachments": msgid("A complaint's attachments."),
}
"""The commands' help."""

OPTIONS = {
    "get_number": msgid("Number of the attachment to fetch."),
    "attachment_output": msgid("Write its content to this new file."),
    "added_file": msgid("A file to add."),
}
"""The options' help."""

COLUMNS = {
    "attachment_number": msgid("Number"),
    "attachment_name": msgid("Name"),
    "media_type": msgid("Type"),
    "size": msgid("Bytes"),
    "added_at": msgid("Added"),
    "attachment_id": msgid_in("attachment", "Id"),
}
"""The columns' names."""
