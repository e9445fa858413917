"""With engine, worker or database away each act of officials says so, keeps what was typed, and is later done once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client import complaints, failing_runs
from kawal.console.app import routers
from kawal.domain.names import EventKind, Role
from kawal.store.advice import advice_of
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.parts import Part, Parts, running_parts
from tests.console.staff.reports import browser_of, received
from tests.desks.test_tray import letter, put
from tests.intake.http.conftest import client_of
from tests.intake.http.test_guarding import bearer
from tests.people import pass_of
from tests.workflows.life import CATEGORY, Case, Office, eventually

T = TypeVar("T")

TYPED = "Yang diketik petugas, dan tidak boleh hilang."
NEEDS_THE_DATABASE_ALONE = ("note", "desk")
"""Acts that are done while engine and worker are away: a report is accepted, and starts later."""


@pytest.fixture
async def parts(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Parts]:
    monkeypatch.setattr(complaints, "ANSWER_WITHIN", timedelta(seconds=2))
    monkeypatch.setattr(failing_runs, "DESCRIBED_WITHIN", timedelta(seconds=1))
    async with running_parts(home) as running:
        yield running


@pytest.fixture
def office(parts: Parts) -> Office:
    return parts.office


@pytest.fixture
async def app(office: Office) -> FastAPI:
    rates = {"http_public_rate": "10000/minute", "http_token_rate": "10000/minute"}
    return create_app(office.complaints, office.complaints.settings.model_copy(update=rates), routers())


class SentAct(NamedTuple):
    """A form that is filled in and sent, and how often it was done."""

    name: str
    browser: Browser
    form: Form
    typed: Mapping[str, str]
    done: Callable[[], Awaitable[int]]

    async def send(self, form: Form) -> Page:
        return await self.browser.send(form, **self.typed)


def _is_away(page: Page) -> bool:
    return "BELUM TERKIRIM" in page.text


async def _fresh(office: Office) -> Case:
    """Return a report that is like no other, with its advice."""
    words = " ".join(
        uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))[n : n + 8] for n in (0, 8, 16)
    )
    case = await received(office, title=f"Lubang {words}", text=f"Lubang {words} {words[::-1]}.", category=CATEGORY)
    await eventually(lambda: advice_of(office.complaints.pool, case.tracking_id))
    return case


async def _asked(office: Office) -> Case:
    case = await _fresh(office)
    await case.forward("DISHUB")
    await case.liaison("DISHUB", "extend", days=3, grounds="Menunggu suku cadang")
    return case


def _times(case: Case, *kinds: EventKind) -> Callable[[], Awaitable[int]]:
    """Return what counts how often something happened; of several, how often the least frequent and the most."""

    async def counted() -> int:
        happened = await case.kinds()
        (times,) = {happened.count(kind) for kind in kinds}
        return times

    return counted


async def _notes(office: Office, number: str) -> int:
    found = "select count(*) from side_act where tracking_id::text = $1"
    return int(await office.complaints.pool.fetchval(found, number))


async def _acts(admin: Browser, desk: Browser, office: Office) -> list[SentAct]:
    alone, marked, held, asked = await asyncio.gather(*(_fresh(office) for _ in range(3)), _asked(office))
    item = await put(office, letter(), asked.tracking_id)
    queue, shown = "/kerja/verifikasi", f"/laporan/{asked.tracking_id}"
    given, text = f"/kerja/surat/{item}/berikan", f"{TYPED} {item}"

    async def form(path: str, action: str, browser: Browser = admin) -> Form:
        return (await browser.open(path)).form(action)

    async def registered() -> int:
        kept = await office.complaints.pool.fetch("select tracking_id::text as id from inbox")
        reports = [await office.complaints.record.inbox.find(row["id"]) for row in kept]
        return sum(one is not None and one.report.text == text for one in reports)

    opened = await admin.send(await form("/kerja/surat", f"/kerja/surat/{item}"))
    decided = await form(f"{queue}/{alone.tracking_id}", f"{queue}/{alone.tracking_id}/putuskan")
    together = await form(f"{queue}/bersama?nomor={marked.tracking_id}", f"{queue}/bersama")
    holding = await form(f"/laporan/{held.tracking_id}/hold", f"/laporan/{held.tracking_id}/hold")
    noting = await form(shown, f"{shown}/catatan")
    registering = await form("/kerja/loket", "/kerja/loket/catat", desk)
    refusing = await form(f"{shown}/refuse_extension", f"{shown}/refuse_extension")
    given_as = {"command": "reply", "words": TYPED}
    both = (EventKind.VERIFIED, EventKind.FORWARDED)
    return [
        SentAct("verify", admin, decided, {"judul": "Judul yang diketik", "opd": "DPUPR"}, _times(alone, *both)),
        SentAct("bulk", admin, together, {f"judul-{marked.tracking_id}": "Judul bersama"}, _times(marked, *both)),
        SentAct("hold", admin, holding, {"missing": TYPED}, _times(held, EventKind.HELD)),
        SentAct("decision", admin, refusing, {"grounds": TYPED}, _times(asked, EventKind.EXTENSION_REFUSED)),
        SentAct("note", admin, noting, {"text": TYPED}, lambda: _notes(office, asked.tracking_id)),
        SentAct("tray", admin, opened.form(given), given_as, _times(asked, EventKind.REPLIED)),
        SentAct("desk", desk, registering, {"text": text}, registered),
    ]


class CalledActs(NamedTuple):
    """What a program asks for by JSON, each under a key of its own."""

    client: httpx.AsyncClient
    headers: Mapping[str, str]
    asked: Mapping[str, Mapping[str, str]]
    """By path, what is sent."""
    done: Callable[[], Awaitable[int]]

    async def send(self) -> list[int]:
        """Return the statuses of the answers."""
        return [
            (await self.client.post(f"/api/v1/{path}", json=given, headers=self.headers)).status_code
            for path, given in self.asked.items()
        ]


async def _called(client: httpx.AsyncClient, headers: Mapping[str, str], office: Office) -> CalledActs:
    number = (case := await _fresh(office)).tracking_id
    note = {"tracking_id": number, "text": TYPED}

    async def done() -> int:
        (held, noted) = await _times(case, EventKind.HELD)(), await _notes(office, number)
        assert held == noted
        return held

    asked = {"desk/note/add": note, f"complaints/{number}/hold": {"missing": TYPED}}
    return CalledActs(client, {**headers, "Idempotency-Key": number}, asked, done)


async def test_each_act_says_what_is_away_gives_back_what_was_typed_and_is_done_once_when_it_is_sent_again(
    parts: Parts, sign_in: SigningIn, app: FastAPI, office: Office
) -> None:
    admin, desk = await browser_of(sign_in, Role.ADMIN), await browser_of(sign_in, Role.DESK, "Lia")
    holder = await office.complaints.actor(Role.ADMIN, "Ani", instansi="KEPRI")
    program = bearer(await pass_of(office.complaints, holder))
    async with client_of(app) as client:
        for part in Part:
            acts, called = await _acts(admin, desk, office), await _called(client, program, office)
            async with parts.without(part):
                sending = asyncio.gather(*(act.send(act.form) for act in acts))
                told, answers = await asyncio.gather(called.send(), sending)
            assert told == [503 if part is Part.DATABASE else 200, 503], part
            await _until(called.send, lambda statuses: 503 not in statuses)
            assert await called.done() == 1, part
            pages = zip(acts, answers, strict=True)
            await asyncio.gather(*(_sent_again(act, page, part) for act, page in pages))


async def _sent_again(act: SentAct, page: Page, part: Part) -> None:
    """Send an act once more, whose answer was `page` while the part was away: what was typed has come back."""
    case, form = (part, act.name, page.status, page.text), act.form
    done_meanwhile = act.name in NEEDS_THE_DATABASE_ALONE and part is not Part.DATABASE
    assert _is_away(page) is not done_meanwhile, case
    if not done_meanwhile:
        form = page.form(act.form.action.partition("?")[0])
        assert {name: form.fields[name].strip() for name in act.typed} == act.typed, case
    await _until(lambda: act.send(form), lambda answer: not _is_away(answer))
    await act.send(act.form)
    assert await act.done() == 1, case


async def _until(send: Callable[[], Awaitable[T]], taken: Callable[[T], bool]) -> None:
    """Send until it is taken, as somebody does who was told to try again."""

    async def is_taken() -> bool:
        return taken(await send())

    await eventually(is_taken)
