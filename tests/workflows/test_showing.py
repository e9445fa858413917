"""What a running complaint shows: its queries, the search attributes of the engine's lists, summary and details."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client

from kawal.domain.calendar import at_local, end_of
from kawal.domain.names import EventKind, Role
from tests.workflows.life import Case, Office, eventually, january


async def found(client: Client, query: str) -> set[str]:
    return {execution.id async for execution in client.list_workflows(query)}


async def listed(case: Case, query: str) -> bool:
    """Wait until the engine's lists, which lag a moment, name exactly this complaint for a query."""
    client: Client = case.office.complaints.client
    mine = {f"complaint-{case.tracking_id}"}

    async def there() -> bool:
        return await found(client, query) == mine

    return bool(await eventually(there))


async def details(case: Case) -> str:
    metadata = await case.handle().query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return str(metadata.current_details)


async def test_the_queries_show_state_timeline_and_deadlines_as_they_are_on_record(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR", "DISHUB")
    await case.until(january(13))
    await case.follow_up()
    handle = case.handle()
    assert await handle.query("state") == (await case.state()).model_dump(mode="json")
    timeline = await handle.query("timeline")
    assert [entry["kind"] for entry in timeline] == [str(kind) for kind in await case.kinds()]
    assert {"seq", "at", "kind", "status", "role", "opd"} == set(timeline[0])
    deadlines: dict[str, Any] = {
        f"{line['kind']}:{line['opd'] or ''}": line for line in await handle.query("deadlines")
    }
    assert set(deadlines) == {"respond:DISHUB", "complete:"}
    assert datetime.fromisoformat(deadlines["respond:DISHUB"]["deadline"]) == end_of(january(17))
    assert datetime.fromisoformat(await handle.query("now")) >= at_local(january(13), 9)


async def test_queries_still_answer_after_the_end(office: Office) -> None:
    case = await office.receive()
    await case.admin("archive", reason="Bukan laporan")
    await case.handle().result()
    assert (await case.handle().query("state"))["status"] == "diarsipkan"


async def test_the_timeline_holds_nobodys_words(office: Office) -> None:
    case = await office.receive()
    await case.reporter("reply", text="Rumah saya di Jalan Rahasia 7")
    assert "Rahasia" not in str(await case.handle().query("timeline"))


async def test_the_lists_of_the_engine_answer_which_complaints_are_stuck(office: Office) -> None:
    good, stuck = await office.receive(), await office.receive()
    await good.forward()
    await stuck.forward("DISHUB")
    await stuck.until(january(18))
    assert await listed(stuck, "KawalOverdue = true AND KawalStatus = 'belum_ditindaklanjuti'")
    assert await listed(stuck, "KawalLevel = 1")
    assert await listed(good, "KawalOpd = 'DPUPR' AND KawalOverdue = false")
    assert await listed(stuck, "KawalOpd = 'DISHUB' AND KawalClass = 'pengaduan' AND KawalChannel = 'web'")
    assert await listed(good, "KawalNextDeadline < '2022-01-18T00:00:00Z'")
    await stuck.follow_up("DISHUB")
    assert await listed(stuck, "KawalOverdue = false AND KawalStatus = 'proses'")


async def test_a_report_is_in_the_lists_from_its_start(office: Office) -> None:
    case = await office.receive()
    assert await listed(case, "KawalStatus = 'belum_diverifikasi' AND KawalInstansi = 'KEPRI'")


async def test_a_complaint_that_owes_nothing_has_no_next_deadline_and_no_opd(office: Office) -> None:
    case = await office.receive()
    await case.admin("archive", reason="Bukan laporan")
    assert await listed(case, "KawalStatus = 'diarsipkan' AND KawalNextDeadline IS NULL AND KawalOpd IS NULL")


async def test_the_summary_names_the_complaint_and_the_details_read_like_a_sentence(office: Office) -> None:
    case = await office.receive()
    description = await case.handle().describe()
    assert await description.static_summary() == f"{case.tracking_id} · KEPRI · web"
    await case.forward()
    await case.until(january(18))
    shown = await details(case)
    assert "Laporan ini (pengaduan): **Belum ditindaklanjuti**." in shown
    assert "Tindak lanjut pertama oleh DPUPR: paling lambat 2022-01-17 pukul 24.00 WIB, **TERLAMBAT**." in shown
    assert "Penyelesaian oleh pejabat penghubung: paling lambat 2022-01-28 pukul 24.00 WIB." in shown
    assert "Dalam daftar kerja Inspektorat sejak 2022-01-18 (tenggat terlewati), tingkat eskalasi 1." in shown
    assert "Pasar" not in shown


async def test_nothing_that_people_wrote_reaches_the_engine_unencrypted(office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Sebutkan alamat rumah")
    await case.signal("nudge", Role.ADMIN, opd="DPUPR", how="Ditelepon")
    await eventually(lambda: case.events(EventKind.REFUSED))
    history = (await case.handle().fetch_history()).to_json()
    for word in ("Pasar", "Siti", "siti@", "alamat", "Dewi", "Ditelepon"):
        assert word not in history
