"""A report's life as its reporter reads it: each step as a sentence, with what was written to or by the reporter.

What the reporter may read of the words is what the letters quote to the reporter, and the reporter's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from kawal.domain.messages import Event
from kawal.domain.msgids import Message, Sayable, msgid, msgids, sentence
from kawal.domain.names import REPORTERS_SAY, EventKind, Role
from kawal.domain.notices import TABLE, Target
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.domain.record_labels import REFUSALS
from kawal.wording.report_standing import Names, listed, office_at
from kawal.wording.weekdays import weekday_of


class TimelineStep(NamedTuple):
    """One step: when, what happened, what was written, and which files came with it."""

    seq: int
    at: datetime
    what: Sayable
    words: str | None
    own: bool
    """Whether the words are the reporter's."""
    via: Message | None
    """Through whom the reporter said it, if not directly."""
    files: list[str]


def timeline(events: Iterable[Event], names: Names, instansi: str) -> list[TimelineStep]:
    """Return the steps that concern the reporter, in order; those of an erased report have no words."""
    return [step for event in events if (step := _step(event, names, instansi)) is not None]


def _step(event: Event, names: Names, instansi: str) -> TimelineStep | None:
    told = _SENTENCES[event.kind](_Facts(event, names, instansi)) if event.kind in _SENTENCES else None
    if told is None:
        return None
    key = _OWN_WORDS.get(event.kind) or QUOTED.get(event.kind)
    words = event.words.get(key) if key else None
    files = event.words.get("files") or []
    return TimelineStep(
        event.seq,
        event.at,
        told,
        str(words) if words else None,
        event.kind in _OWN_WORDS,
        _THROUGH.get(str(event.facts.get("via"))),
        [str(one) for one in files],
    )


_OWN_WORDS = {EventKind.REPLIED: "text", EventKind.DISPUTED: "why", EventKind.RATED: "words"}
QUOTED = {
    kind: tell.quote
    for kind, rules in TABLE.items()
    for tell in rules
    if tell.whom is Target.REPORTER and tell.quote is not None
}
"""What an official wrote that is quoted to the reporter: the key in the event's words, by its kind."""

_THROUGH = {
    "desk": msgid("said for you by the front desk"),
    "tray": msgid("taken from your letter by the complaint admin"),
}


class _Facts:
    """An event's facts as its sentence names them."""

    def __init__(self, event: Event, names: Names, instansi: str) -> None:
        self.event = event
        self._names = names
        self.agency = names.get(instansi, instansi)

    def who(self, name: str) -> Sayable | str:
        return self._office(self.event.facts.get(name))

    def all(self, name: str) -> Sayable | str:
        return listed([self._office(code) for code in self.event.facts.get(name) or []])

    def office_at(self, name: str) -> Sayable:
        return office_at(int(self.event.facts[name]), self._names)

    def _office(self, code: str | None) -> Sayable | str:
        if code == INSPECTORATE_OWNER:
            return _INSPECTORATE
        return self.agency if code in (None, "admin") else self._names.get(code, code)


_INSPECTORATE = msgid("The Inspectorate")
_ANONIM, _RAHASIA = msgid("your name"), msgid("the whole report")

_Sentence = Callable[[_Facts], Sayable | None]


def _plain(message: Message) -> _Sentence:
    return lambda _told: message


def _of_opd(message: Message, fact: str = "opd") -> _Sentence:
    return lambda told: sentence(message, who=told.who(fact))


def _follow_up(told: _Facts) -> Sayable:
    final = told.event.facts.get("final")
    return sentence(_FINAL if final else _FOLLOWED_UP, who=told.who("opd"))


def _days(message: Message) -> _Sentence:
    return lambda told: sentence(message, who=told.who("opd"), count=int(told.event.facts.get("days") or 0))


def _rated(plain: Message, rated: Message) -> _Sentence:
    def said(told: _Facts) -> Sayable:
        rating = told.event.facts.get("rating")
        return plain if rating is None else sentence(rated, rating=rating)

    return said


def _concealed(told: _Facts) -> Sayable:
    hidden = [what for name, what in (("anonim", _ANONIM), ("rahasia", _RAHASIA)) if told.event.facts.get(name)]
    return sentence(msgid("You hid from the public: {what}."), what=hidden)


def _instructed(told: _Facts) -> Sayable:
    by = weekday_of(date.fromisoformat(str(told.event.facts["by"])))
    return sentence(msgid("The Inspectorate ordered {who} to act by {day}."), who=told.who("to"), day=by)


def _order_ended(told: _Facts) -> Sayable | None:
    missed = told.event.facts.get("met") is False
    return msgid("The Inspectorate's order was not carried out in time.") if missed else None


def _rung(told: _Facts) -> Sayable:
    return sentence(msgid("Your report went on to {office}."), office=told.office_at("rung"))


def _auto_closed(told: _Facts) -> Sayable:
    return _CLOSED_BY.get(str(told.event.facts.get("why")), _CLOSED_BY["no_reply"])


def _refused(told: _Facts) -> Sayable | None:
    """Say a refusal of what the reporter said; others concern officials."""
    own = told.event.actor.role in (Role.REPORTER, Role.DESK) and told.event.facts.get("command") in REPORTERS_SAY
    code = str(told.event.facts.get("code"))
    return sentence(msgid("What you sent could not be done: {why}."), why=REFUSALS.get(code, code)) if own else None


_FOLLOWED_UP = msgid("{who} followed up.")
_FINAL = msgid("{who} says that the work is done.")
_CLOSED_BY = {
    "no_reply": msgid("Your report was closed: no answer came to the last follow-up."),
    "not_disputed": msgid("Your report was closed: the last follow-up was not disputed."),
    "unanswered": msgid("Your report was closed: a question stayed without an answer."),
}

E = EventKind
_SENTENCES: Mapping[EventKind, _Sentence] = {
    E.STARTED: _plain(msgid("Your report was received.")),
    E.IMPORTED: _plain(msgid("Your report was entered from an earlier list.")),
    E.VERIFIED: _plain(msgid("Your report was checked and accepted.")),
    E.HELD: _plain(msgid("Something was missing, and you were asked for it.")),
    E.REPLIED: _plain(msgid("You wrote.")),
    E.ARCHIVED: _plain(msgid("Your report was archived.")),
    E.PASSED_ON: _plain(msgid("Your report was passed to another agency.")),
    E.MERGED: lambda told: sentence(msgid("Your report was merged with report {main}."), main=told.event.facts["main"]),
    E.FORWARDED: lambda told: sentence(msgid("Your report was forwarded to {who}."), who=told.all("opds")),
    E.HANDLED: lambda told: sentence(msgid("{who} handles your report itself."), who=told.agency),
    E.RECEIVED: _of_opd(msgid("{who} has opened your report.")),
    E.RETURNED: _of_opd(msgid("{who} gave your report back as not its own.")),
    E.WITHDRAWN: _of_opd(msgid("Your report was taken back from {who}.")),
    E.ASKED: _of_opd(msgid("{who} asked you a question."), "by"),
    E.FOLLOWED_UP: _follow_up,
    E.EXTENSION_ASKED: _days(
        msgids("{who} asked for {count} more working day.", "{who} asked for {count} more working days.")
    ),
    E.EXTENSION_GRANTED: _days(
        msgids("The time to finish grew by {count} working day.", "The time to finish grew by {count} working days.")
    ),
    E.EXTENSION_REFUSED: _plain(msgid("More time was refused; the date stays.")),
    E.ACCEPTED: _rated(
        msgid("You accepted the follow-up."), msgid("You accepted the follow-up and rated it {rating} of 5.")
    ),
    E.DISPUTED: _plain(msgid("You disputed the follow-up.")),
    E.CLOSED: _plain(msgid("The agency closed your report as done.")),
    E.RATED: _rated(msgid("You rated the handling."), msgid("You rated the handling {rating} of 5.")),
    E.CONCEALED: _concealed,
    E.REOPENED: _plain(msgid("Your report was opened again.")),
    E.RECLASSIFIED: _plain(msgid("The class of your report was changed.")),
    E.ESCALATED: _plain(msgid("Your report was brought before the Inspectorate.")),
    E.INSTRUCTED: _instructed,
    E.TAKEN_OVER: _plain(msgid("The Inspectorate took your report over.")),
    E.RESOLVED: _plain(msgid("The Inspectorate finished its check.")),
    E.RECOMPUTED: _plain(msgid("The dates were counted anew by a changed calendar or rule.")),
    E.BREACHED: _plain(msgid("A date was missed. The Inspectorate was told.")),
    E.RUNG_REACHED: _rung,
    E.QUESTION_LAPSED: _plain(msgid("The question ended without an answer; the report goes on.")),
    E.HOLD_EXPIRED: _plain(msgid("Your report was archived: what was missing did not come.")),
    E.INSTRUCTION_ENDED: _order_ended,
    E.AUTO_CLOSED: _auto_closed,
    E.AFTERCARE_ENDED: _plain(msgid("The time for rating has ended.")),
    E.REFUSED: _refused,
}
"""The steps that a reporter reads; what else is recorded concerns the offices' own work."""
