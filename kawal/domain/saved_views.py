"""Views that officials save: a list's page and its filters, under a name of their own (our own policy [P]).

What is saved is which page and which of its filters, never an address: the address is made again from these, so that no
saved view leads anywhere else. Where a list has been paged to is not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from kawal.domain.access import OFFICIALS, RIGHTS, Act
from kawal.domain.names import CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal

MOST_VIEWS = 20
"""The most views that one saves in one role."""

LONGEST_NAME = 80
"""The most characters of a view's name."""

LONGEST_ADDRESS = 2_000
"""The most characters of an address from which a view is saved."""

_LONGEST_FILTER = 200
_MOST_FIELDS = 40


class ListPage(NamedTuple):
    """A page that shows a list: what it is filtered by, and whose it is."""

    filters: Sequence[str]
    who: Sequence[Role]


_OF_QUEUES = ("antrean", "status", "kelas", "kategori", "opd", "terlambat", "cari")
_OF_THE_RECORD = ("siapa", "opd", "jenis", "dari", "sampai", "cari")

LISTS: Mapping[str, ListPage] = {
    "/kerja": ListPage(_OF_QUEUES, OFFICIALS),
    "/kerja/cari": ListPage(("status", "kelas", "kategori", "opd", "terlambat", "q"), OFFICIALS),
    "/inspektorat": ListPage(("opd", "terlambat", "cari"), TRANSITIONS[CommandName.RESOLVE].who),
    "/auditor/peristiwa": ListPage(_OF_THE_RECORD, RIGHTS[Act.SEARCH].who),
    "/auditor/log-akses": ListPage(_OF_THE_RECORD, RIGHTS[Act.SEARCH].who),
}
"""The pages of which views are saved, by path."""


class ListView(NamedTuple):
    """What of a list is shown."""

    path: str
    filters: Mapping[str, str]

    @property
    def address(self) -> str:
        """The address of the list, on this site."""
        return f"{self.path}?{urlencode(self.filters)}" if self.filters else self.path


def view_at(address: str, role: Role) -> ListView:
    """Return what an address of ours shows; raises Refusal for one that is not that of a list of the role's.

    What is no filter of the list is left out.
    """
    try:
        parts = urlsplit(address)
        given = dict(parse_qsl(parts.query, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Refusal("view_of_no_list") from None
    page = LISTS.get(parts.path)
    if page is None or role not in page.who or parts.scheme or parts.netloc:
        raise Refusal("view_of_no_list")
    return listed(parts.path, given)


def listed(path: str, given: Mapping[str, str]) -> ListView:
    """Return what of a page's list is shown by these filters; `path` is one of LISTS."""
    read = {name: " ".join(given.get(name, "").split())[:_LONGEST_FILTER] for name in LISTS[path].filters}
    return ListView(path, {name: value for name, value in read.items() if value})
