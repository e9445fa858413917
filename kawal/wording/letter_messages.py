"""The wording of each kind of notice: a subject, sentences for every recipient, and what the reporter can do."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid, msgid_in, msgids
from kawal.domain.names import ClockKind, ReportClass
from kawal.wording.letter_words import NO_ANSWER_NEEDED, RATE_BY_REPLY, Words
from kawal.wording.reporter_letters import REPORTERS_SAY

WORDING: dict[str, Words] = {
    "received": Words(
        msgid("Report {id} received"),
        (
            msgid("{report} has been received."),
            msgid("It goes on from your report {continues}, which {passed_on_by} passed on."),
            msgid("It will be verified by {deadline}."),
            msgid("The report could not take up: {left_out}. The officials can read it in your letter, which is kept."),
        ),
        (msgid("Please keep this number; it lets you follow your report."),),
        (
            msgid(
                "To keep your name from the public and from the office that your report is about, reply with the "
                "first line ANONIMKAN; to hide the whole report from the public as well, with RAHASIAKAN. Neither can "
                "be taken back."
            ),
        ),
    ),
    "new_report": Words(
        msgid("New report {id}"),
        (
            msgid("{report} has come in and waits for verification."),
            msgid("It must be verified and forwarded by {deadline}."),
        ),
    ),
    "verified": Words(
        msgid("Report {id} verified"), (msgid("{report} has been verified as {class}, in the category {category}."),)
    ),
    "supervised": Words(
        msgid("Report {id} calls for supervision"),
        (
            msgid(
                "{report} was found to call for supervision (berkadar pengawasan) and is on the "
                "Inspectorate's worklist."
            ),
        ),
    ),
    "held": Words(
        msgid("Report {id} needs more information"),
        (msgid("{report} is on hold because it is incomplete."),),
        (msgid("Please send what is asked for by {deadline}; after that day the report is archived."),),
    ),
    "hold_expired": Words(
        msgid("Report {id} archived"),
        (msgid("{report} was archived because the information that was asked for did not come in time."),),
        (msgid("You are welcome to send a new report with the full information."),),
    ),
    "replied": Words(msgid("The reporter's reply to report {id}"), (msgid("The reporter has replied to {report}."),)),
    "forwarded": Words(
        msgid("Report {id} forwarded"),
        (
            msgid("{report} has been forwarded to {opds}."),
            msgid("The first follow-up is due by {deadline}."),
        ),
    ),
    "to_handle": Words(
        msgid("Report {id} forwarded to you"),
        (
            msgid("{report} has been forwarded to {opd}."),
            msgid("Your first follow-up is due by {deadline}."),
        ),
        (msgid("If it is not within your authority, please return it at once with the reason."),),
    ),
    "handled": Words(
        msgid("Report {id} is being handled"), (msgid("{report} is being handled by the agency itself."),)
    ),
    "returned": Words(
        msgid("Report {id} returned"),
        (
            msgid("{report} was returned by {opd}."),
            msgid("It must be forwarded again by {deadline}."),
        ),
    ),
    "withdrawn": Words(
        msgid("Report {id} withdrawn"),
        (msgid("{report} was withdrawn from {opd}; there is nothing more for you to do."),),
    ),
    "asked": Words(
        msgid("A question about report {id}"),
        (msgid("{opd} has a question about {report}."),),
        (msgid("Please answer by {deadline}."),),
    ),
    "question_lapsed": Words(
        msgid("Question about report {id} not answered"),
        (
            msgid(
                "The reporter did not answer the question about {report} in time; the deadlines are running again "
                "and the report still needs its follow-up."
            ),
        ),
    ),
    "question_over": Words(
        msgid("The question about report {id} needs no answer any more"),
        (NO_ANSWER_NEEDED, msgid("The report goes on without it.")),
    ),
    "followed_up": Words(msgid("Report {id} followed up"), (msgid("{report} has been followed up by {opd}."),)),
    "followed_up_final": Words(
        msgid("Final follow-up to report {id}"),
        (
            msgid("{opd} has posted the final follow-up to {report}."),
            msgid("The report will be closed automatically if there is no response by {deadline}."),
        ),
        (msgid("You can accept this follow-up and rate it, or dispute it and say why."),),
        (
            msgid(
                "To accept it, reply with the first line TERIMA, or TERIMA and a number from 1 to 5 to rate it as well "
                "(TERIMA 5); to dispute it, with the first line SANGGAH and why."
            ),
        ),
    ),
    "extension_asked": Words(
        msgid("Extension requested for report {id}"),
        (msgid("{opd} asks for an extension of {working_days} for {report}."),),
        (msgid("Please decide before the deadline; after it the request lapses."),),
    ),
    "extension_granted": Words(
        msgid("Extension of report {id} granted"),
        (
            msgid("An extension of {working_days} has been granted for {report}."),
            msgid("Completion is now due by {deadline}."),
        ),
    ),
    "extended": Words(
        msgid("More time for report {id}"),
        (
            msgid("The time to complete {report} was extended by {working_days}."),
            msgid("Completion is now due by {deadline}."),
        ),
    ),
    "extension_refused": Words(
        msgid("Extension of report {id} refused"),
        (msgid("The extension requested for {report} was refused; the deadline stands."),),
    ),
    "extension_lapsed": Words(
        msgid("Extension request for report {id} lapsed"),
        (msgid("The extension requested for {report} was not decided by the deadline and has lapsed."),),
    ),
    "disputed": Words(
        msgid("Follow-up to report {id} disputed"),
        (
            msgid("The reporter disputes the final follow-up to {report}; it is in progress again."),
            msgid("Completion is due by {deadline}."),
        ),
    ),
    "second_dispute": Words(
        msgid("Dispute no. {count} of report {id}"),
        (msgid("The reporter has disputed {report}, dispute no. {count}; it is on the Inspectorate's worklist."),),
    ),
    "archived": Words(msgid("Report {id} archived"), (msgid("{report} was archived."),)),
    "passed_on": Words(
        msgid("Report {id} is outside this agency's authority"),
        (
            msgid("{report} is outside this agency's authority and was passed on to the agency responsible."),
            msgid("It goes on there, at {goes_on_at}, under number {goes_on_as}."),
            msgid("Code and link of report {goes_on_as} come in a message of their own."),
        ),
    ),
    "merged": Words(
        msgid("Report {id} merged"),
        (
            msgid(
                "{report} was merged into report {main} on the same matter; you will be told whatever "
                "happens to that one."
            ),
        ),
    ),
    "ended": Words(
        msgid("Report {id} needs no more follow-up"),
        (msgid("{report} was ended by the agency admin; there is nothing more for you to do."),),
    ),
    "accepted": Words(
        msgid("Report {id} done"),
        (msgid("{report} is done: its reporter accepted the follow-up."),),
        (msgid("Thank you for your report."),),
    ),
    "closed": Words(
        msgid("Report {id} done"),
        (msgid("{report} was closed by the agency admin."),),
        (msgid("You can still rate how it was handled."),),
        (RATE_BY_REPLY,),
    ),
    "closed_no_reply": Words(
        msgid("Report {id} closed automatically"),
        (
            msgid(
                "{report} was closed automatically because there was no response within 10 working days "
                "of the final follow-up."
            ),
        ),
        (msgid("You can still rate how it was handled."),),
        (RATE_BY_REPLY,),
    ),
    "closed_not_disputed": Words(
        msgid("Report {id} closed automatically"),
        (
            msgid(
                "{report} was closed automatically because the final follow-up was not disputed within 10 working "
                "days of your last reply."
            ),
        ),
        (msgid("You can still rate how it was handled."),),
        (RATE_BY_REPLY,),
    ),
    "closed_unanswered": Words(
        msgid("Report {id} closed automatically"),
        (
            msgid(
                "{report} was closed automatically because a question to the reporter was not answered "
                "within 10 working days."
            ),
        ),
        (msgid("You can still rate how it was handled."),),
        (RATE_BY_REPLY,),
    ),
    "reopened": Words(
        msgid("Report {id} reopened"),
        (
            msgid("{report} was reopened and is in progress again."),
            msgid("Completion is due by {deadline}."),
        ),
    ),
    "to_handle_again": Words(
        msgid("Report {id} reopened"),
        (
            msgid("{report} was reopened; {opd} has to follow it up again."),
            msgid("Completion is due by {deadline}."),
        ),
    ),
    "escalated": Words(
        msgid("Report {id} escalated"),
        (msgid("{report} was escalated to the Inspectorate before its deadline and is on the worklist."),),
    ),
    "instructed": Words(
        msgid("The Inspectorate's instruction on report {id}"),
        (
            msgid("The Inspectorate has given an instruction on {report}."),
            msgid("Please carry it out by {by}."),
        ),
    ),
    "instruction_missed": Words(
        msgid("Instruction on report {id} not carried out"),
        (
            msgid(
                "The instruction on {report} was not carried out by its due date; the escalation continues, "
                "counted from that date."
            ),
        ),
    ),
    "taken_over": Words(
        msgid("Report {id} taken over by the Inspectorate"),
        (
            msgid("The Inspectorate has taken over {report}."),
            msgid("It is due from the Inspectorate by {deadline}."),
        ),
    ),
    "nudged": Words(
        msgid("Inquiry about report {id}"), (msgid("The agency admin asks {opd} how {report} is progressing."),)
    ),
    "reminder": Words(
        msgid("Reminder: report {id}"),
        (
            msgid("Half the time for {clock} of {report} has passed."),
            msgid("It is due by {deadline}."),
        ),
    ),
    "reminder_last": Words(
        msgid("Last day: report {id}"),
        (
            msgid("Today is the last working day for {clock} of {report}."),
            msgid("It is due by {deadline}."),
        ),
    ),
    "breached": Words(
        msgid("Report {id} is late"),
        (
            msgid("The deadline for {clock} of {report} has passed, and the Inspectorate has been told."),
            msgid("It was due by {deadline}."),
            msgid("OPD: {opd}."),
        ),
    ),
    "item_breached": Words(
        msgid("Report {id} is late"),
        (
            msgid("The deadline for {clock} of {report} has passed; the report is on the Inspectorate's worklist."),
            msgid("It was due by {deadline}."),
            msgid("OPD: {opd}."),
        ),
    ),
    "import_digest": Words(
        msgids(
            "{count} imported report on the worklist: {id}", "{count} imported reports on the worklist, among them {id}"
        ),
        (
            msgids(
                "The imported file holds {count} open report that was already late, or that calls for supervision.",
                "The imported file holds {count} open reports that were already late, or that call for supervision.",
            ),
            msgid(
                "Each has been on the Inspectorate's worklist since the import; its escalation counts from that day."
            ),
        ),
    ),
    "rung_two": Words(
        msgid("Report {id} unresolved: Sekretaris Daerah"),
        (
            msgid("{report} went to the Inspectorate and is still unresolved three working days later."),
            msgid("The late step: {clock}."),
            msgid("OPD: {opd}."),
        ),
    ),
    "rung_three": Words(
        msgid("Report {id} unresolved: {head}"),
        (
            msgid("{report} went to the Inspectorate and is still unresolved seven working days later."),
            msgid("The late step: {clock}."),
            msgid("OPD: {opd}."),
        ),
    ),
    "ombudsman": Words(
        msgid("Report {id}: your right to turn to the Ombudsman"),
        (msgid("{report} is still unresolved and has been brought before the {head}."),),
        (msgid("You have the right to report to the Ombudsman of the Republic of Indonesia under Law 37/2008."),),
    ),
} | REPORTERS_SAY
"""The wording of each kind of notice (`kawal.domain.notices`); placeholders in braces are filled from the notice.

A sentence begins with a capital, even if it begins with a placeholder.
"""

CLOCKS: dict[str, Message] = {
    ClockKind.VERIFY: msgid("verification and forwarding"),
    ClockKind.FORWARD: msgid("forwarding again"),
    ClockKind.RESPOND: msgid("the first follow-up"),
    ClockKind.COMPLETE: msgid_in("letter", "completion"),
    ClockKind.TAKE_OVER: msgid("the Inspectorate's completion"),
    ClockKind.INSTRUCTION: msgid("carrying out the instruction"),
    ClockKind.HOLD: msgid("the missing information"),
    ClockKind.QUESTION: msgid("the answer to the question"),
    ClockKind.AUTO_CLOSE: msgid("the response to the final follow-up"),
}
"""The step that a clock limits, as it is named within a sentence."""

CLASSES: dict[str, Message] = {
    ReportClass.PENGADUAN: msgid("a complaint"),
    ReportClass.ASPIRASI: msgid("a suggestion"),
    ReportClass.PERMINTAAN_INFORMASI: msgid("a request for information"),
}
