"""Compares the events with Temporal's own history: what a complaint's workflow answers when its history is replayed.

The `timeline` query is answered from the engine's history alone (a worker replays it), so it shows whether PostgreSQL
holds the same events, by number, time, kind, status and actor. It can be answered while a complaint runs and, after its
end, as long as the engine keeps the history; later `kawal audit replay` checks it.
"""

from __future__ import annotations

from datetime import timedelta

import asyncpg
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from kawal.audit.proof.findings import FindingCollector
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.names import workflow_id
from kawal.domain.process.run_input import TimelineEntry

ASK_SECONDS = 15
TRIES = 3
"""How often a complaint is compared again: a workflow writes before it learns that the write succeeded."""

_EVENTS = (
    "select seq, at, kind, status, actor_role as role, actor_opd as opd from event where workflow_id = $1 order by seq"
)


async def compare(client: Client, pool: asyncpg.Pool, tracking_id: str, report: FindingCollector) -> bool:
    """Compare one complaint; return False where the engine has no answer (history gone, no worker, erased)."""
    different = ""
    for _ in range(TRIES):
        told = await _timeline(client, tracking_id)
        if told is None:
            return False
        rows = await pool.fetch(_EVENTS, workflow_id(tracking_id))
        different = _difference(told, [TimelineEntry(**dict(row)) for row in rows])
        if not different:
            report.count("engine")
            return True
    report.found("engine_differs", workflow_id(tracking_id), what=different)
    return True


async def _timeline(client: Client, tracking_id: str) -> list[TimelineEntry] | None:
    handle = client.get_workflow_handle(workflow_id(tracking_id))
    try:
        told: list[TimelineEntry] = await handle.query(
            "timeline", result_type=list[TimelineEntry], rpc_timeout=timedelta(seconds=ASK_SECONDS)
        )
    except (RPCError, WorkflowQueryFailedError, KeyUnavailable, KeyDestroyed):
        return None
    except (KeyError, RuntimeError, ValueError):
        return None  # an erased complaint's answer: it cannot be decrypted
    return told


def _difference(told: list[TimelineEntry], recorded: list[TimelineEntry]) -> str:
    """Return which events differ, by number; the engine's list may lack the first events of a very long history."""
    here = {entry.seq: entry for entry in recorded}
    there = {entry.seq: entry for entry in told}
    first = min(there, default=1)
    numbers = sorted(number for number in here.keys() | there.keys() if number >= first)
    return ", ".join(str(number) for number in numbers if here.get(number) != there.get(number))
