"""Every sentence of the command line, in Indonesian and in English; help texts are in cli.wording.help_messages."""

from __future__ import annotations

from kawal.cli.wording import group_messages
from kawal.domain.msgids import Message, msgid, msgids
from kawal.wording import catalogues
from kawal.wording.catalogues import Lang

WORDS: dict[str, Message] = {
    # Wrong usage
    "see_help": msgid("See `{command} --help`."),
    "wrong_usage": msgid("Usage error: {detail}"),
    "no_such_option": msgid("There is no option {name}."),
    "bad_parameter": msgid("{name} is not valid: {detail}"),
    "not_a_choice": msgid("choose one of {what}."),
    "not_whole": msgid("must be a whole number."),
    "not_a_number": msgid("must be a number, for example 0.9."),
    "no_such_command": msgid("there is no command “{what}”."),
    "too_much": msgid("“{what}” was not expected; put a text with spaces between quotation marks."),
    "option_without_value": msgid("the option {what} needs a value."),
    "bad_setting": msgid("The environment variable {name} is not valid ({detail}); correct it and try again."),
    "nobody_acts": msgid("Say who acts: --as ROLE[/OPD]:NAME, for example --as admin:Ani, or set KAWAL_AS."),
    "acting_form": msgid("“{text}” is not ROLE[/OPD][@INSTANSI]:NAME, for example admin:Ani or liaison/DISHUB:Budi."),
    "acting_role": msgid("There is no role “{role}”; there are: {roles} (admin = agency_admin)."),
    "acting_name": msgid("The name in --as must have 1–{most} characters, for example --as admin:Ani."),
    "acting_opd": msgid("A liaison acts for one OPD: --as liaison/OPD_CODE:NAME, for example liaison/DISHUB:Budi."),
    "acting_instansi": msgid(
        "Say in which agency you hold the role, one of {known}: --as ROLE@CODE:NAME, for example --as admin@KEPRI:Ani."
    ),
    "not_a_day": msgid("{option}: “{text}” is not a date YYYY-MM-DD, for example 2026-12-01."),
    "no_such_file": msgid("{option}: the file {path} cannot be read ({detail}); check where it is."),
    "not_utf8": msgid("{option}: {path} is not UTF-8 text; save it as UTF-8."),
    "file_too_big": msgid("{option}: {path} has more than {limit} bytes; no text may be that long."),
    "bad_file": msgid("{path}: {detail}"),
    "cannot_write": msgid("The file {path} cannot be written ({detail})."),
    "folder_not_empty": msgid("The folder {path} is not empty; choose a new one for a rerun."),
    "nothing_to_run": msgid("No row is dated before {until}; choose a later --until."),
    "rerun_progress": msgid("Running the year again"),
    "rerun_refused": msgids("{count} command was refused by the rules:", "{count} commands were refused by the rules:"),
    "rerun_done": msgid("{complaints}, {rows}, {events}, {late}, {escalations}; {seconds} seconds."),
    "xlsx_needs_output": msgid("The format xlsx needs --output FILE.xlsx."),
    "out_of_range": msgid("{option}: {detail}"),
    "working_days": msgid("--working-days must be a whole number of 1 or more."),
    "limit_range": msgid("--limit must be a whole number, 1–{most}."),
    "point_is_half": msgid("Give --latitude and --longitude together."),
    # Help, and what is missing or mistyped
    "help_usage": msgid("Usage: "),
    "help_options": msgid("Options"),
    "help_options_word": msgid("[OPTIONS]"),
    "help_arguments": msgid("Arguments"),
    "help_commands": msgid("Commands"),
    "help_command_word": msgid("COMMAND ..."),
    "help_help": msgid("Show this help."),
    "help_required": msgid("[required]"),
    "help_default": msgid("[default: {value}]"),
    "missing_parameters": msgid("Missing, but required: {names}."),
    "did_you_mean": msgid("Did you mean: {near}?"),
    # The system
    "no_place": msgid(
        "The file or folder {path} cannot be used ({detail}); check KAWAL_HOME, its permissions and the disk's space."
    ),
    "key_unavailable": msgid("The key is not available ({detail}); restore the master key, then try again."),
    "unexpected": msgid(
        "Unexpected error: {detail}. This command changed nothing beyond what it had already reported."
    ),
    # Refusals of the command line's own
    "malformed": msgid("{detail}"),
    "fault_too_long": msgid("{option} is too long: {length} characters, at most {limit}; shorten it and send again."),
    "fault_empty": msgid("{option} is empty or too short; minimum length: {limit}."),
    "fault_tracking": msgid("{option} must be a tracking id of 7 digits, for example 1234567."),
    "fault_code": msgid(
        "{option} is not a code: capital letters, digits, dots, dashes; at most 40 characters, for example DPUPR."
    ),
    "fault_at_least": msgid("{option} must be at least {limit}."),
    "fault_at_most": msgid("{option} must be at most {limit}."),
    "fault_too_many": msgid("{option}: at most {limit} allowed."),
    "fault_too_few": msgid("{option}: at least {limit} needed."),
    "fault_value": msgid("{option} contains invisible control characters; type the text again."),
    "fault_date": msgid("{option} is not a date YYYY-MM-DD, for example 2026-12-01."),
    "fault_future": msgid("{option}: {day} has not come yet; give today or an earlier day."),
    "fault_email": msgid("{option} is not an e-mail address, for example siti@example.org."),
    "fault_phone": msgid(
        "{option} is not a phone number: 5–30 digits, with a + before and spaces, dots, brackets or dashes between."
    ),
    "already_up": msgid(
        "Kawal already runs on {home}; stop it with Ctrl-C in its terminal first, or choose another KAWAL_HOME."
    ),
    "inbox_set_aside": msgid("Report {id} is set aside; `kawal inbox retry` tries it again all the same."),
    "inbox_retried": msgids("{count} report is tried again now.", "{count} reports are tried again now."),
    "no_round": msgid("The reconciler has not finished a round yet; run one with --now."),
    "last_round": msgid("Last round {at}: {looked} checked, {found} found, {repaired} repaired."),
    "finding_open": msgid("OPEN"),
    "finding_repaired": msgid("repaired"),
    "finding_gone": msgid("gone"),
    "no_such_notice": msgid("There is no notice number {number}, or its text was erased; see `kawal notices`."),
    "no_rules": msgid("No calendar or rule set is in force ({detail}); import one first."),
    # Answers
    "answer": msgid("Complaint {id}: {status} (step {seq}, {at})"),
    "started": msgid("Report received. Its number: {id} ({at})"),
    "access_code": msgid("The reporter's access code, to be handed out with the number: {code}"),
    "follower_wrote": msgids(
        "The reporter of {id}, which follows this report, has written {count} time; `kawal history {id} --words`.",
        "The reporter of {id}, which follows this report, has written {count} times; `kawal history {id} --words`.",
    ),
    "reached_by_email": msgid("by e-mail"),
    "reached_by_telephone": msgid("by message to the telephone, gateway {gateway}"),
    "reached_by_page": msgid("only on the report's own page: {why}"),
    "not_reached": msgid(
        "The reporter cannot be reached: {why}. What you ask is seen on the report's own page only, by who looks there."
    ),
    "done_late": msgid("{clock}: done late"),
    "nothing_found": msgid("Nothing on record."),
    "more_left": msgid("Only the first {shown}; show more with --limit."),
    "written_to": msgid("Written to {path}"),
    "late": msgid("LATE"),
    "yes": msgid("yes"),
    "paused_since": msgid("paused since {day}"),
    "late_since": msgid("LATE since {at}"),
    "provisional": msgid("(provisional)"),
    "not_on_record": msgids(
        "ATTENTION: {count} report cannot be put on record; see `kawal inbox`.",
        "ATTENTION: {count} reports cannot be put on record; see `kawal inbox`.",
    ),
    "not_public": msgid("(not shown: not public, or not yet)"),
    "withheld": msgid("(not shown: confidential)"),
    "excluded": msgid("not counted: {day} – {why}"),
    "rule_line": msgid("rule: {name}, {limit} {unit} (starts: {starts}; ends: {stops})"),
    "source_line": msgid("source: {source}"),
    "date_set_line": msgid(
        "rule: {name}: the date that was set, at most {limit} {unit} (starts: {starts}; ends: {stops})"
    ),
    "versions_line": msgid("rule set {policy}, calendar {calendar}"),
    "start_line": msgid("start: {at}; day 0 {day} (not counted)"),
    "pause_line": msgid("paused: {since} – {until}"),
    "pause_open": msgid("now"),
    "extension_line": msgid("extended: {working_days} ({since})"),
    "deadline_line": msgid("deadline: {at} {mark}"),
    "next_rung_line": msgid("next escalation: {rung}"),
    "no_clocks": msgid("No deadline is running."),
    "public_only": msgid("What people wrote is not shown; officials who may read it use --as ROLE[/OPD]:NAME --words."),
    "no_identity": msgid(
        "The reporter's identity is not shown; those who may know it state the purpose with --purpose."
    ),
    "advice_title": msgid("advice for verification"),
    "advice_similar": msgid("may be the same as complaint {id} (similarity {score}, days apart: {days})"),
    "advice_category": msgid("category: {name} ({share})"),
    "advice_opd": msgid("OPD: {name} ({share})"),
    # Calendar
    "provisional_note": msgid("Note: this deadline is provisional; the calendar of that year is not known yet."),
    "calendar_title": msgid("Calendar {version}"),
    "calendar_year": msgid("{year}: {working_days}, {days_off}"),
    "year_unknown": msgid("{year}: not known yet; only weekends and fixed-date holidays (provisional)"),
    "import_progress": msgid("Importing"),
    "import_heading": msgid("row\twhat happens\tnumber\tcontent"),
    "import_new": msgid("taken in"),
    "import_known": msgid("there already"),
    "import_refused": msgid("refused"),
    "import_windows_1252": msgid("The file is not UTF-8 and was read as Windows-1252; check its characters."),
    "import_would": msgid(
        "{rows}: {new} to be taken in, {known} there already, {refused} refused. Nothing was imported."
    ),
    "import_done": msgid("{rows}: {new} taken in, {known} there already, {refused} refused."),
    "import_skipped": msgids(
        "{count} row was handled by the interrupted import and skipped.",
        "{count} rows were handled by the interrupted import and skipped.",
    ),
    "import_waiting": msgids(
        "{count} report is safe but not started yet; run this import again later so that the Inspectorate is told.",
        "{count} reports are safe but not started yet; run this import again later so that the Inspectorate is told.",
    ),
    "import_late": msgids(
        "{count} report went to the Inspectorate's worklist: `kawal inspectorate`.",
        "{count} reports went to the Inspectorate's worklist (one notice): `kawal inspectorate`.",
    ),
    "import_errors": msgid("Refused rows: {path}"),
    "calendar_imported": msgid(
        "Calendar {version} imported: {days_off}, years {years}. Run `kawal calendar recompute`."
    ),
    "recomputed": msgids(
        "{count} complaint recomputed; its old deadlines and the reason are on record.",
        "{count} complaints recomputed; their old deadlines and the reason are on record.",
    ),
    "recompute_default_why": msgid("new calendar or rule set"),
    "policy_title": msgid("{version}, from {day}: {basis}"),
    "policies_imported": msgid("New rule sets: {versions}"),
    # Up
    "up": msgid("Kawal is running (ready after {seconds} seconds)."),
    "up_temporal": msgid("Temporal server"),
    "up_ui": msgid("Temporal UI"),
    "up_database": msgid("PostgreSQL"),
    "up_home": msgid("Data"),
    "up_letters": msgid("Letters (SMTP)"),
    "up_mailbox": msgid("Letters (mailbox)"),
    "codec_needs_http": msgid(
        "--codec-server needs HTTP on this machine: set KAWAL_HTTP_PORT, and KAWAL_HTTP_HOST to 127.0.0.1 or 0.0.0.0."
    ),
    "codec_needs_ui": msgid(
        "--codec-server decodes payloads in the Temporal UI that this command runs: leave out --no-ui and "
        "TEMPORAL_ADDRESS, and build the UI with `make setup`."
    ),
    "up_codec": msgid("Payloads are shown decrypted in the Temporal UI to officials who log in with their pass: {url}"),
    "up_mail": msgid("No SMTP is configured: notices stay in the outbox, see `kawal notices`."),
    "up_no_links": msgid(
        "KAWAL_PUBLIC_URL is not set: letters to reporters name number and access code and have no link."
    ),
    "up_provisional": msgid(
        "WARNING: the calendar of {year} is not known; deadlines that reach into it are provisional. Import "
        "it with `kawal calendar import FILE`."
    ),
    "up_first_steps": msgid(
        'First steps, in another terminal:\n  {program} start --title "Pothole" --text "A large hole in Jalan '
        'Basuki Rahmat"\n  {program} list\n  {program} verify ID --as admin:Ani --title "Pothole" --class '
        'pengaduan --category "{category}"\n  {program} forward ID --as admin:Ani --opd {opd}\n  {program} '
        'follow-up ID --as liaison/{opd}:Budi --text "The hole is closed" --final\n  {program} show ID '
        "--explain\nCtrl-C stops everything; the data stays."
    ),
    "stopping": msgid("Stopping Kawal …"),
    "stopped": msgid("Kawal has stopped."),
    "api_running": msgid("HTTP is served at {url}; Ctrl-C stops it."),
    "api_no_port": msgid("HTTP cannot be served: {detail}."),
    "bad_port": msgid("--port {port}: must be 1–65535."),
    "token_number": msgid("Number"),
    "token_text": msgid("Token"),
    "token_scopes": msgid("Scopes"),
    "token_once": msgid("Keep it now: it is not stored here and cannot be shown again."),
    "token_revoked": msgid("Token {number} is revoked; every process refuses it within 5 seconds."),
    "up_http": msgid("HTTP (pages, API)"),
    **group_messages.SENTENCES,
    "worker_running": msgid("The worker is running; Ctrl-C stops it."),
}
"""Each key with its sentence."""


def say(lang: Lang, key: str, /, **details: object) -> str:
    """Return a sentence in the reader's language with its places filled; raises KeyError for an unknown key."""
    return catalogues.say(lang, WORDS[key], **details)
