"""The messages about histories, searches and case files at the command line, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

SENTENCES: dict[str, Message] = {
    "chronicle_erased": msgid(
        "The content was erased on {at} by {by} on the ground “{ground}”; what is left is the process record."
    ),
    "chronicle_deadlines": msgid("Deadlines and why"),
    "chronicle_refused": msgid("What was refused"),
    "chronicle_readings": msgid("What was read, and what was done to it"),
    "chronicle_run": msgid("Run {run} of the workflow: {since} – {until}"),
    "chronicle_running": msgid("still running"),
    "chronicle_none": msgid("(none)"),
    "history_pruned": msgid("its history is past its retention period; its hashes remain"),
    "history_damaged": msgid("its archived history is not what was archived: check with `kawal audit verify`"),
    "history_lost": msgid("its history is neither with the server nor in the history archive any more"),
    "bad_event_kind": msgid("There is no --kind {kind}; there are: {known}."),
    "no_such_official": msgid("The record knows no official of that name."),
    "case_file_written": msgid(
        "The case file of {tracking} was written to {path} (SHA-256 {digest}); the export is on record."
    ),
    "case_file_form": msgid("The name {path} does not show the file's format; give --format pdf or json."),
}

COMMANDS = {
    "events": msgid("Search events of all complaints (auditor, Inspectorate, admin)."),
    "case-file": msgid("Write a complaint's case file for the Ombudsman: PDF or JSON."),
}

OPTIONS = {
    "whole_chronicle": msgid("Show the whole history: deadlines and why, refusals, readings, workflow events."),
    "events_actor": msgid("An official's name, or their account."),
    "events_opd": msgid("Only what this OPD did, or what concerns it."),
    "events_from": msgid("From this day (YYYY-MM-DD)."),
    "events_to": msgid("Until the end of this day."),
    "events_kind": msgid("Kind of event; may be repeated."),
    "in_access_log": msgid("Search the access log: refusals, readings, exports."),
    "case_output": msgid("The file to write."),
    "case_format": msgid("pdf or json; by default from the file's name."),
    "without_identity": msgid("Without the reporter's identity."),
}

COLUMNS = {
    "brought": msgid("Event no."),
    "type": msgid("Type"),
    "said": msgid("In words"),
    "account": msgid("Account"),
    "number": msgid("No"),
    "recorded_at": msgid("Recorded"),
}
