"""How long `kawal rerun scenarios/kepri-2022.csv` takes, including the start of its servers.

python -m benchmarks.rerun
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from kawal.base.settings import Settings
from kawal.domain.scenario import decode, read_rows
from kawal.rerun.run import rerun

FILE = Path(__file__).parents[1] / "scenarios" / "kepri-2022.csv"
LIMIT = 60.0


async def run() -> None:
    """Measure and print the time, and the resulting recap."""
    rows = read_rows(decode(FILE.read_bytes()), "csv")
    done = await rerun(rows, Settings.from_env())
    total = done.total
    whole = done.seconds + done.setup_seconds
    print(
        f"rerun of {FILE.name}: {whole:.1f} s (limit {LIMIT:.0f}), of which servers' start {done.setup_seconds:.1f} s; "
        f"{done.complaints} complaints, {done.rows} commands, {done.events} events, {done.escalations} escalations; "
        f"masuk {total.masuk}, selesai {total.selesai}, {total.persen_selesai} %"
    )


if __name__ == "__main__":
    asyncio.run(run())
