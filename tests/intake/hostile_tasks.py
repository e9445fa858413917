"""The tasks that the tests of its limits give to a reader; run in the reader's process."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any


def do(said: dict[str, Any], pieces: Sequence[bytes]) -> tuple[dict[str, Any], Sequence[bytes]]:
    """Do what is asked, good or bad."""
    if said["do"] == "echo":
        return {"pid": os.getpid(), "nice": os.nice(0), "environment": sorted(os.environ)}, pieces
    if said["do"] == "take all memory":
        return {}, [bytes(10**9)]
    _misbehave(said, pieces)
    return {}, []


def _misbehave(said: dict[str, Any], pieces: Sequence[bytes]) -> None:
    match said["do"]:
        case "work for ever":
            while True:
                pass
        case "wait":
            time.sleep(60)
        case "nest":
            do(said, pieces)
        case "die":
            os.abort()
        case "print":
            print("a library's remark")
        case "write a file":
            with open(said["path"], "wb") as file:
                file.write(b"x")
        case "lie":
            os.write(3, b"no frame of ours, in the place of an answer")
            os._exit(0)
        case _:
            raise ValueError("said by whoever sent it")
