"""The messages of `kawal audit history-archive` and `kawal audit replay`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid, msgid_in, msgids

COMMANDS = {
    "audit history-archive": msgid("Show which histories are archived, which are not, and how much time is left."),
    "audit replay": msgid("Replay histories with today's code: one complaint, or a year."),
}

OPTIONS = {
    "prune_history_archive": msgid("Destroy archived bodies whose retention period is over; their hashes remain."),
    "history_archive_now": msgid("Run a round of the archiver now."),
    "due_limit": msgid("Show at most this many that are not archived."),
    "replayed_report": msgid("The complaint's tracking id."),
    "replay_year": msgid("Every complaint received in that year."),
}

SENTENCES = {
    "history_archive_is": msgid("Archived: {runs} ({size} MB); bodies pruned: {pruned}."),
    "history_archive_over": msgid(
        "Retention period over: {runs}; `kawal audit history-archive --prune` destroys the bodies."
    ),
    "history_archive_whole": msgid("Every closed history is archived."),
    "history_archive_last_round": msgid("Last round {at}: {archived} archived, {waiting} waiting."),
    "history_archive_no_round": msgid("The archiver has never run: does `kawal up` or `kawal worker` run?"),
    "history_archive_danger": msgids(
        "WARNING: {count} history has used up half of its retention period and is not archived; it will be gone {at}.",
        "WARNING: {count} histories have used up half of their retention period and are not archived; the "
        "first will be gone {at}.",
    ),
    "history_archive_gone": msgids(
        "{count} history was deleted by the server before it was archived; its events are on record.",
        "{count} histories were deleted by the server before they were archived; their events are on record.",
    ),
    "history_archive_pruned": msgid("Bodies destroyed: {runs} ({size} MB); the hashes remain."),
    "due_in_danger": msgid("AT RISK"),
    "due_waiting": msgid("waiting"),
    "due_gone": msgid("gone"),
    "replay_form": msgid("Name one complaint or --year, not both."),
    "replay_year_form": msgid("--year {year}: must be 2000–2100."),
    "replay_progress": msgid("Replaying"),
    "replay_count": msgid("{runs}, {checked} of {complaints}"),
    "replay_done": msgid("Replayed identically: {runs} ({events})."),
    "replay_erased": msgid(
        "{tracking}: no longer replays because it was erased on {at} by {by} on the ground {ground}."
    ),
    "replay_pruned": msgid(
        "{tracking}: the body of archived history {n} was destroyed on {at}, its retention period being over."
    ),
    "replay_empty": msgid("{tracking}: ended before its first task was done; there is nothing to replay."),
    "replay_gone": msgid("{tracking}: it has no history, neither archived nor on the server."),
    "replay_key_away": msgid("{tracking}: its key is not available now: {detail}"),
    "replay_differs": msgid("{tracking}, run {run}: DIFFERS under today's code: {detail}"),
    "replay_failed": msgid("{tracking}, run {run}: CANNOT be replayed: {detail}"),
    "replay_damaged": msgid("{tracking}, run {run}: archived history {n} WAS CHANGED since it was archived."),
}

COLUMNS = {
    "run": msgid("Run"),
    "closed": msgid_in("run", "Closed"),
    "kept_until": msgid("Server keeps it until"),
    "tries": msgid("Attempts"),
    "why_not": msgid("Why"),
}
