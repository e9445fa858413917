"""How a reporter is recognised: by the tracking secret of the report, or by a contact that is on record with it."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.contacts import same_email, same_phone
from kawal.domain.names import workflow_id
from kawal.domain.refusals import Refusal

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints

SECRET_LENGTH = 10
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class ReporterAccess:
    """Tells who may speak as a report's reporter."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through a connected client."""
        self._complaints = complaints

    async def secret_of(self, tracking_id: str) -> str:
        """Return the tracking secret of a report: ten characters of Crockford's base32, derived, not stored."""
        mac = await self._complaints.system.keys.mac("tracking secret", workflow_id(tracking_id))
        number = int.from_bytes(mac[:8])
        return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(SECRET_LENGTH))

    async def open_to(self, tracking_id: str, secret: str) -> None:
        """Refuse anyone without the secret; an unknown report is refused in the same words."""
        if not (tracking_id.isascii() and tracking_id.isdigit() and 7 <= len(tracking_id) <= 9):
            raise Refusal("no_such_report")
        if not await self.has_secret(tracking_id, secret) or not await self._complaints.has(tracking_id):
            raise Refusal("no_such_report")

    async def has_secret(self, tracking_id: str, secret: str) -> bool:
        """Return whether that is the report's secret, however it was typed."""
        given = secret.strip().upper().translate(_MISREAD)
        return hmac.compare_digest((await self.secret_of(tracking_id)).encode(), given.encode())

    async def has_contact(self, tracking_id: str, contact: str) -> bool:
        """Return whether that e-mail address or telephone number came with the report, in any spelling."""
        try:
            waiting = await self._complaints.system.inbox.find(tracking_id)
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        if waiting is None:
            return False
        same, on_record = (
            (same_email, waiting.report.reporter.email)
            if "@" in contact
            else (same_phone, waiting.report.reporter.phone)
        )
        return on_record is not None and same(contact) is not None and same(contact) == same(on_record)
