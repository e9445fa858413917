"""What officials did beside the process, in words: what was released to the public of a report, what was redacted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kawal.domain.labels import FACTS
from kawal.domain.msgids import Message, msgid, verbatim
from kawal.wording.catalogues import say
from kawal.wording.labels import label

_SAID: dict[tuple[str, str], Message] = {
    ("released", "words"): msgid("words released to the public, as they stood after event {until}"),
    ("released", "file"): msgid("file {attachment} released to the public"),
    ("redacted", "words"): msgid("words redacted for the public: {fields}"),
    ("redacted", "follow_up"): msgid("follow-up of event {event} redacted for the public"),
    ("redacted", "picture"): msgid("picture {attachment} redacted for the public, version {variant}"),
    ("reply_read", "reply"): msgid("what the reporter said in event {event} noted as read"),
    ("anew", "words"): msgid("words redacted for the public anew: {fields}"),
    ("anew", "follow_up"): msgid("follow-up of event {event} redacted for the public anew"),
    ("anew", "picture"): msgid("picture {attachment} redacted for the public anew, version {variant}"),
    ("restored", "words"): msgid("redaction taken back: the public reads the words as they were written"),
    ("restored", "follow_up"): msgid("redaction taken back: the public reads follow-up {event} as it was written"),
    ("restored", "picture"): msgid("redaction taken back: picture {attachment} has no part blacked out"),
}
"""By how it was done, which is the act's kind or more, and what it was done to."""


def said_of_act(kind: str, facts: Mapping[str, Any], lang: str) -> str:
    """Describe an act by its codes, but not by whom; contains nothing that people wrote."""
    how = next((name for name in ("restored", "anew") if facts.get(name)), kind)
    said = _SAID.get((how, str(facts.get("what"))), verbatim(kind))
    fields = ", ".join(label(FACTS, name, lang) for name in facts.get("fields", ()))
    return say(lang, said, **{**facts, "fields": fields})


def marked_act(kind: str, facts: Mapping[str, Any], lang: str) -> str:
    """Describe an act as it stands among a report's events, marked as none of them."""
    return say(lang, msgid("beside the process: {said}"), said=said_of_act(kind, facts, lang))
