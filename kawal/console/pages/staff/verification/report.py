"""A report as the admin sees it before deciding: its words as the public will read them, and the offer.

Its reading is on record before any word of it leaves (RIGHTS: "read unverified"); a rahasia one stays closed until it
is opened for the queue's purpose. What is handed to the browser ahead of its turn is on record as that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request

from kawal.client.complaints import Complaints
from kawal.client.reading import Readings
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.verification.practice import AgencyPractice, practice_of
from kawal.domain.access import Act, may
from kawal.domain.checks import CheckResult
from kawal.domain.completeness import SENTENCES
from kawal.domain.masking import HIDDEN, masked
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.names import CommandName, Status
from kawal.domain.pengawasan_hint import hints_at_pengawasan
from kawal.domain.publicity import REDACTED
from kawal.domain.refusals import Refusal
from kawal.domain.report_numbers import is_number
from kawal.domain.time_left import TimeLeft, time_left
from kawal.domain.verification import Advice, OfferedDecision, ReceivedReport, offered_decision
from kawal.store.advice import advice_of
from kawal.store.read_model import reporter_of
from kawal.store.unverified_reports import UnverifiedReport
from kawal.wording.catalogues import say

VIA = "page"

_PURPOSE = msgid("verification of a new report")

_MARKS = re.compile(f"({re.escape(HIDDEN)}|{re.escape(REDACTED)})")


class Piece(NamedTuple):
    """A stretch of words; or a mark, which stands for words that the public will not read."""

    text: str
    mark: bool


class ShownFile(NamedTuple):
    """A file of the report: the public does not see it until it is released."""

    id: str
    media_type: str
    size: int
    name: str
    releasable: bool
    """Whether it has a form without metadata."""
    released: bool
    redacted: bool
    """Whether parts of it are blacked out for the public."""

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show its form without metadata."""
        return self.releasable and self.media_type.startswith("image/")


class ShownReport(NamedTuple):
    """A report on the page. Of a rahasia one that was not opened there are no words, files and offer."""

    row: Snapshot
    rahasia: bool
    opened: bool
    left: TimeLeft
    agency: AgencyPractice
    title: str = ""
    text: str = ""
    place: str = ""
    redacted_why: str | None = None
    files: tuple[ShownFile, ...] = ()
    offer: OfferedDecision | None = None
    missing: tuple[Sayable, ...] = ()
    """What it lacks, as a hold could ask for it."""

    @property
    def number(self) -> str:
        """Its tracking number."""
        return self.row.tracking_id

    @property
    def waits(self) -> bool:
        """Whether it still waits for its verification."""
        return self.row.status in (Status.BELUM_DIVERIFIKASI, Status.DITUNDA)

    @property
    def to_forward(self) -> bool:
        """Whether it is verified and was given to nobody yet, or to nobody any more."""
        return self.row.status is Status.BELUM_DITINDAKLANJUTI and not any(
            line.state in ("owes", "final") for line in self.row.opds
        )


def purpose_here(request: Request) -> str:
    """Return for what a rahasia report is opened here, as it goes on record: in the reader's language."""
    return say(language_of(request), _PURPOSE)


def pieces(text: str) -> list[Piece]:
    """Return a text in pieces, such that what is hidden in it can be marked."""
    return [Piece(part, _MARKS.fullmatch(part) is not None) for part in _MARKS.split(text) if part]


async def own_row(complaints: Complaints, actor: Actor, number: str) -> Snapshot:
    """Return a report's row; one of another agency is as unknown as a number that nobody has."""
    unknown = Refusal("unknown_complaint", tracking=number[:20])
    if not is_number(number):
        raise unknown
    row = await complaints.ledger.snapshot(number)
    refusal = None if row is None else may(actor, CommandName.VERIFY, row)
    if row is None or (refusal is not None and refusal.code == "wrong_instansi"):
        raise unknown
    return row


async def shown_report(
    request: Request, signed: SignedIn, number: str, *, opening: bool = False, ahead: bool = False
) -> ShownReport:
    """Return a report to be shown, its reading on record; a rahasia one closed, unless the reader is `opening` it.

    `ahead`: the browser asks for it before its turn. Raises Refusal, on record where RIGHTS says no.
    """
    complaints = complaints_of(request)
    seen, row = complaints.seen_by(signed.actor), await own_row(complaints, signed.actor, number)
    report = await seen.record.unverified_reports.report(number)
    if report is None or report.erased:
        raise Refusal("erased", tracking=number)
    agency = await practice_of(request, row.instansi)
    left = time_left(row.next_deadline, complaints.now(), agency.calendar)
    if report.rahasia and (ahead or not opening):
        return ShownReport(row, True, False, left, agency)
    purpose = purpose_here(request) if report.rahasia else None
    facts = {"ahead": True} if ahead else None
    await complaints.authority.reading(signed.actor, Act.READ_UNVERIFIED, number, via=VIA, purpose=purpose, facts=facts)
    words = await _secret_words(seen, report) if report.rahasia else report
    advice = await _advice(complaints, seen, signed.actor, number)
    return ShownReport(
        row,
        report.rahasia,
        True,
        left,
        agency,
        words.title,
        words.body,
        words.place,
        words.redacted_why,
        await _files(seen, number),
        _offer(words, advice, agency),
        tuple(SENTENCES[item.code] for item in (advice.missing if advice else ()) if item.code in SENTENCES),
    )


async def _secret_words(seen: Readings, report: UnverifiedReport) -> UnverifiedReport:
    """Return a rahasia report with its words as they were written, masked: none of them will be public."""
    events = await seen.ledger.events(report.tracking_id)
    words, reporter = events[0].words, reporter_of(events)
    place = words.get("place") or {}
    return report._replace(
        title=masked(words.get("title") or "", reporter),
        body=masked(words.get("text") or "", reporter),
        place=masked(place.get("text") or "", reporter),
    )


async def _advice(complaints: Complaints, seen: Readings, actor: Actor, number: str) -> CheckResult | None:
    advice = await advice_of(seen.pool, number)
    for like in advice.similar if advice else ():
        if like.rahasia:
            await complaints.authority.found(actor, Act.SEE_LIKENESSES, like.tracking_id, via=VIA, facts={"of": number})
    return advice


def _offer(report: UnverifiedReport, advice: CheckResult | None, agency: AgencyPractice) -> OfferedDecision:
    received = ReceivedReport(report.title, report.body, report.proposed_class, report.category, report.chosen_opd)
    hinted = hints_at_pengawasan(f"{report.title}\n{report.body}")
    given = CheckResult(unsure=True) if advice is None else advice
    advised = Advice(given.categories, given.opds, given.similar, hinted=hinted, unsure=given.unsure)
    return offered_decision(received, advised, agency.practice)


async def _files(seen: Readings, number: str) -> tuple[ShownFile, ...]:
    rows: Sequence[Any] = await seen.record.attachment_rows.all_of(number)
    versions = [await seen.record.public_versions.file(number, one.id) for one in rows]
    return tuple(
        ShownFile(
            str(one.id),
            one.media_type,
            one.size,
            one.details.name,
            releasable=one.public_size is not None,
            released=version.released_seq is not None,
            redacted=version.variant is not None,
        )
        for one, version in zip(rows, versions, strict=True)
    )


def now_of(request: Request) -> datetime:
    """Return the time of the reader's acts (UTC)."""
    return complaints_of(request).now()
