"""The operator's tile server: from where the pictures of the close map come, and whom its page has to credit."""

from __future__ import annotations

import ipaddress
import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+)(:[0-9]{1,5})?/[!$-;=?-\[\]_a-z{}~]*")
"""A host by its name or IPv4 address, no user, and nothing that the policy's header or a page would have to quote."""

_PLACES = ("{z}", "{x}", "{y}")


class TileServer(BaseModel):
    """The table `[map]` of the file."""

    model_config = ConfigDict(extra="forbid")

    tiles: str = Field(max_length=500)
    """The address of a tile: https, or http of this machine or of a private network; `{z}`, `{x}`, `{y}` once each."""
    credit: str = Field(min_length=1, max_length=300)
    """What its licence asks to be shown with the map."""
    deepest: int = Field(default=18, ge=13, le=22)
    """The closest zoom that it has."""

    @field_validator("tiles")
    @classmethod
    def _is_an_address(cls, tiles: str) -> str:
        found = _ADDRESS.fullmatch(tiles)
        if found is None or (found[1] == "http" and not _is_near(found[2])):
            raise ValueError("should be an address such as https://tile.example.go.id/{z}/{x}/{y}.png")
        if any(tiles.count(place) != 1 for place in _PLACES) or tiles.count("{") + tiles.count("}") != 6:
            raise ValueError("should have {z}, {x} and {y} once each, and no other braces")
        return tiles

    @property
    def origin(self) -> str:
        """Return scheme, host and port, as the policy of the page names them."""
        return "/".join(self.tiles.split("/")[:3])

    @property
    def host(self) -> str:
        """Return the host, as a reader is told of it."""
        return self.tiles.split("/")[2]

    def address(self, zoom: int, x: int, y: int) -> str:
        """Return the address of a tile."""
        return self.tiles.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))


def _is_near(host: str) -> bool:
    """Tell whether a host is this machine or of a private network, where nobody gives a certificate."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
