"""The Temporal UI as a child process: optional, so its absence or failure stops nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kawal.embedded import keeper
from kawal.embedded.temporal_config import LOOPBACK


def ui_url(port: int) -> str:
    """Return the UI's address, which is also the origin that the codec accepts."""
    return f"http://{LOOPBACK}:{port}"


@asynccontextmanager
async def temporal_ui(
    binary: Path, home: Path, *, temporal_address: str, namespace: str, port: int, codec_url: str | None = None
) -> AsyncIterator[str]:
    """Run the UI and yield its address; payloads are decoded by the codec at `codec_url`, if there is one."""
    folder = _write_config(home, temporal_address, namespace, port, codec_url)
    with (home / "log" / "temporal-ui.log").open("ab") as log_file:  # opened once, at start-up
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-IS",
            keeper.__file__,
            str(home / "run" / "temporal-ui.lock"),
            str(binary),
            "--root",
            str(folder),
            "--config",
            ".",
            "--env",
            "ui",
            "start",
            stdin=asyncio.subprocess.PIPE,
            stdout=log_file,
            stderr=log_file,
            start_new_session=True,
        )
    try:
        yield ui_url(port)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.shield(process.wait())


def _write_config(home: Path, address: str, namespace: str, port: int, codec_url: str | None) -> Path:
    folder = home / "temporal"
    folder.mkdir(parents=True, exist_ok=True)
    config: dict[str, object] = {
        "temporalGrpcAddress": address,
        "host": LOOPBACK,
        "port": port,
        "enableUi": True,
        "defaultNamespace": namespace,
        "cors": {"allowOrigins": [ui_url(port)]},
        # It has no key, so nothing it wrote could be decrypted; and it hides buttons that only do harm.
        "disableWriteActions": True,
    }
    if codec_url is not None:
        # The session's cookie is sent along, because the codec asks who is reading.
        config["codec"] = {"endpoint": codec_url, "includeCredentials": True}
    (folder / "ui.yaml").write_text(json.dumps(config, indent=1))
    return folder
