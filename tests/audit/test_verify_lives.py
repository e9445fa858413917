"""Verification of what the running system wrote: merged, late and erased complaints, and Temporal's own history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kawal.audit.proof.findings import VerificationResult
from kawal.audit.proof.verify import Verification
from kawal.domain.messages import Actor, Behalf, Command
from kawal.domain.names import EventKind, Role, Spokesman
from kawal.domain.sealing import SealResult
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures
from kawal.wording.catalogues import say
from tests.audit.forging import recomputed
from tests.database_owner import as_owner
from tests.histories.lives import abused, imported
from tests.workflows.life import Case, Office, january


async def verified(office: Office) -> VerificationResult:
    complaints = office.complaints
    verification = Verification(complaints.pool, complaints.system.keys, engine=complaints.client)
    return await verification.all()


def told(found: VerificationResult) -> list[tuple[str, str]]:
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

    connected = office.complaints.system
    await Erasures(connected.pool, connected.keys).erase(entry, listed)
    found = await verified(office)
    assert told(found) == []
    assert [(gone.tracking_id, gone.by, gone.ground) for gone in found.erased] == [
        (third.tracking_id, "admin0001", "request")
    ]
    assert (found.counted["engine"], found.counted["no_engine"]) == (3, 1)


async def test_what_reporters_say_themselves_at_the_desk_and_from_the_tray_verifies_whole(office: Office) -> None:
    case, hidden, asked = await office.receive(), await office.receive(hour=10), await office.receive(hour=11)
    await case.finish()
    await spoken(case, "accept", Role.DESK, Spokesman.DESK, rating=5)
    await case.reporter("dispute", why="Saya tidak pernah menerima")
    await case.follow_up(final=True)
    await spoken(case, "dispute", Role.ADMIN, Spokesman.TRAY, why="Masih rusak")
    await case.follow_up(final=True)
    await spoken(case, "accept", Role.ADMIN, Spokesman.TRAY, rating=2)
    await case.reporter("rate", rating=3, words="Lambat")
    await case.reporter("conceal", anonim=True)
    await hidden.verify()
    await spoken(hidden, "conceal", Role.DESK, Spokesman.DESK, rahasia=True)
    await hidden.admin("archive", reason="dobel")
    await hidden.reporter("conceal", anonim=True)
    await asked.forward("DPUPR")
    await asked.admin("ask", question="Di mana?")
    await asked.admin("escalate", why="macet")
    await asked.inspectorate("take_over")
    rows = [await one.row() for one in (case, hidden)]
    assert [(row.anonim, row.rahasia, row.rating) for row in rows] == [(True, False, 3), (True, True, None)]
    assert told(await verified(office)) == []


async def spoken(case: Case, name: str, role: Role, via: Spokesman, **arguments: Any) -> None:
    """Give a reporter's command for the reporter."""
    behalf = Behalf(via=via)
    actor = await case.office.complaints.actor(role, "Rina", instansi="KEPRI")
    command = Command(name=name, actor=actor, arguments=arguments, idempotency_key=f"{name}-{role}", behalf=behalf)
    await case.office.complaints.give(case.tracking_id, command)


async def test_a_chain_recomputed_before_any_seal_is_found_by_temporals_own_history(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR")
    await recomputed(office.complaints.pool, f"complaint-{case.tracking_id}", 2)
    found = await verified(office)
    assert ("engine_differs", f"complaint-{case.tracking_id}") in told(found)
    assert [one.facts for one in found.findings if one.code == "engine_differs"] == [{"what": "2"}]


async def test_the_scheduled_workflow_seals_and_publishes_what_is_new(office: Office) -> None:
    await office.receive()
    connected = office.complaints.system
    first, second = [
        await connected.client.execute_workflow(
            "Seal", id=f"seal-{number}", task_queue=connected.settings.task_queue, result_type=SealResult
        )
        for number in range(2)
    ]
    assert (first.heads, first.size, first.published) == (1, 1, 1)
    assert second == SealResult()
    assert len((connected.settings.home / "published" / "heads.jsonl").read_text().splitlines()) == 1


async def test_whoever_may_stand_in_the_record_is_found_there_and_a_deleted_account_is_named(office: Office) -> None:
    complaints = office.complaints
    abused_case, imported_case = (await abused(office))[0], (await imported(office))[0]
    case = await office.receive()
    await case.close()
    await case.admin("reopen", grounds="Lubang terbuka lagi")
    assert {event.actor.account for event in await abused_case.events(EventKind.REFUSED)} > {"unreadable"}
    assert "impor" in {event.actor.account for event in await imported_case.events()}
    assert Role.REPORTER in {event.actor.role for event in await case.events()}
    assert told(await verified(office)) == []

    gone = await case.person(Role.LIAISON, "DPUPR")
    async with as_owner(complaints.pool) as owner:
        await owner.execute("delete from account where id = $1", gone.account)
    places = [("account_unknown", f"complaint-{case.tracking_id} {seq}") for seq in await acts_of(case, gone)]
    assert places
    one = await Verification(complaints.pool, complaints.system.keys).one(case.tracking_id)
    assert told(one) == places
    assert [say("en", finding.sentence) for finding in one.findings] == [
        "This event names an account that does not exist (liaison)."
    ] * len(places)
    assert [found for found in told(await verified(office)) if case.tracking_id in found[1]] == places


async def acts_of(case: Case, actor: Actor) -> list[int]:
    return [event.seq for event in await case.events() if event.actor.account == actor.account]
