"""What officials may show the public of a report, or hide of it: releases and redactions (docs/personal-data.md).

An admin decides about every report but the words of those that are or were berkadar pengawasan; these are the
Inspectorate's alone, and on the others it decides while its item is open. Of a rahasia report nothing becomes public,
so there is nothing to decide. Source: the project's own policy [P], "Acts beside the process" and "Publicity".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kawal.domain.masking import HIDDEN
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal

REDACTED = "[disunting]"
"""Stands in public words for what an official replaced."""


class PublicStanding(NamedTuple):
    """What decides about releases and redactions of a report, from its row."""

    tracking_id: str
    erased: bool
    rahasia: bool
    """Also if the reporter concealed it and its workflow has not heard of it yet."""
    supervised: bool
    """It is or was berkadar pengawasan."""
    item_open: bool


def may_show(role: Role, standing: PublicStanding, *, words: bool) -> Refusal | None:
    """Return why an official of that role may not release or redact now; None if they may.

    `words` are title, text, place and follow-ups; otherwise it is about a file. That the role may at all is checked
    by RIGHTS.
    """
    if standing.erased:
        return Refusal("publicity_erased", tracking=standing.tracking_id)
    if standing.rahasia:
        return Refusal("publicity_rahasia")
    if words and standing.supervised:
        return None if role is Role.INSPECTORATE else Refusal("publicity_inspectorate")
    if role is Role.INSPECTORATE and not standing.item_open:
        return Refusal("publicity_no_item")
    return None


def redacted(text: str, passages: Sequence[str]) -> str:
    """Return a text in which REDACTED stands wherever one of the passages did; what already stands for words stays."""
    marks = (HIDDEN, REDACTED)
    longest = sorted(passages, key=len, reverse=True)
    across = [one for one in longest if any(mark in one for mark in marks)]
    within = [one for one in longest if one not in across]
    found = re.compile("|".join(map(re.escape, (*across, *marks, *within))))
    return found.sub(lambda one: one[0] if one[0] in marks else REDACTED, text)


def missing_passage(texts: Sequence[str], passages: Sequence[str]) -> str | None:
    """Return the first passage that is in none of the texts; None if each is in one."""
    return next((one for one in passages if all(redacted(text, [one]) == text for text in texts)), None)
