"""What the operator tells every reader: the file `site.toml` of the home, read again whenever it changes.

    [message]                # a line above every page, such as planned maintenance; left out, there is none
    id = "Pemeliharaan pada Minggu pukul 22.00–23.00 WIB."
    en = "Maintenance on Sunday, 22:00–23:00 WIB."
    [contact]                # whom to call, on the help page
    id = "Loket pengaduan: (0771) 123456, hari kerja pukul 08.00–15.00 WIB."
    [hosts]                  # with several agencies: a host name whose pages are one agency's
    "lapor.bintan.example" = "BINTAN"
    [map]                    # a tile server for the close map (docs/map.md); left out, no page asks another host
    tiles = "https://tile.example.go.id/{z}/{x}/{y}.png"
    credit = "© Badan Informasi Geospasial"
    deepest = 18             # the closest zoom that it has, from 13 on

What is given in one language is shown in both.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kawal.console.pages.tile_server import TileServer

FILE = "site.toml"
MOST_BYTES = 64 * 1024

log = structlog.get_logger()


class SaidInBoth(BaseModel):
    """A text in one or both languages."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="", max_length=2000)
    en: str = Field(default="", max_length=2000)

    def said(self, lang: str) -> str | None:
        """Return it in a language, or in the other where that is all there is; None if it is empty."""
        return (self.en or self.id if lang == "en" else self.id or self.en) or None


class SiteTexts(BaseModel):
    """The content of the file."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    message: SaidInBoth = SaidInBoth()
    contact: SaidInBoth = SaidInBoth()
    hosts: dict[str, str] = Field(default_factory=dict)
    map: TileServer | None = None


class Site:
    """The operator's texts as they are now."""

    def __init__(self, home: Path) -> None:
        """Read from the home's file; without one there are no texts."""
        self._file = home / FILE
        self._texts = SiteTexts()
        self._stamp: tuple[int, int] | None = None

    def message(self, lang: str) -> str | None:
        """Return the line that stands above every page."""
        return self._now().message.said(lang)

    def contact(self, lang: str) -> str | None:
        """Return whom to call."""
        return self._now().contact.said(lang)

    def agency_of(self, host: str) -> str | None:
        """Return the code of the agency whose pages a host name shows; None if it shows every agency's."""
        return self._now().hosts.get(host.lower())

    def tiles(self) -> TileServer | None:
        """Return the operator's tile server, or None."""
        return self._now().map

    def _now(self) -> SiteTexts:
        stamp = self._stamp_of_file()
        if stamp != self._stamp:
            self._stamp = stamp
            self._texts = SiteTexts() if stamp is None else self._read()
        return self._texts

    def _stamp_of_file(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> SiteTexts:
        """Return the file's texts; of one that cannot be read the last ones that could, and the log says why."""
        try:
            with self._file.open("rb") as opened:
                return SiteTexts.model_validate(tomllib.loads(opened.read(MOST_BYTES).decode()))
        except (OSError, ValueError, ValidationError) as error:
            log.error("site_texts_unreadable", file=str(self._file), reason=str(error)[:300])
            return self._texts
