"""The findings of a verification, where they are, and their wording in Indonesian and in English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from kawal.domain.msgids import Message, Sentence, msgid

KEPT = 10_000
"""How many findings a report holds; further ones are only counted, so that memory stays bounded."""

SENTENCES: dict[str, Message] = {
    # The chains
    "row_changed": msgid("This row was changed: what it holds does not give its hash."),
    "row_missing": msgid("This row is missing from its chain."),
    "row_unexpected": msgid("This row has no place in its chain."),
    "chain_broken": msgid("This row does not follow its predecessor."),
    "body_changed": msgid("This archived history was changed."),
    "body_gone": msgid(
        "The body of this archived history is gone, and the access log does not say that it was destroyed."
    ),
    # Actors
    "account_unknown": msgid("This event names an account that does not exist ({role})."),
    "account_differs": msgid("The account that this event names has another role, OPD or agency ({role})."),
    # The log
    "sealed_changed": msgid("This row was replaced after it was sealed as entry {leaf}."),
    "leaf_lost": msgid(
        "This row's place in the log is not found: the range from entry {leaf} on is disturbed; run a full "
        "verification."
    ),
    "sealed_missing": msgid("This row was sealed as entry {leaf} and is gone."),
    "sealed_inserted": msgid("This row was inserted among what was sealed."),
    "sealed_reordered": msgid("This row is no longer in the order that was sealed (entry {leaf})."),
    "names_changed": msgid("The names of the entries of tile {tile} were changed."),
    "tile_missing": msgid("Tile {tile} of level {level} is missing."),
    "tile_changed": msgid("Tile {tile} of level {level} was changed."),
    "range_broken": msgid("The record of what was sealed from entry {leaf} on was changed or is missing."),
    "head_root": msgid("The head of size {size} is not the root over its entries."),
    "head_signature": msgid("The signature of the head of size {size} is not valid."),
    "head_time": msgid("The head of size {size} is older than the one before it."),
    "head_missing": msgid("The head of size {size} is missing, though rows were sealed under it."),
    "key_broken": msgid("Key {key} is not endorsed by the one before it."),
    "key_missing": msgid("Key {key}, kept elsewhere, is not here."),
    "kept_other_log": msgid("The signed head kept elsewhere (size {size}) belongs to another log."),
    "kept_not_signed": msgid("The signed head kept elsewhere (size {size}) does not have a valid signature."),
    "kept_longer": msgid(
        "The log here is shorter than the signed head kept elsewhere (size {size}): what was sealed is gone."
    ),
    "kept_differs": msgid(
        "The log was rewritten: up to size {size} it is not what was signed on {at}; up to size {until} it is."
    ),
    # The read model and the outbox
    "unreadable": msgid("The events of this complaint do not add up to a valid state."),
    "model_missing": msgid("This complaint has events but no row in the read model."),
    "model_differs": msgid("The read model differs from the events: {fields}."),
    "words_differ": msgid("The words in the read model are not those on record: {fields}."),
    "spans_differ": msgid("The recap's spans differ from the events."),
    "publicity_differs": msgid("This complaint is counted or listed as public, or as hidden, though it is not."),
    "sums_differ": msgid("The recap's figures of {line} differ from the spans."),
    "notice_missing": msgid("The notice “{kind}” is missing from the outbox."),
    "notice_unexpected": msgid("The notice “{kind}” comes from no event."),
    "notice_changed": msgid("The text of notice {notice} was changed."),
    "public_differs": msgid("What the public reads is not what officials released and redacted: {fields}."),
    "supporters_differ": msgid("The number of supporters is not that of the supports."),
    "erasure_unrecorded": msgid("This complaint's key was destroyed, and no erasure is on record."),
    "erasure_differs": msgid(
        "The read model and the keys do not agree on whether, and when, this complaint was erased."
    ),
    "engine_differs": msgid("Temporal's history differs from the events: {what}."),
}


class Finding(BaseModel):
    """One thing that differs from what was recorded; `where` names it, e.g.

    `complaint-1234567 3`, `access 7`, `head 4096`.
    """

    code: str
    where: str
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def sentence(self) -> Sentence:
        """The sentence that describes the finding."""
        return Sentence(SENTENCES[self.code], self.facts)


class ErasedComplaint(BaseModel):
    """A complaint that was verified by its hashes alone, because its key was destroyed."""

    tracking_id: str
    on: datetime
    by: str
    ground: str


class VerificationResult(BaseModel):
    """The result of a verification: what was checked, and the findings."""

    counted: dict[str, int] = Field(default_factory=dict)
    """Rows and bytes checked, by kind: event, access, history_archive, side_act, complaint, notice, head, leaf, bytes.
    """
    unsealed: dict[str, int] = Field(default_factory=dict)
    """Rows of each source that no head covers yet: only their chain was checked."""
    log_size: int = 0
    sealed_at: datetime | None = None
    """When the newest head was signed."""
    kept_heads: int = 0
    """Heads kept elsewhere that agree with the log."""
    not_compared: list[str] = Field(default_factory=list)
    """Complaints whose public words, or reporters, were not compared because a key was unavailable."""
    erased: list[ErasedComplaint] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    found: int = 0
    """The number of all findings, including those beyond KEPT."""


class FindingCollector:
    """Collects findings while rows are read."""

    def __init__(self, progress: Callable[[str], None] | None = None) -> None:
        """Start without findings; `progress` is called from time to time with what is being checked."""
        self.result = VerificationResult()
        self._counted: Counter[str] = Counter()
        self._not_compared: dict[str, None] = {}
        self._progress = progress

    def found(self, code: str, where: str, **facts: Any) -> None:
        """Add a finding."""
        self.result.found += 1
        if len(self.result.findings) < KEPT:
            self.result.findings.append(Finding(code=code, where=where, facts=facts))

    def count(self, what: str, number: int = 1) -> None:
        """Add to the number of rows or bytes checked."""
        self._counted[what] += number

    def not_compared(self, tracking_id: str) -> None:
        """Note that a complaint could not be fully compared because a key was missing."""
        self._not_compared[tracking_id] = None

    def show(self, doing: str) -> None:
        """Report progress."""
        if self._progress is not None:
            self._progress(doing)

    def finish(self) -> VerificationResult:
        """Return the result with its counts."""
        self.result.counted = dict(self._counted)
        self.result.not_compared = list(self._not_compared)
        return self.result
