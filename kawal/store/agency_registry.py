"""The stores of what is an agency's own: its first set-up, its words on pages and in letters, what it asked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from kawal.store.agency_setup import AgencySetup
    from kawal.store.announcements import Announcements
    from kawal.store.letter_texts import LetterTexts
    from kawal.store.what_if import WhatIfs


class AgencyStores:
    """The stores of what is an agency's own, each created at its first use."""

    pool: asyncpg.Pool

    @cached_property
    def agency_setup(self) -> AgencySetup:
        """Agencies' first set-ups."""
        from kawal.store.agency_setup import AgencySetup

        return AgencySetup(self.pool)

    @cached_property
    def announcements(self) -> Announcements:
        """What agencies tell every reader for a time."""
        from kawal.store.announcements import Announcements

        return Announcements(self.pool)

    @cached_property
    def letter_texts(self) -> LetterTexts:
        """Agencies' own words in letters."""
        from kawal.store.letter_texts import LetterTexts

        return LetterTexts(self.pool)

    @cached_property
    def what_ifs(self) -> WhatIfs:
        """What agencies asked of another policy."""
        from kawal.store.what_if import WhatIfs

        return WhatIfs(self.pool)
