"""Preparation of a database for work: keys, shipped data."""

from __future__ import annotations

from kawal.base.postgres import LONG_WITHIN, connect
from kawal.crypto.master_keys import MasterKey
from kawal.store.data_keys import make_installation_keys
from kawal.store.schema import require_schema
from kawal.store.seed_data import seed


async def prepare_database(database_url: str, master: MasterKey, *, policies: str | None = None) -> None:
    """Create the installation's own keys, and seed empty tables, as the application; the schema is there.

    Repeating it changes nothing. `policies` is the text of a policy file to seed instead of the shipped one. Raises
    SchemaMismatch for a database of another release.
    """
    conn = await connect(database_url, within=LONG_WITHIN)
    try:
        await require_schema(conn)
        await make_installation_keys(conn, master)
        await seed(conn, policies=policies)
    finally:
        await conn.close()


async def commit_before_flush(owner_url: str) -> None:
    """Let commits return before they are on disk, in future sessions: for data that can be produced again.

    Only the database's owner may.
    """
    conn = await connect(owner_url)
    try:
        name = await conn.fetchval("select quote_ident(current_database())")
        await conn.execute(f"alter database {name} set synchronous_commit = off")
    finally:
        await conn.close()
