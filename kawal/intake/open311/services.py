"""The national category tree as the standard's services: each category for which the agency is responsible is one.

A service's code is made only of the category's published name, so it is the same in every installation and never
changes.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from kawal.store.directory import AnsweredCategory, Directory

CODE_LIMIT = 64
_DIGEST = 8
_WORD = re.compile(r"[a-z0-9]+")
_KEYWORD_LENGTH = 4


class Service(NamedTuple):
    """One category as a service."""

    code: str
    category: str
    name: str
    """Unique in the tree: what is below a main category goes by its own name unless another one has the same."""
    group: str
    """The main category."""
    opd: str
    """Name of the responsible OPD; empty where none is set."""
    offered: bool
    """Whether the agency is responsible for it; if not, it only appears on requests that others classified so."""

    def row(self) -> dict[str, str | bool]:
        """Return the service as GET services lists it."""
        answered = f" Dijawab oleh {self.opd}." if self.opd else ""
        words = dict.fromkeys(_WORD.findall(self.category.lower()))
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": f"{self.category}.{answered}",
            "metadata": True,
            "type": "realtime",
            "keywords": ", ".join(word for word in words if len(word) >= _KEYWORD_LENGTH),
            "group": self.group,
        }


@lru_cache(maxsize=4096)
def service_code(category: str) -> str:
    """Return the code of a category: its last part in plain letters and a digest of its full name, up to CODE_LIMIT."""
    plain = "-".join(_WORD.findall(category.rpartition(" / ")[2].lower()))
    digest = sha256(category.encode()).hexdigest()[:_DIGEST]
    return f"{plain[: CODE_LIMIT - _DIGEST - 1].strip('-')}-{digest}"


class Services:
    """Every category as a service, from the viewpoint of one agency."""

    def __init__(self, services: list[Service]) -> None:
        """Keep them in the order of the tree."""
        self.offered = [service for service in services if service.offered]
        self._by_code = {service.code: service for service in services}
        self._by_category = {service.category: service for service in services}

    @classmethod
    async def of(cls, directory: Directory, instansi: str) -> Services:
        """Read the tree with that agency's responsibilities."""
        rows = await directory.answered_categories(instansi)
        bearers = Counter(row.sub or row.main for row in rows)
        return cls([_service(row, bearers) for row in rows])

    def by_code(self, code: str) -> Service | None:
        """Return the service of that code, offered or not."""
        return self._by_code.get(code)

    def by_category(self, category: str | None) -> Service | None:
        """Return the service of a category; None for a complaint without one."""
        return None if category is None else self._by_category.get(category)


def _service(row: AnsweredCategory, bearers: Counter[str]) -> Service:
    own = row.sub or row.main
    name = own if bearers[own] == 1 or row.sub is None else f"{own} ({row.main})"
    return Service(service_code(row.name), row.name, name, row.main, row.opd, row.offered)
