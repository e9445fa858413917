"""Explanations of deadlines in the reader's language: their codes and messages translated."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from kawal.domain.policy import Rule
from kawal.domain.process.projection import Explanation, ExplanationBase
from kawal.wording.catalogues import say


class RuleText(BaseModel):
    """A rule in one language."""

    name: str
    limit: int
    unit: str
    starts: str
    stops: str
    source: str


class DayText(BaseModel):
    """A day that did not count, and why, in one language."""

    day: date
    why: str


class ExplanationText(ExplanationBase):
    """An explanation in one language."""

    rule: RuleText
    excluded: list[DayText]


def said_rule(rule: Rule, lang: str) -> RuleText:
    """Translate a rule."""
    return RuleText(
        name=say(lang, rule.name),
        limit=rule.limit,
        unit=say(lang, rule.unit),
        starts=say(lang, rule.starts),
        stops=say(lang, rule.stops),
        source=say(lang, rule.source),
    )


def said_explanation(one: Explanation, lang: str) -> ExplanationText:
    """Translate the explanation of a deadline."""
    return ExplanationText(
        **{name: getattr(one, name) for name in ExplanationBase.model_fields},
        rule=said_rule(one.rule, lang),
        excluded=[DayText(day=day.day, why=say(lang, day.why)) for day in one.excluded],
    )
