"""Explanations of deadlines in the reader's language: their codes and messages translated."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from kawal.domain.policy import Rule
from kawal.domain.process.view import Explanation, ExplanationBase
from kawal.wording.catalogues import say


class SaidRule(BaseModel):
    """A rule in one language."""

    name: str
    limit: int
    unit: str
    starts: str
    stops: str
    source: str


class SaidDay(BaseModel):
    """A day that did not count, and why, in one language."""

    day: date
    why: str


class SaidExplanation(ExplanationBase):
    """An explanation in one language."""

    rule: SaidRule
    excluded: list[SaidDay]


def said_rule(rule: Rule, lang: str) -> SaidRule:
    """Translate a rule."""
    return SaidRule(
        name=say(lang, rule.name),
        limit=rule.limit,
        unit=say(lang, rule.unit),
        starts=say(lang, rule.starts),
        stops=say(lang, rule.stops),
        source=say(lang, rule.source),
    )


def said_explanation(one: Explanation, lang: str) -> SaidExplanation:
    """Translate the explanation of a deadline."""
    return SaidExplanation(
        **{name: getattr(one, name) for name in ExplanationBase.model_fields},
        rule=said_rule(one.rule, lang),
        excluded=[SaidDay(day=day.day, why=say(lang, day.why)) for day in one.excluded],
    )
