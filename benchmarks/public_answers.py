"""The server's whole time for a public page among a million reports: the application answers in this process, so that
what is measured is its own work and PostgreSQL's, not a network's."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import httpx

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.assets import address_of
from kawal.console.pages.public.report_cookie import name_of
from kawal.system import System

LATE = datetime(2022, 12, 30, 12, tzinfo=UTC)
"""When the million were received: the pages are asked then, so that likenesses are looked for among them."""

Asked = Callable[[], Awaitable[object]]


class Answers:
    """The pages, each time asked for another report, other words, another filter."""

    def __init__(self, connected: System) -> None:
        """Ask the application of this system."""
        self._pool = connected.pool
        self._access = ReporterAccess(Complaints(connected))
        self._now = _client(connected, None)
        self._late = _client(connected, LATE)
        self._chance = random.Random(2)  # noqa: S311 - no secret
        self._lived: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._texts: list[str] = []
        self._numbers: list[str] = []
        self.sent: Counter[int] = Counter()
        """How forms that were sent were answered: 303 accepted, 200 something very like it was shown."""

    async def prepare(self) -> None:
        """Look up reports that were lived, with their cookies, some others, and words."""
        lived = await self._pool.fetch(
            "select c.tracking_id::text as id from inbox join complaint c using (tracking_id)"
            " where inbox.status = 'started' and c.verified_at is not null"
        )
        self._lived = [(row["id"], await self._access.cookie_of(row["id"])) for row in lived]
        self._words = [row["word"] for row in await self._pool.fetch("select word from vocabulary order by n")]
        some = await self._pool.fetch(
            "select tracking_id, body from public_report where tracking_id in ("
            "select tracking_id from board_entry tablesample bernoulli (5) where shown_at > $1 limit 400)",
            datetime(2022, 11, 10, tzinfo=UTC),
        )
        self._texts = [row["body"] for row in some]
        self._numbers = [row["tracking_id"] for row in some]

    async def _get(self, path: str, cookies: Mapping[str, str] | None = None) -> None:
        said = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        client = self._now if cookies else self._late
        answer = await client.get(path, headers={"Cookie": said} if said else {})
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")

    async def _board(self, **wanted: str) -> None:
        await self._get("/papan?" + urlencode(wanted))

    async def _rows(self, **of: str) -> None:
        figure = self._chance.choice(["masuk", "selesai", "proses"])
        await self._get("/angka/baris?" + urlencode({"tahun": "2022", "angka": figure, **of}))

    def _day(self) -> str:
        return (date(2022, 3, 1) + timedelta(days=self._chance.randrange(300))).isoformat()

    async def _own(self) -> None:
        number, cookie = self._chance.choice(self._lived)
        await self._get(f"/l/{number}", {name_of(number): cookie})

    async def _send(self, text: str) -> None:
        typed = {"text": text, "place": "Kecamatan 5 RT 7", "contact": "", "key": str(uuid.uuid4())}
        answer = await self._late.post("/lapor", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"/lapor: {answer.status_code}")
        self.sent[answer.status_code] += 1

    def _word(self, first: int, last: int) -> str:
        return self._words[self._chance.randrange(first, last)]

    def _new_text(self) -> str:
        return " ".join(self._words[int(20_000 * self._chance.random() ** 3)] for _ in range(40))

    def all(self) -> dict[str, tuple[float | None, Asked]]:
        """Return each page with its limit in milliseconds."""
        choice, number = self._chance.choice, self._chance.randrange
        return {
            "floor: a file from memory": (None, lambda: self._get(address_of("kawal.css"))),
            "/ ": (None, lambda: self._get("/")),
            "/lapor": (20, lambda: self._get("/lapor")),
            "/l/NUMBER, lived": (20, self._own),
            "/papan": (50, lambda: self._board()),
            "/papan of an OPD": (50, lambda: self._board(opd=f"OPD{number(40)}")),
            "/papan of a category": (50, lambda: self._board(kategori=f"UTAMA {number(38)}")),
            "/papan of a place": (50, lambda: self._board(tempat=f"kecamatan {number(100)}")),
            "/papan of a status": (50, lambda: self._board(status=choice(["proses", "selesai"]))),
            "/papan, search of a frequent word": (50, lambda: self._board(cari=self._word(0, 50))),
            "/papan, search of a word": (50, lambda: self._board(cari=self._word(50, 2000))),
            "/papan, search of a rare word": (50, lambda: self._board(cari=self._word(2000, 20000))),
            "/papan, search of two frequent words": (
                50,
                lambda: self._board(cari=f"{self._word(0, 50)} {self._word(0, 50)}"),
            ),
            "/papan/NUMBER": (50, lambda: self._get(f"/papan/{choice(self._numbers)}")),
            "/papan/NUMBER, lived": (50, lambda: self._get(f"/papan/{choice(self._lived)[0]}")),
            "/angka of a year": (50, lambda: self._get("/angka?tahun=2022")),
            "/angka of a month": (50, lambda: self._get(f"/angka?tahun=2022&bulan={1 + number(12)}")),
            "/angka of a year, another day": (100, lambda: self._get(f"/angka?tahun=2022&per={self._day()}")),
            "/angka/baris, what is behind a figure": (50, lambda: self._rows()),
            "/angka/baris, behind an OPD's": (50, lambda: self._rows(opd=f"OPD{number(40)}")),
            "/angka/baris, behind one of another day": (100, lambda: self._rows(per=self._day())),
            "POST /lapor, nothing like it": (150, lambda: self._send(self._new_text())),
            "POST /lapor, like a public one": (150, lambda: self._send(choice(self._texts))),
        }


def _client(connected: System, at: datetime | None) -> httpx.AsyncClient:
    """Return a client of the application, whose clock stands at `at` if that is given."""
    complaints = Complaints(connected)
    if at is not None:
        complaints.now = lambda: at
    transport = httpx.ASGITransport(create_app(complaints, connected.settings, []), client=("203.0.113.7", 40_000))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")
