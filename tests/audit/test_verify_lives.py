"""Verification of what the running system wrote: merged, late and erased complaints, and Temporal's own history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from audit.findings import Verified
from audit.verify import Verification
from domain.sealing import Sealed
from store.erasing import Erasures
from store.erasure_list import ErasureEntry
from tests.audit.forging import recomputed
from tests.workflows.life import Office, january


async def verified(office: Office) -> Verified:
    complaints = office.complaints
    verification = Verification(complaints.pool, complaints.connection.keys, engine=complaints.client)
    return await verification.all()


def told(found: Verified) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in found.findings]


async def test_merged_late_and_erased_lives_verify_and_temporal_tells_the_same(office: Office) -> None:
    first, second, third = await office.receive(), await office.receive(hour=10), await office.receive(hour=11)
    await third.admin("merge", main=second.tracking_id)
    await second.admin("merge", main=first.tracking_id)
    await first.forward("DPUPR")
    late = await office.receive(rahasia=True)
    await late.until(january(20))
    found = await verified(office)
    assert told(found) == []
    assert (found.counted["complaint"], found.counted["engine"]) == (4, 4)

    entry = ErasureEntry(
        tracking_id=third.tracking_id, at=datetime.now(UTC), role="agency_admin", account="admin0001", ground="request"
    )

    async def listed(_entry: Any) -> None:
        return None

    connected = office.complaints.connection
    await Erasures(connected.pool, connected.keys).erase(entry, listed)
    found = await verified(office)
    assert told(found) == []
    assert [(gone.tracking_id, gone.by, gone.ground) for gone in found.erased] == [
        (third.tracking_id, "admin0001", "request")
    ]
    assert (found.counted["engine"], found.counted["no_engine"]) == (3, 1)


async def test_a_chain_recomputed_before_any_seal_is_found_by_temporals_own_history(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR")
    await recomputed(office.complaints.pool, f"complaint-{case.tracking_id}", 2)
    found = await verified(office)
    assert ("engine_differs", f"complaint-{case.tracking_id}") in told(found)
    assert [one.facts for one in found.findings if one.code == "engine_differs"] == [{"what": "2"}]


async def test_the_scheduled_workflow_seals_and_publishes_what_is_new(office: Office) -> None:
    await office.receive()
    connected = office.complaints.connection
    first, second = [
        await connected.client.execute_workflow(
            "Seal", id=f"seal-{number}", task_queue=connected.settings.task_queue, result_type=Sealed
        )
        for number in range(2)
    ]
    assert (first.heads, first.size, first.published) == (1, 1, 1)
    assert second == Sealed()
    assert len((connected.settings.home / "published" / "heads.jsonl").read_text().splitlines()) == 1
