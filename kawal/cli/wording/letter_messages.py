"""The messages of `kawal inbox` about letters that were only kept, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "inbox_form": msgid(
        "Use `kawal inbox [--state waiting|dead|kept]`, `kawal inbox retry ID`, `kawal inbox retry --all`, "
        "`kawal inbox open NUMBER --output FILE --purpose WHY` or `kawal inbox discard NUMBER --purpose "
        "GROUNDS`."
    ),
    "kept_letters": msgid("Letters that did not become reports; open one with `kawal inbox open NUMBER`:"),
    "no_such_letter": msgid("No letter {number} is kept; see `kawal inbox --state kept`."),
    "letter_written": msgid("Letter {number} is written to {path}."),
    "letter_discarded": msgid("Letter {number} is discarded."),
}

OPTIONS = {
    "inbox_action": msgid(
        "retry: have it tried again; open: write a letter to a file (on record); discard: remove a letter."
    ),
    "inbox_number": msgid("The report's number, or the letter's."),
    "inbox_state": msgid("waiting, dead or kept (letters)."),
}

COLUMNS = {
    "letter": msgid("Letter"),
    "bytes": msgid("Bytes"),
}

WHY = {
    "automatic": msgid("written by a machine"),
    "unreadable": msgid("could not be read"),
    "time": msgid("it takes too long"),
    "memory": msgid("it takes too much memory"),
    "nesting": msgid("too many nested parts"),
    "crash": msgid("the reader crashed on it"),
    "error": msgid("its form is broken"),
}
"""Why a letter was only kept (store.kept_letters)."""
