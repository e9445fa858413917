"""The embedded Temporal server as a child process: started, watched, restarted if it dies, stopped with its owner."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from temporalio.client import Client
from temporalio.service import RPCError

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence
from kawal.embedded import keeper
from kawal.embedded.namespace import prepare_namespace
from kawal.embedded.temporal_binary import ServerBinary
from kawal.embedded.temporal_config import (
    LOOPBACK,
    Ports,
    dynamic_config,
    dynamic_values,
    free_ports,
    remembered_ports,
    server_config,
    synchronous,
)
from kawal.embedded.temporal_hosts import forget_hosts

START_SECONDS = 90.0
LOG_LIMIT_BYTES = 20_000_000
_log = logging.getLogger(__name__)


class TemporalServer:
    """A server on the data in `<home>/temporal`, which logs its problems to `<home>/log/temporal.log`."""

    def __init__(self, binary: ServerBinary, home: Path, *, virtual_time: bool = False) -> None:
        """Prepare without starting. `virtual_time` lets clients move a workflow's clock: for reruns and tests only."""
        self._binary = binary
        self._home = home
        self._virtual_time = virtual_time
        self._ports: Ports | None = None
        self._keeper: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def ports(self) -> Ports:
        """The ports in use; known once started."""
        if self._ports is None:
            raise RuntimeError("the server has not been started")
        return self._ports

    @property
    def address(self) -> str:
        """The address (host:port) for clients; the same after a restart."""
        return f"{LOOPBACK}:{self.ports.frontend}"

    @property
    def _database(self) -> Path:
        return self._home / "temporal" / "temporal.db"

    @property
    def pid(self) -> int | None:
        """The server's process id, or None while it is down."""
        return server_pid(self._home)

    async def start(self, namespace: str, *, retention: timedelta) -> None:
        """Start, wait until it serves, prepare the namespace, and from then on restart it whenever it dies.

        Raises SystemUnavailable that names its log.
        """
        client = await self._first_launch()
        await prepare_namespace(client, namespace, retention=retention)
        self._watch = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        """Stop it cleanly and wait for its end; does nothing if it is not running."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        if self._keeper is not None and self._keeper.stdin is not None:
            self._keeper.stdin.close()
            await self._keeper.wait()
            self._keeper = None

    async def _first_launch(self) -> Client:
        """Launch on free ports, under a lock: two starts with the same ports would connect to each other's server."""
        remembered = self._home / "temporal" / "ports.json"
        async with _choosing_ports():
            self._ports = remembered_ports(remembered)
            try:
                return await self._launch()
            except _EndedAtOnceError:
                # Another program may have taken a port between the check and the start.
                self._ports = free_ports(remembered)
                return await self._launch()

    async def _keep_alive(self) -> None:
        while self._keeper is not None:
            code = await self._keeper.wait()
            _log.warning("the Temporal server ended with code %s; starting it again on the same data", code)
            try:
                await self._launch()
            except SystemUnavailable:
                _log.exception("the Temporal server does not start")
                await asyncio.sleep(5)

    async def _launch(self) -> Client:
        command = self._command()
        await asyncio.to_thread(forget_hosts, self._database)
        with _log_file(self._home / "log" / "temporal.log") as log_file:
            self._keeper = await asyncio.create_subprocess_exec(
                sys.executable,
                "-IS",
                keeper.__file__,
                str(_lock_file(self._home)),
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=log_file,
                stderr=log_file,
                start_new_session=True,
            )
        try:
            return await self._until_healthy(self._keeper)
        except BaseException:
            if self._keeper.stdin is not None:
                self._keeper.stdin.close()
            await asyncio.shield(self._keeper.wait())
            raise

    async def _until_healthy(self, process: asyncio.subprocess.Process) -> Client:
        deadline = time.monotonic() + START_SECONDS
        while process.returncode is None and time.monotonic() < deadline:
            try:
                client = await Client.connect(self.address)
                if await client.service_client.check_health(timeout=timedelta(seconds=2)):
                    return client
            except (RuntimeError, RPCError):  # how the SDK reports no connection and an interrupted one
                pass
            await asyncio.sleep(0.1)
        log = self._home / "log" / "temporal.log"
        error = SystemUnavailable if process.returncode is None else _EndedAtOnceError
        raise error(sentence(msgid("The embedded Temporal server did not start; {log} says why."), log=log))

    def _command(self) -> list[str]:
        folder = self._home / "temporal"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._binary.kind == "cli":
            return self._cli_command()
        dynamic = folder / "dynamic.yaml"
        dynamic.write_text(dynamic_config(virtual_time=self._virtual_time))
        config = folder / "server.yaml"
        config.write_text(server_config(self._database, dynamic, self.ports, virtual_time=self._virtual_time))
        return [str(self._binary.path), "--config-file", str(config), "--allow-no-auth", "start"]

    def _cli_command(self) -> list[str]:
        command = [str(self._binary.path), "server", "start-dev", "--headless", "--ip", LOOPBACK]
        command += ["--port", str(self.ports.frontend)]
        command += ["--db-filename", str(self._database), "--log-level", "warn"]
        written = synchronous(virtual_time=self._virtual_time)
        command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", f"synchronous={written}"]
        for key, value in dynamic_values(virtual_time=self._virtual_time).items():
            shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
            command += ["--dynamic-config-value", f"{key}={shown}"]
        return command


class _EndedAtOnceError(SystemUnavailable):
    """The server ended by itself before it was ready."""


@asynccontextmanager
async def _choosing_ports() -> AsyncIterator[None]:
    """Let one start of this user at a time choose ports and bind them."""
    file = Path(tempfile.gettempdir()) / f"kawal-ports-{os.getuid()}.lock"
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        async with asyncio.timeout(2 * START_SECONDS):
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def server_pid(home: Path) -> int | None:
    """Return the process id of the Temporal server that runs on this home's data, or None."""
    return keeper.locked_pid(_lock_file(home))


def _lock_file(home: Path) -> Path:
    return home / "run" / "temporal.lock"


def _log_file(path: Path) -> IO[bytes]:
    """Open a log for appending; one that has grown too long is renamed to `.1` first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")
