"""`make bench`: every measurement in turn. `python -m benchmarks NAME …` runs only those named."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from benchmarks import (
    acts,
    audit,
    cli,
    enter,
    history,
    imports,
    intake,
    keys,
    letter_intake,
    letter_reading,
    letters,
    lifecycle,
    live,
    notify,
    page_posts,
    pages,
    peer,
    public_pages,
    queues,
    recap,
    relay,
    rerun,
    scopes,
    staff_answers,
    suggestion,
    what_if,
)
from kawal.base.leaving import leave
from kawal.base.logging import configure_logging


async def _suggestion() -> None:
    suggestion.main()


MEASUREMENTS: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
    "lifecycle": lifecycle.run,
    "acts": acts.run,
    "notify": notify.run,
    "live": live.run,
    "imports": imports.run,
    "relay": relay.run,
    "intake": intake.run,
    "letters": letters.run,
    "letter_reading": letter_reading.run,
    "letter_intake": letter_intake.run,
    "rerun": rerun.run,
    "suggestion": _suggestion,
    "recap": recap.run,
    "scopes": scopes.run,
    "public": public_pages.run,
    "queues": queues.run,
    "staff": staff_answers.run,
    "peer": peer.run,
    "what_if": what_if.run,
    "audit": audit.run,
    "history": history.run,
    "keys": keys.run,
    "enter": enter.run,
    "pages": pages.run,
    "posts": page_posts.run,
    "cli": cli.run,
}


def main(names: list[str]) -> int:
    """Run the measurements of these names, or all."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 2
    configure_logging(level=logging.WARNING)
    for name in names or MEASUREMENTS:
        print(f"== {name}", flush=True)
        asyncio.run(MEASUREMENTS[name]())
    return 0


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
