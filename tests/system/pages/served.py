"""One served application with a worker behind it, what is public there, and its outages."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from temporalio.client import Client

from kawal.api import create_app
from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.client.replies import ReplyRelay
from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages import announcements
from kawal.console.pages.public import agencies, home_figures, likeness
from kawal.console.pages.staff.live.open_streams import OpenStreams
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.messages import Place, Reporter
from kawal.domain.names import Channel, CommandName, Role
from kawal.embedded.namespace import prepare_namespace
from kawal.embedded.virtual_time import VirtualTime
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.record import master_key_file
from kawal.store.advice import advice_of
from kawal.store.sealing import Sealer
from kawal.store.setup import prepare_database
from kawal.store.tray import MESSAGE, TrayEntry, TrayReason
from kawal.system import open_system
from kawal.web.server import listen, serving
from tests.database_owner import owner_url
from tests.intake.attachments.files import jpeg, pieces
from tests.system.pages.tile_server import TileServer, tiles_served
from tests.workflows.life import Case, Office, eventually, report
from worker import make_worker

ASIDES = ((likeness, "GIVEN_UP_AFTER"), (agencies, "WITHIN"), (home_figures, "WITHIN"), (announcements, "WITHIN"))
"""What pages wait for a third of a second and then leave out, and where it is said for how long."""

PUBLIC_TITLE = "Lampu jalan di Batu 8 padam"
PUBLIC_TEXT = "Lampu jalan di Batu 8 padam sejak Senin malam, lima tiang berturut-turut gelap."
PUBLIC_PLACE = "Batu 8 Tanjungpinang"
"""A verified report that everybody may read: whoever types the same is asked whether it is the same."""

PLENTY = "1000000/minute"


class Site:
    """The pages at `url`, and what is on record behind them."""

    def __init__(
        self,
        url: str,
        office: Office,
        server: asyncpg.Connection,
        tiles: TileServer,
        operators_file: Path,
        streams: OpenStreams,
    ) -> None:
        """Look into the office's database; `server` is a connection to another database of the same server."""
        self.tiles = tiles
        self.streams = streams
        self._operators_file = operators_file
        self.url = url
        self.shown: dict[str, str] = {}
        """What addresses of pages name: reports that are `public`, `waiting` with a `photo`, `answered`, `left`."""
        self.office = office
        self.host = urlsplit(url).netloc
        self._server = server

    @contextmanager
    def showing_tiles(self) -> Iterator[None]:
        """Have the pages use the tile server while the block runs; without it they ask no other host."""
        self._operators_file.write_text(self.tiles.table, encoding="utf-8")
        try:
            yield
        finally:
            self._operators_file.unlink()

    async def reports_with(self, text: str) -> list[str]:
        """Return the numbers of the reports whose words are these."""
        inbox = self.office.complaints.record.inbox
        numbers = await self.office.complaints.pool.fetch("select tracking_id::text as id from inbox")
        found = [(row["id"], await inbox.find(row["id"])) for row in numbers]
        return [number for number, kept in found if kept is not None and kept.report.text == text]

    async def attachments_of(self, number: str) -> list[str]:
        """Return the kinds of the files of a report."""
        rows = await self.office.complaints.pool.fetch(
            "select media_type as kind from attachment where tracking_id::text = $1", number
        )
        return [row["kind"] for row in rows]

    async def code_of(self, number: str) -> str:
        """Return the access code of a report."""
        return await ReporterAccess(self.office.complaints).secret_of(number)

    async def public_report(self) -> str:
        """Put a report where everybody may read it, and return its number."""
        complaints = self.office.complaints
        adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
        words = report(
            title=PUBLIC_TITLE,
            text=PUBLIC_TEXT,
            place=Place(text=PUBLIC_PLACE),
            channel=Channel.WEB,
            reporter=Reporter(),
        )
        case = Case(self.office, (await complaints.start(words, adapter, None, "KEPRI")).tracking_id)
        await case.admin(
            "verify", title=PUBLIC_TITLE, category="PERHUBUNGAN", pengawasan=False, **{"class": "pengaduan"}
        )
        self.shown["public"] = case.tracking_id
        return case.tracking_id

    async def work_for_everybody(self) -> None:
        """Let every role have work, an auditor something to verify, and a letter lie in the tray; once."""
        if "answered" in self.shown:
            return
        await self._owed_and_decided()
        await self._kept_and_given_up()
        await self._waiting()
        await self._answered_and_sealed()

    async def _received(self) -> Case:
        complaints = self.office.complaints
        adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
        return Case(self.office, (await complaints.start(report(), adapter, None, "KEPRI")).tracking_id)

    async def _waiting(self) -> None:
        """Let a report wait for its verification, with a photo, and with advice that names another as alike."""
        system = self.office.complaints.system
        for _ in range(2):
            number = (await self._received()).tracking_id
            await eventually(partial(advice_of, system.pool, number))
        attachments = Attachments(system, AttachmentSettings.from_env(system.settings.home, {}))
        photo = await attachments.add(number, "lampu.jpg", pieces(jpeg()))
        self.shown |= {"waiting": number, "photo": photo.id}

    async def _answered_and_sealed(self) -> None:
        """Let an OPD have answered a report that another was withdrawn from, and the log be sealed."""
        complaints = self.office.complaints
        case, left = await self._received(), await self._received()
        await case.forward("DISHUB")
        await case.follow_up("DISHUB", final=True)
        await left.forward("DISHUB", "DPUPR")
        await left.liaison("DISHUB", "return", reason="Bukan jalan kami.", belongs_to="DPUPR")
        await Sealer(complaints.pool, complaints.record.signing_keys).seal()
        self.shown |= {"answered": case.tracking_id, "left": left.tracking_id}

    async def _owed_and_decided(self) -> None:
        """Let an OPD owe follow-ups, the admin decisions, the Inspectorate a finding, and a letter lie in the tray."""
        complaints = self.office.complaints
        extended, replied = await self._received(), await self._received()
        await extended.forward("DISHUB")
        await extended.liaison("DISHUB", "extend", days=3, grounds="Menunggu suku cadang")
        await replied.forward("DISHUB")
        await replied.reporter("reply", text="Masih gelap.")
        await replied.admin("escalate", why="Warga sekolah terancam")
        letter = TrayEntry(
            f"Lampu laporan {extended.tracking_id} masih padam".encode(),
            "KEPRI",
            Channel.SMS,
            TrayReason.NAMES_REPORT,
            complaints.now(),
            person=True,
            sender="+628123456789",
            names=[extended.tracking_id],
            media_type=MESSAGE,
        )
        await complaints.record.tray.put(letter)

    async def _kept_and_given_up(self) -> None:
        """Let the agency have a text for forms, a token, and a report that cannot be started."""
        record = self.office.complaints.record
        await record.canned_texts.add("KEPRI", CommandName.HOLD, "Lokasi", "Mohon lokasi laporan {nomor}.")
        await record.tokens.create("Gerbang SMS", "sms", "KEPRI")
        dead = await record.inbox.accept(report(), "KEPRI", self.office.complaints.now(), held=timedelta(days=1))
        await record.inbox.mark_failed(dead.inbox_id, "no_rules", None)

    @asynccontextmanager
    async def database_away(self) -> AsyncIterator[None]:
        """Take the database away from the application for as long as the block runs."""
        name = await self.office.complaints.pool.fetchval("select current_database()")
        await self._server.execute(f'alter database "{name}" with allow_connections false')
        await self._server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        try:
            yield
        finally:
            await self._server.execute(f'alter database "{name}" with allow_connections true')
            await eventually(self._answers)

    async def _answers(self) -> bool:
        try:
            return bool(await self.office.complaints.pool.fetchval("select true"))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False


@contextmanager
def asides_are_waited_for() -> Iterator[None]:
    """Let pages wait for what they otherwise leave out after a third of a second: on a busy machine all of it shows."""
    with pytest.MonkeyPatch.context() as patch:
        for module, seconds in ASIDES:
            patch.setattr(module, seconds, 5.0)
        yield


@asynccontextmanager
async def served(servers: Endpoints, database_url: str, home: Path) -> AsyncIterator[Site]:
    """Serve the application on loopback, with a worker, its relays and a tile server, on a database of its own."""
    name = f"pages-{uuid.uuid4().hex[:8]}"
    await prepare_namespace(await Client.connect(servers.temporal_address), name, retention=timedelta(days=1))
    settings = Settings(home=home, task_queue=name, http_public_rate=PLENTY, http_pages_rate=PLENTY)
    endpoints = servers.model_copy(update={"namespace": name, "database_url": database_url})
    master = ensure_master_key(master_key_file(home))
    await prepare_database(database_url, master)
    server = await asyncpg.connect(owner_url(servers.database_url))
    async with open_system(settings, endpoints=endpoints, master=master) as connected:
        virtual = VirtualTime(connected.client)
        moved = connected.but(client=virtual.client)
        async with make_worker(moved):
            complaints = Complaints(moved)
            relays = [asyncio.create_task(one.run()) for one in (complaints.starting.relay, ReplyRelay(complaints))]
            app = create_app(complaints, settings)
            bound, streams = listen("127.0.0.1", 0, or_free=True), app.state.streams
            async with tiles_served() as tiles, serving(app, bound, streams.end) as url:
                with asides_are_waited_for():
                    yield Site(url, Office(complaints, virtual), server, tiles, home / "site.toml", streams)
            for relay in relays:
                relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)
    await server.close()
