"""What is said of wedged complaints and their mending, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid, msgids

SENTENCES = {
    "wedged": msgid("WEDGED"),
    "wedged_line": msgid(
        "WEDGED: complaint {id} since {since}, {cause}. Its deadlines and commands stand still. Mend it: {mend}"
    ),
    "wedged_more": msgids(
        "WEDGED: {count} more complaint; see `kawal reconcile`.",
        "WEDGED: {count} more complaints; see `kawal reconcile`.",
    ),
    "mended_restarted": msgid(
        "Complaint {id} runs again from its record; what fell due meanwhile happens now, each at its own "
        "time. If the cause is still there, it is wedged again within a minute."
    ),
    "mended_sent_back": msgid("Complaint {id} was not on record yet and is started again from the inbox."),
    "mended_ended": msgid("Complaint {id} is over by its record; the wedged run was ended."),
}

CAUSES = {
    "non_deterministic_error": msgid("the code at work does not fit its history"),
    "workflow_worker_unhandled_failure": msgid("a bug in the rules, or its key cannot be had"),
    "timed_out": msgid("its task never ends"),
    "start_to_close": msgid("its task never ends"),
    "no_run": msgid("no run of it is there"),
}
"""The engine's causes that have words here; another is shown as the code it is."""

COMMANDS = {
    "mend": msgid("Mend a wedged complaint: it runs again from its record."),
}

COLUMNS = {
    "wedged": msgid("Wedged"),
}
