"""The list of hosts in an embedded engine's data, which is stale at every start because the server is always alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence

_TABLE = "cluster_membership"
_PATIENCE = 10.0
"""Seconds to wait for another process that writes to the file."""


def forget_hosts(database: Path) -> None:
    """Empty the list of hosts before the server starts, which then adds itself; without data do nothing.

    A server joins the hosts that were seen in the last seconds. In data copied from a running engine (a backup) they
    are the other engine's; ports in the list may also have been taken by another home since. The two servers would then
    form one cluster, and each would be asked for the other's complaints. Raises SystemUnavailable if the file cannot be
    used.
    """
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=_PATIENCE)) as data, data:
            if data.execute("select 1 from sqlite_master where name = ?", (_TABLE,)).fetchone():
                data.execute(f"delete from {_TABLE}")  # noqa: S608 - the constant above
    except sqlite3.Error as error:
        raise SystemUnavailable(
            sentence(
                msgid("The engine's data cannot be opened ({kind}: {error}): {database}."),
                kind=type(error).__name__,
                error=error,
                database=database,
            ),
        ) from error
