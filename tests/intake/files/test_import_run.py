"""Files imported on the real engine: state and clock of each report, its history in recaps, and a kill in between."""

from __future__ import annotations

import asyncio
import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from kawal.domain.calendar import JAKARTA, at_local
from kawal.domain.messages import Report
from kawal.domain.names import Channel, ClockKind, EventKind, Role, Status, workflow_id
from kawal.intake.files.import_run import ENGINE_SECONDS, Import, Outcome, Progress, Verdict
from kawal.intake.files.mapping import Mapping, read_mapping
from kawal.intake.service import IntakeService
from kawal.reports.recap import recap
from kawal.store.outbox import Outbox
from kawal.store.tokens import Tokens
from kawal.wording.letters import letter
from tests.workflows.conftest import Opening
from tests.workflows.life import Office, eventually

COLUMNS = (
    "Tracking ID",
    "Kanal",
    "Judul",
    "Isi Laporan",
    "Kategori",
    "Tanggal",
    "Status",
    "Disposisi",
    "Tanggal Verifikasi",
    "Tanggal Disposisi",
    "Tanggal Tindak Lanjut",
    "Tanggal Selesai",
)
LAPOR = read_mapping("lapor")
ROAD = "PEKERJAAN UMUM DAN PENATAAN RUANG"


def row(number: int, status: str, *dates: str, received: str = "10/01/2022 09:00", opd: str = "DPUPR") -> list[str]:
    cells = [str(5_000_000 + number), "Website", f"Jalan berlubang {number}", f"Lubang nomor {number} di jalan raya."]
    return [*cells, ROAD, received, status, opd, *dates, *[""] * (4 - len(dates))]


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


class Imported:
    """An import, with the result of each row."""

    def __init__(self, office: Office, path: Path, mapping: Mapping = LAPOR, patience: float = ENGINE_SECONDS) -> None:
        self.complaints = office.complaints
        self.job = Import(IntakeService(office.complaints), path, mapping, instansi="KEPRI", patience=patience)
        self.outcomes: list[Outcome] = []

    async def run(self, *, dry_run: bool = False, after: int = 0) -> Imported:
        await self.job.run(self.outcomes.append, dry_run=dry_run, after=after)
        return self

    def id_of(self, row: int) -> str:
        (found,) = [outcome.tracking_id for outcome in self.outcomes if outcome.row == row]
        assert found is not None
        return found

    @property
    def counts(self) -> tuple[int, int, int]:
        summary = self.job.summary
        return summary.new, summary.known, summary.refused


async def test_each_row_enters_at_its_status_and_clock_and_history_counts_in_recaps(
    office: Office, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "ekspor.csv",
        [
            row(1, "Selesai", "11/01/2022", "12/01/2022", "14/01/2022", "24/01/2022"),
            row(2, "Proses", "11/01/2022", "12/01/2022", "14/01/2022"),
            row(3, "Belum Ditindaklanjuti", "11/01/2022", "12/01/2022"),
            row(4, "Belum Diverifikasi", opd=""),
            row(5, "Diarsipkan", "", "", "", "12/01/2022", opd=""),
            row(6, "Selesai", received="7 jam yang lalu"),
            row(7, "Belum Diverifikasi", received=f"{datetime.now(JAKARTA):%d/%m/%Y}", opd=""),
        ],
    )
    looked = await Imported(office, path).run(dry_run=True)
    assert looked.counts == (6, 0, 1)
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 0

    done = await Imported(office, path).run()
    assert done.counts == (6, 0, 1)
    assert done.job.summary.late == 3
    (refused,) = [outcome for outcome in done.outcomes if outcome.verdict is Verdict.REFUSED]
    assert (refused.row, refused.faults[0].column) == (7, "Tanggal")
    statuses = [(await office.complaints.snapshot(done.id_of(n))).status for n in (2, 3, 4, 5, 6, 8)]
    assert statuses == [
        Status.SELESAI,
        Status.PROSES,
        Status.BELUM_DITINDAKLANJUTI,
        Status.BELUM_DIVERIFIKASI,
        Status.DIARSIPKAN,
        Status.BELUM_DIVERIFIKASI,
    ]
    # Ended complaints have no running workflow; open ones have, with a deadline or with the Inspectorate.
    described = {n: await _running(office, done.id_of(n)) for n in (2, 3, 4, 5, 6, 8)}
    assert described == {2: False, 3: True, 4: True, 5: True, 6: False, 8: True}

    late = await office.complaints.history(done.id_of(4))
    assert late[0].at == at_local(date(2022, 1, 10), 9)
    assert late[0].recorded_at > late[0].at + timedelta(days=365)
    assert all(event.facts["imported"] for event in late)
    assert late[-1].kind is EventKind.IMPORTED
    state = await office.complaints.state(done.id_of(4))
    assert state.item is not None
    assert state.item.opened_at == late[-1].at

    async def at(day: int) -> dict[str, int]:
        table = await recap(office.complaints.pool, year=2022, as_of=at_local(date(2022, 1, day), 20))
        total = table.total
        return {
            "masuk": total.masuk,
            "bv": total.belum_diverifikasi,
            "bt": total.belum_ditindaklanjuti,
            "proses": total.proses,
            "selesai": total.selesai,
        }

    assert await at(9) == {"masuk": 0, "bv": 0, "bt": 0, "proses": 0, "selesai": 0}
    assert await at(10) == {"masuk": 5, "bv": 5, "bt": 0, "proses": 0, "selesai": 0}
    assert await at(13) == {"masuk": 4, "bv": 1, "bt": 3, "proses": 0, "selesai": 0}
    assert await at(20) == {"masuk": 4, "bv": 1, "bt": 1, "proses": 2, "selesai": 0}
    assert await at(25) == {"masuk": 4, "bv": 1, "bt": 1, "proses": 1, "selesai": 1}


async def _running(office: Office, tracking_id: str) -> bool:
    handle = office.virtual.client.get_workflow_handle(workflow_id(tracking_id))

    async def settled() -> str | None:
        description = await handle.describe()
        row = await office.complaints.snapshot(tracking_id)
        ends = row.status in (Status.DIARSIPKAN, Status.SELESAI)
        name = description.status.name if description.status else ""
        return None if ends and name == "RUNNING" else name

    return bool(await eventually(settled) == "RUNNING")


async def test_one_notice_tells_the_inspectorate_and_nobody_else_hears_of_history(
    office: Office, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "ekspor.csv", [row(n, "Belum Ditindaklanjuti", "11/01/2022", "12/01/2022") for n in (1, 2, 3)]
    )
    assert (await Imported(office, path).run()).job.summary.late == 3
    again = await Imported(office, path).run()
    assert (again.counts, again.job.summary.late) == ((0, 3, 0), 0)
    lines = await Outbox(office.complaints.pool, office.complaints.system.keys).lines(limit=10)
    assert [(line.kind, line.to_role) for line in lines] == [("import_digest", "inspectorate")]
    claimed = await Outbox(office.complaints.pool, office.complaints.system.keys).claim(5, timedelta(minutes=1))
    notice = claimed[0].notice
    said = letter(notice.kind, notice.tracking_id, notice.body, "id", {})
    assert "3 laporan" in said.subject
    assert all(line in said.text for line in [notice.tracking_id])


async def test_rungs_of_an_imported_breach_climb_from_the_import(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path / "ekspor.csv", [row(1, "Belum Ditindaklanjuti", "11/01/2022", "12/01/2022")])
    done = await Imported(office, path).run()
    handle = office.virtual.client.get_workflow_handle(workflow_id(done.id_of(2)))
    await office.virtual.advance(handle, timedelta(days=30))

    async def climbed() -> list[int]:
        events = await office.complaints.history(done.id_of(2))
        rungs = [event for event in events if event.kind is EventKind.RUNG_REACHED and event.facts["key"] == "complete"]
        assert all("imported" not in event.facts for event in rungs)
        return [event.facts["rung"] for event in rungs] if len(rungs) == 2 else []

    assert await eventually(climbed) == [2, 3]


async def test_an_imported_report_takes_commands_and_an_ended_one_is_reopened(office: Office, tmp_path: Path) -> None:
    path = written(
        tmp_path / "ekspor.csv",
        [
            row(1, "Belum Ditindaklanjuti", "11/01/2022", "12/01/2022"),
            row(2, "Selesai", "11/01/2022", "12/01/2022", "14/01/2022", "24/01/2022"),
        ],
    )
    done = await Imported(office, path).run()
    complaints = office.complaints
    liaison = await complaints.actor(Role.LIAISON, "Budi", "DPUPR", instansi="KEPRI")
    answer = await complaints.send(done.id_of(2), "follow_up", liaison, {"text": "Ditambal.", "final": True})
    assert answer.status is Status.PROSES
    state = await complaints.state(done.id_of(2))
    assert state.clock(ClockKind.AUTO_CLOSE) is not None
    assert state.item is not None
    assert state.item.done_late == ["respond:DPUPR", "complete"]
    await eventually(lambda: _ended(office, done.id_of(3)))
    admin = await complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")
    reopened = await complaints.send(done.id_of(3), "reopen", admin, {"grounds": "Lubang terbuka lagi"})
    assert reopened.status is Status.PROSES


async def _ended(office: Office, tracking_id: str) -> bool:
    return not await _running(office, tracking_id)


async def test_what_a_system_sent_by_its_token_is_known_when_its_export_is_imported(
    office: Office, tmp_path: Path
) -> None:
    await Tokens(office.complaints.pool).create("gerbang", "web")
    report = Report(title="Jalan berlubang", text="Lubang.", channel=Channel.WEB, external_id="5000001")
    sent = await IntakeService(office.complaints).submit(report, instansi="KEPRI", system="gerbang")
    done = await Imported(office, written(tmp_path / "a.csv", [row(1, "Belum diverifikasi")])).run(dry_run=True)
    assert [(one.verdict, one.tracking_id) for one in done.outcomes] == [(Verdict.KNOWN, sent.tracking_id)]


async def test_two_hundred_rows_survive_a_kill_and_none_is_doubled(office: Office, tmp_path: Path) -> None:
    statuses = ["Belum Diverifikasi", "Belum Ditindaklanjuti", "Proses", "Selesai"]
    rows = [row(n, statuses[n % 4], opd="" if n % 4 == 0 else "DPUPR") for n in range(200)]
    path = written(tmp_path / "ekspor.csv", rows)
    progress = Progress(tmp_path / "imports", "uji", LAPOR)
    job = Imported(office, path)
    seen: list[Outcome] = []

    class Killed(Exception):  # noqa: N818
        pass

    def kill_in_the_middle(outcome: Outcome) -> None:
        seen.append(outcome)
        if len(seen) == 50:
            raise Killed

    with pytest.raises(Killed):
        await job.job.run(kill_in_the_middle, progress=progress)
    again = await Imported(office, path).run(after=progress.row())
    new, known, refused = again.counts
    assert (new + known, refused) == (200, 0)
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 200
    assert await office.complaints.pool.fetchval("select count(*) from complaint") == 200
    by_status = await office.complaints.pool.fetch("select status, count(*) as n from complaint group by 1")
    assert {line["status"]: line["n"] for line in by_status} == {
        "belum_diverifikasi": 50,
        "belum_ditindaklanjuti": 50,
        "proses": 50,
        "selesai": 50,
    }


async def test_with_the_engine_away_reports_are_safe_and_the_inspectorate_is_told_when_it_is_back(
    open_office: Opening, tmp_path: Path
) -> None:
    rows = [row(n, "Belum Ditindaklanjuti", "11/01/2022", "12/01/2022") for n in (1, 2, 3)]
    path = written(tmp_path / "ekspor.csv", rows)
    async with open_office() as office:
        # No relay runs: what is accepted waits, as it does while the engine is down.
        first = await Imported(office, path, patience=0.2).run()
        assert first.counts == (3, 0, 0)
        assert (first.job.summary.waiting, first.job.summary.late) == (3, 0)
        relay = asyncio.create_task(office.complaints.starting.relay.run())
        second = await Imported(office, path).run()
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        assert second.counts == (0, 3, 0)
        assert (second.job.summary.waiting, second.job.summary.late) == (0, 3)


async def test_a_workbook_is_imported_like_a_csv_and_an_id_that_stands_twice_is_one_report(
    office: Office, tmp_path: Path
) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(COLUMNS)
    for cells in (row(1, "Proses", "", "", "14/01/2022"), row(1, "Proses", "", "", "14/01/2022"), row(2, "Proses")):
        dated: list[str | datetime] = list(cells)
        dated[COLUMNS.index("Tanggal")] = datetime(2022, 1, 10, 9)  # noqa: DTZ001 - as a spreadsheet has it
        book.active.append(dated)
    book.active.append(["=1+1", *row(3, "Proses")[1:]])
    book.save(tmp_path / "ekspor.xlsx")
    book.close()
    done = await Imported(office, tmp_path / "ekspor.xlsx").run()
    assert done.counts == (2, 1, 1)
    assert done.id_of(2) == done.id_of(3)
    started = (await office.complaints.history(done.id_of(2)))[0]
    assert started.at == at_local(date(2022, 1, 10), 9)
