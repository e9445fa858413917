"""How a command ends where nobody reads it any more, and after Ctrl-C: without a word."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kawal.cli.terminal.interrupts import INTERRUPTED
from kawal.crypto.master_keys import ensure_master_key
from kawal.record import master_key_file
from tests.cli.running import COMMAND_SECONDS, Kawal

# Runs `kawal` as its script does in a terminal, where Ctrl-C is not ignored as it is in a shell's background.
IN_A_TERMINAL = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from kawal.cli.entry import main
sys.exit(main())
"""

# The same, and sends itself Ctrl-C when the module that is named first is looked for.
AT_IMPORT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
wanted = sys.argv.pop(1)
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == wanted:
            os.kill(os.getpid(), signal.SIGINT)
from kawal.cli.entry import main
sys.meta_path.insert(0, Finder)
sys.exit(main())
"""


# Runs `kawal` and says so if the interpreter is torn down behind it.
TELLS_OF_TEARDOWN = """
import atexit, sys
atexit.register(print, "torn down")
from kawal.cli.entry import program
program()
"""


@pytest.fixture
def silent_database() -> Iterator[socket.socket]:
    """Yield a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(COMMAND_SECONDS)
        yield listening


@pytest.mark.parametrize("typed", [["--help"], ["verify", "--help"], ["calendar", "show"], ["forwrd"]])
def test_where_nobody_reads_any_more_nothing_is_wrong(alone: Kawal, typed: list[str]) -> None:
    unread, written = os.pipe()
    os.close(unread)
    with os.fdopen(written, "wb") as pipe:
        done = subprocess.run(
            [*alone.program, *typed], env=alone.environment, stdout=pipe, stderr=pipe, timeout=COMMAND_SECONDS
        )
    assert done.returncode == 0


@pytest.mark.parametrize(("typed", "code"), [("--version", 0), ("forwrd", 2)])
def test_a_command_ends_before_a_thread_of_the_engines_client_could_meet_a_dying_interpreter(
    alone: Kawal, typed: str, code: int
) -> None:
    program = [sys.executable, "-c", TELLS_OF_TEARDOWN, typed]
    done = subprocess.run(program, env=alone.environment, capture_output=True, text=True, timeout=COMMAND_SECONDS)
    assert (done.returncode, "torn down" in done.stdout, bool(done.stdout or done.stderr)) == (code, False, True)


@pytest.mark.parametrize("module", ["kawal.cli.app", "typer", "kawal.cli.catalogue", "kawal.cli.commands.calendar"])
def test_ctrl_c_while_modules_are_imported_is_silent(alone: Kawal, module: str) -> None:
    program = [sys.executable, "-c", AT_IMPORT, module, "calendar", "show"]
    done = subprocess.run(program, env=alone.environment, capture_output=True, text=True, timeout=COMMAND_SECONDS)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")


def test_ctrl_c_while_a_command_waits_for_the_database_is_silent(alone: Kawal, silent_database: socket.socket) -> None:
    ensure_master_key(master_key_file(alone.home))
    address = f"postgresql://kawal@127.0.0.1:{silent_database.getsockname()[1]}/kawal?sslmode=disable"
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL, "list"],
        env={**alone.environment, "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        connection, _ = silent_database.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=COMMAND_SECONDS)
    assert (process.returncode, out, err) == (INTERRUPTED, "", "")
