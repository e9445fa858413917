"""A list of OPDs as somebody pastes it, a code and a name a line: read and judged before anything is done."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import ValidationError

from kawal.desks.arguments import MOST_OPDS, NameOpd
from kawal.domain.msgids import Sayable, msgid, sentence

_HEADERS = {("kode", "nama"), ("code", "name")}
_NOT_TWO = msgid("Each line needs a code and a name, with a comma, a semicolon or a tab between them.")
_CODE = msgid("A code has up to 40 capital letters, digits, and . _ -; it begins with a letter or a digit.")
_NAME = msgid("The name is missing, too long (150 characters), or holds characters that cannot be shown.")
_TWICE = msgid("This code stands in line {line} already.")
_THERE = msgid("The agency has this code already, with another name: {name}.")
_TOO_MANY = msgid("A list has at most {most} lines.")
_AGENCY = msgid("This is the code of the agency itself.")


class ListedOpd(NamedTuple):
    """One line of the list."""

    line: int
    """Counted from 1."""
    code: str
    name: str
    fault: Sayable | None
    """Why it cannot be added; None if nothing is wrong."""
    there: bool
    """The agency has it already, under this name: nothing is to be done."""


def read_opds(text: str, instansi: str, names: Mapping[str, str]) -> list[ListedOpd]:
    """Return each line that says something, judged against the agency's present OPDs (code and name).

    Codes may be typed in any case. A first line that names the columns is left out.
    """
    seen: dict[str, int] = {}
    listed: list[ListedOpd] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = _parts(line)
        if not listed and tuple(part.lower() for part in parts) in _HEADERS:
            continue
        code, name = (parts[0].upper(), parts[1]) if len(parts) == 2 else (line.strip()[:60], "")
        fault = _NOT_TWO if len(parts) != 2 else _fault(code, name)
        if fault is None and code in seen:
            fault = sentence(_TWICE, line=seen[code])
        if fault is None and code == instansi:
            fault = _AGENCY
        if fault is None and names.get(code, name) != name:
            fault = sentence(_THERE, name=names[code])
        if fault is None and len(listed) >= MOST_OPDS:
            fault = sentence(_TOO_MANY, most=MOST_OPDS)
        seen.setdefault(code, number)
        listed.append(ListedOpd(number, code, name, fault, fault is None and code in names))
    return listed


def _parts(line: str) -> list[str]:
    """Return the cells of a line: what a spreadsheet copies holds tabs, its files semicolons or commas."""
    between = next((one for one in "\t;" if one in line), ",")
    cells = next(csv.reader([line], delimiter=between), [])
    return [re.sub(r"\s+", " ", cell).strip() for cell in cells]


def _fault(code: str, name: str) -> Sayable | None:
    try:
        NameOpd(code=code, name=name)
    except ValidationError as error:
        return _CODE if error.errors()[0]["loc"] == ("code",) else _NAME
    return None
