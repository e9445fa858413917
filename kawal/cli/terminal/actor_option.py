"""Who acts: `--as ROLE[/OPD][@INSTANSI]:NAME`, or the same in KAWAL_AS."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from kawal.cli.terminal.faults import UsageError

if TYPE_CHECKING:
    from kawal.store.complaint_list import Reader

VARIABLE = "KAWAL_AS"

ROLES = {
    "reporter": "reporter",
    "pelapor": "reporter",
    "admin": "agency_admin",
    "agency_admin": "agency_admin",
    "liaison": "liaison",
    "penghubung": "liaison",
    "inspectorate": "inspectorate",
    "inspektorat": "inspectorate",
    "auditor": "auditor",
    "leadership": "leadership",
    "pimpinan": "leadership",
    "national": "national",
    "nasional": "national",
    "desk": "desk",
    "loket": "desk",
    "adapter": "adapter",
}
"""Names that may be typed -> the role. "system" is the complaint's own clocks, as which nobody can act."""

_FORM = re.compile(r"(?P<role>[A-Za-z_-]+)(?:/(?P<opd>[^/:@]+))?(?:@(?P<instansi>[^/:@]+))?:(?P<name>.*)", re.DOTALL)
_NAME_LIMIT = 200


class ActorOption(NamedTuple):
    """A role held by a person, as it was typed; the rules decide whether it may do what is asked."""

    role: str
    opd: str | None
    instansi: str | None
    name: str


def acting_as(option: str | None, environ: Mapping[str, str] | None = None) -> ActorOption | None:
    """Return who acts by the option, else by KAWAL_AS; None if neither says. Raises UsageError."""
    env = os.environ if environ is None else environ
    text = option if option is not None else env.get(VARIABLE) or None
    return None if text is None else parse_acting(text)


def parse_acting(text: str) -> ActorOption:
    """Read `ROLE[/OPD][@INSTANSI]:NAME`; codes are upper case however they were typed. Raises UsageError."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise UsageError("acting_form", text=text)
    role = ROLES.get(match["role"].lower().replace("-", "_"))
    if role is None:
        raise UsageError("acting_role", role=match["role"], roles=", ".join(sorted(set(ROLES.values()))))
    name = match["name"].strip()
    if not 0 < len(name) <= _NAME_LIMIT:
        raise UsageError("acting_name", most=_NAME_LIMIT)
    if role == "liaison" and match["opd"] is None:
        raise UsageError("acting_opd")
    return ActorOption(role, _code(match["opd"]), _code(match["instansi"]), name)


def _code(text: str | None) -> str | None:
    return text.strip().upper() if text else None


def reader_of(who: ActorOption | None) -> Reader | None:
    """Return the official who acts, as a reader of words that are not public; None if there is none who may read."""
    if who is None:
        return None
    from kawal.domain.access import RIGHTS, Act
    from kawal.store.complaint_list import Reader

    return Reader(who.instansi, who.opd) if who.role in RIGHTS[Act.READ_EVENTS].who else None
