"""The `--help` texts of each command and option, in Indonesian and in English."""

from __future__ import annotations

from kawal.cli.wording import group_messages
from kawal.domain.msgids import msgid
from kawal.wording.catalogues import Lang, say

APP = msgid("Kawal escorts every complaint from intake to closure.")

PANELS = {
    "admin": msgid("Agency admin"),
    "liaison": msgid("Liaison of an OPD"),
    "reporter": msgid("Reporter"),
    "inspectorate": msgid("Inspectorate"),
    "reading": msgid("Reading"),
    "system": msgid("System"),
    "common": msgid("Common"),
}

COMMANDS = {
    "start": msgid("Record a new report and give it a number."),
    "verify": msgid("Verify: decide title, class and category."),
    "hold": msgid("Hold until the reporter completes it."),
    "reply": msgid("Record the reporter's reply, by any channel."),
    "archive": msgid("Archive, stating the reason."),
    "pass-on": msgid("Declare it outside the agency's authority and pass it on."),
    "merge": msgid("Merge into the main report."),
    "forward": msgid("Forward to one or more OPDs."),
    "handle": msgid("Handle: the agency itself answers."),
    "receive": msgid("Record that the OPD has opened it."),
    "return": msgid("Return it as misdirected."),
    "withdraw": msgid("Withdraw it from an OPD."),
    "ask": msgid("Ask the reporter a question."),
    "follow-up": msgid("Post a follow-up; --final for the last."),
    "extend": msgid("Ask for more time to complete."),
    "grant": msgid("Grant the extension."),
    "refuse-extension": msgid("Refuse the extension."),
    "accept": msgid("Accept the follow-up, as the reporter or, at the front desk, for the reporter."),
    "dispute": msgid("Dispute the follow-up, as the reporter or for the reporter."),
    "close": msgid("Close as done, stating the grounds."),
    "rate": msgid("Give the reporter's rating, 1–5."),
    "conceal": msgid("Hide who reported (--anonim) or the whole report (--rahasia); it is never taken back."),
    "reopen": msgid("Reopen, stating the grounds."),
    "reclassify": msgid("Change the class; deadlines are recomputed."),
    "escalate": msgid("Escalate to the Inspectorate before the deadline."),
    "instruct": msgid("Give the Inspectorate's instruction, with a date."),
    "take-over": msgid("Take over for the Inspectorate."),
    "resolve": msgid("Record the Inspectorate's finding and close the escalation."),
    "nudge": msgid("Record a direct contact with an OPD."),
    "show": msgid("Show one complaint; --explain explains its deadlines."),
    "list": msgid("List what waits for you (--as); without --as, complaints."),
    "history": msgid("Show everything that happened to a complaint."),
    "inspectorate": msgid("Show the Inspectorate's worklist."),
    "notices": msgid("Show the outbox of notices."),
    "inbox": msgid("Show reports not started yet."),
    "reconcile": msgid("Show where the record and Temporal do not agree."),
    "recap": msgid("Show the recap of a year."),
    "rerun": msgid("Run a recorded year through the engine."),
    "import": msgid("Import reports from CSV or XLSX."),
    "up": msgid("Run Kawal; Ctrl-C stops it."),
    "api": msgid("Serve HTTP as a process of its own."),
    "completion": msgid("Print the script that completes commands on TAB in bash or zsh."),
    "token": msgid("Tokens for systems that send reports."),
    "token create": msgid("Create a token; it is shown only once."),
    "token list": msgid("List tokens, without their text."),
    "token revoke": msgid("Revoke a token."),
    "pass": msgid("Passes for officials."),
    "pass issue": msgid("Issue a pass; it is shown only once."),
    "pass list": msgid("List passes, without their text."),
    "pass revoke": msgid("Revoke a pass."),
    "worker": msgid("Run one more worker."),
    "calendar": msgid("The working-day calendar."),
    "calendar deadline": msgid("Work out the last day of a limit."),
    "calendar show": msgid("Show the days off in force."),
    "calendar import": msgid("Import a new calendar."),
    "calendar recompute": msgid("Recompute every open deadline."),
    "policy": msgid("The rule sets (limits) on record."),
    "policy list": msgid("List rule sets and their limits."),
    "policy import": msgid("Import a new or corrected rule set."),
    **group_messages.COMMANDS,
}

_TEXT = msgid("; “-” reads stdin, “@FILE” reads a file")

OPTIONS = {
    "version_flag": msgid("Show the version."),
    "as_who": msgid("Who acts: ROLE[/OPD][@INSTANSI]:NAME; default from KAWAL_AS."),
    "agency": msgid("The agency's code; needed where there are several."),
    "as_json": msgid("Output as JSON."),
    "tracking_id": msgid("Tracking id (7 digits)."),
    "key": msgid("Idempotency key: the same command under the same key takes effect once."),
    "title": msgid("Title, at most 150 characters"),
    "text": msgid("Text, at most 10,000 characters"),
    "report_class": msgid("Class: complaint, suggestion or request for information."),
    "category": msgid("Category: “MAIN” or “MAIN / SUB”."),
    "pengawasan": msgid("Supervisory (berkadar pengawasan)."),
    "missing": msgid("What is missing"),
    "files": msgid("Name of an attachment; may be repeated."),
    "reason": msgid("Reason"),
    "agency_named": msgid(
        "The other agency that is responsible; named by code or whole name, one of this installation starts it there."
    ),
    "main": msgid("Tracking id of the main report."),
    "belongs_to": msgid("The OPD that it belongs to, by its code, if known."),
    "opds": msgid("OPD code; may be repeated."),
    "opd": msgid("OPD code."),
    "note": msgid("Note"),
    "grounds": msgid("Grounds"),
    "question": msgid("Question"),
    "final": msgid("This is the final follow-up."),
    "days": msgid("Number of extra working days, at most 5."),
    "rating": msgid("Rating 1–5."),
    "why": msgid("Why"),
    "words": msgid("The reporter's words"),
    "to": msgid("“admin” or an OPD code."),
    "by": msgid("Date YYYY-MM-DD by which it is due, within 10 working days."),
    "finding": msgid("What was found"),
    "how": msgid("How the OPD was contacted"),
    "channel": msgid("Channel."),
    "chosen_opd": msgid("The OPD that the reporter chose."),
    "anonim": msgid("Anonymous: hide the reporter's identity."),
    "rahasia": msgid("Confidential: hide the content from the public."),
    "place": msgid("Where it happened."),
    "latitude": msgid("Latitude (degrees)."),
    "longitude": msgid("Longitude (degrees)."),
    "occurred_on": msgid("Date of the incident YYYY-MM-DD."),
    "name": msgid("The reporter's name."),
    "email": msgid("The reporter's e-mail."),
    "phone": msgid("The reporter's phone."),
    "origin": msgid("Where the reporter is from."),
    "external_id": msgid("The id that the channel gave it."),
    "explain": msgid("Explain each deadline."),
    "advice": msgid("Advice for verification: what is missing, similar reports, category, OPD."),
    "with_words": msgid("Show what people wrote (goes on record)."),
    "purpose": msgid(
        "The purpose (goes on record); needed for a confidential (rahasia) report and the reporter's identity."
    ),
    "statuses": msgid("Only this status; may be repeated."),
    "list_opd": msgid("Only those with this OPD."),
    "overdue": msgid("Only those that are overdue."),
    "limit": msgid("Show at most this many lines."),
    "all_dead": msgid("Every dead letter."),
    "round_now": msgid("Run a round now."),
    "with_gone": msgid("Include those that are gone."),
    "notice_state": msgid("pending, underway, sent, not_sent or failed."),
    "notice_of": msgid("Only for this complaint."),
    "notice_show": msgid("Show the text of the notice with this number."),
    "year": msgid("Year."),
    "as_of": msgid("As it stood at the end of this day."),
    "recap_by": msgid("What the lines stand for."),
    "format": msgid("Form of output."),
    "output": msgid("Write to a file."),
    "rerun_file": msgid("CSV or JSONL file."),
    "until": msgid("Until the end of this day."),
    "strict": msgid("Exit 1 if a command was refused."),
    "policy_file": msgid("Use a different rule set (what if)."),
    "rerun_home": msgid("Data folder; by default a temporary one."),
    "codec_server": msgid("Show decrypted payloads in the Temporal UI to officials with a pass, on this machine only."),
    "no_ui": msgid("Without the Temporal UI."),
    "start_day": msgid("Day of the event YYYY-MM-DD (day 0)."),
    "working_days": msgid("Number of working days, at least 1."),
    "import_file": msgid("CSV or XLSX file."),
    "import_map": msgid("The mapping (TOML), or `lapor`."),
    "dry_run": msgid("Only show what would happen."),
    "resume": msgid("Resume an interrupted import."),
    "errors": msgid("File for refused rows; by default FILE.galat.csv."),
    "calendar_file": msgid("CSV tanggal,jenis,nama."),
    "policy_toml": msgid("TOML file of [[policy]] tables."),
    "version": msgid("Name of the version; by default the file's."),
    "calendar own": msgid("The agency's own days off (--instansi)."),
    "shell": msgid("The shell that reads it."),
    "api_host": msgid("Address; by default KAWAL_HTTP_HOST."),
    "api_port": msgid("Port; by default KAWAL_HTTP_PORT, or a free one if that is taken."),
    "token name": msgid("Name of the sending system."),
    "token scopes": msgid("submit, reply, read; repeatable, all by default."),
    "token days": msgid("For how many days it is valid; without it until it is revoked."),
    "token number": msgid("Number of the token."),
    "holder": msgid("The holder: ROLE[/OPD][@INSTANSI]:NAME."),
    "pass days": msgid("Valid for this many days, at most 366."),
    "pass number": msgid("Number of the pass."),
    "recompute_why": msgid("Why they are recomputed."),
    "access_code": msgid("At the front desk: the access code on the reporter's receipt."),
    "own_contact": msgid("At the front desk: the e-mail address or telephone number that the reporter names."),
    "stamp": msgid("At the front desk: the day on the paper's stamp YYYY-MM-DD."),
    "stamp_grounds": msgid("At the front desk: why a paper of an earlier day is registered only now."),
    **group_messages.OPTIONS,
}

WRITTEN = frozenset({"title", "text", "missing", "reason", "agency_named", "note", "grounds", "question", "finding"})
"""Options whose help says that they can also be read from a file."""


def command_help(key: str, lang: Lang) -> str:
    """Return a command's help; raises KeyError for one without."""
    return say(lang, COMMANDS[key])


def option_help(key: str, lang: Lang) -> str:
    """Return an option's help; `key` may be "command option", with a text of its own or that of the option."""
    name = key.rpartition(" ")[2]
    text = say(lang, OPTIONS.get(key) or OPTIONS[name])
    return f"{text}{say(lang, _TEXT)}." if name in WRITTEN else text


def panel_title(key: str, lang: Lang) -> str:
    """Return the heading of a group of commands or options."""
    return say(lang, PANELS[key])
