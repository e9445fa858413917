"""What an agency tells every reader of its pages for a time: plain text in one or both languages."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

LONGEST = 500
"""The most characters of the text in each language."""


class Announcement(BaseModel):
    """A text for readers, and when it is shown (UTC)."""

    instansi: str
    id_text: str
    en_text: str
    from_at: datetime
    until_at: datetime | None
    """None: until it is taken away."""

    def said(self, lang: str) -> str:
        """Return the text in a language, or in the other where that is all there is."""
        return self.en_text or self.id_text if lang == "en" else self.id_text or self.en_text

    def is_shown(self, now: datetime) -> bool:
        """Tell whether it is shown now."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)
