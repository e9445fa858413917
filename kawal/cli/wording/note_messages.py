"""The messages of `kawal note`, `kawal replies` and `kawal canned`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "note_added": msgid("Note {number} is left on report {id}."),
    "note_struck": msgid("Note {number} of report {id} is struck; auditors still read it."),
    "note_struck_why": msgid("[struck: {why}]"),
    "reply_read": msgid("What the reporter of {id} said in event {number} is noted as read."),
    "canned_added": msgid("Text {number} is kept."),
    "canned_changed": msgid("Text {number} is changed."),
    "canned_removed": msgid("Text {number} is removed."),
}

COMMANDS = {
    "note": msgid("Officials' notes on a report: for colleagues, never for the public or the reporter."),
    "note add": msgid("Leave a note on a report; it is never edited."),
    "note strike": msgid("Strike a note of one's own, with the reason; auditors still read it."),
    "note list": msgid("List the notes that one may read; on record."),
    "replies": msgid("What reporters said and nobody needs to act on."),
    "replies read": msgid("Note as read what a reporter said last; it leaves the decisions."),
    "canned": msgid("Texts that the agency keeps for its officials' forms."),
    "canned add": msgid("Keep a text for the form of a command."),
    "canned change": msgid("Replace a text."),
    "canned remove": msgid("Remove a text."),
    "canned list": msgid("List the agency's texts."),
}

OPTIONS = {
    "note tracking_id": msgid("Number of the report."),
    "note text": msgid("The note."),
    "note audience": msgid("For whom: own (own side), opds (the OPDs that have it), inspectorate (alone)."),
    "note note": msgid("Number of the note."),
    "note why": msgid("Why it is struck."),
    "replies tracking_id": msgid("Number of the report."),
    "replies event": msgid("Number of the event by which it was said."),
    "canned command": msgid("The command whose form offers it, such as hold or follow_up."),
    "canned status": msgid("Offered in this status alone."),
    "canned category": msgid("Offered for this category and those below it alone."),
    "canned title": msgid("The name under which it is chosen."),
    "canned text": msgid("The text; nomor, opd and tenggat in braces are filled in when it is chosen."),
    "canned number": msgid("Number of the text."),
}

COLUMNS = {
    "audience": msgid("For"),
    "note": msgid("Note"),
}
