"""What `kawal letter` says."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

SENTENCES: dict[str, Message] = {
    "letter_saved": msgid("Letter {number} was written to {path} as it came; delete it when you have read it."),
    "letter_goes_on": msgid("The letter is longer than this; write all of it to a file with --to FILE."),
}
"""Each key with its sentence."""

COMMANDS = {
    "letter": msgid("The letters that a complaint came with."),
    "letter list": msgid("List a complaint's letters: when each came, and what of it was left out."),
    "letter show": msgid("Show a letter as it came; it names its writer, so a purpose is needed (on record)."),
}
"""The commands' help."""

OPTIONS = {
    "letter_number": msgid("The letter's number in the list."),
    "letter_output": msgid("Write it byte for byte to this new file."),
}
"""The options' help."""

COLUMNS = {
    "letter_number": msgid("Number"),
    "left_out": msgid("Left out"),
}
"""The columns' names."""
