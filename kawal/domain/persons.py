"""Persons behind accounts: who is the same person, in whatever role and OPD, deputy or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kawal.domain.names import Role

PERSON_DIGITS = 16
"""The digits of an account's id that are its person's."""

HANDLERS = (Role.ADMIN, Role.LIAISON)
"""The roles in which a person handles a report."""

ACTING = (*HANDLERS, Role.INSPECTORATE)
"""The roles in which a person acts on a report as an official."""

_OF_A_PERSON = re.compile(f"[0-9a-f]{{{2 * PERSON_DIGITS}}}")


def person_of(account: str) -> str:
    """Return the person to whom an account belongs: one that is nobody's (the clock's, an import's) is its own."""
    return account[:PERSON_DIGITS] if _OF_A_PERSON.fullmatch(account) else account


def absents_in(facts: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the accounts for which deputies acted, by the facts of what is on record."""
    return {one["deputy_for"] for one in facts if "deputy_for" in one}


def same_person(one: str, other: str) -> bool:
    """Tell whether two accounts are the same person's."""
    return person_of(one) == person_of(other)
