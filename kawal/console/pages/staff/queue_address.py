"""What an official looks at in a queue, as the page's address says it: filters, and how far one has paged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kawal.client.queue_views import queue_filters
from kawal.domain.labels import CLASSES, STATUSES
from kawal.domain.msgids import Message, Sayable, msgid, sentence, verbatim
from kawal.domain.saved_views import ListView
from kawal.store.queues import Cursor, QueueFilters

LONGEST = 200
"""The most characters of what is looked for; more than anybody types."""

MOST_STEPS = 8
"""How many pages back the address remembers; before that there is only the way to the first."""

FIRST = "-"
"""Stands for the first page among those that were passed."""

_OVERDUE = msgid("Late")
_STATUS = msgid("Status: {what}")
_CLASS = msgid("Class: {what}")
_CATEGORY = msgid("Category: {what}")
_OPD = msgid("OPD: {what}")
_WORDS = msgid("Words: {what}")


class Chip(NamedTuple):
    """A filter that is on, and the address without it."""

    label: Sayable
    without: str


class QueueAddress(NamedTuple):
    """The arguments of a queue's page, in their Indonesian names; empty ones are left out of the address."""

    path: str
    antrean: str = ""
    status: str = ""
    kelas: str = ""
    kategori: str = ""
    opd: str = ""
    terlambat: str = ""
    cari: str = ""
    q: str = ""
    """What is searched for; in a queue words are `cari`."""
    setelah: str = ""
    lalu: str = ""
    """The pages that were passed, the last one at the end."""

    @classmethod
    def of(cls, path: str, given: Mapping[str, str]) -> QueueAddress:
        """Return the arguments of a request; what has no meaning is dropped, so that each address shows a list."""
        names = cls._fields[1:-2]
        read = cls(path, **{name: " ".join(given.get(name, "").split())[:LONGEST] for name in names})
        after = given.get("setelah", "")
        return read._replace(
            status=read.status if read.status in STATUSES else "",
            kelas=read.kelas if read.kelas in CLASSES else "",
            terlambat="1" if read.terlambat else "",
            setelah=after if Cursor.decode(after) is not None else "",
            lalu=".".join(given.get("lalu", "").split(".")[-MOST_STEPS:]),
        )

    @property
    def filters(self) -> QueueFilters:
        """What the store is asked for."""
        return queue_filters(self._asdict())

    @property
    def after(self) -> Cursor | None:
        """Where the page begins; None for the first one."""
        return Cursor.decode(self.setelah)

    def address(self, **changed: str) -> str:
        """Return the address of this page, or of one that differs in some arguments."""
        given = self._replace(**changed)._asdict()
        path = given.pop("path")
        return ListView(str(path), {name: value for name, value in given.items() if value}).address

    def anew(self, **changed: str) -> str:
        """Return the address of the first page of another list."""
        return self.address(setelah="", lalu="", **changed)

    def following(self, end: Cursor | None) -> str | None:
        """Return the address of the next page, given where this one ended; None after the last."""
        if end is None:
            return None
        passed = [*filter(None, self.lalu.split(".")), self.setelah or FIRST][-MOST_STEPS:]
        return self.address(setelah=end.encode(), lalu=".".join(passed))

    @property
    def previous(self) -> str | None:
        """The address of the page before; None for the first one, and where it is not remembered any more."""
        *passed, last = self.lalu.split(".") if self.lalu else [""]
        if not self.setelah or not last:
            return None
        return self.address(setelah="" if last == FIRST else last, lalu=".".join(passed))

    @property
    def first(self) -> str | None:
        """The address of the first page; None on it."""
        return self.anew() if self.setelah else None

    def chips(self) -> Iterator[Chip]:
        """Yield the filters that are on."""
        for name, form, names in _CHIPS:
            value = getattr(self, name)
            if value:
                said = names[value] if value in names else verbatim(value)
                yield Chip(sentence(form, what=said), self.anew(**{name: ""}))
        if self.terlambat:
            yield Chip(_OVERDUE, self.anew(terlambat=""))


_CHIPS: tuple[tuple[str, Message, Mapping[str, Message]], ...] = (
    ("status", _STATUS, STATUSES),
    ("kelas", _CLASS, CLASSES),
    ("kategori", _CATEGORY, {}),
    ("opd", _OPD, {}),
    ("cari", _WORDS, {}),
)
