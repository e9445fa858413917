"""The domain's terms: the closed lists that every other module uses.

Status words are those that the published recaps count; roles and commands are those of docs/glossary.md.
"""

from __future__ import annotations

from enum import StrEnum

COMPLAINT_PREFIX = "complaint-"


def workflow_id(tracking_id: str) -> str:
    """Return the workflow id of a complaint; the same for its whole life, including reopenings."""
    return f"{COMPLAINT_PREFIX}{tracking_id}"


class Status(StrEnum):
    """The status of a complaint, in the words of SP4N-LAPOR!'s recaps."""

    BELUM_DIVERIFIKASI = "belum_diverifikasi"
    DITUNDA = "ditunda"
    BELUM_DITINDAKLANJUTI = "belum_ditindaklanjuti"
    PROSES = "proses"
    SELESAI = "selesai"
    DIARSIPKAN = "diarsipkan"
    BUKAN_WEWENANG = "bukan_wewenang"
    DIGABUNG = "digabung"


FINAL = frozenset({Status.SELESAI, Status.DIARSIPKAN, Status.BUKAN_WEWENANG, Status.DIGABUNG})
"""Statuses in which no step is owed any more."""

MASUK = frozenset(
    {Status.BELUM_DIVERIFIKASI, Status.DITUNDA, Status.BELUM_DITINDAKLANJUTI, Status.PROSES, Status.SELESAI}
)
"""Statuses that the ranking recap counts as received (masuk); a held report counts as belum_diverifikasi."""


class Publicity(StrEnum):
    """What strangers may see of a report now: its words, or nothing but its part in counts, and why."""

    PUBLIC = "public"
    RAHASIA = "rahasia"
    """From the start or concealed since; an erased one too, of which nothing is left to show."""
    UNVERIFIED = "unverified"
    PENGAWASAN = "pengawasan"
    """Is or was berkadar pengawasan, and its words are not released."""


class Role(StrEnum):
    """The role of an actor. ADAPTER files for the reporter, DESK (front desk, telephone) speaks for a reporter who is
    present or calls; SYSTEM is the complaint's own clocks and the calendar.
    """

    REPORTER = "reporter"
    ADMIN = "agency_admin"
    LIAISON = "liaison"
    INSPECTORATE = "inspectorate"
    AUDITOR = "auditor"
    LEADERSHIP = "leadership"
    NATIONAL = "national"
    DESK = "desk"
    ADAPTER = "adapter"
    SYSTEM = "system"


class ReportClass(StrEnum):
    """The class of a report; a pengaduan is in addition berkadar pengawasan or not."""

    PENGADUAN = "pengaduan"
    ASPIRASI = "aspirasi"
    PERMINTAAN_INFORMASI = "permintaan_informasi"


class Scope(StrEnum):
    """What a token allows its holder to do."""

    SUBMIT = "submit"
    REPLY = "reply"
    READ = "read"


class Channel(StrEnum):
    """How a report was received."""

    WEB = "web"
    APP = "app"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    X = "x"
    EMAIL = "email"
    WALK_IN = "walk_in"
    OPEN311 = "open311"
    SYSTEM = "system"


class CommandName(StrEnum):
    """The commands that a complaint accepts after its start."""

    VERIFY = "verify"
    HOLD = "hold"
    REPLY = "reply"
    ARCHIVE = "archive"
    PASS_ON = "pass_on"
    MERGE = "merge"
    FORWARD = "forward"
    HANDLE = "handle"
    RECEIVE = "receive"
    RETURN = "return"
    WITHDRAW = "withdraw"
    ASK = "ask"
    FOLLOW_UP = "follow_up"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE_EXTENSION = "refuse_extension"
    ACCEPT = "accept"
    DISPUTE = "dispute"
    CLOSE = "close"
    RATE = "rate"
    CONCEAL = "conceal"
    REOPEN = "reopen"
    RECLASSIFY = "reclassify"
    ESCALATE = "escalate"
    INSTRUCT = "instruct"
    TAKE_OVER = "take_over"
    RESOLVE = "resolve"
    NUDGE = "nudge"
    RECOMPUTE = "recompute"
    ATTACH = "attach"
    """Internal: a main report accepts a follower before the follower becomes digabung."""


class ClockKind(StrEnum):
    """The clocks of a complaint; each limit comes from the policy in force on the day of receipt."""

    VERIFY = "verify"
    FORWARD = "forward"
    """The admin owes another forward after every OPD returned the report."""
    RESPOND = "respond"
    """One per OPD: its first follow-up."""
    COMPLETE = "complete"
    AUTO_CLOSE = "auto_close"
    HOLD = "hold"
    """The reporter completes a held report."""
    QUESTION = "question"
    """The reporter answers a question."""
    INSTRUCTION = "instruction"
    TAKE_OVER = "take_over"
    AFTERCARE = "aftercare"


OWED_STEPS = frozenset(
    {ClockKind.VERIFY, ClockKind.FORWARD, ClockKind.RESPOND, ClockKind.COMPLETE, ClockKind.TAKE_OVER}
)
"""Clocks whose end is a breach: an official owes the step, and the Inspectorate is told of a late one."""


REPORTERS_SAY = frozenset({CommandName.ACCEPT, CommandName.DISPUTE, CommandName.RATE, CommandName.CONCEAL})
"""What a reporter can say besides a reply, in every channel."""

REPORTERS_COMMANDS = REPORTERS_SAY | {CommandName.REPLY}
"""Everything that a reporter can do to a report after its start."""


class Spokesman(StrEnum):
    """Through whom a reporter's command was given, if not by the reporter: the desk, or an admin from the tray."""

    DESK = "desk"
    TRAY = "tray"


class EventKind(StrEnum):
    """What happened, in the past tense; the process record that an auditor reads."""

    STARTED = "started"
    IMPORTED = "imported"
    """Entered from a file with its past; from then on Kawal runs its clocks."""
    VERIFIED = "verified"
    HELD = "held"
    REPLIED = "replied"
    ARCHIVED = "archived"
    PASSED_ON = "passed_on"
    MERGED = "merged"
    FORWARDED = "forwarded"
    HANDLED = "handled"
    RECEIVED = "received"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"
    FOLLOWED_UP = "followed_up"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    CLOSED = "closed"
    RATED = "rated"
    CONCEALED = "concealed"
    REOPENED = "reopened"
    RECLASSIFIED = "reclassified"
    ESCALATED = "escalated"
    INSTRUCTED = "instructed"
    TAKEN_OVER = "taken_over"
    RESOLVED = "resolved"
    NUDGED = "nudged"
    RECOMPUTED = "recomputed"
    FOLLOWER_ATTACHED = "follower_attached"
    # The complaint's own clocks:
    REMINDED = "reminded"
    BREACHED = "breached"
    RUNG_REACHED = "rung_reached"
    PAUSE_ENDED = "pause_ended"
    QUESTION_LAPSED = "question_lapsed"
    EXTENSION_LAPSED = "extension_lapsed"
    INSTRUCTION_ENDED = "instruction_ended"
    HOLD_EXPIRED = "hold_expired"
    AUTO_CLOSED = "auto_closed"
    AFTERCARE_ENDED = "aftercare_ended"
    REFUSED = "refused"
    """A signal that the rules refused, or that could not be read: it is recorded, and the complaint goes on."""
