"""Kinds of local government, and what the head of each is called: UU 23/2014, articles 2 and 59 [S].

The ladder of escalation ends with the head, so pages and letters name it by the title of the agency's own kind. The
Inspectorate and the Sekretaris Daerah are called the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kawal.domain.labels import RUNGS
from kawal.domain.msgids import Message, Sayable, msgid, verbatim
from kawal.domain.process.state import TOP_RUNG

CITIES_FROM = 71
"""From this number on the second part of an area's code is a kota's; below it, a kabupaten's."""


class GovernmentKind(StrEnum):
    """The kind of the government whose agency it is."""

    PROVINSI = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"


KINDS: Mapping[GovernmentKind, Message] = {
    GovernmentKind.PROVINSI: msgid("province"),
    GovernmentKind.KABUPATEN: msgid("kabupaten"),
    GovernmentKind.KOTA: msgid("kota"),
}
"""The name of each kind."""

HEADS: Mapping[GovernmentKind, str] = {
    GovernmentKind.PROVINSI: "Gubernur",
    GovernmentKind.KABUPATEN: "Bupati",
    GovernmentKind.KOTA: "Wali Kota",
}
"""The title of the head of each kind, the same in every language."""

HEAD = "head"
"""The key under which the names of an agency's codes hold its head's title; no code is written in small letters."""


def head_in(names: Mapping[str, str]) -> str:
    """Return the head's title that is among an agency's names; a province's where there is none."""
    return names.get(HEAD, HEADS[GovernmentKind.PROVINSI])


def rungs_of(kind: GovernmentKind | None) -> Mapping[int, Sayable]:
    """Return the offices of the ladder of escalation by rung; without a kind the last one is called by no title."""
    return RUNGS if kind is None else {**RUNGS, TOP_RUNG: verbatim(HEADS[kind])}


def is_area_of(kind: GovernmentKind, area: str) -> bool:
    """Tell whether an area's code, `21` or `21.71`, can be that of a government of this kind."""
    _, _, regency = area.partition(".")
    if kind is GovernmentKind.PROVINSI or not regency:
        return kind is GovernmentKind.PROVINSI and not regency
    return (int(regency) >= CITIES_FROM) is (kind is GovernmentKind.KOTA)
