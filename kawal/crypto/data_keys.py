"""Data keys: one for each complaint, one for what belongs to none ("system"), one for keyed hashes ("lookup").

The store keeps them (store.data_keys); destroying one erases everything it encrypted, wherever copies are.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from kawal.crypto.encryption import DataKey
from kawal.domain.names import COMPLAINT_PREFIX

SYSTEM = "system"
LOOKUP = "lookup"


def owner_of(workflow_id: str | None) -> str:
    """Whose key encrypts what belongs to a workflow: the complaint's own, or the system's."""
    if workflow_id is not None and workflow_id.startswith(COMPLAINT_PREFIX):
        return workflow_id
    return SYSTEM


class KeyDestroyed(Exception):  # noqa: N818 - names the condition
    """The key was destroyed: what it encrypted is erased for good."""


class AnothersKey(Exception):  # noqa: N818 - names the condition
    """The key belongs to another owner than the one asked for."""


class NotRotatable(Exception):  # noqa: N818 - names the condition
    """This owner's key cannot be rotated."""


class DataKeySource(Protocol):
    """Where the codec and the store get keys from."""

    async def key_for(self, owner: str) -> DataKey:
        """Return the key that encrypts for the owner now; raises KeyUnavailable or KeyDestroyed."""

    async def key_by_id(self, key_id: UUID, of: str | None = None) -> DataKey | None:
        """Return the key of that id, or None if there is none; raises KeyUnavailable or KeyDestroyed.

        With `of` it must be that owner's, retired or not; otherwise raises AnothersKey without unwrapping anything.
        """
