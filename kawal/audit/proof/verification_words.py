"""The result of a verification in words, as every way tells it: what was checked, and what does not agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kawal.audit.proof.findings import VerificationResult
from kawal.domain.msgids import Message, msgid
from kawal.wording.catalogues import say
from kawal.wording.dates import show_instant

_ROWS = msgid("Verified: {complaints}, {events}, {access}, {history_archive}, {notices}.")
_LOG = msgid("Log: {entries}, last sealed {at}; compared with their rows: {leaves}.")
_UNSEALED = msgid("Not sealed yet: {rows}, whose chain was checked; sealing will follow.")
_KEPT = msgid("In agreement with the log: {heads} kept elsewhere.")
_ENGINE = msgid("In agreement with Temporal's history: {complaints}.")
_NO_ENGINE = msgid("Temporal could not be asked (history gone, no worker, or erased): {complaints}.")
_NO_KEY = msgid("Words not compared, since the key is not available: {complaints}.")
_ERASED = msgid("{id}: erased on {on} by {by} on the ground {ground}; verified by hash alone.")
_WHOLE = msgid("Everything agrees.")
_FOUND = msgid("{findings}. This record is NOT whole.")

_AT_COMPLAINT = msgid("report {number}")
_AT_RECAP = msgid("the recap's figures")
_AT_ENTRIES = msgid("entries of the log: {place}")


def checked_in_words(verified: VerificationResult, lang: str) -> list[str]:
    """Return a sentence for each kind of thing that was checked, and for each erased complaint."""
    return [say(lang, message, **places) for message, places in _checked(verified, lang)]


def conclusion_in_words(verified: VerificationResult, lang: str) -> str:
    """Return whether everything agrees, with the number of findings if not."""
    return say(lang, _FOUND, findings=verified.found) if verified.found else say(lang, _WHOLE)


def place_in_words(at: str, lang: str) -> str:
    """Return what is being verified, as a verification tells its progress."""
    kind, _, number = at.partition("-")
    if kind == "complaint":
        return say(lang, _AT_COMPLAINT, number=number)
    return say(lang, _AT_RECAP) if at == "recap" else say(lang, _AT_ENTRIES, place=at)


def as_json(verified: VerificationResult) -> dict[str, Any]:
    """Return the whole result for programs, each finding with its sentence in both languages."""
    told = verified.model_dump(mode="json")
    for finding, shown in zip(verified.findings, told["findings"], strict=True):
        shown |= {"sentence": say("id", finding.sentence), "sentence_en": say("en", finding.sentence)}
    return told


def _checked(verified: VerificationResult, lang: str) -> Iterator[tuple[Message, dict[str, object]]]:
    counted = verified.counted
    of_rows = {"complaints": "complaint", "events": "event", "notices": "notice"}
    of_rows |= {one: one for one in ("access", "history_archive")}
    yield _ROWS, {name: counted.get(kind, 0) for name, kind in of_rows.items()}
    if verified.log_size:
        at = show_instant(verified.sealed_at, lang)
        yield _LOG, {"entries": verified.log_size, "at": at, "leaves": counted.get("leaf", 0)}
    if any(verified.unsealed.values()):
        yield _UNSEALED, {"rows": sum(verified.unsealed.values())}
    if verified.kept_heads:
        yield _KEPT, {"heads": verified.kept_heads}
    if counted.get("engine"):
        yield _ENGINE, {"complaints": counted["engine"]}
    if counted.get("no_engine"):
        yield _NO_ENGINE, {"complaints": counted["no_engine"]}
    if verified.not_compared:
        yield _NO_KEY, {"complaints": len(verified.not_compared)}
    for gone in verified.erased:
        yield _ERASED, {"id": gone.tracking_id, "on": show_instant(gone.on, lang), "by": gone.by, "ground": gone.ground}
