"""Rows per second of a CSV import, as a dry run and for real, and the memory that a large file takes.

    python -m benchmarks.imports [ROWS [ON_RECORD]]

ROWS are checked in a dry run and then accepted: each is safe in the inbox with its number and its key. ON_RECORD rows
of another file are imported into a running system until each is on record as a complaint with its past; there the
engine sets the pace, and the import waits for it so that the reports of others find no long queue before them. The rows
have the columns and statuses of the shipped LAPOR! mapping, half of them long over.

The peak of memory is what Python allocated in separate runs, since tracing slows them down; it must not grow with the
file. The resident memory of the process at the end of the runs with ROWS is printed, too.
"""

from __future__ import annotations

import asyncio
import csv
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.servers import connected, servers, settings_in
from kawal.client.complaints import Complaints
from kawal.intake.files.import_run import ENGINE_SECONDS, Import, Outcome
from kawal.intake.files.mapping import read_mapping
from kawal.intake.service import IntakeService
from worker import make_worker

ROWS = 100_000
ON_RECORD = 2_000
TRACED = (5_000, 20_000)
NONE = 0.0
"""No waiting for an engine to which nobody hands the reports."""

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
_ROAD = "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG"
_STATUSES = (
    ("Selesai", "DPUPR", "11/01/2022", "12/01/2022", "14/01/2022", "24/01/2022"),
    ("Selesai", "DPUPR", "11/01/2022", "12/01/2022", "20/01/2022", "24/01/2022"),
    ("Proses", "DPUPR", "11/01/2022", "12/01/2022", "14/01/2022", ""),
    ("Belum Diverifikasi", "", "", "", "", ""),
)


def write_rows(path: Path, rows: int, first: int) -> Path:
    """Write that many rows of an export, numbered from `first`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(first, first + rows):
            status, *rest = _STATUSES[number % len(_STATUSES)]
            text = f"Lubang nomor {number} di jalan raya, sudah dua bulan. " * 4
            writer.writerow(
                (number, "Website", f"Jalan berlubang {number}", text, _ROAD, "10/01/2022 09:00", status, *rest)
            )
    return path


async def rate(complaints: Complaints, path: Path, *, dry_run: bool = False, patience: float = ENGINE_SECONDS) -> float:
    """Return the rows per second of one import; every row must be good."""

    def tell(_outcome: Outcome) -> None:
        """Ignore the outcome: a benchmark shows no rows."""

    began = time.perf_counter()
    job = Import(IntakeService(complaints), path, read_mapping("lapor"), patience=patience)
    summary = await job.run(tell, dry_run=dry_run)
    spent = time.perf_counter() - began
    if summary.refused or bool(summary.waiting) != (patience == NONE):
        raise RuntimeError(f"not a clean import: {summary}")
    return summary.rows / spent


async def peak(running: Coroutine[Any, Any, float]) -> float:
    """Return the most megabytes that Python had allocated at once while it ran."""
    tracemalloc.start()
    try:
        await running
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@asynccontextmanager
async def system(folder: Path) -> AsyncIterator[Complaints]:
    """Start a system of its own without a worker."""
    async with servers(settings_in(folder)) as running, connected(running) as own:
        yield Complaints(own)


async def run(rows: int = ROWS, on_record: int = ON_RECORD) -> None:
    """Measure and print."""
    for measured, number in ((_accepted, rows), (_on_record, on_record)):
        with tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as folder:
            async with system(Path(folder)) as complaints:
                await measured(complaints, Path(folder), number)


async def _accepted(complaints: Complaints, folder: Path, rows: int) -> None:
    """Measure the dry run, and the import while nothing starts the reports."""
    path = write_rows(folder / "besar.csv", rows, 10_000_000)
    print(f"dry run of {rows:,} rows: {await rate(complaints, path, dry_run=True):,.0f} rows/s", flush=True)
    print(f"import of {rows:,} rows: {await rate(complaints, path, patience=NONE):,.0f} rows/s", flush=True)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"the most memory that the process had in both: {most:,.0f} MB", flush=True)
    for number, size in enumerate(TRACED):
        path = write_rows(folder / "sedang.csv", size, 20_000_000 + number * 1_000_000)
        looked = await peak(rate(complaints, path, dry_run=True))
        taken = await peak(rate(complaints, path, patience=NONE))
        print(f"allocated at most with {size:,} rows: dry run {looked:.1f} MB, import {taken:.1f} MB", flush=True)


async def _on_record(complaints: Complaints, folder: Path, rows: int) -> None:
    """Measure the import into a running system, with relay and worker in this process."""
    async with make_worker(complaints.system):
        relay = asyncio.create_task(complaints.starting.relay.run())
        try:
            path = write_rows(folder / "nyata.csv", rows, 5_000_000)
            print(f"{rows:,} rows imported, each on record with its past: ", end="", flush=True)
            print(f"{await rate(complaints, path):,.0f} rows/s", flush=True)
            print(f"the same file again, all there already: {await rate(complaints, path):,.0f} rows/s", flush=True)
        finally:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:3])))
