"""`kawal api`: the HTTP interface of a running system as a process of its own, until Ctrl-C."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kawal.base.shutdown import until_stopped
from kawal.cli.terminal import interrupts
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec

if TYPE_CHECKING:
    from kawal.base.settings import Settings

POOL = 16
"""Connections to PostgreSQL: requests wait for one rather than for the database's own queue."""


def api(operator: Operator, *, api_host: str | None, api_port: int | None) -> None:
    """Serve until SIGINT or SIGTERM; raises SystemUnavailable, UsageError, and CommandRefusal where the port is taken.

    The engine need not be there: reports are accepted without it.
    """
    from kawal.base.demo_mark import refuse_demo
    from kawal.base.endpoints import running_endpoints

    settings = operator.settings()
    refuse_demo(settings.home)
    running_endpoints(settings)
    if api_port is not None and not 0 < api_port < 65536:
        raise UsageError("bad_port", port=api_port)
    from kawal.base.logging import configure_logging

    configure_logging()
    interrupts.run(until_stopped(_serve(operator, settings, api_host, api_port)))


async def _serve(operator: Operator, settings: Settings, host: str | None, port: int | None) -> None:
    from kawal.api import serve_api
    from kawal.client.complaints import Complaints
    from kawal.system import open_system
    from kawal.web.server import browser_url, listen_as_set

    async with open_system(settings, pool_size=POOL, engine_later=True) as connected:
        try:
            async with serve_api(Complaints(connected), listen_as_set(settings, host, port)) as url:
                operator.note(operator.say("api_running", url=browser_url(url)))
                await asyncio.Event().wait()
        except OSError as error:
            raise CommandRefusal("api_no_port", detail=error.strerror or error) from error


SPECS = (
    Spec(
        "api",
        api,
        [Field("api_host", "--host"), Field("api_port", "--port", int)],
        common=(),
    ),
)
