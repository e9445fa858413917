"""What measurements start: servers of their own in a folder that ends with them, with a prepared database."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

from kawal.base.database_roles import owner_address
from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.crypto.master_keys import MasterKeys, ensure_master_key
from kawal.embedded.servers import embedded
from kawal.record import master_key_file
from kawal.store.setup import prepare_database
from kawal.system import System, open_system
from worker import make_worker

POOL = 16
"""Connections to the database, where many complaints live at once."""


class Servers(NamedTuple):
    """Servers that run."""

    settings: Settings
    master: MasterKeys
    endpoints: Endpoints

    @property
    def owner_url(self) -> str:
        """The URL by which the database's owner reaches it, who alone may load past the triggers."""
        return owner_address(self.settings, self.endpoints.database_url)


def settings_in(folder: Path) -> Settings:
    """Return the settings of an installation in a folder, which shares programs with this machine's."""
    return Settings(home=folder, cache=Settings.from_env().cache)


@contextmanager
def scratch_settings() -> Iterator[Settings]:
    """Yield the settings of an installation that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as folder:
        yield settings_in(Path(folder))


@asynccontextmanager
async def servers(settings: Settings) -> AsyncIterator[Servers]:
    """Start the servers of an installation, with its keys and its database."""
    settings.home.mkdir(parents=True, exist_ok=True)
    master = ensure_master_key(master_key_file(settings.home))
    async with embedded(settings) as endpoints:
        await prepare_database(endpoints.database_url, master)
        yield Servers(settings, master, endpoints)


@asynccontextmanager
async def connected(running: Servers, pool_size: int = POOL) -> AsyncIterator[System]:
    """Connect to servers that run."""
    async with open_system(
        running.settings, endpoints=running.endpoints, master=running.master, pool_size=pool_size
    ) as system:
        yield system


@asynccontextmanager
async def working(running: Servers) -> AsyncIterator[System]:
    """Connect to servers that run, and let a worker work."""
    async with connected(running) as system, make_worker(system):
        yield system
