"""A notice to be put into the outbox: who is told what about one event."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel, Field


class NoticeRow(NamedTuple):
    """A notice as the database takes it (`new_notice` in schema.sql)."""

    workflow_id: str
    seq: int
    tracking_id: str
    n: int
    kind: str
    to_role: str
    to_opd: str | None
    channel: str
    body: bytes | None
    """Encrypted; None if the recipient's key was destroyed."""


class Notice(BaseModel):
    """A message to one recipient; `body` is only ever stored encrypted.

    `tracking_id` is the recipient's own report. It differs from that of `workflow_id`, whose event `seq` the notice is
    about, if the recipient's report follows that one. `n` numbers the notices of one event from 0.
    """

    tracking_id: str
    workflow_id: str
    seq: int
    n: int
    kind: str
    to_role: str
    to_opd: str | None = None
    channel: str = "email"
    body: dict[str, Any] = Field(default_factory=dict)

    @property
    def aad(self) -> bytes:
        """The associated data that binds the encrypted body to its place."""
        return f"notice\x00{self.workflow_id}\x00{self.seq}\x00{self.tracking_id}\x00{self.n}".encode()

    def row(self, encrypted: bytes | None) -> NoticeRow:
        """Return the row as the database takes it, with the encrypted body."""
        return NoticeRow(
            self.workflow_id,
            self.seq,
            self.tracking_id,
            self.n,
            self.kind,
            self.to_role,
            self.to_opd,
            self.channel,
            encrypted,
        )
