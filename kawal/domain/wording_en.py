"""The wording of every notice in English, read by `kawal.domain.notice_words`.

A line `kind: subject`, below it the sentences: `-` for every recipient, `!` for the one whose report it is (what
they can do), indented lines that go on the sentence above. Places in braces are filled from the notice.
"""

TEXT = """
received: Report {id} received
  - Your report has been received under number {id}.
  - It will be verified by {deadline}.
  ! Keep this number to follow what becomes of your report.
new_report: New report {id}
  - Report {id} has come in and waits for verification.
  - To be verified and forwarded by {deadline}.
verified: Report {id} verified
  - Report {id} has been verified as {class}.
  - Category: {category}.
supervised: Report {id} calls for supervision
  - Report {id} was found to be berkadar pengawasan and is on the Inspectorate's worklist.
held: Report {id} needs more information
  - Report {id} is on hold because it is incomplete.
  ! Reply with what is asked for by {deadline}; after that day the report is archived.
hold_expired: Report {id} archived
  - Report {id} was archived because the information asked for did not come in time.
  ! You can send a new report with the full information.
replied: The reporter's reply to report {id}
  - The reporter replied to report {id}.
forwarded: Report {id} forwarded
  - Report {id} was forwarded to {opds}.
  - First follow-up due by {deadline}.
to_handle: Report {id} forwarded to you
  - Report {id} was forwarded to {opd}.
  - First follow-up due by {deadline}.
  ! If it is not within your authority, return it at once with the reason.
handled: Report {id} is being handled
  - Report {id} is handled by the agency admin directly.
returned: Report {id} returned
  - Report {id} was returned by {opd}.
  - To be forwarded again by {deadline}.
withdrawn: Report {id} withdrawn
  - Report {id} was withdrawn from {opd}; nothing is left for you to do for it.
asked: A question about report {id}
  - There is a question about report {id}.
  ! Reply by {deadline}.
question_lapsed: Question about report {id} not answered
  - The reporter did not answer the question about report {id} in time; the deadlines run on and the report still
    needs its follow-up.
followed_up: Report {id} followed up
  - Report {id} was followed up by {opd}.
followed_up_final: Final follow-up to report {id}
  - {opd} posted the final follow-up to report {id}.
  - It closes by itself after 10 working days without a response.
  - Day of automatic closing: {deadline}.
  ! You can accept this follow-up and rate it, or dispute it and say why.
extension_asked: Extension asked for report {id}
  - {opd} asks for {days} more working days for report {id}.
  ! Decide before the deadline; after it the request lapses.
extension_granted: Extension of report {id} granted
  - {days} more working days were granted for report {id}.
  - Completion is now due by {deadline}.
extended: More time for report {id}
  - The completion of report {id} was extended by {days} working days.
  - It is now due by {deadline}.
extension_refused: Extension of report {id} refused
  - The extension asked for report {id} was refused; the deadline stands.
extension_lapsed: Extension request for report {id} lapsed
  - The extension asked for report {id} was undecided at the deadline and has lapsed.
disputed: Follow-up to report {id} disputed
  - The reporter disputes the final follow-up to report {id}; it is in process again.
  - Completion due by {deadline}.
second_dispute: Dispute no. {count} of report {id}
  - Report {id} was disputed, dispute no. {count}, and is on the Inspectorate's worklist.
archived: Report {id} archived
  - Report {id} was archived.
passed_on: Report {id} is outside this agency's authority
  - Report {id} is outside this agency's authority and was passed on to the agency responsible.
merged: Report {id} merged
  - Report {id} was merged into report {main} on the same matter; you will be told whatever happens to that one.
ended: Report {id} needs no more follow-up
  - Report {id} was ended by the agency admin; nothing is left for you to do for it.
accepted: Report {id} done
  - Report {id} is done: the reporter accepted its follow-up.
  ! Thank you for your report.
closed: Report {id} done
  - Report {id} was closed by the agency admin.
  ! You can still rate it.
closed_no_reply: Report {id} closed automatically
  - Report {id} closed by itself: there was no response within 10 working days of the final follow-up.
  ! You can still rate it.
closed_unanswered: Report {id} closed automatically
  - Report {id} closed by itself: a question to the reporter was not answered within 10 working days.
  ! You can still rate it.
reopened: Report {id} reopened
  - Report {id} was reopened and is in process again.
  - Completion due by {deadline}.
to_handle_again: Report {id} reopened
  - Report {id} was reopened; {opd} has to follow it up again.
  - Completion due by {deadline}.
escalated: Report {id} escalated
  - Report {id} was escalated to the Inspectorate before its deadline and is on the worklist.
instructed: The Inspectorate's instruction on report {id}
  - The Inspectorate gave an instruction on report {id}.
  - Carry it out by {by}.
instruction_missed: Instruction on report {id} not carried out
  - The instruction on report {id} was not carried out by its day; the escalation goes on, counted from that day.
taken_over: Report {id} taken over by the Inspectorate
  - The Inspectorate has taken over report {id}.
  - Due from the Inspectorate by {deadline}.
nudged: Inquiry about report {id}
  - The agency admin asks {opd} how report {id} is coming on.
reminder: Reminder: report {id}
  - Half the time for {clock} of report {id} is over.
  - Due by {deadline}.
reminder_last: Last day: report {id}
  - Today is the last working day for {clock} of report {id}.
  - Due by {deadline}.
breached: Report {id} is late
  - The deadline for {clock} of report {id} has passed and the Inspectorate has been told.
  - It was due by {deadline}.
  - OPD: {opd}.
item_breached: Report {id} is late
  - The deadline for {clock} of report {id} has passed; the report is on the Inspectorate's worklist.
  - It was due by {deadline}.
  - OPD: {opd}.
import_digest: {count} imported reports on the worklist, among them {id}
  - The imported file holds {count} open reports whose step was late already, or that are supervised.
  - They are on the Inspectorate's worklist since the import, and their rungs count from that day.
rung_two: Report {id} unsettled: Sekretaris Daerah
  - Report {id} went to the Inspectorate and is still unsettled three working days later.
  - The late step: {clock}.
  - OPD: {opd}.
rung_three: Report {id} unsettled: Gubernur
  - Report {id} went to the Inspectorate and is still unsettled seven working days later.
  - The late step: {clock}.
  - OPD: {opd}.
ombudsman: Report {id}: your right to turn to the Ombudsman
  - Report {id} is still unsettled and has been brought before the Gubernur.
  ! You have the right to report to the Ombudsman of the Republic of Indonesia under Law 37/2008.
"""
