"""The headings and sentences of a printed case file."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid
from kawal.wording.catalogues import say

WORDS: dict[str, Message] = {
    "title": msgid("Case file"),
    "complaint": msgid("Complaint {id}"),
    "instansi": msgid("Agency"),
    "status": msgid("Status"),
    "received": msgid("Received"),
    "anonim": msgid("Anonymous"),
    "rahasia": msgid("Confidential"),
    "yes": msgid("yes"),
    "no": msgid("no"),
    "made": msgid("Created"),
    "made_by": msgid("By"),
    "purpose": msgid("Purpose"),
    "identity": msgid("Reporter's identity"),
    "shown": msgid("shown"),
    "withheld": msgid("withheld"),
    "erased": msgid(
        "The content was erased on {at} by {by} on the ground “{ground}”. What is left is the process record; "
        "its hashes still verify."
    ),
    "report": msgid("The report"),
    "supporters": msgid("Supporters"),
    "course": msgid("What happened"),
    "beside": msgid("Beside the process, act {number}: {said}"),
    "by": msgid("By"),
    "recorded": msgid("recorded {at}"),
    "deadlines": msgid("Deadlines and why"),
    "event": msgid("Event"),
    "deadline": msgid("Deadline"),
    "letters": msgid("Letters as they came"),
    "letters_note": msgid(
        "The content is not in this file; whoever may read it finds each letter by its number, and its SHA-256 fits."
    ),
    "channel": msgid("Channel"),
    "bytes": msgid("Bytes"),
    "left_out": msgid("Left out, and SHA-256"),
    "refused": msgid("What was refused"),
    "readings": msgid("Who read it, and what was done to it"),
    "none": msgid("Nothing on record."),
    "when": msgid("When"),
    "what": msgid("What"),
    "number": msgid("No"),
    "run": msgid("Run {run} of the workflow"),
    "engine": msgid("Temporal's own history"),
    "engine_note": msgid("The right-hand column gives the numbers of the events above that it brought about."),
    "pruned": msgid("Its history is past its retention period."),
    "damaged": msgid("Its archived history is damaged."),
    "lost": msgid("Its history no longer exists anywhere."),
    "chain": msgid("The chain of hashes"),
    "chain_note": msgid(
        "Each hash (SHA-256) covers that event's row and the hash before it. The JSON form of this file has "
        "the whole rows, so that anyone can recompute them."
    ),
    "acts_note": msgid(
        "Acts beside the process are one chain of all complaints of the installation; the numbers of one have gaps. "
        "The JSON form has the whole rows, and the proof that each is in the log."
    ),
    "act_not_sealed": msgid("not sealed yet"),
    "hash": msgid("Hash (SHA-256)"),
    "sealed": msgid("Sealed in the log up to size {size}, its head signed {at}."),
    "not_yet": msgid("Not sealed in the log yet."),
    "differs": msgid("DIFFERS FROM WHAT WAS SEALED: check with `kawal audit verify`."),
    "glyphs": msgid("Characters that this file's font lacks are shown as □; the JSON form has the whole text."),
    "page": msgid("page {n} of {all}"),
}


def said(key: str, lang: str, **details: object) -> str:
    """Return one heading or sentence in a language."""
    return say(lang, WORDS[key], **details)
