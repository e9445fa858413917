"""No word of a rahasia report, no name and no contact is stored unencrypted; of an erased report no word at all.

Planted words begin with marks that occur nowhere else. A public report's words are unencrypted on purpose: that the
scan finds them before the erasure shows that it can find words at all.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from activities.seal import seal_step
from kawal.base.settings import Settings
from kawal.client.complaint_search import ComplaintSearch
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.access import Act
from kawal.domain.erasure import Basis
from kawal.domain.messages import Past, PastStep, Place, Report, Reporter
from kawal.domain.names import Channel, Role
from kawal.domain.refusals import Refusal
from kawal.embedded.postgres_tools import fitting_tool, server_major
from kawal.embedded.servers import embedded
from kawal.embedded.virtual_time import VirtualTime
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.service import IntakeService
from kawal.operate.backup import Parts, back_up
from kawal.operate.manifest import DATA_KEYS, DATABASE
from kawal.privacy.person import PersonRequest, Persons
from kawal.privacy.person_export import PersonExport
from kawal.record import master_key_file
from kawal.store.setup import prepare_database
from kawal.store.vacuum import clean_up
from kawal.system import open_system
from tests.audit.history_archiving import history_archiver_round
from tests.database_owner import owner_does, owner_url
from tests.privacy.scanning import forms, found_in, found_under
from tests.workflows.life import CATEGORY, Case, Office, eventually
from worker import make_worker

HIDDEN = "qvjhxwkz"
"""The beginning of every planted name, contact and word of a rahasia report."""

PHONE = "81299887766"
OPEN = "qvjpxwkz"
"""The beginning of every word of the public report that is erased."""

KEPT = "qvjkxwkz"
"""The beginning of the words of a public report that is not erased."""

OVER = date(2022, 3, 31)
ASKED = PersonRequest([f"{HIDDEN}surel@example.org"], [f"0{PHONE}"], f"Surat {HIDDEN}alasan")


class Planted(NamedTuple):
    office: Office
    attachments: Attachments
    settings: Settings
    database_url: str


@asynccontextmanager
async def installation(home: Path) -> AsyncIterator[Planted]:
    """Yield an installation with servers of its own, in virtual time."""
    settings = Settings(home=home, cache=Settings.from_env(os.environ).cache)
    async with embedded(settings, virtual_time=True) as endpoints:
        master = ensure_master_key(master_key_file(home))
        await prepare_database(endpoints.database_url, master)
        async with open_system(settings, endpoints=endpoints, master=master) as connected:
            virtual = VirtualTime(connected.client)
            moved = connected.but(client=virtual.client)
            async with make_worker(moved):
                complaints = Complaints(moved)
                attachments = Attachments(moved, AttachmentSettings.from_env(home, {}))
                yield Planted(Office(complaints, virtual), attachments, settings, endpoints.database_url)


def someone() -> Reporter:
    return Reporter(
        name=f"{HIDDEN}nama", email=f"{HIDDEN}surel@example.org", phone=f"+62 {PHONE}", origin=f"{HIDDEN}asal"
    )


async def content(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def live(planted: Planted, mark: str, *, rahasia: bool) -> Case:
    """Run a whole life of a report all of whose words begin with a mark."""
    case = await planted.office.receive(
        title=f"{mark}judul",
        text=f"{mark}isi laporan {mark}kata",
        place=Place(text=f"{mark}lokasi"),
        rahasia=rahasia,
        reporter=someone(),
    )
    await planted.attachments.add(case.tracking_id, f"{mark}berkas.txt", content(f"{mark}lampiran\n"))
    letters = planted.office.complaints.system.raw_letters
    await letters.keep(
        case.tracking_id,
        f"From: {HIDDEN}nama <{HIDDEN}surel@example.org>\r\n\r\n{HIDDEN}surat {mark}surat\r\n".encode(),
        channel=Channel.EMAIL,
        identity=f"<{HIDDEN}id@example.org>",
        received_at=datetime(2022, 1, 3, 2, tzinfo=UTC),
        left_out=[f"{HIDDEN}berkas.exe"],
    )
    await case.admin("verify", **{"title": f"{mark}judulbaru", "class": "pengaduan", "category": CATEGORY})
    await case.admin("forward", opds=["DPUPR"], note=f"{HIDDEN}catatan")
    await case.liaison("DPUPR", "ask", question=f"{HIDDEN}tanya")
    await case.reporter("reply", text=f"{HIDDEN}jawab")
    await case.liaison("DPUPR", "follow_up", text=f"{HIDDEN}tindaklanjut", final=True)
    with pytest.raises(Refusal):
        await case.admin("archive", reason=f"{HIDDEN}ditolak")
    await case.signal("archive", reason=f"{HIDDEN}isyarat")
    await case.reporter("dispute", why=f"{HIDDEN}sanggah")
    await case.liaison("DPUPR", "follow_up", text=f"{HIDDEN}lagi", final=True)
    await case.reporter("accept", rating=5)
    return case


async def imported(planted: Planted) -> None:
    """Import a rahasia report from a file with its past."""
    past = Past(source="0" * 16, steps=[PastStep(name="archive", arguments={"reason": f"{HIDDEN}lampau"})])
    report = Report(
        title=f"{HIDDEN}impor", text=f"{HIDDEN}imporisi", channel=Channel.WALK_IN, rahasia=True, past=past,
        reporter=Reporter(name=f"{HIDDEN}nama"),
    )  # fmt: skip
    complaints = planted.office.complaints
    receipt = await IntakeService(complaints).submit(report, instansi="KEPRI", idempotency_key=f"{HIDDEN}kunci")
    await complaints.starting.start_waiting()

    async def recorded() -> bool:
        return await complaints.ledger.last_seq(receipt.tracking_id) > 0

    await eventually(recorded)


async def used(planted: Planted) -> None:
    """Do what officials do with it: search, export, archive, seal."""
    complaints = planted.office.complaints
    actor = await complaints.actor(Role.ADMIN, f"{HIDDEN}pejabat", instansi="KEPRI")
    assert await ComplaintSearch(complaints).withheld(f"{HIDDEN}isi", actor, f"{HIDDEN}guna", 10, "cli")
    persons = Persons(complaints, planted.attachments)
    reports = await persons.found(ASKED, actor, Act.EXPORT_PERSON)
    output = planted.settings.home.with_name("handed-out.zip")
    await PersonExport(complaints, planted.attachments, "id").write(reports, actor, ASKED.said, output)
    assert len(reports) == 2
    await history_archiver_round(complaints.client, planted.settings.task_queue)
    assert (await seal_step(complaints.system).seal_now()).heads > 0


async def rows(pool: asyncpg.Pool, mark_of: Callable[[bytes], set[str]]) -> set[str]:
    """Return the words in any row of any table, compressed or not, archived histories unpacked."""
    found: set[str] = set()
    tables = await pool.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    for table in tables:
        for row in await pool.fetch(f"select t::text as row from {table['relname']} t"):  # noqa: S608 - own tables
            found |= mark_of(row["row"].encode())
    for row in await pool.fetch("select body from history_archive where body is not null"):
        text = gzip.decompress(row["body"])
        found |= mark_of(text)
    return found


async def dumped(planted: Planted, folder: Path) -> set[str]:
    """Return the words in a backup, the database's dump unpacked."""

    def quiet(*_said: object) -> None:
        return None

    parts = Parts(folder / "data", folder / "keys")
    await back_up(planted.settings, planted.attachments.storage, parts, "test", quiet)
    tool = await fitting_tool("pg_restore", await server_major(planted.database_url))
    for dump in (parts.data / DATABASE, parts.keys / DATA_KEYS):
        process = await asyncio.create_subprocess_exec(str(tool), "-f", f"{dump}.sql", str(dump))
        assert await process.wait() == 0
    found = found_under(folder, [HIDDEN, PHONE])
    return set().union(*found.values())


async def on_disk(pool: asyncpg.Pool) -> None:
    await owner_does(pool, "analyze", "checkpoint")


def test_a_word_is_found_in_whatever_form_it_lies() -> None:
    for before in range(4):
        around = b"x" * before + b"qvjhxwkzkata" + b"y" * before
        for lying in (around, base64.b64encode(around), around.hex().encode(), around.decode().encode("utf-16-le")):
            assert found_in(b"\x00\xff" + lying, [HIDDEN]) == {HIDDEN}
            assert found_in(b"\x00\xff" + lying, [OPEN, KEPT, PHONE]) == set()
    assert len(forms(HIDDEN)) >= 8 + 6


async def test_no_word_is_left(home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with installation(home) as planted:
        office, pool = planted.office, planted.office.complaints.pool
        erased = [await live(planted, OPEN, rahasia=False), await live(planted, HIDDEN, rahasia=True)]
        await office.receive(title=f"{KEPT}judul", text=f"{KEPT}isi", reporter=Reporter(name=f"{HIDDEN}lain"))
        await imported(planted)
        for case in erased:
            await case.until(OVER)
            await case.handle().result()
        await used(planted)
        await on_disk(pool)

        everything = [HIDDEN, PHONE, OPEN, KEPT]
        clear = found_under(home, everything)
        assert set().union(*clear.values()) == {OPEN, KEPT}
        assert {path.partition("/")[0] for path in clear} == {"postgres"}
        assert any("pg_wal" in path for path in clear)
        assert await rows(pool, lambda text: found_in(text, everything)) == {OPEN, KEPT}
        assert await dumped(planted, tmp_path) == set()

        actor = await office.complaints.actor(Role.ADMIN, f"{HIDDEN}pejabat", instansi="KEPRI")
        outcomes = await Persons(office.complaints, planted.attachments).erase(ASKED, actor, Basis.REQUEST)
        assert [one.erased for one in outcomes] == [True, True]
        assert await rows(pool, lambda text: found_in(text, everything)) == {KEPT}
        assert OPEN in set().union(*found_under(home, [OPEN]).values())  # PostgreSQL's remnants

        cleaned = await clean_up(owner_url(planted.database_url))
        assert cleaned.statistics
        assert cleaned.log
        assert found_under(home, [HIDDEN, PHONE, OPEN]) == {}
        assert found_under(home, [KEPT]) != {}
    logged = capfd.readouterr()
    assert "worker_made" in logged.out
    assert found_in((logged.out + logged.err).encode(), everything) == set()
