"""The queues of the officials in words: their names, what a complaint waits for there, and why one is empty."""

from __future__ import annotations

from kawal.domain.labels import CLOCKS, REASONS, STATUSES
from kawal.domain.msgids import Message, msgid
from kawal.domain.work_queues import Queue

QUEUES: dict[Queue, Message] = {
    Queue.VERIFICATION: msgid("Verification"),
    Queue.DECISIONS: msgid("Decisions"),
    Queue.OWED: msgid("To be followed up"),
    Queue.WAITING: msgid("Waiting for the reporter"),
    Queue.ESCALATED: msgid("Escalated"),
    Queue.COME_UP: msgid("Come up to the leadership"),
    Queue.DESK: msgid("Registered at the desk"),
    Queue.OPEN: msgid("Everything open"),
    Queue.FINISHED: msgid("Finished"),
}

EMPTY: dict[Queue, Message] = {
    Queue.VERIFICATION: msgid("No report waits to be verified."),
    Queue.DECISIONS: msgid("Nothing waits for a decision."),
    Queue.OWED: msgid("Nothing is owed here: every report is followed up, or with somebody else."),
    Queue.WAITING: msgid("No report waits for its reporter."),
    Queue.ESCALATED: msgid("No report is escalated to the Inspectorate."),
    Queue.COME_UP: msgid("No report has come up to the leadership."),
    Queue.DESK: msgid("No report that was registered at the desk is open."),
    Queue.OPEN: msgid("No report is open."),
    Queue.FINISHED: msgid("Nothing is finished yet."),
}
"""Why a queue shows nothing while no filter narrows it."""

WAITS_FOR: dict[str, Message] = {
    **CLOCKS,
    **REASONS,
    **STATUSES,
    "extension": msgid("more days were asked for"),
    "hold_answer": msgid("the reporter sent what was missing"),
    "answer": msgid("the reporter answered the question"),
    "opd_answer": msgid("the reporter answered the question"),
    "reply": msgid("the reporter wrote"),
    "dispute": msgid("the reporter disputes the follow-up"),
}
"""What a complaint waits for in a queue (`QueuePlace.why`): a clock's name, an item's reason, or what was said."""

LEFT_HOW: dict[str, Message] = {
    "returned": msgid("returned by your OPD"),
    "withdrawn": msgid("withdrawn by the agency's admin"),
    "taken_over": msgid("taken over by the Inspectorate"),
    "diarsipkan": msgid("archived"),
    "bukan_wewenang": msgid("passed on to another agency"),
    "digabung": msgid("merged into another report"),
    "selesai": msgid("closed by the agency's admin"),
}
"""How a report left an OPD without its final follow-up (`LeftReport.how`)."""
