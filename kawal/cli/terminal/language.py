"""The language of the command line: Indonesian, or English with KAWAL_LANG=en."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kawal.wording.catalogues import Lang, lang_of

__all__ = ["Lang", "language"]


def language(environ: Mapping[str, str] | None = None) -> Lang:
    """Return the reader's language; anything but English is Indonesian."""
    return lang_of((os.environ if environ is None else environ).get("KAWAL_LANG"))
