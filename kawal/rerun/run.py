"""`kawal rerun`: plays a recorded year through the real engine, in a temporary system, and counts its recap."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from kawal.base.database_roles import owner_address
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.calendar import end_of, local_day
from kawal.domain.recap import Recap
from kawal.domain.scenario import ScenarioRow
from kawal.embedded.servers import embedded
from kawal.embedded.virtual_time import VirtualTime
from kawal.record import master_key_file
from kawal.reports.recap import RecapTable, recap
from kawal.reports.recount import what_happened
from kawal.rerun.player import Player, RefusedRow
from kawal.rerun.threads import threads_of
from kawal.store.setup import commit_before_flush, prepare_database
from kawal.system import System, open_system
from worker import make_worker

NAMESPACE = "kawal-rerun"


class NothingToRun(Exception):  # noqa: N818 - names the condition
    """No row is dated before the day on which the run should end."""


class Rerun(NamedTuple):
    """The result of a rerun: a recap for each year in which reports came in, and the run's own figures."""

    recaps: list[RecapTable]
    as_of: datetime
    refused: list[RefusedRow]
    complaints: int
    rows: int
    events: int
    escalations: int
    late: int
    seconds: float
    """From the first command to the last, without the servers' start."""
    setup_seconds: float

    @property
    def total(self) -> Recap:
        """The recap of all years together."""
        return sum((table.total for table in self.recaps), Recap())


async def rerun(
    rows: Sequence[ScenarioRow],
    settings: Settings,
    *,
    home: Path | None = None,
    policies: str | None = None,
    until: date | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Rerun:
    """Play the rows and count the results.

    Time runs to the end of the local day of the last row, or of `until`. `home` keeps the data there; without it they
    are deleted when the run ends. `policies` is the text of another policy file (a what-if). `tick` is called after
    each row. Raises SystemUnavailable, NothingToRun.
    """
    began = time.monotonic()
    as_of = end_of(until or local_day(rows[-1].at))
    played = [row for row in rows if row.at <= as_of]
    if not played:
        raise NothingToRun
    with tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as scratch:
        async with _system(settings, home or Path(scratch), policies) as (connected, virtual):
            complaints = Complaints(connected)
            player = Player(complaints, virtual, await complaints.default_instansi(), tick)
            ready = time.monotonic()
            await player.play(threads_of(played), as_of)
            done = time.monotonic()
            years = sorted({local_day(row.at).year for row in played if row.command == "start"})
            recaps = [await recap(connected.pool, year=year, as_of=as_of) for year in years]
            events, escalations, late = await what_happened(connected.pool)
    return Rerun(
        recaps=recaps,
        as_of=as_of,
        refused=sorted(player.refused, key=lambda one: one.row.at),
        complaints=len(player.tracking),
        rows=len(played),
        events=events,
        escalations=escalations,
        late=late,
        seconds=done - ready,
        setup_seconds=ready - began,
    )


@asynccontextmanager
async def _system(settings: Settings, home: Path, policies: str | None) -> AsyncIterator[tuple[System, VirtualTime]]:
    """Start this run's own system: embedded servers whatever the environment names, a scratch namespace, a worker."""
    own = settings.model_copy(
        update={"home": home, "database_url": None, "temporal_address": None, "namespace": NAMESPACE, "smtp_host": None}
    )
    async with embedded(own, virtual_time=True) as endpoints:
        master = ensure_master_key(master_key_file(home))
        await prepare_database(endpoints.database_url, master, policies=policies)
        # A rerun cut off by a power failure is simply run again.
        await commit_before_flush(owner_address(own, endpoints.database_url))
        async with open_system(own, endpoints=endpoints, master=master, pool_size=16) as connected:
            virtual = VirtualTime(connected.client)
            moved = connected.but(client=virtual.client)
            async with make_worker(moved):
                yield moved, virtual
