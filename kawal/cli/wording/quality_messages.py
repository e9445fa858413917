"""The messages of the quality review, the registers and the indicators, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid, msgid_in, msgids

SENTENCES = {
    "draw_made": msgid("Sample {number}: {drawn} of {candidates}, seed {seed}."),
    "draw_few": msgid("There are only {candidates}; the sample holds them all."),
    "draw_from_head": msgid(
        "The seed is the root of the signed head of size {size}, the first one sealed after those days."
    ),
    "draw_agrees": msgid("It agrees: the same {candidates}, the same sample."),
    "draw_differs": msgid(
        "DOES NOT AGREE with sample {number}: the population was {then} and is now {now}; gone: {gone}; added: {come}."
    ),
    "draw_unrecorded": msgid("The access log DOES NOT AGREE with sample {number}: another seed, population or sample."),
    "reviews_changed": msgid(
        "Reviews DO NOT AGREE with the access log at places {places}: changed, removed or inserted."
    ),
    "review_taken": msgid("The review is on record: sample {number}, place {place}: {verdict}."),
    "reviews_hidden": msgid("Other people's reviews ({count}) are shown once you have given yours."),
    "reviews_count": msgids("{count} review", "{count} reviews"),
    "erased_item": msgid("erased"),
    "all_opds": msgid("every OPD"),
    "decree_entered": msgid("Decree {decree} is on the register: entry {number}, revision {revision}."),
    "plan_entered": msgid("The action plan of {year} is on the register: entry {number}, {items}, {done} done."),
    "entry_withdrawn": msgid("withdrawn"),
    "total_line": msgid("Total"),
}

VERDICTS = {
    "answers": msgid("answers"),
    "partly": msgid("answers in part"),
    "does_not": msgid("does not answer"),
}

ITEM_STATES = {
    "not_begun": msgid("not begun"),
    "under_way": msgid("under way"),
    "done": msgid_in("plan", "done"),
}

COMMANDS = {
    "indicators": msgid("Show the assessment indicators of a year."),
    "register": msgid("The registers of decrees and action plans."),
    "register decree": msgid("Enter or correct a decree (SK)."),
    "register plan": msgid("Enter or correct an action plan."),
    "register progress": msgid("Record the progress of an item of a plan."),
    "register list": msgid("Show what both registers contain."),
    "quality": msgid("Quality review of follow-ups."),
    "quality draw": msgid("Draw a sample of the final follow-ups of some days."),
    "quality list": msgid("List the samples, or what is in one."),
    "quality read": msgid("Show a report and the follow-up under review (goes on record)."),
    "quality review": msgid("Does the substance of a follow-up answer the report?"),
    "quality result": msgid("The results of a sample's reviews, by OPD."),
    "quality redraw": msgid("Draw again from the record and compare."),
}

OPTIONS = {
    "register number": msgid("The decree's number."),
    "register decided_on": msgid("Date of the decree YYYY-MM-DD."),
    "register valid_until": msgid("Its last day YYYY-MM-DD; by default it has none."),
    "register opd": msgid("Of this OPD; by default of the agency."),
    "register document": msgid("Where the document is (file number, address)."),
    "document_file": msgid("The document; only its SHA-256 is kept."),
    "register correct": msgid("Correct this entry; whatever is not given stays as it is."),
    "register withdrawn": msgid("The entry was an error and is withdrawn."),
    "register year": msgid("Year of the plan."),
    "register submitted_on": msgid("Date of submission YYYY-MM-DD."),
    "register items": msgid("An item of the plan; may be repeated."),
    "register plan": msgid("Number of the plan's entry."),
    "register place": msgid("Number of the item."),
    "register state": msgid("not_begun, under_way or done."),
    "register on_day": msgid("Since this day YYYY-MM-DD; default today."),
    "register title": msgid("The item's new title"),
    "draw_number": msgid("Number of the sample."),
    "quality draw": msgid("Number of the sample."),
    "quality place": msgid("Place within the sample."),
    "quality first_day": msgid("First day YYYY-MM-DD."),
    "quality last_day": msgid("Last day YYYY-MM-DD."),
    "quality size": msgid("How many to draw, at most 1000."),
    "quality seed": msgid("A published seed; by default the first signed head of the log after those days."),
    "quality opd": msgid("Only this OPD's follow-ups."),
    "quality verdict": msgid("answers, partly or does_not."),
    "quality correct": msgid("Correct your own review."),
    "with_candidates": msgid("Show the whole population with each lot."),
}

COLUMNS = {
    "entry": msgid("Entry"),
    "decree_number": msgid_in("decree", "Number"),
    "decided_on": msgid("Date"),
    "valid_until": msgid("Valid until"),
    "document": msgid("Document"),
    "plan_year": msgid("Year"),
    "submitted_on": msgid("Submitted"),
    "item_title": msgid("Item"),
    "draw": msgid("Sample"),
    "first_day": msgid("From"),
    "last_day": msgid_in("period", "To"),
    "drawn": msgid("Drawn"),
    "candidates": msgid("Population"),
    "seed": msgid("Seed"),
    "drawn_at": msgid("Drawn at"),
    "draw_place": msgid_in("draw", "Place"),
    "verdicts": msgid("Reviews"),
    "reviewed": msgid("Reviewed"),
    "answers": msgid("Answers"),
    "partly": msgid("In part"),
    "does_not": msgid("Does not"),
    "waiting": msgid("Waiting"),
    "erased": msgid("Erased"),
    "disputed": msgid("Divided"),
    "lot": msgid("Lot"),
}
