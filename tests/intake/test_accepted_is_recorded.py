"""Whatever a channel accepts can be recorded: the checks common to all channels are as strict as the tables.

Reports with every oddity that can be sent are submitted through the real channels. Accepted ones then go through the
first step as the workflow does it, on real PostgreSQL; the others must have been refused with a sentence.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.intake import VerifyStep
from kawal.api import create_app
from kawal.domain.calendar import local_day
from kawal.domain.messages import Batch, Place, Report, Reporter
from kawal.domain.names import Channel, Role, workflow_id
from kawal.domain.process.imported_history import first_decision
from kawal.domain.process.projection import snapshot
from kawal.domain.process.run_input import Begin
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.files.faults import FileFault
from kawal.intake.files.import_run import Import, Outcome
from kawal.intake.files.mapping import Mapping
from kawal.intake.mail.listener import LetterBox
from kawal.intake.messages.gateways import FILE
from kawal.intake.open311.services import service_code
from kawal.intake.service import IntakeService
from kawal.store.inbox import Inbox
from kawal.store.tokens import Tokens
from kawal.wording.catalogues import say
from tests.intake.http.conftest import client_of
from tests.workflows.conftest import Opening
from tests.workflows.life import CATEGORY, Office

EXAMPLES = 150
"""For each channel that starts no workflow."""

SECRET = "rahasia-gateway-0123456789"  # noqa: S105 - of this test alone
_odd = st.sampled_from(
    [
        "", " ", "\x00", "a\x00b", "\ud800", "a\udfffb", "\ufffe", "\U0010ffff", "\u202e", "\u200b", "\x85", "\r", "\n",
        "a\nb", "x" * 150, "x" * 151, "é" * 10_000, "😀" * 10_000, "kata " * 2_000, "a-b-" * 2_500, "q" * 10_000,
        "http://a.b/" + "c/" * 4_000, "DROP TABLE", "\\", "'", '"', "{}", "[]", "null", "NaN", "%s", "$1", "{0}",
        "0001-01-01", "9999-12-31", "10000-01-01", "0000-00-00", "2026-01-12", "2026-02-30", "1e400", "0.0", "-0",
        CATEGORY, f" {CATEGORY} ", "DPUPR", " DPUPR", "KEPRI", "web", "pengaduan", "siti@example.org", "a\x00b@c.de",
        "+62 812 3456 7890", "1234567",
    ]
)  # fmt: skip
words = st.one_of(_odd, st.text(st.characters(exclude_categories=()), max_size=40))
degrees = st.one_of(
    st.none(),
    st.floats(-180, 180),
    st.sampled_from([90.0, -90.0, 180.0, -180.0, 90.00001, 1e308, 5e-324, float("nan"), float("inf"), -0.0]),
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        ("title", "text", "place", "occurred_on", "name", "email", "phone", "origin", "external_id"), words
    ),
    "category": st.one_of(st.just(CATEGORY), words),
    "opd": st.one_of(st.just("DPUPR"), words),
    "class": st.one_of(st.just("pengaduan"), words),
    **dict.fromkeys(("latitude", "longitude"), degrees),
    **dict.fromkeys(("anonim", "rahasia"), st.booleans()),
}
PLAIN = {"title": "Jalan", "text": "Jalan berlubang"}
ODD_AT_ONCE = 3
"""Fields per report; with more of them almost everything would be refused."""

REPORTS = st.sets(st.sampled_from(sorted(FIELDS)), max_size=ODD_AT_ONCE).flatmap(
    lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in sorted(names)}).map(lambda odd: PLAIN | odd)
)
Given = dict[str, Any]
Entrance = Callable[[Given], Coroutine[Any, Any, str | None]]
"""Submits a report; returns the number if it was accepted, None if it was refused with a sentence."""


class Entrances:
    """The channels, each with the credentials that its sender needs."""

    def __init__(self, office: Office, client: httpx.AsyncClient, keys: dict[str, str], folder: Path) -> None:
        self._complaints = office.complaints
        self._service = IntakeService(office.complaints)
        self._client = client
        self._keys = keys
        self._folder = folder
        self._numbers = itertools.count()
        connection = office.complaints.system
        attachments = Attachments(connection, AttachmentSettings.from_env(connection.settings.home, {}))
        self._box = LetterBox(office.complaints, attachments)

    async def http(self, given: Given) -> str | None:
        body: Given = {name: value for name, value in given.items() if name in _HTTP}
        place = {"text": given.get("place"), "latitude": given.get("latitude"), "longitude": given.get("longitude")}
        body["place"] = {name: value for name, value in place.items() if value is not None}
        body["reporter"] = {name: given[name] for name in _REPORTER if name in given}
        headers = {"Authorization": f"Bearer {self._keys['web']}", "Content-Type": "application/json"}
        answer = await self._client.post("/api/v1/reports", content=json.dumps(body).encode(), headers=headers)
        return _number(answer, lambda told: told["tracking_id"])

    async def open311(self, given: Given) -> str | None:
        form: dict[str, str] = {
            "api_key": self._keys["open311"],
            "service_code": service_code(CATEGORY),
            "address_string": given.get("place", "Jalan Bintan"),
            "description": given["text"],
            "judul": given["title"],
            **{name: str(given[key]) for name, key in (("lat", "latitude"), ("long", "longitude")) if key in given},
            **{name: given[name] for name in ("email", "phone", "external_id") if name in given},
            **{f"attribute[{name}]": given[key] for name, key in _ATTRIBUTES if key in given},
            **{f"attribute[{name}]": "ya" for name in ("anonim", "rahasia") if given.get(name)},
            **{name: given[key] for name, key in (("first_name", "name"), ("account_id", "origin")) if key in given},
        }
        content = urlencode(form, errors="surrogatepass")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._client.post("/open311/v2/requests.json", content=content, headers=headers)
        return _number(answer, _of_open311)

    async def webhook(self, given: Given) -> str | None:
        number = f"+62 812 {next(self._numbers):08d}"
        body = json.dumps({"from": number, "body": given["text"], "id": given.get("external_id", number)}).encode()
        stamp = str(int(time.time()))
        signature = hmac.digest(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hex()
        headers = {"X-Kawal-Timestamp": stamp, "X-Kawal-Signature": f"sha256={signature}"}
        answer = await self._client.post(
            "/webhooks/wa", content=body, headers=headers | {"Content-Type": "application/json"}
        )
        return _number(answer, lambda told: told.get("tracking_id"))

    async def letter(self, given: Given) -> str | None:
        envelope = Envelope()
        envelope.mail_from = "siti@example.org"
        envelope.rcpt_tos = ["lapor@kepri.example.org"]
        said = {
            "From": f"{given.get('name', 'Siti')} <{given.get('email', 'siti@example.org')}>",
            "Subject": given["title"],
            "Message-ID": f"<{next(self._numbers)}@example.org>",
            "Content-Type": f"text/plain; charset={given.get('place') or 'utf-8'}",
        }
        lines = [f"{name}: {' '.join(value.split())}" for name, value in said.items()]
        envelope.content = "\r\n".join([*lines, "", given["text"]]).encode("utf-8", "surrogatepass")
        answer = await self._box.handle_DATA(cast(SMTP, None), Session(asyncio.get_running_loop()), envelope)
        code, _, rest = answer.partition(" ")
        assert code in ("250", "550"), answer
        assert rest
        numbers = [one for one in rest.split() if one.isdigit()]
        return numbers[0] if code == "250" and numbers else None

    async def row(self, given: Given) -> str | None:
        path = self._folder / f"{next(self._numbers)}.csv"
        cells = {_COLUMN.get(name, name): str(value) for name, value in given.items() if value is not None}
        with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            writer = csv.DictWriter(file, list(cells))
            writer.writeheader()
            writer.writerow(cells)
        outcomes: list[Outcome] = []
        mapping = Mapping.model_validate({"name": "uji", "columns": {name: name for name in cells}})
        try:
            await Import(self._service, path, mapping, instansi="KEPRI", patience=0.0).run(outcomes.append)
        except FileFault as refused:
            _said(say("id", refused.reason), say("en", refused.reason))
            return None
        for outcome in outcomes:
            assert outcome.tracking_id or all(
                say("id", fault.reason) and say("en", fault.reason) for fault in outcome.faults
            )
        return outcomes[0].tracking_id if outcomes else None

    async def client(self, given: Given) -> str | None:
        try:
            report = Report.model_validate(
                {
                    **{name: given[name] for name in ("title", "text", "category", "occurred_on") if name in given},
                    **{name: given[name] for name in ("anonim", "rahasia", "external_id") if name in given},
                    "channel": Channel.WALK_IN,
                    "chosen_opd": given.get("opd"),
                    "place": Place(
                        text=given.get("place", ""),
                        latitude=given.get("latitude"),
                        longitude=given.get("longitude"),
                    ),
                    "reporter": Reporter(**{name: given[name] for name in _REPORTER if name in given}),
                }
            )
            actor = await self._complaints.actor(Role.ADAPTER, "loket", instansi="KEPRI")
            return (await self._complaints.start(report, actor, instansi="KEPRI")).tracking_id
        except Refusal as refusal:
            _said(say("id", refusal.sentence), say("en", refusal.sentence))
            return None


_REPORTER = ("name", "email", "phone", "origin")
_HTTP = ("title", "text", "class", "category", "opd", "anonim", "rahasia", "occurred_on", "external_id")
_ATTRIBUTES = (("klasifikasi", "class"), ("opd", "opd"), ("tanggal_kejadian", "occurred_on"))
_COLUMN = {"opd": "chosen_opd", "class": "proposed_class"} | {name: f"reporter_{name}" for name in _REPORTER}


def _said(*why: str) -> None:
    """Check that it was refused, in sentences."""
    assert all(one.strip() for one in why)


def _number(answer: httpx.Response, accepted: Callable[[Any], str | None]) -> str | None:
    """Return the number of an accepted report; a refusal must give a reason, and must not be a fault of ours."""
    assert answer.status_code in (200, 201, 400, 403, 404, 409, 413, 422), answer.text
    if answer.is_success:
        return accepted(answer.json())
    told = answer.json()
    assert (told[0]["description"] if isinstance(told, list) else told["detail"]).strip()
    return None


def _of_open311(told: list[dict[str, str]]) -> str:
    return told[0].get("service_request_id") or told[0]["token"].partition("-")[0]


async def record(office: Office, number: str) -> None:
    """Do what the complaint's workflow does first, without the engine."""
    complaints = office.complaints
    waiting = await Inbox(complaints.pool, complaints.system.keys).find(number)
    assert waiting is not None
    assert waiting.actor is not None
    rules = await complaints.rulebook.rules_for(waiting.instansi, local_day(waiting.received_at))
    told = waiting.model_dump(include={"tracking_id", "instansi", "report", "actor", "received_at", "idempotency_key"})
    # As the engine would pass it: to text, and back.
    beginning = Begin.model_validate_json(Begin(**told, rules=rules).model_dump_json())
    decision = first_decision(beginning, complaints.now())
    batch = Batch(workflow_id=workflow_id(number), events=decision.events, after=snapshot(decision.state))
    await VerifyStep(complaints.pool, complaints.ledger, complaints.directory).verify(batch)
    assert (await complaints.snapshot(number)).last_seq == len(decision.events)


@pytest.fixture
async def office(open_office: Opening) -> AsyncIterator[Office]:
    """Yield an office without a relay: what was accepted waits for the test."""
    async with open_office() as opened:
        yield opened


@pytest.fixture
async def entrances(office: Office, tmp_path: Path) -> AsyncIterator[Entrances]:
    complaints = office.complaints
    file = complaints.settings.home / FILE
    file.touch(mode=0o600)
    file.write_text(
        f'[[gateway]]\nname = "wa"\nsecret = "{SECRET}"\nchannel = "whatsapp"\n'
        'fields = { sender = "from", text = "body", message_id = "id" }\n'
    )
    keys = {}
    for channel in ("web", "open311"):
        _, keys[channel] = await Tokens(complaints.pool).create(channel, channel, "KEPRI")
    without_limit = {"http_public_rate": "100000/minute", "http_token_rate": "100000/minute"}
    app = create_app(complaints, complaints.settings.model_copy(update=without_limit))
    async with client_of(app) as client:
        yield Entrances(office, client, keys, tmp_path)


async def every(entrance: Entrance, office: Office, examples: int) -> int:
    """Submit that many reports and record what is accepted; return how many were."""
    loop = asyncio.get_running_loop()
    accepted = 0

    async def one(report: Given) -> None:
        nonlocal accepted
        number = await entrance(report)
        if number is not None:
            accepted += 1
            if await office.complaints.ledger.snapshot(number) is None:
                await record(office, number)

    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(REPORTS)
    def tried(report: Given) -> None:
        asyncio.run_coroutine_threadsafe(one(report), loop).result(60)

    await asyncio.to_thread(tried)
    return accepted


async def test_what_an_entrance_accepts_is_recorded_whatever_it_is(office: Office, entrances: Entrances) -> None:
    ways = (entrances.http, entrances.open311, entrances.webhook, entrances.letter, entrances.row)
    for way in ways:
        assert await every(way, office, EXAMPLES) > EXAMPLES // 5, way.__name__
    assert await every(entrances.client, office, EXAMPLES // 4) > 0
    assert await office.complaints.pool.fetch("select * from unrecorded") == []


HALF = ({"latitude": 0.9186}, {"longitude": 104.4665})


@pytest.mark.parametrize("half", HALF)
async def test_half_a_point_is_refused_by_every_entrance_that_takes_one(
    entrances: Entrances, office: Office, half: Given
) -> None:
    given = PLAIN | half
    for way in (entrances.http, entrances.open311, entrances.row, entrances.client):
        assert await way(given) is None, way.__name__
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 0


async def test_half_a_character_in_a_gateways_message_is_no_reason_to_lose_it(
    entrances: Entrances, office: Office
) -> None:
    number = await entrances.webhook({"text": "Jalan rusak \ud83d", "external_id": "pesan \udc00"})
    assert number is not None
    await record(office, number)
    (started, *_) = await office.complaints.history(number)
    assert started.words["text"] == "Jalan rusak \ufffd"
