"""Guards: the further conditions that rows of `transitions` name; each checks the state and refuses with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kawal.domain.calendar import local_day
from kawal.domain.names import ClockKind, ReportClass, Role, Status
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.process.state import INSPECTORATE_OWNER, State
from kawal.domain.refusals import Refusal

Guard = Callable[[State, ParsedCommand, datetime], None]


def owner_code(state: State, parsed: ParsedCommand) -> str:
    """Return the code under which the actor holds a complaint: own OPD, the agency itself, or the Inspectorate."""
    actor = parsed.command.actor
    if actor.role is Role.INSPECTORATE:
        return INSPECTORATE_OWNER
    if actor.role is Role.ADMIN:
        return state.instansi
    if not actor.opd:
        raise Refusal("no_opd")
    return actor.opd


def _holding(state: State, *states: str) -> str:
    return ", ".join(code for code, owner in state.owners.items() if owner.state in states) or "–"


def _must_hold(state: State, code: str, *states: str) -> None:
    owner = state.owners.get(code)
    if owner is None or owner.state not in states:
        raise Refusal("opd_not_holding", opd=code, holding=_holding(state, *states))


def before_first_forward(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that no OPD has been given the report yet and that the Inspectorate has not taken it over."""
    if state.owners:
        raise Refusal("already_forwarded", command=parsed.name)


def before_first_follow_up(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that nobody has followed up."""
    if state.first_follow_up_at is not None:
        raise Refusal("already_followed_up", command=parsed.name)


def verified(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the admin has decided class and category."""
    if state.verified_at is None:
        raise Refusal("not_verified")


def verified_or_verifying(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require verify's arguments for handling an unverified report, and none of them for a verified one."""
    given = parsed.arguments
    decisions = (given.title, given.report_class, given.category)
    if state.verified_at is None and None in decisions:
        raise Refusal("not_verified")
    if state.verified_at is not None and any(decisions):
        raise Refusal("malformed", detail="title, class, category: already verified; use reclassify")
    if given.pengawasan and given.report_class is not ReportClass.PENGADUAN:
        raise Refusal("pengawasan_only_pengaduan")


def forwarded(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that somebody has been given the report."""
    if not state.owners:
        raise Refusal("not_forwarded")


def own_opd_owes(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the liaison's OPD holds the report and owes its final follow-up."""
    _must_hold(state, owner_code(state, parsed), "owes")


def own_opd_not_followed_up(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the OPD has not followed up: only then can it return a report as misdirected."""
    code = owner_code(state, parsed)
    if state.owners[code].first_follow_up_at is not None:
        raise Refusal("opd_has_followed_up", opd=code)


def belongs_to_another(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the OPD to which a returned report is said to belong is another one."""
    code = parsed.arguments.belongs_to
    if code in (owner_code(state, parsed), INSPECTORATE_OWNER):
        raise Refusal("unknown_opd", opd=code, instansi=state.instansi)


def asker_holds(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that a liaison who asks belongs to an OPD that holds the report; the admin may always ask."""
    if parsed.command.actor.role is Role.LIAISON:
        _must_hold(state, owner_code(state, parsed), "owes", "final")


def actor_holds(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that whoever follows up holds the report: it owes, or adds to a final follow-up that stands."""
    _must_hold(state, owner_code(state, parsed), "owes", "final")


def named_opd_owes(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the OPD (or the agency itself) owes, for a withdrawal; a take-over cannot be withdrawn."""
    code = parsed.arguments.opd
    if code == INSPECTORATE_OWNER:
        raise Refusal("opd_not_holding", opd=code, holding=_holding(state, "owes"))
    _must_hold(state, code, "owes")


def named_opd_was_sent_it(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the OPD to be nudged holds the report."""
    _must_hold(state, parsed.arguments.opd, "owes", "final")


def opds_do_not_owe(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the OPDs do not owe already: forwarding to one again would reset its clock."""
    codes = parsed.arguments.opds
    for code in codes:
        owner = state.owners.get(code)
        if (owner is not None and owner.state == "owes") or codes.count(code) > 1:
            raise Refusal("opd_already_owes", opd=code)
        if code in (INSPECTORATE_OWNER, state.instansi):
            raise Refusal("unknown_opd", opd=code, instansi=state.instansi)


def agency_does_not_owe(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the agency does not owe already: it handles a report once."""
    owner = state.owners.get(state.instansi)
    if owner is not None and owner.state == "owes":
        raise Refusal("opd_already_owes", opd=state.instansi)


def no_question_open(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that no question is open: one at a time."""
    if state.question is not None:
        raise Refusal("question_open")


def completion_not_breached(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the completion clock is open and its deadline has not passed."""
    clock = state.clock(ClockKind.COMPLETE)
    if clock is None or clock.breached_at is not None:
        raise Refusal("completion_not_open")


def extension_free(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require no earlier extension, no pending request, and at most the policy's days: completion is extended once."""
    if state.extension_granted:
        raise Refusal("extension_used")
    if state.extension_days is not None:
        raise Refusal("extension_pending")
    if parsed.arguments.days > state.rules.policy.extension_max:
        raise Refusal("too_many_days", most=state.rules.policy.extension_max)


def extension_pending(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that a request to extend awaits the admin's decision."""
    if state.extension_days is None:
        raise Refusal("no_extension_pending")


def nobody_owes_and_final_stands(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that every OPD that owed has posted its final follow-up, so that the reporter can judge it."""
    if state.someone_owes or not state.final_stands:
        raise Refusal("no_final_stands")


def final_stands_or_accept_was_spoken(state: State, parsed: ParsedCommand, now: datetime) -> None:
    """Require a final follow-up to judge; or, of a report that is done, an accept that somebody gave for the reporter.

    Such an accept can be disputed within the aftercare (rule "Who speaks for a reporter").
    """
    if state.status is not Status.SELESAI:
        nobody_owes_and_final_stands(state, parsed, now)
        return
    if state.closed_by != "accept" or state.accepted_via is None:
        raise Refusal("accept_not_spoken")
    within_aftercare(state, parsed, now)


def conceals_something(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the report is not hidden in that way already: concealing is never taken back."""
    given = parsed.arguments
    if not (given.anonim or given.rahasia):
        raise Refusal("not_told_what")
    if not (given.anonim and not state.anonim) and not (given.rahasia and not state.rahasia):
        raise Refusal("concealed_already")


def within_aftercare(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the complaint's aftercare has not ended."""
    if state.aftercare_over:
        raise Refusal("aftercare_over", days=state.rules.policy.aftercare_days)


def pengawasan_fits_class(_state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require a pengaduan if the report is to be berkadar pengawasan."""
    if parsed.arguments.pengawasan and parsed.arguments.report_class is not ReportClass.PENGADUAN:
        raise Refusal("pengawasan_only_pengaduan")


def item_open(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the complaint is on the Inspectorate's worklist."""
    if state.item is None or not state.item.open:
        raise Refusal("no_item")


def not_taken_over(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that the Inspectorate does not owe already: it takes over once, until its final follow-up or forward."""
    owner = state.owners.get(INSPECTORATE_OWNER)
    if owner is not None and owner.state == "owes":
        raise Refusal("already_taken_over")


def instructed_holds(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require that an instruction goes to the agency admin or to an OPD that holds the report."""
    if parsed.arguments.to != "admin":
        _must_hold(state, parsed.arguments.to, "owes", "final")


def date_within_reach(state: State, parsed: ParsedCommand, now: datetime) -> None:
    """Require a date from today to at most the policy's working days ahead."""
    first, most = local_day(now), state.rules.policy.instruct_max
    last = state.rules.calendar.add(first, most)
    if not first <= parsed.arguments.by <= last:
        raise Refusal("date_out_of_reach", first=first, last=last, most=most)


def no_late_step_owed(state: State, _parsed: ParsedCommand, _now: datetime) -> None:
    """Require that no breached step is still owed: only then can an item be resolved."""
    late = state.breached_and_owed()
    if late:
        raise Refusal("breach_still_owed", clocks=", ".join(clock.key for clock in late))


def main_is_another(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require another report as the main one: a report cannot follow itself."""
    if parsed.arguments.main == state.tracking_id:
        raise Refusal("main_is_itself")


def follower_fits(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require a main report of the same agency that was not received later, so that merging makes no cycle."""
    given = parsed.arguments
    if given.follower == state.tracking_id:
        raise Refusal("main_is_itself")
    if given.instansi != state.instansi:
        raise Refusal("main_other_instansi", main=state.tracking_id)
    if state.received_at > given.received_at:
        raise Refusal("main_later")


def rules_are_of_receipt(state: State, parsed: ParsedCommand, _now: datetime) -> None:
    """Require a rule set in force by the day of receipt: only a correction applies to an older complaint."""
    policy, received = parsed.arguments.rules.policy, local_day(state.received_at)
    if policy.effective_from > received:
        raise Refusal("rules_too_new", policy=policy.version, since=policy.effective_from, received=received)
