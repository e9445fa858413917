"""The options of a select element, as HTML: a page repeats the same long list of offices in the form of each report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from kawal.domain.msgids import Message
from kawal.wording.catalogues import say

KEPT_LISTS = 64
"""So many lists are kept rendered: each agency's offices, in two languages."""


Choice = tuple[str, Message | str]
"""What can be chosen in a field: the value, and what it is called."""


def options(choices: Sequence[Choice], chosen: str, lang: str) -> Markup:
    """Return an option for each choice, the `chosen` one selected."""
    rendered = _rendered(tuple(choices), lang)
    found = [place for place, one in enumerate(choices) if one[0] == chosen]
    if found:
        first = found[0]
        rendered = (*rendered[:first], _option(choices[first], lang, selected=True), *rendered[first + 1 :])
    return Markup("".join(rendered))  # noqa: S704 - each of them is escaped


@lru_cache(KEPT_LISTS)
def _rendered(choices: tuple[Choice, ...], lang: str) -> tuple[str, ...]:
    return tuple(_option(one, lang) for one in choices)


def _option(one: Choice, lang: str, *, selected: bool = False) -> Markup:
    value, name = one
    label = name if isinstance(name, str) else say(lang, name)
    mark = Markup(" selected") if selected else ""
    return Markup('<option value="{}"{}>{}</option>\n').format(value, mark, label)
