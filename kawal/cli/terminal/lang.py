"""Which language the command line speaks: Indonesian, or English with KAWAL_LANG=en."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

Lang = Literal["id", "en"]


def language(environ: Mapping[str, str] | None = None) -> Lang:
    """Return the reader's language; whatever is not English is Indonesian."""
    env = os.environ if environ is None else environ
    return "en" if env.get("KAWAL_LANG", "").strip().lower().startswith("en") else "id"


def pick(pair: tuple[str, str], lang: Lang) -> str:
    """Return one text of a pair (Indonesian, English)."""
    return pair[0] if lang == "id" else pair[1]
