"""The advice to the verifying admin on a new report: what it lacks, what it may repeat, where it may belong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kawal.cli.terminal.operator import Operator
from kawal.wording.catalogues import say

if TYPE_CHECKING:
    from kawal.domain.checks import CheckResult

SHOWN = 3
"""Suggestions shown of each kind; --json has all."""


def tell_advice(operator: Operator, advice: CheckResult | None) -> None:
    """Write the advice, or that there is none (yet)."""
    operator.write(operator.say("advice_title"))
    lines = [] if advice is None else list(_lines(operator, advice))
    for line in lines or [operator.say("nothing_found")]:
        operator.write(f"  {line}")


def _lines(operator: Operator, advice: CheckResult) -> Iterator[str]:
    from kawal.domain.completeness import SENTENCES

    for lack in advice.missing:
        yield say(operator.lang, SENTENCES[lack.code])
    for like in advice.similar[:SHOWN]:
        yield operator.say("advice_similar", id=like.tracking_id, score=f"{like.score:.0%}", days=like.days)
    for category in advice.categories[:SHOWN]:
        yield operator.say("advice_category", name=category.key, share=f"{category.share:.0%}")
    for opd in advice.opds[:SHOWN]:
        yield operator.say("advice_opd", name=opd.key, share=f"{opd.share:.0%}")
