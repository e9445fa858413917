"""The messages of `kawal whatif`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.limit_names import NAMES
from kawal.domain.msgids import Message, msgid, msgids
from kawal.domain.what_if_figures import NOT_ASKED, OF_OPD
from kawal.wording.what_if_words import SHORT

SENTENCES: dict[str, Message] = {
    "what_if_asked": msgid("Computation {number}: {state}. Its result: `kawal whatif show {number} --wait`."),
    "what_if_cancelled": msgid("Computation {number}: {state}."),
    "what_if_progress": msgid("{percent} % of the reports are gone through."),
    "what_if_of": msgid("Reports received {days}, as of {day}: {state}."),
    "what_if_limit": msgid("{name}: {now} → {asked} {unit}"),
    "what_if_in_force": msgid("The limits are those in force."),
    "what_if_untold": msgids(
        "Of {count} report it cannot be told; it counts in no figure.",
        "Of {count} reports it cannot be told; they count in no figure.",
    ),
    "what_if_left_out": msgid("Steps that would not have been possible: {steps}."),
    "what_if_note": msgid("Steps stay as people took them; they would have acted otherwise under other limits."),
    "what_if_figure": msgid("Of an OPD there are only these figures: {known}."),
    "what_if_policies": msgid("The file {path} holds {count} rule sets; name one with a single rule set."),
}
"""Each key with its sentence."""

COMMANDS: dict[str, Message] = {
    "whatif": msgid("What other limits would have made of reports."),
    "whatif ask": msgid("Have it computed in the background; limits that are not named stay as in force."),
    "whatif list": msgid("List what the agency has asked."),
    "whatif show": msgid("Show how far a computation is, or what it found, of all reports and by OPD."),
    "whatif rows": msgid("List the reports behind a figure as CSV; no word of theirs."),
    "whatif cancel": msgid("Cancel a computation that one asked for."),
}
"""Each key with a command's or group's help."""

OPTIONS: dict[str, Message] = {
    "whatif policy_file": msgid("A file with one rule set, from which the limits are taken that are not named."),
    "whatif first": msgid("The first day of receipt; without it the first of last year."),
    "whatif last": msgid("The last day of receipt; without it the last of last year."),
    "whatif as_of": msgid("The day as of whose end it is counted; without it yesterday."),
    "whatif number": msgid("The computation's number; `kawal whatif list` shows them."),
    "whatif wait": msgid("Wait for its end and tell how far it is."),
    "whatif figure": msgid("What is counted; of an OPD only some of these."),
    "whatif side": msgid("was: as it was; would: under the other limits; untold: of which it cannot be told."),
    "whatif opd": msgid("Of this OPD."),
    **{f"whatif {limit}": name for limit, name in NAMES.items() if limit not in NOT_ASKED},
}
"""Each key with an option's help."""

COLUMNS: dict[str, Message] = {
    "what_if_number": msgid("No"),
    "what_if_days": msgid("Received"),
    "what_if_as_of": msgid("As of"),
    "what_if_by": msgid("Asked by"),
    "what_if_figure": msgid("Figure"),
    "what_if_was": msgid("as it was"),
    "what_if_would": msgid("under the other limits"),
    "what_if_difference": msgid("difference"),
    **{f"what_if {figure}": SHORT[figure] for figure in OF_OPD},
}
"""Each key with a column's name."""
