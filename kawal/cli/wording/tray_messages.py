"""The messages of `kawal inbox` and `kawal tray`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid, msgids

SENTENCES = {
    "inbox_form": msgid(
        "Use `kawal inbox [--state waiting|dead|set_aside]`, `kawal inbox retry ID`, `kawal inbox retry --all` or "
        "`kawal inbox set-aside ID --grounds WHY`."
    ),
    "tray_late": msgids(
        "{count} letter in the tray is late; see `kawal tray list`.",
        "{count} letters in the tray are late; see `kawal tray list`.",
    ),
    "tray_escalated": msgids(
        "{count} letter in the tray has waited three working days:",
        "{count} letters in the tray have waited three working days:",
    ),
    "tray_waits": msgids(
        "{count} letter that names this report waits in the tray; see `kawal tray list`.",
        "{count} letters that name this report wait in the tray; see `kawal tray list`.",
    ),
    "item_letter_written": msgid("The letter of item {number} is written to {path}."),
    "item_no_words": msgid("It cannot be read automatically: {why}. Write it to a file with --output."),
    "item_given": msgid("Item {number} is given to report {id}: {command}."),
    "item_stays": msgid("It goes on waiting in the tray."),
    "item_started": msgid("Item {number} is report {id} now, received when the letter was."),
    "item_passed": msgid("Item {number} lies in the tray of {instansi} now."),
    "item_dismissed": msgid(
        "Item {number} is dismissed; within 30 days `kawal tray undo {number}` brings it back, then it is deleted."
    ),
    "item_undone": msgid("Item {number} waits in the tray again."),
}

COMMANDS = {
    "tray": msgid("The tray: letters and messages about which somebody has to decide."),
    "tray list": msgid("List what waits in the tray, the oldest first."),
    "tray show": msgid("Read an item of the tray for a purpose (goes on record)."),
    "tray give": msgid("Give an item to a report, as what its reporter says."),
    "tray start": msgid("Let an item become a report, received when the letter was."),
    "tray pass": msgid("Lay an item into another agency's tray."),
    "tray dismiss": msgid("Do nothing about an item, with grounds (can be undone for 30 days)."),
    "tray undo": msgid("Let a dismissed item wait again."),
}

OPTIONS = {
    "inbox_action": msgid("retry: have it tried again; set-aside: leave it, for --grounds."),
    "inbox_number": msgid("The report's number."),
    "inbox_state": msgid("unrecorded, waiting, dead or set_aside."),
    "tray_all": msgid("Also what is decided."),
    "tray_item": msgid("Number of the item."),
    "tray item": msgid("Number of the item."),
    "tray tracking_id": msgid("Number of the report."),
    "tray command": msgid("reply, accept, dispute, rate or conceal."),
    "tray words": msgid("The words; by default those of the letter."),
    "tray rating": msgid("Satisfaction 1-5."),
    "tray anonim": msgid("conceal: who the reporter is; without either option both."),
    "tray rahasia": msgid("conceal: the whole report; without either option both."),
    "tray stays": msgid("The item goes on waiting, because it is about another report, too."),
    "tray title": msgid("The report's title; by default the letter's subject."),
    "tray text": msgid("The report's text; by default the letter's."),
    "tray code": msgid("Code of the agency."),
    "tray grounds": msgid("Why nothing is done about it."),
}

COLUMNS = {
    "tray_item": msgid("Item"),
    "names_reports": msgid("Reports named"),
    "escalate_at": msgid("To the Inspectorate"),
    "tray_state": msgid("State"),
    "sender": msgid("Sender"),
    "subject": msgid("Subject"),
    "files": msgid("Files"),
    "grounds": msgid("Grounds"),
}
