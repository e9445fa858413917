"""Makes a database ready for work: schema, keys, shipped data."""

from __future__ import annotations

from kawal.base.postgres import LONG_WITHIN, connect
from kawal.crypto.keyring import MasterKey
from kawal.crypto.keys import make_installation_keys
from kawal.store.migrations import migrate
from kawal.store.seed import seed


async def prepare_database(database_url: str, master: MasterKey, *, policies: str | None = None) -> list[int]:
    """Migrate, make the installation's own keys, and seed what is empty; returns the schema versions added.

    Done again it changes nothing. `policies` is the text of a policy file to seed instead of the shipped one.
    """
    conn = await connect(database_url, within=LONG_WITHIN)
    try:
        added = await migrate(conn)
        await make_installation_keys(conn, master)
        await seed(conn, policies=policies)
    finally:
        await conn.close()
    return added
