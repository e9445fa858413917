"""`kawal verify`: the admin's decision on a new report, as typed or as advised, and if asked the forwarding with it.

What is advised is taken from the record, its reading on record first. It is not taken where the words hint at berkadar
pengawasan and nobody said which it is, nor unasked where it is unsure. Verifying and forwarding are two commands: where
the second is refused or finds something away, the first stands, which is said together with what to run.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from kawal.cli.terminal.answers import refuse_in_words, tell_answer
from kawal.cli.terminal.command_table import KEY, TYPED, send
from kawal.cli.terminal.faults import CommandRefusal, UsageError, report
from kawal.cli.terminal.model_options import arguments_of, fields_of
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.domain.names import CommandName
from kawal.domain.process.commands import Verify

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.domain.checks import CheckResult
    from kawal.domain.messages import Actor, Answer

SUGGESTED = "--suggested"


class AdviceOptions(NamedTuple):
    """How far the advice is taken."""

    place: int | None
    """Which category (and OPD) of it, 1 being the likeliest; None: it is not taken at all."""
    forward: bool
    opds: list[str]
    """Those of --opd, instead of the advised one."""
    although_unsure: bool
    purpose: str | None


class DecisionOutcome(NamedTuple):
    """What was done."""

    verified: Answer
    opds: list[str]
    forwarded: Answer | None = None
    error: Exception | None = None
    """Why it was not forwarded, though that was asked for."""


def verify(operator: Operator, tracking_id: str, key: str | None, pengawasan: bool | None, **given: Any) -> int | None:
    """Verify a report, and forward it if asked; the exit code is that of what was not done. Raises Refusal."""
    taken = AdviceOptions(
        given.pop("suggested"),
        given.pop("forward"),
        [code.upper() for code in given.pop("opds")],
        given.pop("although_unsure"),
        given.pop("purpose"),
    )
    _check(taken)
    arguments = arguments_of(Verify, TYPED, {**given, "pengawasan": pengawasan})
    if taken.place is None and not taken.forward:
        send(operator, CommandName.VERIFY, tracking_id, arguments, key)
        return None

    async def work(complaints: Complaints) -> DecisionOutcome:
        actor = await operator.actor_on(complaints, tracking_id)
        if "category" in arguments:
            arguments["category"] = await complaints.references.category_meant(arguments["category"])
        opds = taken.opds
        if taken.place is not None:
            advice = await _advice(complaints, actor, tracking_id, taken.purpose)
            opds = _opds(taken, advice, tracking_id)
            _refuse_in_doubt(taken, advice, tracking_id, asked=pengawasan is None, chosen="category" in arguments)
            arguments.setdefault("category", _nth(advice.categories, taken.place, "no_such_category", tracking_id))
            await _complete(complaints, tracking_id, arguments)
        verified = await complaints.send(tracking_id, CommandName.VERIFY, actor, arguments, key)
        return (
            await _forwarded(complaints, actor, DecisionOutcome(verified, opds), key)
            if taken.forward
            else (DecisionOutcome(verified, opds))
        )

    with refuse_in_words(operator):
        outcome = operator.with_system(work)
    return _tell(operator, outcome, forward=taken.forward)


def _check(taken: AdviceOptions) -> None:
    """Raise UsageError for options that say nothing together."""
    if taken.place is not None and taken.place < 1:
        raise UsageError("suggested_place")
    if taken.opds and not taken.forward:
        raise UsageError("only_with", option="--opd", other="--forward")
    if taken.place is None:
        for option, typed in (("--although-unsure", taken.although_unsure), ("--purpose", taken.purpose is not None)):
            if typed:
                raise UsageError("only_with", option=option, other=SUGGESTED)
        if taken.forward and not taken.opds:
            raise UsageError("missing_parameters", names="--opd")


async def _advice(complaints: Complaints, actor: Actor, tracking_id: str, purpose: str | None) -> CheckResult:
    from kawal.client.advice import Adviser

    advice = await Adviser(complaints).advice(tracking_id, actor, purpose, "cli")
    if advice is None:
        raise CommandRefusal("no_advice", id=tracking_id)
    return advice


def _opds(taken: AdviceOptions, advice: CheckResult, tracking_id: str) -> list[str]:
    if taken.opds or not taken.forward or taken.place is None:
        return taken.opds
    return [_nth(advice.opds, taken.place, "no_such_opd", tracking_id)]


def _nth(suggestions: Any, place: int, refusal: str, tracking_id: str) -> str:
    if place > len(suggestions):
        raise CommandRefusal(refusal, id=tracking_id, place=place)
    return str(suggestions[place - 1].key)


def _refuse_in_doubt(taken: AdviceOptions, advice: CheckResult, tracking_id: str, *, asked: bool, chosen: bool) -> None:
    """Refuse what a person has to look at; `asked`: pengawasan is undecided, `chosen`: a category was given."""
    if advice.pengawasan_hint and asked:
        raise CommandRefusal("hint_unanswered", id=tracking_id)
    if advice.unsure and not taken.although_unsure and not chosen:
        raise CommandRefusal("advice_unsure", id=tracking_id)


async def _complete(complaints: Complaints, tracking_id: str, arguments: dict[str, Any]) -> None:
    """Take title and class from the report itself where they were not given; raises UsageError where it has none."""
    from kawal.domain.title import offered_title

    report_sent = await complaints.record.unverified_reports.report(tracking_id)
    proposed = None if report_sent is None else report_sent.proposed_class
    if "class" not in arguments:
        if proposed is None:
            raise UsageError("class_needed")
        arguments["class"] = str(proposed)
    if "title" not in arguments:
        title, text = ("", "") if report_sent is None else (report_sent.title, report_sent.body)
        if report_sent is not None and report_sent.rahasia:
            words = (await complaints.history(tracking_id))[0].words
            title, text = words.get("title") or "", words.get("text") or ""
        if not title.strip():
            raise UsageError("title_needed")
        arguments["title"] = offered_title(title, text)


async def _forwarded(complaints: Complaints, actor: Actor, done: DecisionOutcome, key: str | None) -> DecisionOutcome:
    """Forward what was just verified, as it stands after that; keeps the error where that fails."""
    number = done.verified.tracking_id
    try:
        answer = await complaints.send(
            number,
            CommandName.FORWARD,
            actor,
            {"opds": done.opds},
            None if key is None else f"{key}:{CommandName.FORWARD}",
            if_seq=done.verified.last_seq,
        )
    except Exception as error:  # the report is verified, whatever this is
        return done._replace(error=error)
    return done._replace(forwarded=answer)


def _tell(operator: Operator, outcome: DecisionOutcome, *, forward: bool) -> int | None:
    if operator.json:
        forwarded = outcome.forwarded and outcome.forwarded.model_dump(mode="json")
        told = outcome.verified.model_dump(mode="json")
        operator.write_json(told | {"forwarded": forwarded} if forward else told)
    else:
        for answer in filter(None, (outcome.verified, outcome.forwarded)):
            tell_answer(operator, answer)
    if outcome.error is None:
        return None
    operator.note(operator.say("verified_only", id=outcome.verified.tracking_id, command=_rest(operator, outcome)))
    return report(outcome.error, operator.lang)


def _rest(operator: Operator, outcome: DecisionOutcome) -> str:
    opds = " ".join(f"--opd {shlex.quote(code)}" for code in outcome.opds)
    acting = "" if operator.as_who is None else f" --as {shlex.quote(operator.as_who)}"
    return f"kawal forward {outcome.verified.tracking_id} {opds}{acting}"


SPECS = (
    Spec(
        "verify",
        verify,
        [
            TRACKING_ID,
            *(field for field in fields_of(Verify, TYPED, "verify") if field.name != "pengawasan"),
            Field("pengawasan", "--pengawasan/--no-pengawasan", bool, help_key="decided_pengawasan"),
            Field("suggested", SUGGESTED, int),
            Field("forward", "--forward", bool, default=False, help_key="and_forward"),
            Field("opds", "--opd", list[str], default=[], help_key="forward_opds"),
            Field("although_unsure", "--although-unsure", bool, default=False),
            Field("purpose", "--purpose", help_key="advice_purpose"),
            KEY,
        ],
        acting=True,
        lifted_by=SUGGESTED,
    ),
)
