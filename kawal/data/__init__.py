"""The shipped data: calendars, rule sets, categories, agencies and published recaps, as text that an operator can read.

README.md beside it says what each file is and where it comes from. An installation starts from these and keeps its own
versions afterwards. `places/` has the map and the names of places, with a loader of its own.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

HOLIDAYS = "holidays_id.csv"
POLICIES = "policies.toml"
CATEGORIES = "categories.csv"
AGENCIES = "agencies.toml"
PUBLISHED_RECAPS = "published_recaps.csv"

CALENDAR_VERSION = "nasional-2026-1"
"""The version of the calendar that HOLIDAYS makes; to be raised whenever a day in it changes."""


def read_text(name: str) -> str:
    """Return the text of one shipped file (UTF-8), named by one of the constants here; raises FileNotFoundError."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def font(name: str) -> Traversable:
    """Return the shipped font file of that name, such as `DejaVuSansCondensed.ttf`."""
    return files(__name__).joinpath("fonts", name)
