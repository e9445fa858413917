"""The officials' acts on a report as their forms say them: what a button does, what it asks for, what then follows."""

from __future__ import annotations

from typing import NamedTuple

from kawal.domain.msgids import Message, msgid, msgid_in
from kawal.domain.names import CommandName

C = CommandName


class ActWords(NamedTuple):
    """What a command is called on its button, and what it does."""

    label: Message
    about: Message


ACT_WORDS: dict[CommandName, ActWords] = {
    C.VERIFY: ActWords(
        msgid_in("button", "Verify"), msgid("Decides title, class and category; then the report can be forwarded.")
    ),
    C.HOLD: ActWords(
        msgid_in("button", "Hold: something is missing"),
        msgid("Asks the reporter for what is missing. Without an answer within 10 working days it is archived."),
    ),
    C.ARCHIVE: ActWords(msgid_in("button", "Archive"), msgid("Ends the report; the reporter reads the reason.")),
    C.PASS_ON: ActWords(
        msgid_in("button", "Outside our authority"), msgid("Ends the report here and names the agency responsible.")
    ),
    C.MERGE: ActWords(
        msgid_in("button", "Merge into another report"),
        msgid("Ends this report; its reporter follows the main report and is told what that one is told."),
    ),
    C.FORWARD: ActWords(
        msgid_in("button", "Forward to OPDs"),
        msgid("Each OPD gets its own deadline for the first follow-up; completion runs from the first forward."),
    ),
    C.HANDLE: ActWords(
        msgid_in("button", "Handle it ourselves"), msgid("The agency follows up itself, in an OPD's place.")
    ),
    C.RECEIVE: ActWords(msgid_in("button", "Confirm that we have seen it"), msgid("Shows that the OPD has opened it.")),
    C.RETURN: ActWords(
        msgid_in("button", "Return as misdirected"), msgid("Gives the report back to the admin before a follow-up.")
    ),
    C.WITHDRAW: ActWords(
        msgid_in("button", "Withdraw from an OPD"), msgid("Takes the report back from an OPD that has to follow up.")
    ),
    C.ASK: ActWords(
        msgid_in("button", "Ask the reporter"),
        msgid("The clocks stand still until the answer, for 10 working days at most in all."),
    ),
    C.FOLLOW_UP: ActWords(
        msgid_in("button", "Follow up"),
        msgid("The reporter and, as far as the report is public, everybody reads it."),
    ),
    C.EXTEND: ActWords(
        msgid_in("button", "Ask for an extension"), msgid("The admin decides; completion can be extended once.")
    ),
    C.GRANT: ActWords(msgid_in("button", "Grant the extension"), msgid("Moves completion by the days asked for.")),
    C.REFUSE_EXTENSION: ActWords(msgid_in("button", "Refuse the extension"), msgid("The deadline stays.")),
    C.CLOSE: ActWords(msgid_in("button", "Close with grounds"), msgid("Ends the report as done.")),
    C.REOPEN: ActWords(msgid_in("button", "Reopen"), msgid("Every final follow-up is void, and those OPDs owe again.")),
    C.RECLASSIFY: ActWords(
        msgid_in("button", "Change the class"), msgid("Deadlines are counted anew from the same days.")
    ),
    C.ESCALATE: ActWords(
        msgid_in("button", "Escalate to the Inspectorate"), msgid("Brings it before the Inspectorate ahead of time.")
    ),
    C.INSTRUCT: ActWords(
        msgid_in("button", "Instruct"), msgid("Orders the admin or an OPD to act by a day; the rungs wait until then.")
    ),
    C.TAKE_OVER: ActWords(
        msgid_in("button", "Take over"), msgid("The Inspectorate owes instead of everyone who owed.")
    ),
    C.RESOLVE: ActWords(msgid_in("button", "Record the finding"), msgid("Closes the escalation.")),
    C.NUDGE: ActWords(
        msgid_in("button", "Record a direct contact"), msgid("Notes that an OPD was contacted; nothing else changes.")
    ),
}
"""The commands of officials, in the order of the work."""

ENDS: dict[CommandName, tuple[Message, ...]] = {
    C.ARCHIVE: (
        msgid("The report ends as archived, and all its clocks stop."),
        msgid("The reporter is told and reads the reason you give."),
        msgid("This cannot be taken back: an archived report is not opened again."),
    ),
    C.PASS_ON: (
        msgid("The report ends as outside the agency's authority, and all its clocks stop."),
        msgid("The reporter is told which agency is responsible."),
        msgid("This cannot be taken back: a report that was passed on is not opened again."),
    ),
    C.MERGE: (
        msgid("This report ends as merged, and all its clocks stop."),
        msgid("Its reporter is told, and from now on reads what the main report's reporter is told."),
        msgid("This cannot be taken back: a merged report is not opened again."),
    ),
    C.CLOSE: (
        msgid("The report ends as done, and all its clocks stop."),
        msgid("The reporter is told, reads your grounds, and can rate how it was handled."),
        msgid("It can be taken back only by reopening it with grounds, on record."),
    ),
}
"""Acts that end a report: what happens, and what of it cannot be taken back."""

FIELDS: dict[str, Message] = {
    "title": msgid_in("field", "Title"),
    "class": msgid_in("field", "Class"),
    "category": msgid_in("field", "Category"),
    "pengawasan": msgid_in("field", "Subject to supervision (berkadar pengawasan)"),
    "missing": msgid_in("field", "What is missing"),
    "reason": msgid_in("field", "Reason"),
    "agency": msgid_in("field", "The agency responsible"),
    "main": msgid_in("field", "Number of the main report"),
    "opds": msgid_in("field", "OPDs"),
    "note": msgid_in("field", "Note to the OPD"),
    "opd": msgid_in("field", "OPD"),
    "belongs_to": msgid_in("field", "The OPD that it belongs to, if you know"),
    "grounds": msgid_in("field", "Grounds"),
    "question": msgid_in("field", "Question"),
    "text": msgid_in("field", "Text"),
    "final": msgid_in("field", "This is the final follow-up: our work is done"),
    "files": msgid_in("field", "Photos or files"),
    "days": msgid_in("field", "Working days"),
    "why": msgid_in("field", "Why"),
    "to": msgid_in("field", "To whom"),
    "by": msgid_in("field", "By what day"),
    "finding": msgid_in("field", "Finding"),
    "how": msgid_in("field", "How, and what was said"),
}
"""What the fields of the acts' forms are called; one without a name is called as in the record."""
