"""`/l/NUMBER`: a report's own page, for the browser that holds its cookie: one sentence, the one thing to do, the rest.

Reading it changes nothing. What was refused is shown on the same page, with all that was typed.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.audit.proof.findings import VerificationResult
from kawal.audit.proof.verify import Verification
from kawal.client.complaints import Complaints
from kawal.console.pages.form_guard import token_of
from kawal.console.pages.frame import language_of, page
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import NotOpened, opened
from kawal.console.pages.public.help_page import STATUS_MEANINGS
from kawal.console.pages.public.own_files import files_of
from kawal.console.pages.public.own_handover import handover_of
from kawal.console.pages.public.own_reading import JUDGING, OwnReport, read_own
from kawal.console.pages.public.own_secrecy import secrecy_of
from kawal.console.pages.public.parts import complaints_of, count_call
from kawal.console.pages.public.photos import photo_limits
from kawal.domain.labels import STATUSES
from kawal.domain.messages import Event
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import ClockKind, CommandName, Status
from kawal.domain.process.projection import explain_clocks
from kawal.domain.record_labels import COMMANDS
from kawal.domain.visibility import of_the_reporter, of_the_words
from kawal.intake.page_acts import TypedAct
from kawal.intake.public_view import PublicMessage, public_view
from kawal.web.application import API
from kawal.wording.explanations import ExplanationText, said_explanation
from kawal.wording.report_timeline import timeline

DONE: dict[str, Message] = {
    "jawab": msgid("What you wrote was sent."),
    "terima": msgid("You accepted the follow-up. Thank you."),
    "sanggah": msgid("Your dispute was sent. The report is being worked on again."),
    "nilai": msgid("Your rating was kept. Thank you."),
    "sembunyikan": msgid("It is hidden from now on."),
    "foto": msgid("Your files have arrived."),
}
"""What the page says after an act, by the last part of its address."""

RATINGS: tuple[Message, ...] = (
    msgid("very bad"),
    msgid("bad"),
    msgid("fair"),
    msgid("good"),
    msgid("very good"),
)

DEADLINES: dict[ClockKind, Message] = {
    ClockKind.VERIFY: msgid("Checking and forwarding"),
    ClockKind.FORWARD: msgid("Forwarding to the right office"),
    ClockKind.RESPOND: msgid("First follow-up"),
    ClockKind.COMPLETE: msgid("Finishing the work"),
    ClockKind.TAKE_OVER: msgid("Finishing by the Inspectorate"),
    ClockKind.INSTRUCTION: msgid("The Inspectorate's order"),
    ClockKind.HOLD: msgid("Your answer: what is missing"),
    ClockKind.QUESTION: msgid("Your answer to the question"),
    ClockKind.AUTO_CLOSE: msgid("Your word on the follow-up"),
    ClockKind.AFTERCARE: msgid("Time for rating"),
}


NEWEST_SEAL = f"{API}/log/head"
_MARK = re.compile(r"\s*\[[SP]\]")


class Attempt(NamedTuple):
    """A form that was sent and not obeyed: what was typed, and why."""

    act: str
    typed: TypedAct
    why: Sayable
    files: Sequence[str] = ()
    """Files that were taken with it."""


class ExplainedDeadline(NamedTuple):
    """A deadline with its name and why it is what it is."""

    step: Message
    office: str | None
    source: str
    """Where the rule stands, without the marks that it bears in the policy."""
    why: ExplanationText


async def show_own(request: Request) -> Response:
    """Show the report's page to its reporter."""
    await count_call(request)
    return await own_page(request, await opened(request))


async def own_page(
    request: Request, tracking_id: str, attempt: Attempt | None = None, *, status: int = 200
) -> Response:
    """Return the page, with what an attempt typed and why it was not done."""
    complaints, lang = complaints_of(request), language_of(request)
    own = await read_own(complaints, tracking_id)
    if own is None:
        raise NotOpened(tracking_id)
    handover, secrecy, files, main_messages, deadlines, verified = await asyncio.gather(
        handover_of(complaints, tracking_id),
        secrecy_of(complaints, own),
        files_of(request, own),
        _main_messages(complaints, own, lang),
        _deadlines(complaints, own, lang),
        _verified(complaints, own),
    )
    values: dict[str, Any] = {
        "own": own,
        "number": tracking_id,
        "attempt": attempt,
        "done": _done(request, own) if attempt is None else None,
        "kept_names": COMMANDS,
        "token": token_of(report_cookie.cookie_of(request, tracking_id) or ""),
        "status_word": STATUSES[own.state.status],
        "status_meaning": STATUS_MEANINGS[own.state.status],
        "steps": timeline(own.events, own.names, own.state.instansi),
        "deadlines": deadlines,
        "asked": _asked(own),
        "acts": _allowed(own, complaints),
        "keys": _keys(own),
        "ratings": list(enumerate(RATINGS, 1)),
        "photos": photo_limits(request),
        "handover": handover,
        "secrecy": secrecy,
        "files": files,
        "main_messages": main_messages,
        "newest_seal": NEWEST_SEAL,
        "verified": verified,
        "anonim_readers": of_the_reporter(anonim=True),
        "rahasia_readers": of_the_words(rahasia=True),
    }
    return page(request, "public/own_report.html", values, status=status)


def _done(request: Request, own: OwnReport) -> Message | None:
    """Return what was just done; of what is kept for now that is hiding alone, which acts at once."""
    name = request.query_params.get("sudah", "")
    return None if own.waiting and name != "sembunyikan" else DONE.get(name)


def _allowed(own: OwnReport, complaints: Complaints) -> dict[str, bool]:
    """Return which acts the rules allow now; an answer to what waits for one is a reply."""
    anonim = own.state.anonim or own.hidden.anonim
    rahasia = own.state.rahasia or own.hidden.rahasia
    judged = any(one.command in JUDGING for one in own.waiting)
    return {
        "reply": own.may(CommandName.REPLY, complaints, text="-"),
        "accept": not judged and own.may(CommandName.ACCEPT, complaints),
        "dispute": not judged and own.may(CommandName.DISPUTE, complaints, why="-"),
        "rate": own.may(CommandName.RATE, complaints, rating=5),
        "anonim": not anonim and own.may(CommandName.CONCEAL, complaints, anonim=True),
        "rahasia": not rahasia and own.may(CommandName.CONCEAL, complaints, rahasia=True),
    }


def _asked(own: OwnReport) -> Event | None:
    """Return what waits for an answer; nothing if the answer is kept until it can be passed on."""
    key = answer_key(own)
    answered = key is not None and any(one.idempotency_key.endswith(key) for one in own.waiting)
    return None if answered else own.asked


def answer_key(own: OwnReport) -> str | None:
    """Return the key of the answer to what is open: the same in every tab, so that one answer is given."""
    return None if own.asked is None else f"jawaban-ke-{own.asked.seq}"


def _keys(own: OwnReport) -> dict[str, str]:
    fresh = {name: str(uuid.uuid4()) for name in ("reply", "verdict", "rate", "conceal")}
    return fresh | {"answer": answer_key(own) or fresh["reply"]}


async def _deadlines(complaints: Complaints, own: OwnReport, lang: str) -> list[ExplainedDeadline]:
    names = await complaints.rulebook.holiday_names(own.state.rules.calendar.version)
    told = []
    for one in explain_clocks(own.state, names):
        kind, _, opd = one.clock.partition(":")
        office = own.names.get(opd, opd) if opd else None
        why = said_explanation(one, lang)
        told.append(ExplainedDeadline(DEADLINES[ClockKind(kind)], office, _MARK.sub("", why.rule.source).strip(), why))
    return told


async def _main_messages(complaints: Complaints, own: OwnReport, lang: str) -> list[PublicMessage]:
    """Return what was told of the report that this one was merged into, as far as it may still be read."""
    if own.state.status is not Status.DIGABUNG or own.erased:
        return []
    row = await complaints.snapshot(own.state.tracking_id)
    merged: datetime = own.state.closed_at or own.state.last_at
    view = await public_view(complaints, row, own.hidden, lang)
    return [message for message in view.messages if message.at > merged and message.kind != "merged"]


async def _verified(complaints: Complaints, own: OwnReport) -> VerificationResult | None:
    """Return the check of an erased report's record: what is left can still be proved."""
    return (
        await Verification(complaints.pool, complaints.record.keys).one(own.state.tracking_id) if own.erased else None
    )
