"""The server's whole time for officials' pages among a million reports, under row-level security.

    python -m benchmarks staff

The application answers in this process, so that what is measured is its own work and PostgreSQL's, not a network's.
Reports that were loaded have no events: pages that read a report's life are asked for those that were lived. At the
end the pages are weighed (`benchmarks.staff_weights`).
"""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

import httpx

from benchmarks.public_pages import show_percentiles
from benchmarks.public_record import REPORTS, filled_system
from benchmarks.staff_weights import show_weights
from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.auth.session_cookie import NAME
from kawal.console.pages.assets import address_of
from kawal.domain.names import Role
from kawal.system import System

LATE = datetime(2022, 12, 30, 12, tzinfo=UTC)
"""When the million were received: the pages are asked then, so that the figures are of that year."""

AIM = 50
AGENCY = "KEPRI"
BUSY, IDLE, LIVED = "OPD0", "OPD38", "DPUPR"
"""The OPD with a sixth of all reports, one with hardly any, and that of the reports that were lived."""

Asked = Callable[[], Awaitable[object]]


class StaffAnswers:
    """The pages, each time asked for another page, other words, another filter."""

    def __init__(self, connected: System) -> None:
        """Ask the application of this system."""
        self._complaints = Complaints(connected)
        self._complaints.now = lambda: LATE
        self._pool = connected.pool
        app = create_app(self._complaints, connected.settings, [])
        transport = httpx.ASGITransport(app, client=("203.0.113.7", 40_000))
        self._client = httpx.AsyncClient(transport=transport, base_url="https://kawal.test")
        self._chance = random.Random(4)  # noqa: S311 - no secret
        self._cookies: dict[tuple[Role, str | None], str] = {}
        self._words: list[str] = []
        self._numbers: list[str] = []
        self._lived: list[str] = []
        self._waiting: list[str] = []

    async def prepare(self) -> None:
        """Sign one in for each role, and look up words and reports."""
        offices = [(Role.LIAISON, opd) for opd in (BUSY, IDLE, LIVED)]
        others = [(role, None) for role in (Role.ADMIN, Role.INSPECTORATE, Role.LEADERSHIP, Role.AUDITOR)]
        for role, opd in [*offices, *others]:
            self._cookies[role, opd] = await self._sign_in(role, opd)
        self._words = [row["word"] for row in await self._pool.fetch("select word from vocabulary order by n")]
        some = await self._pool.fetch(
            "select tracking_id::text as n from queue_place tablesample bernoulli (1) limit 300"
        )
        self._numbers = [row["n"] for row in some]
        lived = await self._pool.fetch(
            "select c.tracking_id::text as n, c.verified_at is not null as verified"
            " from inbox join complaint c using (tracking_id) where inbox.status = 'started'"
        )
        self._lived = [row["n"] for row in lived if row["verified"]]
        self._waiting = [row["n"] for row in lived if not row["verified"]]

    async def _sign_in(self, role: Role, opd: str | None) -> str:
        people = self._complaints.record.people
        person = await people.enter("Pejabat", f"pejabat-{uuid.uuid4().hex[:12]}")
        held = await people.grant(person, role, AGENCY, opd, None, "bench", LATE)
        _, cookie = await self._complaints.record.staff_sessions.begin(person.id, "passkey", role=f"r{held}")
        return cookie

    async def answer(self, address: str, role: Role, office: str | None = None) -> httpx.Response:
        """Return what somebody in a role is answered; raises RuntimeError for an error."""
        answer = await self._client.get(address, headers={"Cookie": f"{NAME}={self._cookies[role, office]}"})
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"{address}: {answer.status_code}")
        return answer

    async def _get(self, path: str, role: Role, office: str | None = None, **asked: str) -> None:
        await self.answer(f"{path}?{urlencode(asked)}" if asked else path, role, office)

    def _word(self, first: int, last: int) -> str:
        return self._words[self._chance.randrange(first, last)]

    async def _search(self, words: str, role: Role = Role.ADMIN, office: str | None = None) -> None:
        await self._get("/kerja/cari", role, office, q=words)

    async def _rows(self, **of: str) -> None:
        number = self._chance.choice(["masuk", "selesai", "tepat_waktu", "ditindaklanjuti"])
        year = {"dari": "2022-01-01", "sampai": "2022-12-30"}
        await self._get("/pimpinan/baris", Role.LEADERSHIP, angka=number, **year, **of)

    def _day(self) -> str:
        return (date(2022, 3, 1) + timedelta(days=self._chance.randrange(300))).isoformat()

    def all(self) -> dict[str, tuple[float | None, Asked]]:
        """Return each page with its limit in milliseconds."""
        admin, inspectorate, leadership, liaison = Role.ADMIN, Role.INSPECTORATE, Role.LEADERSHIP, Role.LIAISON
        choice = self._chance.choice
        return {
            "floor: a file from memory": (None, lambda: self._get(address_of("kawal.css"), admin)),
            "floor: /akun": (None, lambda: self._get("/akun", admin)),
            "/kerja of an admin": (AIM, lambda: self._get("/kerja", admin)),
            "/kerja of an admin, finished": (AIM, lambda: self._get("/kerja", admin, antrean="finished")),
            "/kerja of an admin, all that is open": (AIM, lambda: self._get("/kerja", admin, antrean="open")),
            "/kerja of a liaison, the busiest": (AIM, lambda: self._get("/kerja", liaison, BUSY)),
            "/kerja of a liaison, hardly any": (AIM, lambda: self._get("/kerja", liaison, IDLE)),
            "/kerja of the Inspectorate": (AIM, lambda: self._get("/kerja", inspectorate)),
            "/kerja of the leadership": (AIM, lambda: self._get("/kerja", leadership)),
            "/kerja/opd": (AIM, lambda: self._get("/kerja/opd", liaison, LIVED)),
            "/kerja/verifikasi/NUMBER": (AIM, lambda: self._get(f"/kerja/verifikasi/{choice(self._waiting)}", admin)),
            "/kerja/keputusan": (AIM, lambda: self._get("/kerja/keputusan", admin)),
            "/inspektorat": (AIM, lambda: self._get("/inspektorat", inspectorate, opd=LIVED)),
            "/kerja/cari, a number": (AIM, lambda: self._search(choice(self._numbers))),
            "/kerja/cari, a frequent word": (AIM, lambda: self._search(self._word(0, 50))),
            "/kerja/cari, a word": (AIM, lambda: self._search(self._word(50, 2000))),
            "/kerja/cari, a rare word": (AIM, lambda: self._search(self._word(2000, 20000))),
            "/kerja/cari, a place": (AIM, lambda: self._search(f"kecamatan {self._chance.randrange(100)}")),
            "/kerja/cari, a word, within an OPD": (AIM, lambda: self._search(self._word(0, 2000), liaison, BUSY)),
            "/laporan/NUMBER of an admin": (AIM, lambda: self._get(f"/laporan/{choice(self._lived)}", admin)),
            "/laporan/NUMBER of a liaison": (AIM, lambda: self._get(f"/laporan/{choice(self._lived)}", liaison, LIVED)),
            "/pimpinan": (AIM, lambda: self._get("/pimpinan", leadership)),
            "/pimpinan of another day": (2 * AIM, lambda: self._get("/pimpinan", leadership, per=self._day())),
            "/pimpinan/baris, behind a number": (AIM, lambda: self._rows()),
            "/pimpinan/baris, behind one of the busiest OPD": (AIM, lambda: self._rows(opd=BUSY)),
            "/pimpinan/baris, behind one of another OPD": (AIM, lambda: self._rows(opd=IDLE)),
            "/inspektorat/opd, the league": (AIM, lambda: self._get("/inspektorat/opd", inspectorate)),
        }

    def weighed(self) -> list[tuple[str, Role, str | None]]:
        """Return the addresses that are weighed, with the role and the OPD of whoever visits them."""
        return [
            ("/kerja", Role.ADMIN, None),
            (f"/kerja/verifikasi/{self._waiting[0]}", Role.ADMIN, None),
            ("/kerja/keputusan", Role.ADMIN, None),
            ("/kerja/opd", Role.LIAISON, LIVED),
            (f"/laporan/{self._lived[0]}", Role.ADMIN, None),
            ("/pimpinan", Role.LEADERSHIP, None),
            (f"/inspektorat?opd={LIVED}", Role.INSPECTORATE, None),
        ]


async def run(reports: int = REPORTS) -> None:
    """Fill a database or find it filled, measure and print the figures."""
    async with filled_system(reports) as connected:
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        answers = StaffAnswers(connected)
        await show_percentiles(answers)
        for address, role, office in answers.weighed():
            await show_weights(address, partial(answers.answer, role=role, office=office))
