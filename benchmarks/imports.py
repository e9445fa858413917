"""Rows a second of a CSV import: looked at in a dry run, and taken in for real; and the memory that a large file takes.

    python -m benchmarks.imports [LOOKED_AT [TAKEN_IN]]

The rows have the columns and statuses of the shipped LAPOR! mapping, half of them long over. The peak of memory is what
Python allocated during a dry run of its own, since tracing slows it down; it must not grow with the file.
"""

from __future__ import annotations

import asyncio
import csv
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from client.complaints import Complaints
from client.connect import connection, master_key_file
from crypto.keyring import ensure_master_key
from intake.files.importing import Import, Outcome
from intake.files.mapping import read_mapping
from intake.service import IntakeService
from stack.embedded import embedded
from stack.settings import Settings
from store.setup import prepare_database
from worker import serve

LOOKED_AT = 100_000
TAKEN_IN = 2_000
TRACED = (5_000, 20_000)

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
    """Write so many rows of an export, numbered from `first`."""
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


async def rate(complaints: Complaints, path: Path, *, dry_run: bool) -> float:
    """Rows a second of one import; every row must be good."""

    def tell(_outcome: Outcome) -> None:
        """A benchmark shows no rows."""

    began = time.perf_counter()
    summary = await Import(IntakeService(complaints), path, read_mapping("lapor")).run(tell, dry_run=dry_run)
    spent = time.perf_counter() - began
    if summary.refused or summary.waiting:
        raise RuntimeError(f"not a clean import: {summary}")
    return summary.rows / spent


async def peak(complaints: Complaints, path: Path) -> int:
    """The most bytes that Python had allocated at once during a dry run."""
    tracemalloc.start()
    try:
        await rate(complaints, path, dry_run=True)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def run(looked_at: int = LOOKED_AT, taken_in: int = TAKEN_IN) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Settings.from_env().cache)
        master = ensure_master_key(master_key_file(settings.home))
        async with embedded(settings) as endpoints:
            await prepare_database(endpoints.database_url, master)
            async with (
                connection(settings, endpoints=endpoints, master=master, pool_size=16) as connected,
                serve(connected),
            ):
                await measure(Complaints(connected), Path(folder), looked_at, taken_in)


async def measure(complaints: Complaints, folder: Path, looked_at: int, taken_in: int) -> None:
    """Import into a running system and print the figures."""
    relay = asyncio.create_task(complaints.starting.relay.run())
    try:
        path = write_rows(folder / "besar.csv", looked_at, 1_000_000)
        print(f"dry run of {looked_at:,} rows: {await rate(complaints, path, dry_run=True):,.0f} rows/s", flush=True)
        for rows in TRACED:
            most = await peak(complaints, write_rows(folder / "sedang.csv", rows, 3_000_000))
            print(f"peak of memory in a dry run of {rows:,} rows: {most / 1e6:.1f} MB", flush=True)
        path = write_rows(folder / "nyata.csv", taken_in, 5_000_000)
        print(f"{taken_in:,} rows taken in, each on record with its past: ", end="", flush=True)
        print(f"{await rate(complaints, path, dry_run=False):,.0f} rows/s", flush=True)
        print(f"the same file again, all there already: {await rate(complaints, path, dry_run=False):,.0f} rows/s")
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:3])))
