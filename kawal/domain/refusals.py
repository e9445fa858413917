"""Refusals: what the rules do not allow, worded so that people know what to do next.

`Refusal` is the only class; its `code` is stable and machine-readable, the sentences are for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

from kawal.domain.labels import CLOCKS, DONE_BY, ROLES, STATUSES
from kawal.domain.msgids import Message, Sentence, msgid, sentence
from kawal.domain.record_labels import ACTS, COMMANDS

SENTENCES: dict[str, Message] = {
    "unknown_command": msgid("There is no command “{command}”; see `kawal --help`."),
    "malformed": msgid("The command cannot be read ({detail}); correct it and send it again."),
    "point_is_half": msgid("A point needs both latitude and longitude: give both, or neither."),
    "unreadable": msgid(
        "The command cannot be opened with this complaint's key; send it again from a connected system."
    ),
    "wrong_role": msgid("The role “{role}” may not “{command}”; allowed: {allowed}."),
    "wrong_instansi": msgid("This complaint belongs to {instansi}; your role is in {actor}."),
    "wrong_status": msgid("“{command}” is not possible in the status “{status}”; only in: {allowed}."),
    "changed_meanwhile": msgid("Meanwhile {who} {event} ({at}); look at the report again before you decide."),
    "not_verified": msgid("The complaint is not verified yet; `verify` it first."),
    "already_forwarded": msgid("The complaint has been forwarded; “{command}” is only possible before that."),
    "already_followed_up": msgid(
        "The complaint has been followed up; “{command}” is only possible before the first follow-up."
    ),
    "not_forwarded": msgid("The complaint is not with an OPD yet; `forward` or `handle` it first."),
    "no_instansi": msgid("Name the agency, one of: {known}."),
    "no_scope": msgid("As “{role}”, without the agency or OPD that the role needs, nobody reads reports."),
    "no_opd": msgid("Name your OPD: `--as liaison/OPD_CODE:NAME`."),
    "opd_not_holding": msgid("OPD {opd} does not hold this complaint; holding it: {holding}."),
    "opd_already_owes": msgid("OPD {opd} already holds this complaint; choose another or await its follow-up."),
    "opd_has_followed_up": msgid("OPD {opd} has followed up; the complaint can no longer be returned."),
    "question_open": msgid("A question to the reporter is still open; await the answer."),
    "no_final_stands": msgid("Not every OPD has posted its final follow-up; wait until all of them have."),
    "accept_not_spoken": msgid(
        "A report that is done can only be disputed if somebody accepted it for the reporter; reply instead, and ask "
        "for it to be reopened."
    ),
    "concealed_already": msgid("The report is hidden in that way already; name what else is to be hidden."),
    "not_told_what": msgid("Say what is to be hidden: the identity (anonim), the whole report (rahasia), or both."),
    "acted_on_it": msgid("Who acted on this report as an official cannot speak for its reporter; ask a colleague."),
    "own_request": msgid("You asked for this extension yourself; another person has to decide on it."),
    "own_handling": msgid(
        "You acted on this report as an admin or a liaison; another person of the Inspectorate has to decide on it."
    ),
    "own_follow_up": msgid("You followed this report up yourself; another person has to give the reporter's verdict."),
    "not_grantable": msgid("Nobody holds the role “{role}”; grant one of: {allowed}."),
    "not_to_oneself": msgid("Nobody grants anything to themselves; ask a colleague."),
    "not_yours_to_grant": msgid("Your role does not grant or end the role “{role}”; it does: {allowed}."),
    "grant_elsewhere": msgid("This is decided in the agency {instansi}; your role is in {actor}."),
    "opd_not_of_role": msgid("The role “{role}” has no OPD; leave the OPD out."),
    "ends_in_the_past": msgid("The last day has passed already; choose today or a later day."),
    "login_taken": msgid("Somebody has this log-in name already; grant that person the role, or choose another name."),
    "no_such_login": msgid("Nobody has this log-in name; see `kawal account list`."),
    "no_such_role": msgid("There is no held role {number}, or it has ended; see `kawal account list`."),
    "no_such_deputy": msgid("There is no deputy {number}, or it has ended; see `kawal account list`."),
    "deputy_chain": msgid("A deputy cannot name a deputy; only the absent, or whoever grants the role, can."),
    "deputy_is_absent": msgid("Nobody stands in for themselves; name another person."),
    "deputy_days": msgid(
        "A deputy stands in from a day to the same or a later one, at most {most} days, not in the past."
    ),
    "deputy_elsewhere": msgid("A deputy needs a role of their own in the agency {instansi}."),
    "code_or_contact": msgid(
        "This is not the access code or the contact of the report; ask the reporter for the code on the receipt, or "
        "for the e-mail address or telephone number given with the report."
    ),
    "stamp_out_of_reach": msgid("A paper's stamp may be at most {most} days old and not in the future."),
    "stamp_needs_grounds": msgid("State why a paper of an earlier day is registered only now."),
    "completion_not_open": msgid(
        "The completion deadline is not running, or has passed; an extension is only possible before the deadline."
    ),
    "extension_used": msgid("Completion can be extended only once, and that extension has been used."),
    "extension_pending": msgid("A request for an extension is already awaiting the agency admin's decision."),
    "no_extension_pending": msgid("No request to extend awaits a decision."),
    "too_many_days": msgid("An extension is at most {most} working days."),
    "no_item": msgid("The Inspectorate has no open escalation for this complaint."),
    "breach_still_owed": msgid(
        "A late step is still outstanding ({clocks}); have it done, take over or instruct first."
    ),
    "already_taken_over": msgid("The Inspectorate has already taken this complaint over."),
    "date_out_of_reach": msgid("The date must lie between {first} and {last} (at most {most} working days)."),
    "aftercare_over": msgid("The {days} days of aftercare are over; the complaint can only be reopened."),
    "pengawasan_only_pengaduan": msgid("Only a complaint (pengaduan) can be supervisory (berkadar pengawasan)."),
    "being_merged": msgid("The main report is itself being merged; try again shortly or choose another."),
    "main_away": msgid("The main report {main} cannot be reached at present. Nothing was changed; try again later."),
    "main_unknown": msgid("There is no main report {main}; check the tracking id."),
    "main_is_itself": msgid("A complaint cannot be merged into itself."),
    "main_other_instansi": msgid("The main report {main} belongs to another agency; merge only within one."),
    "main_final": msgid("The main report has ended; choose one that is open."),
    "main_later": msgid("The main report was received later; merge the newer one into the older."),
    "rules_too_new": msgid(
        "Rule set {policy} has been in force since {since}; the complaint was received on {received} and "
        "keeps the rules of that day."
    ),
    "unknown_opd": msgid("OPD {opd} is not registered or not active in {instansi}; see `kawal opd list`."),
    "unknown_files": msgid(
        "This complaint has no attachment {files}; upload the file first, then name the id that it was given."
    ),
    "unknown_category": msgid(
        "The category “{category}” is not in the national tree; write “MAIN” or “MAIN / SUB” exactly."
    ),
    "category_unclear": msgid(
        "No category of the national tree is “{category}”, or more than one has that part; near it: {near}."
    ),
    "already_done": msgid(
        "This was done already ({at}). It was not done again; if you mean it a second time, send it under a new key."
    ),
    "act_unclear": msgid(
        "This was begun before ({at}), and how it ended is not known. Look whether it was done before you send it "
        "under a new key."
    ),
    "key_reused": msgid("The key {key} was used for another command; use a new one."),
    "ended": msgid(
        "Complaint {tracking} has ended ({status}); only a complaint that is done (selesai) can be reopened."
    ),
    "unknown_complaint": msgid("There is no complaint {tracking}; check the 7-digit tracking id."),
    "no_such_report": msgid("There is no report with this number and access code; check both on the receipt."),
    "erased": msgid("The content of complaint {tracking} has been erased; it cannot be reopened."),
    "words_not_yours": msgid("The role “{role}” may not read this; allowed: {allowed}."),
    "words_not_of_opd": msgid(
        "OPD {opd} was never given this complaint, or no longer has it and it is confidential (rahasia), "
        "so it may not read what people wrote."
    ),
    "words_not_registered": msgid("The front desk reads the words of what it registered itself, and adds files to it."),
    "words_not_come_up": msgid(
        "This complaint was never escalated to the leadership, which therefore may not read its files."
    ),
    "letter_unknown": msgid(
        "Complaint {tracking} has no letter {number}; `kawal letter list {tracking}` shows those that it has."
    ),
    "identity_not_yours": msgid("The role “{role}” may not know who the reporter is; allowed: {allowed}."),
    "no_pass_for": msgid("There are no passes for the role “{role}”; they are for: {allowed}."),
    "pass_elsewhere": msgid(
        "Only the admin or the Inspectorate of {instansi} may issue its passes; your role is in {actor}."
    ),
    "lookup_not_rotated": msgid(
        "The look-up key cannot be rotated: what is found by its keyed hashes (external ids, contacts, "
        "idempotency keys) would no longer be found and would be created twice, and reporters' access "
        "codes would no longer work."
    ),
    "master_key_unchanged": msgid(
        "Everything is already wrapped with master key {master}; change the key at its source first: "
        "KAWAL_MASTER_KEY, with the old one in KAWAL_MASTER_KEY_PREVIOUS, or the key service."
    ),
    "no_such_pass": msgid("There is no valid pass {number}."),
    "purpose_needed": msgid(
        "State the purpose: a confidential (rahasia) report and a reporter's identity are opened only for "
        "a purpose on record."
    ),
    "purpose_too_long": msgid("The purpose is too long; at most {most} characters."),
    "ground_needed": msgid("State the ground or purpose; it goes on record."),
    "search_words": msgid("Search with 1 to {most} characters."),
    "erase_not_started": msgid("accepted, but not started yet; wait until it is closed"),
    "erase_open": msgid("not closed yet; close it, or wait until it is"),
    "erase_item_open": msgid("its escalation is open on the Inspectorate's worklist; resolve that first"),
    "erase_aftercare": msgid("its aftercare still runs"),
    "erase_running": msgid("its workflow has not ended yet; try again shortly"),
    "erasure_list_foreign": msgid(
        "The list of erasures is another installation's (line {line}); check KAWAL_ERASURES."
    ),
    "erasure_list_tampered": msgid(
        "The list of erasures was damaged or changed at line {line}; put a whole copy back. Nothing was erased."
    ),
    "quality_period": msgid(
        "No sample can be drawn from {first} to {last}; the period must not end before it begins, nor after today."
    ),
    "quality_size": msgid("A sample has 1 to {most} follow-ups."),
    "no_such_item": msgid("There is no item {number} in the tray; see `kawal tray list`."),
    "item_decided": msgid("Item {number} is decided already ({state}); see `kawal tray list --all`."),
    "item_gone": msgid("The letter of item {number} is deleted; nothing more can be done about it."),
    "item_unreadable": msgid("Item {number} cannot be read automatically; look at it and state its words yourself."),
    "item_not_dismissed": msgid("Item {number} is not dismissed ({state}); only a dismissal can be undone."),
    "item_already_there": msgid("Item {number} lies in the tray of {instansi} already."),
    "quality_seed": msgid("A seed has 1 to {most} letters, digits or symbols, without spaces."),
    "quality_no_head": msgid(
        "No log head has been sealed after {last} yet; await the next sealing or give a seed that was published."
    ),
    "quality_nothing": msgid("There is no final follow-up in those days; check dates and OPD."),
    "quality_drawn": msgid("A sample of those days has already been drawn ({number}); it cannot be drawn twice."),
    "quality_unknown": msgid("Sample {number} has no place {place}; see `kawal quality list`."),
    "quality_handled": msgid(
        "Your account has had a hand in complaint {tracking}; somebody else reviews its follow-up."
    ),
    "quality_reviewed": msgid("You have reviewed this follow-up; to correct your review use --correct."),
    "quality_not_reviewed": msgid("You have not reviewed this follow-up; there is nothing to correct."),
    "quality_erased": msgid("The content of complaint {tracking} has been erased; there is nothing left to review."),
    "register_unknown": msgid("There is no {what} {number} in the register of {instansi}; see `kawal register list`."),
    "register_changed": msgid("Somebody else has just changed this entry; look at it and try again."),
    "register_backwards": msgid("A decree cannot expire ({last}) before it was issued ({first})."),
    "register_full": msgid("An action plan has at most {most} items."),
    "unknown_instansi": msgid("The agency {instansi} is not registered; there are: {known}."),
    "calendar_taken": msgid("Version {version} already exists with different content; give a new name with --version."),
    "calendar_not_newest": msgid(
        "Somebody else has changed the calendar meanwhile. Nothing was changed; look at it again."
    ),
    "what_if_period": msgid("The first day has to be before the last one, and not before {first}."),
    "what_if_too_long": msgid("The period is too long: at most {days} days."),
    "what_if_too_late": msgid(
        "It can be counted as of the end of a day that is over, and not before the first day of receipt."
    ),
    "what_if_busy": msgid(
        "Another computation of your agency, number {number}, is under way. Wait for its end, or have it cancelled."
    ),
    "what_if_of_another": msgid("Whoever asked for the computation cancels it."),
    "unknown_what_if": msgid("There is no such computation of your agency; those older than 90 days are removed."),
    "not_in_inbox": msgid("Report {tracking} does not wait in the inbox; see `kawal inbox`."),
    "notice_not_again": msgid(
        "There is no unsent notice {number}: it was sent, is still waiting, or its text was erased."
    ),
    "not_given_up": msgid("Report {tracking} is not among those that were given up."),
    "dead_letter_unreadable": msgid("What report {tracking} says cannot be opened."),
    "notice_not_given_up": msgid("Notice {number} is not among those that were given up."),
    "holds_for_all": msgid(
        "This holds for every agency of the installation, so its operator imports it; for {instansi} alone import the "
        "agency's own (--own)."
    ),
    "policy_taken": msgid("Version {version} already exists with different content; give a new `version` in the file."),
    "token_of_all": msgid("Token {number} is for every agency of the installation, so its operator revokes it."),
    "no_such_token": msgid("There is no valid token {number}."),
    "no_office": msgid("{office} has no address."),
    "person_unnamed": msgid("Name the person's e-mail (--email) or phone number (--phone)."),
    "person_unknown": msgid("No report with that contact in this agency."),
    "opd_exists": msgid(
        "{instansi} already has an OPD with the code {opd}; use another code, or `kawal opd rename` and "
        "`kawal opd activate`."
    ),
    "opds_refused": msgid(
        "Nothing was added to {instansi}, for these codes stand there already, or twice in the list: {opds}."
    ),
    "category_place": msgid(
        "Name one: the OPD that answers the category, or the agency outside that has the authority."
    ),
    "no_category_place": msgid("Nobody is set for the category “{category}” in {instansi}."),
    "office_opd": msgid("An OPD is named for a liaison only, and for a liaison always."),
    "not_wedged": msgid("Complaint {tracking} is not wedged; there is nothing to mend. See `kawal show {tracking}`."),
    "mend_unsafe": msgid(
        "Complaint {tracking} cannot be started again from its record yet ({why}); docs/operators/trouble.md says "
        "what to do for each reason, then repeat `kawal mend {tracking}`."
    ),
    # What the public sees
    "publicity_erased": msgid("The content of complaint {tracking} has been erased; nothing of it is public."),
    "publicity_rahasia": msgid(
        "This report is confidential (rahasia): nothing of it is public, so there is nothing to release or to redact."
    ),
    "publicity_inspectorate": msgid(
        "The words of a report that is or was subject to supervision (berkadar pengawasan) are released and redacted "
        "by the Inspectorate alone."
    ),
    "publicity_no_item": msgid(
        "The Inspectorate releases and redacts here only while its item is open; ask the agency's admin."
    ),
    "publicity_not_withheld": msgid("The words of this report are not withheld; name the file that is to be released."),
    "publicity_released_already": msgid("This file has been released already."),
    "publicity_no_variant": msgid(
        "A file of the type {type} has no form without metadata, so it cannot be released; attach it as a picture or "
        "as text."
    ),
    "publicity_picture": msgid("Nothing was blacked out: {detail}"),
    "publicity_meanwhile": msgid("Somebody else blacked out parts of this picture meanwhile; look at it and repeat."),
    "publicity_not_redacted": msgid("Nothing of this is redacted, so nothing can be redacted anew or taken back."),
    "publicity_no_follow_up": msgid("Event {number} of this complaint is no follow-up; `kawal history` numbers them."),
    "publicity_no_passage": msgid(
        "“{passage}” does not stand in the public words; copy the passage exactly as the public reads it."
    ),
    # Notes
    "note_to_inspectorate": msgid("The leadership's notes are for the Inspectorate alone; choose that audience."),
    "note_of_another": msgid("Only whoever wrote a note may strike it."),
    "note_struck_already": msgid("This note has been struck already."),
    "note_unknown": msgid("Complaint {tracking} has no note {number} that you may read."),
    "mention_unknown": msgid(
        "Nobody in the agency is called “{name}”: nothing was written. Take a name from the list, or leave the @ out."
    ),
    "mention_of_several": msgid(
        "Several people are called {name}: nothing was written. Name the log-in name instead: {logins}."
    ),
    "mention_not_read": msgid(
        "{name} may not read this note: nothing was written. Choose whom the note is for, or leave the name out."
    ),
    "no_mention": msgid("You are not named in note {number} of complaint {tracking}, or have noted that as read."),
    "view_of_no_list": msgid("This is not the address of a list of yours; only a list with its filters can be saved."),
    "view_name_taken": msgid("You have a view called “{name}” already. Choose another name."),
    "too_many_views": msgid("You have {most} views, and no more are kept. Remove one first."),
    "unknown_view": msgid("You have no view {number}."),
    "note_erased": msgid("The content of complaint {tracking} has been erased; no notes can be left on it."),
    "nothing_to_read": msgid(
        "In complaint {tracking} nothing that the reporter said in event {number} waits any more: it was dealt with or "
        "noted as read, or something newer was said."
    ),
    # Canned texts
    "canned_command": msgid("The form of that command takes no text; choose one of: {known}."),
    "canned_place": msgid("Nothing fills “{place}” in a text; there are: {known}."),
    "canned_full": msgid("The agency keeps {most} texts for this command already; remove one first."),
    "gateway_unknown": msgid("There is no gateway {gateway} for messages to the reporters of {instansi}."),
    "canned_unknown": msgid("The agency {instansi} has no text {number}; see `kawal canned list`."),
    # The agency itself
    "letter_text_lines": msgid("The text may have at most {most} lines."),
    "letter_part": msgid("No letter to reporters is called “{part}”; there are: {known}."),
    "agency_code_stays": msgid("The agency keeps its code {instansi}: the record speaks of it by that."),
    "agency_code_taken": msgid("The code {instansi} is another agency's or OPD's already."),
    "agency_area": msgid("The area code {area} is not that of a {kind}."),
    "agency_by_deputy": msgid(
        "Somebody who stands in for another cannot do this: whoever does it becomes the new agency's admin."
    ),
    "trial_not_sent": msgid("Nothing was sent: {why}"),
    "announcement_none": msgid("The agency {instansi} tells its readers nothing at the moment."),
    "announcement_over": msgid("The end must lie in the future, and after the beginning."),
    "announcement_empty": msgid("Type a text in Indonesian, in English, or in both."),
    "event_conflict": msgid(
        "The record of this complaint differs from what was sent. Nothing was changed; call the operator."
    ),
}
"""The sentence for each code."""


_CALLED: dict[str, Mapping[str, Message]] = {
    "command": COMMANDS | ACTS,
    "role": ROLES,
    "status": STATUSES,
    "event": DONE_BY,
    "what": {"decree": msgid("decree"), "plan": msgid("action plan"), "item": msgid("item")},
}
"""What people read for the code that a detail holds."""

_LISTED: dict[str, Mapping[str, Message]] = {"allowed": ROLES | STATUSES, "clocks": CLOCKS}
"""The same of a detail that holds several codes."""

_DAYS = ("first", "last", "received", "since")


def _spoken(name: str, value: object) -> object:
    """Return a detail as its sentence holds it; what has no other name stands as it is."""
    if name in _CALLED:
        return _CALLED[name].get(str(value), value)
    if name in _LISTED:
        return [_one_of(_LISTED[name], code) for code in str(value).split(", ")]
    if name == "who":
        who = _one_of(ROLES, str(value))
        # A colleague's name, once it is known, stands as it is.
        return who if isinstance(who, str) else sentence(msgid("the {who}"), who=who)
    if name == "at":
        return datetime.fromisoformat(str(value))
    if name in _DAYS:
        with suppress(ValueError):
            return date.fromisoformat(str(value))
    return value


def _one_of(table: Mapping[str, Message], code: str) -> Message | Sentence | str:
    """Return what a code is called; a clock's key, or a liaison, may name its OPD."""
    kind, _, opd = code.partition(":")
    if kind not in table:
        return code
    return sentence(msgid("{clock} ({opd})"), clock=table[kind], opd=opd) if opd else table[kind]


REFUSED = "Refused"
"""The type of the engine's error that a refusal becomes; details: the code, the sentence's values, the last event."""


class Refusal(Exception):
    """The rules do not allow the request; nothing was changed.

    `code` is one of SENTENCES; `details` are the values for its placeholders.
    """

    def __init__(self, code: str, **details: object) -> None:
        """Refuse with a stable code; a code without a sentence is a programming error (KeyError)."""
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}
        self.sentence = Sentence(SENTENCES[code], {name: _spoken(name, value) for name, value in details.items()})
        """The reason and what to do about it."""

        super().__init__(str(self.sentence))
