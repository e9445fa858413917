"""How a reporter is recognised: by the tracking secret of the report, or by a contact that is on record with it."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.contacts import is_one_of
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.domain.report_numbers import is_number

if TYPE_CHECKING:
    from kawal.client.reading import Readings

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class ReporterAccess:
    """Tells who may speak as a report's reporter, and ends what let somebody else do so."""

    def __init__(self, complaints: Readings) -> None:
        """Work through an installation's record; the engine may be away."""
        self._complaints = complaints
        self._codes = complaints.record.access_codes

    # --- The code ----------------------------------------------------------------------------------------------------

    async def secret_of(self, tracking_id: str, *, fresh: bool = False) -> str:
        """Return the present access code of a report: derived, not stored; `fresh`: it was accepted just now."""
        return await self._codes.secret(tracking_id, fresh=fresh)

    async def cookie_of(self, tracking_id: str, *, fresh: bool = False) -> str:
        """Return what a browser keeps instead of the code: 128 bits, for URLs and cookies; it ends with the code."""
        return await self._codes.cookie(tracking_id, fresh=fresh)

    async def change_code(
        self, tracking_id: str, at: datetime, actor: Actor | None = None, *, form: str | None = None
    ) -> str:
        """End a report's present code with every link and cookie made of it; return the new code.

        It goes on record as an act of the reporter, or of the `actor` who acts for them; the caller has made sure that
        it is the reporter. The same `form` sent again changes nothing more. Raises Refusal for an unknown report.
        """
        who = actor or await self._complaints.reporter(tracking_id)
        changed = await self._codes.change(tracking_id, who, at, form) is not None
        if not changed and not (form and await self.changed_by(tracking_id, form)):
            raise Refusal("no_such_report")
        return await self.secret_of(tracking_id)

    async def changed_by(self, tracking_id: str, form: str) -> bool:
        """Tell whether this very form changed the code last; only a page shown to the reporter holds its content."""
        return await self._codes.changed_by(tracking_id, form)

    # --- Who it is ---------------------------------------------------------------------------------------------------

    async def open_to(self, tracking_id: str, secret: str) -> None:
        """Refuse anyone without the secret; an unknown report is refused in the same words."""
        if (
            not is_number(tracking_id)
            or not await self.has_secret(tracking_id, secret)
            or not await self._complaints.has(tracking_id)
        ):
            raise Refusal("no_such_report")

    async def has_secret(self, tracking_id: str, secret: str) -> bool:
        """Return whether that is the report's secret, however it was typed."""
        given = secret.strip().upper().translate(_MISREAD)
        return _same(await self.secret_of(tracking_id), given)

    async def has_cookie(self, tracking_id: str, cookie: str) -> bool:
        """Return whether a browser's cookie was made of the report's present code."""
        return _same(await self.cookie_of(tracking_id), cookie)

    async def has_contact(self, tracking_id: str, contact: str) -> bool:
        """Return whether that e-mail address or telephone number came with the report, in any spelling."""
        try:
            waiting = await self._complaints.record.inbox.find(tracking_id)
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        if waiting is None:
            return False
        reporter = waiting.report.reporter
        return is_one_of(contact, reporter.email, reporter.phone)


def _same(right: str, given: str) -> bool:
    # In constant time; what cannot be encoded is nothing of ours.
    return hmac.compare_digest(right.encode(), given.encode(errors="replace"))
