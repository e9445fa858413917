"""A notice on its way to the outbox: who is told what about one event."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Notice(BaseModel):
    """One message to one recipient; `body` is only ever stored sealed.

    `tracking_id` is the recipient's own report. It differs from that of `workflow_id`, whose event `seq` it tells of,
    where the recipient's report follows that one. `n` numbers the notices of one event from 0.
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
        """What binds the sealed body to its place."""
        return f"notice\x00{self.workflow_id}\x00{self.seq}\x00{self.tracking_id}\x00{self.n}".encode()
