"""Letters about what a reporter says: to those who should act on it, and to the reporter for whom somebody spoke."""

from __future__ import annotations

from kawal.domain.msgids import msgid
from kawal.wording.letter_words import RATE_BY_REPLY, Words

REPORTERS_SAY: dict[str, Words] = {
    "replied_after_final": Words(
        msgid("The reporter's reply after the follow-up to report {id}"),
        (
            msgid("The reporter has replied to {report} after the final follow-up; nobody owes it an answer."),
            msgid("If something is not settled, an OPD can add a follow-up, and the agency admin can reopen it."),
        ),
    ),
    "follower_replied": Words(
        msgid("A reply to report {id}, which was merged"),
        (
            msgid("The reporter of {report}, which follows report {main}, has written."),
            msgid("The reply moves no deadline; please see whether the main report needs it."),
        ),
    ),
    "say_refused": Words(
        msgid("What you asked for report {id} was not done"),
        (
            msgid("You asked us to “{command}” for {report}; this was not done."),
            msgid("{why}"),
            msgid("Anything else that you wrote was passed on as a reply."),
        ),
    ),
    "spoken_reply": Words(
        msgid("What was written for you to report {id}"),
        (msgid("A reply to {report} was entered for you by the agency."),),
        (msgid("If this is not what you said, please tell us."),),
    ),
    "spoken_dispute": Words(
        msgid("Report {id} disputed for you"),
        (msgid("The follow-up to {report} was disputed for you; it is in progress again."),),
        (msgid("If this is not what you said, please tell us."),),
    ),
    "spoken_accept": Words(
        msgid("Report {id} accepted for you"),
        (msgid("{report} is done: the follow-up was accepted for you."),),
        (
            msgid(
                "If this is not what you said, you can dispute it by {deadline}; the report is then in progress again."
            ),
        ),
        (msgid("To dispute it, reply with the first line SANGGAH and say why."),),
    ),
    "spoken_rating": Words(
        msgid("Report {id} rated for you"),
        (msgid("{report} was rated {rating} of 5 for you."),),
        (msgid("If this is not what you said, please rate it yourself; the last rating counts."),),
        (RATE_BY_REPLY,),
    ),
    "concealed": Words(
        msgid("Report {id} hidden"),
        (
            msgid("{report} is hidden as you asked, and stays so."),
            msgid(
                "What the public has read before and what was written to offices before cannot be called back; the "
                "agency admin, the Inspectorate and the auditors still know what they need for their work."
            ),
        ),
    ),
    "concealed_to_offices": Words(
        msgid("Report {id} was hidden by its reporter"),
        (
            msgid("The reporter of {report} has hidden it from the public or from the office it is about."),
            msgid("Please do not pass on what you know of the reporter or of the report."),
        ),
    ),
}
"""Part of `letter_messages.WORDING`."""
