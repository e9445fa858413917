"""The messages about wedged complaints and their mending, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid, msgids

SENTENCES = {
    "wedged": msgid("WEDGED"),
    "wedged_line": msgid(
        "WEDGED: complaint {id} since {since}, {cause}. Its deadlines and commands are at a standstill. Mend it: {mend}"
    ),
    "wedged_more": msgids(
        "WEDGED: {count} more complaint; see `kawal reconcile`.",
        "WEDGED: {count} more complaints; see `kawal reconcile`.",
    ),
    "mended_restarted": msgid(
        "Complaint {id} is running again from its record; what fell due in the meantime happens now, each "
        "step dated when it was due. If the cause remains, the complaint will be wedged again within a "
        "minute."
    ),
    "mended_sent_back": msgid("Complaint {id} was not on record yet and is being started again from the inbox."),
    "mended_ended": msgid("Complaint {id} has ended according to its record; the wedged run was terminated."),
}

CAUSES = {
    "non_deterministic_error": msgid("the running code does not match its history"),
    "workflow_worker_unhandled_failure": msgid("a bug in the rules, or its key is not available"),
    "timed_out": msgid("its task never ends"),
    "start_to_close": msgid("its task never ends"),
    "no_run": msgid("no run of it is there"),
}
"""The engine's causes that have words here; another is shown as its code."""

COMMANDS = {
    "mend": msgid("Mend a wedged complaint: it runs again from its record."),
}

COLUMNS = {
    "wedged": msgid("Wedged"),
}
