"""The messages of `kawal note`, `mention`, `view`, `replies` and `canned`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "note_added": msgid("Note {number} is left on report {id}."),
    "note_struck": msgid("Note {number} of report {id} is struck; auditors still read it."),
    "note_struck_why": msgid("[struck: {why}]"),
    "mention_read": msgid("That note {number} of report {id} names you is noted as read."),
    "view_done": msgid("View {number}: done."),
    "view_shared": msgid("shared"),
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
    "mention": msgid("Notes that name whoever acts."),
    "mention list": msgid("List the notes that name whoever acts and wait."),
    "mention read": msgid("Note as read that a note names whoever acts; it waits no longer."),
    "view": msgid("Lists with their filters, saved under a name."),
    "view save": msgid("Save a list with its filters, by the address of its page."),
    "view rename": msgid("Give a view another name."),
    "view move": msgid("Let a view change places with the one before it, or after it."),
    "view remove": msgid("Remove a view."),
    "view share": msgid("Show a view to everybody in the role in the agency; on record."),
    "view list": msgid("List one's views of the role, and those that colleagues share."),
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
    "note text": msgid("The note; @ and the name or log-in name of colleagues lets it wait among their work."),
    "note audience": msgid("For whom: own (own side), opds (the OPDs that have it), inspectorate (alone)."),
    "note note": msgid("Number of the note."),
    "note why": msgid("Why it is struck."),
    "mention tracking_id": msgid("Number of the report."),
    "mention note": msgid("Number of the note."),
    "view name": msgid("The name under which the view stands."),
    "view address": msgid("The list's address, such as /kerja?antrean=open&status=proses."),
    "view number": msgid("Number of the view."),
    "view down": msgid("With the one after it."),
    "view end": msgid("Show it no longer."),
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
    "address": msgid("Address"),
    "shared": msgid("Shared"),
    "audience": msgid("For"),
    "note": msgid("Note"),
}
