"""The messages of `kawal list --as`, `kawal next` and `kawal verify --suggested`."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

SENTENCES: dict[str, Message] = {
    "nothing_waits": msgid("Nothing waits for you."),
    "no_own_queue": msgid("In this role no report waits for anybody; see `kawal list`."),
    "next_comes": msgid("What you can do with it now:"),
    "next_nothing": msgid("In this role you can only read it: `kawal show {id}`."),
    "next_rahasia": msgid(
        "It is confidential (rahasia). Read it with `kawal history {id} --words --purpose TEXT`; what is advised: "
        "`kawal show {id} --advice --purpose TEXT`."
    ),
    "suggested_place": msgid("--suggested must be a whole number of 1 or more: 1 is the likeliest."),
    "only_with": msgid("{option} is of use only with {other}."),
    "view_alone": msgid("--view says by itself what is shown; leave --status, --opd, --overdue and --queue away."),
    "no_such_view": msgid("You have no view “{name}”. There are: {known}."),
    "view_of_other_list": msgid("The view “{name}” is of another list, which has a page alone: {address}"),
    "class_needed": msgid("The reporter proposed no class; give --class."),
    "title_needed": msgid("The report has no title that can be taken; give --title."),
    "no_advice": msgid("There is no advice on report {id} yet; verify it with --title, --class and --category."),
    "no_such_category": msgid(
        "The advice on report {id} has no category number {place}; see `kawal show {id} --advice`, or give --category."
    ),
    "no_such_opd": msgid(
        "The advice on report {id} has no OPD number {place}; see `kawal show {id} --advice`, or give --opd."
    ),
    "hint_unanswered": msgid(
        "The words of report {id} hint that it may be berkadar pengawasan: read it, then decide with --pengawasan or "
        "--no-pengawasan."
    ),
    "advice_unsure": msgid(
        "The advice on report {id} is unsure: something else is as likely (`kawal show {id} --advice`). Give "
        "--category (and --opd), or take it all the same with --although-unsure."
    ),
    "verified_only": msgid("Report {id} is verified, but NOT forwarded. Forward it with: {command}"),
}
"""Each key with its sentence."""

COMMANDS: dict[str, Message] = {
    "next": msgid("Show the most urgent report that waits for you, and what you can do with it."),
}
"""Each key with a command's help."""

OPTIONS: dict[str, Message] = {
    "queues": msgid("Only this one of your queues (--as); may be repeated."),
    "view_name": msgid("What this saved view shows (--as); `kawal view list` lists them."),
    "suggested": msgid(
        "Take the category (and OPD) of this number in the advice (1: the likeliest), the report's own title and the "
        "class that was proposed; each only where you give none."
    ),
    "and_forward": msgid("Forward it, too: to the OPD of the advice, or those of --opd."),
    "forward_opds": msgid("With --forward: to this OPD instead; may be repeated."),
    "decided_pengawasan": msgid("Supervisory (berkadar pengawasan) or not; to be said where the words hint at it."),
    "although_unsure": msgid("Take the advice also where it is unsure."),
    "advice_purpose": msgid(
        "With --suggested: the purpose (goes on record); needed for a confidential (rahasia) report."
    ),
}
"""Each key with an option's help."""

COLUMNS: dict[str, Message] = {
    "waits_for": msgid("Waits for"),
    "due": msgid("Due"),
}
"""Each key with a column's name."""
