"""What the operator's rules leave of the roles that a person holds: they narrow, and never add one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kawal.console.auth.oidc.providers import RoleRule
from kawal.store.people import HeldRole


def allowed_roles(
    rules: Sequence[RoleRule], claims: Mapping[str, Any], held: Sequence[HeldRole]
) -> frozenset[str] | None:
    """Return the ids of the held roles that may be used; None where no rule narrows them."""
    if not rules:
        return None
    matching = [rule for rule in rules if rule.value in _values_of(claims, rule.claim)]
    return frozenset(one.id for one in held if any(_is_for(rule, one) for rule in matching))


def _is_for(rule: RoleRule, held: HeldRole) -> bool:
    actor = held.actor
    return rule.role is actor.role and rule.opd in (None, actor.opd) and rule.agency in (None, actor.instansi)


def _values_of(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """Return a claim's texts; none for a claim that is not there, or holds none."""
    found: object = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    return frozenset(one for one in values if isinstance(one, str))
