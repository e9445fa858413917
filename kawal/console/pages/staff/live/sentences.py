"""The sentence about a report that has just changed: who did what, and when."""

from __future__ import annotations

from collections.abc import Mapping

from kawal.domain.labels import DONE_BY, ROLES
from kawal.domain.msgids import msgid
from kawal.store.changed_reports import ChangedReport
from kawal.wording.catalogues import say
from kawal.wording.dates import show_instant
from kawal.wording.labels import label

_CHANGED = msgid("Report {number} has changed.")
_DONE = msgid("{number}: {who} {what} ({at}).")


def change_in_words(report: ChangedReport, names: Mapping[str, str], lang: str) -> str:
    """Return who did what last, as far as the reader may know: of a rahasia report nobody's name."""
    step = report.step
    if step is None or step.kind not in DONE_BY:
        return say(lang, _CHANGED, number=report.number)
    name = None if report.rahasia else names.get(step.account)
    who = " · ".join(part for part in (name, label(ROLES, step.role, lang), step.opd) if part)
    what = say(lang, DONE_BY[step.kind])
    return say(lang, _DONE, number=report.number, who=who, what=what, at=show_instant(step.at, lang))
