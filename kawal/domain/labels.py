"""Names of statuses, roles, clocks, events and facts."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid, msgid_in

STATUSES = {
    "belum_diverifikasi": msgid("Not verified"),
    "ditunda": msgid("On hold"),
    "belum_ditindaklanjuti": msgid("Not followed up"),
    "proses": msgid("In progress"),
    "selesai": msgid("Done"),
    "diarsipkan": msgid("Archived"),
    "bukan_wewenang": msgid("Outside the agency's authority"),
    "digabung": msgid("Merged"),
}

ROLES = {
    "reporter": msgid("reporter"),
    "agency_admin": msgid("agency admin"),
    "liaison": msgid("liaison"),
    "inspectorate": msgid("Inspectorate"),
    "auditor": msgid("auditor"),
    "leadership": msgid("leadership"),
    "national": msgid("national admin"),
    "desk": msgid("front desk"),
    "adapter": msgid("intake channel"),
    "system": msgid("system"),
    "sekda": msgid("Sekretaris Daerah"),
    "gubernur": msgid("head of the region"),
}

CLOCKS = {
    "verify": msgid("verify and forward"),
    "forward": msgid("forward again"),
    "respond": msgid("first follow-up"),
    "complete": msgid("completion"),
    "auto_close": msgid("automatic closing"),
    "hold": msgid("information from the reporter"),
    "question": msgid("the reporter's answer"),
    "instruction": msgid("the Inspectorate's instruction"),
    "take_over": msgid("completion by the Inspectorate"),
    "aftercare": msgid("aftercare"),
}

RUNGS = {
    1: msgid("Inspectorate"),
    2: msgid("Sekretaris Daerah"),
    3: msgid("head of the region"),
}
"""The offices of the ladder of escalation; the last one's own title follows from the agency (`government.rungs_of`)."""

EVENTS = {
    "started": msgid("report received"),
    "imported": msgid("imported"),
    "verified": msgid("verified"),
    "held": msgid("held"),
    "replied": msgid("reporter replied"),
    "archived": msgid("archived"),
    "passed_on": msgid("passed on"),
    "merged": msgid("merged"),
    "forwarded": msgid("forwarded"),
    "handled": msgid("handled by the agency"),
    "received": msgid("opened by the OPD"),
    "returned": msgid("returned by the OPD"),
    "withdrawn": msgid("withdrawn from the OPD"),
    "asked": msgid("question to the reporter"),
    "followed_up": msgid("followed up"),
    "extension_asked": msgid("extension requested"),
    "extension_granted": msgid("extension granted"),
    "extension_refused": msgid("extension refused"),
    "accepted": msgid("accepted by the reporter"),
    "disputed": msgid("disputed by the reporter"),
    "closed": msgid("closed by the admin"),
    "rated": msgid("rated by the reporter"),
    "concealed": msgid("concealed by the reporter"),
    "reopened": msgid("reopened"),
    "reclassified": msgid("reclassified"),
    "escalated": msgid("escalated to the Inspectorate"),
    "instructed": msgid("instructed by the Inspectorate"),
    "taken_over": msgid("taken over by the Inspectorate"),
    "resolved": msgid("resolved by the Inspectorate"),
    "nudged": msgid("OPD contacted directly"),
    "recomputed": msgid("deadlines recomputed"),
    "follower_attached": msgid("another report attached"),
    "reminded": msgid("reminder"),
    "breached": msgid("DEADLINE MISSED"),
    "rung_reached": msgid("ESCALATION"),
    "pause_ended": msgid("pause ended"),
    "question_lapsed": msgid("question lapsed"),
    "extension_lapsed": msgid("extension request lapsed"),
    "instruction_ended": msgid("instruction due"),
    "hold_expired": msgid("not completed: archived"),
    "auto_closed": msgid("closed automatically"),
    "aftercare_ended": msgid("aftercare ended"),
    "refused": msgid("command refused"),
}

DONE_BY = {
    "verified": msgid("verified this report"),
    "held": msgid("put this report on hold"),
    "replied": msgid("replied to this report"),
    "archived": msgid("archived this report"),
    "passed_on": msgid("passed this report on to another agency"),
    "merged": msgid("merged this report into another"),
    "forwarded": msgid("forwarded this report"),
    "handled": msgid("took this report on for the agency itself"),
    "returned": msgid("returned this report"),
    "withdrawn": msgid("withdrew this report from an OPD"),
    "asked": msgid("asked the reporter a question"),
    "followed_up": msgid("followed this report up"),
    "extension_asked": msgid("asked for an extension"),
    "extension_granted": msgid("granted an extension"),
    "extension_refused": msgid("refused an extension"),
    "extension_lapsed": msgid("let the request for an extension lapse"),
    "accepted": msgid("accepted the follow-up"),
    "disputed": msgid("disputed the follow-up"),
    "closed": msgid("closed this report"),
    "rated": msgid("rated this report"),
    "concealed": msgid("hid this report or its reporter"),
    "reopened": msgid("reopened this report"),
    "reclassified": msgid("reclassified this report"),
    "escalated": msgid("escalated this report to the Inspectorate"),
    "instructed": msgid("gave an instruction"),
    "taken_over": msgid("took this report over"),
    "resolved": msgid("recorded a finding"),
    "recomputed": msgid("recomputed the deadlines"),
    "hold_expired": msgid("archived this report, which was not completed in time"),
    "auto_closed": msgid("closed this report automatically"),
}
"""What somebody did to a report, by the event: said of whoever did it while another was looking."""

REASONS = {
    "pengawasan": msgid("supervisory"),
    "breach": msgid("deadline missed"),
    "second_dispute": msgid("disputed twice"),
    "escalated": msgid("escalated early"),
}

WITHOUT_DEADLINE = {
    "to_be_resolved": msgid("waits for the Inspectorate's finding"),
    "highest_rung": msgid("late, and at the highest level of escalation already"),
    "with_inspectorate": msgid("late, and in the Inspectorate's hands"),
}
"""Why an open complaint has no deadline set."""

OPD_STATES = {
    "owes": msgid("has to follow up"),
    "final": msgid("final"),
    "returned": msgid("returned"),
    "withdrawn": msgid("withdrawn"),
    "taken_over": msgid("taken over"),
    "handed_on": msgid("handed on"),
}

CLOSED_BY = {
    "accept": msgid("accepted by the reporter"),
    "close": msgid("closed by the admin"),
    "auto_close": msgid("the reporter's silence"),
    "question": msgid("an unanswered question"),
}

AUTO_CLOSED_WHY = {
    "no_reply": CLOSED_BY["auto_close"],
    "not_disputed": msgid("a reply, but no dispute"),
    "unanswered": CLOSED_BY["question"],
}
"""Why a complaint closed by itself, by the code in its event."""

REMINDERS = {"half": msgid("half of the time"), "last": msgid("last day")}
"""When somebody is reminded."""

MATTERS = {
    "words": msgid("what people wrote"),
    "attachments": msgid("attachments"),
    "letter": msgid("a letter as it came"),
    "notice": msgid("a notice"),
    "notes": msgid("officials' notes"),
    "chronicle": msgid("the whole history"),
    "case_file": msgid("a case file"),
    "receipt": msgid("a receipt"),
    "search": msgid("a search"),
    "find": msgid("complaints found by words"),
    "advice": msgid("advice for verification"),
    "likeness": msgid("similar reports"),
    "system": msgid("the system's payloads"),
}
"""What a reading was of."""

FACTS = {
    "act": msgid("act"),
    "actor": msgid("actor"),
    "agency": msgid("agency"),
    "anonim": msgid("anonymous (anonim)"),
    "areas": msgid("areas of the picture"),
    "attachments": msgid("attachments"),
    "belongs_to": msgid("belongs to"),
    "body": msgid("text"),
    "by": msgid("asked by"),
    "category": msgid("category"),
    "channel": msgid("channel"),
    "chosen_opd": msgid("OPD the reporter chose"),
    "class": msgid("class"),
    "clock": msgid("stage"),
    "code": msgid("code"),
    "command": msgid("command"),
    "count": msgid("count"),
    "day": msgid("day"),
    "days": msgid("days"),
    "deadline": msgid("deadline"),
    "deadlines_before": msgid("earlier deadlines"),
    "deputy_for": msgid("deputy for"),
    "email": msgid("e-mail"),
    "entry": msgid("entry"),
    "external_id": msgid("external id"),
    "files": msgid("files"),
    "final": msgid_in("fact", "final"),
    "finding": msgid("finding"),
    "first": msgid("first"),
    "followers": msgid("followers"),
    "form": msgid("format"),
    "ground": msgid("ground"),
    "grounds": msgid("grounds"),
    "how": msgid("how"),
    "identity": msgid("with the reporter's identity"),
    "imported": msgid("imported"),
    "item_opened": msgid("put on the Inspectorate's worklist"),
    "late": msgid("late"),
    "latitude": msgid("latitude"),
    "left_out": msgid("left out"),
    "letter": msgid("letter"),
    "longitude": msgid("longitude"),
    "main": msgid("main report"),
    "matter": msgid("what was read"),
    "met": msgid("met"),
    "missing": msgid("missing"),
    "name": msgid("name"),
    "nominal": msgid("missed deadline"),
    "note": msgid("note"),
    "occurred_on": msgid("date of the incident"),
    "opd": msgid("OPD"),
    "operator": msgid("by the machine's operator"),
    "opds": msgid("OPDs"),
    "origin": msgid("origin"),
    "owed_by": msgid("responsible"),
    "passages": msgid("passages replaced"),
    "pengawasan": msgid("supervisory (berkadar pengawasan)"),
    "phone": msgid("phone"),
    "place": msgid("place"),
    "purpose": msgid("purpose"),
    "question": msgid("question"),
    "rahasia": msgid("confidential (rahasia)"),
    "rating": msgid("rating"),
    "reason": msgid("reason"),
    "reporter": msgid("reporter"),
    "revision": msgid("revision"),
    "rung": msgid("escalation level"),
    "silent": msgid("deadlines of the reporter that had passed"),
    "source": msgid("source"),
    "text": msgid("text"),
    "title": msgid("title"),
    "to": msgid("to"),
    "version": msgid("version"),
    "via": msgid("by way of"),
    "what": msgid("what"),
    "which": msgid("reminded at"),
    "why": msgid("why"),
    "words": msgid("review"),
}
"""Names of the entries in an event's facts and words."""

LEFT_OUT: dict[str, Message] = {
    "text": msgid_in("left out", "longer than a report's text may be"),
    "subject": msgid_in("left out", "longer than a subject may be"),
    "files": msgid_in("left out", "more files than a letter may bring"),
    "empty": msgid_in("left out", "empty"),
    "unreadable": msgid_in("left out", "encrypted or damaged"),
    "type_not_allowed": msgid_in("left out", "this type of file is not accepted"),
    "too_large": msgid_in("left out", "too large"),
    "too_many": msgid_in("left out", "more files than a report may have"),
    "complaint_full": msgid_in("left out", "no room left for the report's files"),
    "broken": msgid_in("left out", "damaged or incomplete"),
    "bomb": msgid_in("left out", "grows too large when opened"),
    "macros": msgid_in("left out", "carries macros or programs"),
}
"""Why something of a letter is not with its report: the codes of the ways in, and of refused attachments."""

DUE_BY = msgid("due by")
"""What `by` is where it is a day."""

CHANNELS: dict[str, Message] = {
    "web": msgid_in("channel", "website"),
    "app": msgid_in("channel", "app"),
    "sms": msgid_in("channel", "SMS"),
    "whatsapp": msgid_in("channel", "WhatsApp"),
    "x": msgid_in("channel", "X (Twitter)"),
    "email": msgid_in("channel", "e-mail"),
    "walk_in": msgid_in("channel", "walk-in"),
    "open311": msgid_in("channel", "Open311"),
    "system": msgid_in("channel", "other system"),
}
"""How a report was received."""

CLASSES: dict[str, Message] = {
    "pengaduan": msgid_in("class of a report", "complaint (pengaduan)"),
    "aspirasi": msgid_in("class of a report", "suggestion (aspirasi)"),
    "permintaan_informasi": msgid_in("class of a report", "request for information"),
}
"""The class of a report."""

TRAY_STATES = {
    "waiting": msgid_in("tray", "waiting"),
    "given": msgid_in("tray", "given to a report"),
    "started": msgid_in("tray", "became a report"),
    "dismissed": msgid_in("tray", "dismissed"),
    "expired": msgid_in("tray", "a machine's, deleted"),
    "erased": msgid_in("tray", "erased"),
}
"""What was decided about an item of the tray (domain.tray)."""

TRAY_REASONS = {
    "automatic": msgid("written by a machine"),
    "unreadable": msgid("could not be read"),
    "names_report": msgid("names a report without its code"),
    "quotes_us": msgid("quotes a letter of ours"),
    "report_over": msgid("about a report that is over"),
    "unrecordable": msgid("could not be put on record"),
    "time": msgid("it takes too long"),
    "memory": msgid("it takes too much memory"),
    "nesting": msgid("too many nested parts"),
    "crash": msgid("the reader crashed on it"),
    "error": msgid("its form is broken"),
}
"""Why a letter or message lies in the tray (store.tray), and why its words cannot be shown."""

INBOX_REASONS = {
    "bad_state": msgid("refused by the database"),
    "unknown_opd": msgid("its OPD is not registered"),
    "unknown_category": msgid("its category is not registered"),
    "no_rules": msgid("no rules for the day of its receipt"),
    "erased": msgid("its key was destroyed"),
    "unreadable": msgid("its content cannot be opened"),
    "other_report_runs": msgid("its number belongs to another report in Temporal"),
    "engine_refuses": msgid("refused by the Temporal server"),
    "unexpected": msgid("an unexpected error"),
    "KeyUnavailable": msgid("its key is not available"),
    "UNAVAILABLE": msgid("the Temporal server does not answer"),
    "DEADLINE_EXCEEDED": msgid("the Temporal server does not answer"),
    "RESOURCE_EXHAUSTED": msgid("the Temporal server is overloaded"),
}
"""Why a report has not started (client.relay), or is not on record."""
