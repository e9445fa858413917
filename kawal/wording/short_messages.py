"""The short form of a reporter's letters, for SMS and WhatsApp: the number, what happened, what to do and by when.

Nothing is ever cut: what does not fit is left out as a whole, the least important first. The number and what happened
always stay, then the link, then what the reporter can do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from kawal.domain.government import head_in
from kawal.domain.msgids import Message, msgid
from kawal.domain.record_labels import COMMANDS
from kawal.wording.catalogues import say
from kawal.wording.dates import show_long_day
from kawal.wording.letter_messages import CLOCKS
from kawal.wording.letters import filled


class ShortWords(NamedTuple):
    """The wording of one kind of notice; `said` needs nothing but the report's number and the head's title."""

    said: Message
    act: tuple[Message, ...] = ()
    """What the reporter can do, the most important first."""
    by_reply: tuple[Message, ...] = ()
    """How that is done by replying, where a reply reaches the report; said instead."""
    detail: tuple[Message, ...] = ()
    quoted: bool = False
    """Whether what an official wrote is quoted, where all of it fits."""


class _Piece(NamedTuple):
    place: int
    """Where it stands in the message; pieces are added in order of importance."""
    text: str


_GOES_ON = msgid("It goes on from report {continues}.")
_PLEASE_ANSWER = msgid("Please answer by {deadline}.")
_ANSWER_BY = msgid("Reply to this message by {deadline}.")
_RATE = msgid("To rate it, reply NILAI and a number from 1 to 5.")
_CLOSED = msgid("Report {id} was closed.")
_THEN_CLOSED = msgid("Without a reply the report is then closed.")
_WRONG = msgid("If this is not what you said, please tell us.")
_BY = msgid("By: {opd}.")
_DUE = msgid("Due by {deadline}.")
_FOLLOWS = msgid("Your report {own} follows it.")
_QUESTION_OVER = msgid("The question to you needs no answer any more.")

SHORT: dict[str, ShortWords] = {
    "received": ShortWords(
        msgid("Report {id} was received."),
        (_GOES_ON,),
        (_GOES_ON, msgid("To hide your name reply ANONIMKAN, to hide the report RAHASIAKAN.")),
        (msgid("It will be verified by {deadline}."),),
    ),
    "verified": ShortWords(msgid("Report {id} was verified.")),
    "held": ShortWords(
        msgid("Report {id} is on hold: something is missing."),
        (msgid("Please send it by {deadline}; after that the report is archived."),),
        quoted=True,
    ),
    "hold_expired": ShortWords(
        msgid("Report {id} was archived: what was missing did not come in time."),
        (msgid("You are welcome to report again."),),
    ),
    "forwarded": ShortWords(
        msgid("Report {id} was forwarded."),
        detail=(msgid("To: {opds}."), msgid("The first follow-up is due by {deadline}.")),
    ),
    "handled": ShortWords(msgid("Report {id} is being handled by the agency itself.")),
    "question_over": ShortWords(msgid("The question about report {id} needs no answer any more.")),
    "asked": ShortWords(
        msgid("There is a question about report {id}."), (_PLEASE_ANSWER,), (_ANSWER_BY,), (_BY,), quoted=True
    ),
    "followed_up": ShortWords(msgid("Report {id} was followed up."), detail=(_BY,)),
    "followed_up_final": ShortWords(
        msgid("The final follow-up to report {id} is there."),
        (msgid("Please accept or dispute it by {deadline}."), _THEN_CLOSED),
        (msgid("Reply TERIMA, TERIMA 1 to 5, or SANGGAH and why, by {deadline}."), _THEN_CLOSED),
        (_BY,),
    ),
    "extended": ShortWords(msgid("Report {id} was given more time."), detail=(_DUE,)),
    "archived": ShortWords(msgid("Report {id} was archived.")),
    "passed_on": ShortWords(
        msgid("Report {id} is outside this agency's authority and was passed on to the agency responsible."),
        detail=(msgid("It goes on as report {goes_on_as}."),),
    ),
    "merged": ShortWords(
        msgid("Report {id} was merged into another one on the same matter."),
        detail=(msgid("You will be told what happens to report {main}."),),
    ),
    "accepted": ShortWords(msgid("Report {id} is done. Thank you.")),
    "closed": ShortWords(msgid("Report {id} was closed by the agency."), by_reply=(_RATE,)),
    "closed_no_reply": ShortWords(
        _CLOSED, by_reply=(_RATE,), detail=(msgid("There was no reply within 10 working days of the final follow-up."),)
    ),
    "closed_not_disputed": ShortWords(
        _CLOSED,
        by_reply=(_RATE,),
        detail=(msgid("The final follow-up was not disputed within 10 working days of your reply."),),
    ),
    "closed_unanswered": ShortWords(
        _CLOSED, by_reply=(_RATE,), detail=(msgid("The question to you was not answered within 10 working days."),)
    ),
    "reopened": ShortWords(msgid("Report {id} was reopened."), detail=(_DUE,)),
    "taken_over": ShortWords(msgid("The Inspectorate has taken over report {id}."), detail=(_DUE,)),
    "ombudsman": ShortWords(
        msgid("Report {id} is still unresolved and is before the {head}."),
        (msgid("You have the right to turn to the Ombudsman (Law 37/2008)."),),
    ),
    "spoken_reply": ShortWords(msgid("A reply to report {id} was entered for you."), (_WRONG,)),
    "spoken_dispute": ShortWords(msgid("The follow-up to report {id} was disputed for you."), (_WRONG,)),
    "spoken_accept": ShortWords(
        msgid("The follow-up to report {id} was accepted for you."),
        (msgid("If this is not what you said, please dispute it by {deadline}."),),
        (msgid("If this is not what you said, reply SANGGAH and why by {deadline}."),),
    ),
    "spoken_rating": ShortWords(
        msgid("Report {id} was rated for you."), (_WRONG,), (_RATE,), (msgid("The rating: {rating} of 5."),)
    ),
    "concealed": ShortWords(msgid("Report {id} is hidden as you asked, and stays so.")),
    "say_refused": ShortWords(
        msgid("What you asked for report {id} was not done."),
        detail=(msgid("Asked: {command}."), msgid("What else you wrote was passed on as a reply.")),
    ),
    "reminder": ShortWords(msgid("Report {id} waits for your answer."), (_PLEASE_ANSWER,), (_ANSWER_BY,)),
    "reminder_last": ShortWords(
        msgid("Report {id}: today is the last day for your answer."), (_PLEASE_ANSWER,), (_ANSWER_BY,)
    ),
    "breached": ShortWords(msgid("Report {id} is late."), detail=(msgid("Late: {clock}."), _DUE)),
}
"""The short wording of every kind of notice that a reporter gets, in each language of letters that GSM knows."""

_SAID, _DETAIL, _QUOTE, _ACT, _LINK = range(5)
_PLAIN = str.maketrans("“”„‘’‚–—−\u00a0", "\"\"\"'''--- ", "\u200b") | {ord("…"): "..."}
"""Typographical signs of others' words, which would more than halve what an SMS can hold."""


def short_message(
    kind: str,
    tracking_id: str,
    body: Mapping[str, Any],
    lang: str,
    names: Mapping[str, str],
    *,
    fits: Callable[[str], bool],
    agency: str | None = None,
    link: str | None = None,
    answered: bool = True,
) -> str:
    """Return the message of a notice to a reporter: as much of its short wording as `fits`.

    `names` maps known OPD codes to names, `agency` is the name that says from whom it comes, `link` the report's own,
    `answered` says whether a reply reaches the report. Raises KeyError for a kind that no reporter gets.
    """
    words = SHORT[kind]
    about = str(body.get("follows") or tracking_id)
    values = _values(body, lang, names) | {"id": about, "own": tracking_id, "head": head_in(names)}
    taken = [_Piece(_SAID, filled(words.said, values, lang) or about)]
    for piece in _by_importance(words, body, values, lang, link, agency, answered=answered):
        if fits(_joined([*taken, piece])):
            taken.append(piece)
    return _joined(taken)


def _by_importance(
    words: ShortWords,
    body: Mapping[str, Any],
    values: Mapping[str, str],
    lang: str,
    link: str | None,
    agency: str | None,
    *,
    answered: bool,
) -> Iterator[_Piece]:
    follows = "follows" in body
    if link is not None:
        yield _Piece(_LINK, link)
    acts = words.by_reply if answered and words.by_reply else words.act
    for act in () if follows else acts:
        yield from _piece(_ACT, act, values, lang)
    if follows:
        yield from _piece(_DETAIL, _FOLLOWS, values, lang)
    if words.quoted and not follows and body.get("text"):
        yield _Piece(_QUOTE, '"' + " ".join(str(body["text"]).translate(_PLAIN).split()) + '"')
    for detail in words.detail:
        yield from _piece(_DETAIL, detail, values, lang)
    if body.get("question_over") and SHORT["question_over"] is not words:
        yield from _piece(_DETAIL, _QUESTION_OVER, values, lang)
    if agency is not None:
        yield _Piece(_LINK, f"- {agency.translate(_PLAIN)}")


def _piece(place: int, message: Message, values: Mapping[str, str], lang: str) -> Iterator[_Piece]:
    said = filled(message, values, lang)
    if said is not None:
        yield _Piece(place, said)


def _joined(pieces: list[_Piece]) -> str:
    return " ".join(piece.text for piece in sorted(pieces, key=lambda piece: piece.place))


def _values(body: Mapping[str, Any], lang: str, names: Mapping[str, str]) -> dict[str, str]:
    values = {
        name: str(body[name]) for name in ("main", "rating", "goes_on_as", "continues") if body.get(name) is not None
    }
    if body.get("deadline"):
        values["deadline"] = show_long_day(date.fromisoformat(str(body["deadline"])), lang)
    if body.get("opd"):
        values["opd"] = names.get(str(body["opd"]), str(body["opd"])).translate(_PLAIN)
    if body.get("opds"):
        values["opds"] = ", ".join(names.get(code, code) for code in body["opds"]).translate(_PLAIN)
    if body.get("clock") in CLOCKS:
        values["clock"] = say(lang, CLOCKS[body["clock"]])
    if body.get("refused"):
        values["command"] = say(lang, COMMANDS[str(body["refused"]["command"])])
    return values
