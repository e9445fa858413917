"""What strangers are told of a report: its status, and each of its steps that is public."""

from __future__ import annotations

from kawal.domain.msgids import msgid
from kawal.domain.names import EventKind, Status

STATUS = {
    Status.BELUM_DIVERIFIKASI: msgid("Waiting for verification."),
    Status.DITUNDA: msgid("On hold: waiting for the reporter to complete it."),
    Status.BELUM_DITINDAKLANJUTI: msgid("Waiting for a follow-up."),
    Status.PROSES: msgid("Being followed up."),
    Status.SELESAI: msgid("Done."),
    Status.DIARSIPKAN: msgid("Archived."),
    Status.BUKAN_WEWENANG: msgid("Passed to the agency in charge."),
    Status.DIGABUNG: msgid("Merged with another report on the matter."),
}

STEPS = {
    EventKind.VERIFIED: msgid("The report has been verified."),
    EventKind.HELD: msgid("The report is held: the reporter is asked to add to it."),
    EventKind.FORWARDED: msgid("The report was forwarded to {opds}."),
    EventKind.HANDLED: msgid("The report is handled by {opds}."),
    EventKind.ASKED: msgid("The reporter was asked a question."),
    EventKind.FOLLOWED_UP: msgid("{text}"),
    EventKind.ACCEPTED: msgid("The reporter accepted the follow-up."),
    EventKind.DISPUTED: msgid("The reporter disputed the follow-up; work on the report goes on."),
    EventKind.CLOSED: msgid("The report was closed by the agency's admin."),
    EventKind.AUTO_CLOSED: msgid(
        "The report was closed automatically, because the time to answer or to dispute had passed."
    ),
    EventKind.REOPENED: msgid("The report was reopened."),
    EventKind.ARCHIVED: msgid("The report was archived."),
    EventKind.HOLD_EXPIRED: msgid("The report was archived because nothing was added to it."),
    EventKind.PASSED_ON: msgid("The report is outside this agency's authority and was passed to the agency in charge."),
    EventKind.MERGED: msgid("The report was merged with another one on the same matter."),
}
"""The steps that the public may see, each with its wording; of what people wrote only a follow-up's text is public."""
