"""What a reader looks for on the board, as the page's address says it: every list can be kept and passed on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from kawal.domain.names import Status
from kawal.store.public_board import BoardKey, BoardQuery

LONGEST = 200
"""The most characters of what is looked for; more than anybody types."""

_STATUSES = {str(status): status for status in Status}


class BoardAddress(NamedTuple):
    """The arguments of `/papan`, in their Indonesian names; empty ones are left out of the address."""

    cari: str = ""
    tempat: str = ""
    kategori: str = ""
    opd: str = ""
    status: str = ""
    instansi: str = ""
    setelah: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> BoardAddress:
        """Return the arguments of a request; what has no meaning is dropped, so that each address shows a list."""
        read = cls(**{name: " ".join(given.get(name, "").split())[:LONGEST] for name in cls._fields})
        return read._replace(status=read.status if read.status in _STATUSES else "")

    @property
    def query(self) -> BoardQuery:
        """What the store is asked for."""
        return BoardQuery(
            words=self.cari,
            place=self.tempat,
            category=self.kategori or None,
            opd=self.opd or None,
            status=_STATUSES.get(self.status),
            instansi=self.instansi or None,
        )

    @property
    def after(self) -> BoardKey | None:
        """Where the page begins; None for the first one, and for what is no such place."""
        try:
            at, _, number = base64.urlsafe_b64decode(self.setelah.encode()).decode().partition(" ")
            given = datetime.fromisoformat(at)
            # At the ends of the calendar an offset leads out of it.
            instant = None if given.tzinfo is None else given.astimezone(UTC)
        except (ValueError, OverflowError, binascii.Error):
            return None
        return BoardKey(instant, number) if instant is not None and number.isascii() and number.isdigit() else None

    def address(self, **changed: str) -> str:
        """Return the address of this list, or of one that differs in some arguments."""
        given = {name: value for name, value in self._replace(**changed)._asdict().items() if value}
        return f"/papan?{urlencode(given)}" if given else "/papan"


def from_key(key: BoardKey) -> str:
    """Return where the next page begins, as its address says it."""
    return base64.urlsafe_b64encode(f"{key.received_at.isoformat()} {key.number}".encode()).decode()
