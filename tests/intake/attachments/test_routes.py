"""Attachments by HTTP: accepted as they arrive, given to the reporter alone, and never so that a browser is harmed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from kawal.api import serve_api
from kawal.domain.names import Role
from kawal.intake.attachments.settings import MEGABYTE
from kawal.web.server import listen_as_set
from tests.intake.attachments import files
from tests.intake.conftest import shared_office as office
from tests.intake.http.conftest import REPORT, app, client, client_of
from tests.intake.http.test_reports import problem
from tests.workflows.life import Office, eventually

__all__ = ["app", "client", "office"]


@pytest.fixture
async def report(client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """Return where a report's attachments are, and the header that gives access to them."""
    told = (await client.post("/api/v1/reports", json=REPORT)).json()
    return f"{told['location']}/attachments", {"X-Tracking-Secret": told["secret"]}


def form(content: bytes, name: str = "foto.jpg") -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, content, "text/html")}


async def test_a_photo_sent_in_a_form_is_listed_and_read_without_its_place(
    client: httpx.AsyncClient, report: tuple[str, dict[str, str]]
) -> None:
    where, secret = report
    answer = await client.post(where, headers=secret, files=form(files.jpeg()), data={"keterangan": "depan"})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["name"], told["media_type"], told["size"]) == ("foto.jpg", "image/jpeg", len(files.jpeg()))
    assert answer.headers["location"] == f"{where}/{told['id']}"
    again = await client.post(where, headers=secret, files=form(files.jpeg(), "lain.jpg"))
    assert (again.status_code, again.json()) == (200, told)
    assert (await client.get(where, headers=secret)).json() == {"attachments": [told]}
    shown = await client.get(answer.headers["location"], headers=secret)
    assert shown.headers["content-type"] == "image/jpeg"
    assert int(shown.headers["content-length"]) == len(shown.content)
    assert not dict(Image.open(BytesIO(shown.content)).getexif())


async def test_a_file_may_be_the_body_itself(client: httpx.AsyncClient, report: tuple[str, dict[str, str]]) -> None:
    where, secret = report
    answer = await client.post(where, headers=secret, params={"name": "../a\u202eb.html"}, content=b"catatan")
    assert (answer.status_code, answer.json()["name"]) == (201, "ab.txt")


async def test_whatever_is_read_is_saved_and_never_shown_or_guessed(
    client: httpx.AsyncClient, report: tuple[str, dict[str, str]]
) -> None:
    where, secret = report
    for content, name in ((b"teks", 'Ny. "Siti" é.txt'), (files.pdf(), "surat.pdf"), (files.png(), "x.png")):
        made = await client.post(where, headers=secret, files=form(content, name))
        assert made.status_code == 201, made.text
        shown = await client.get(made.headers["location"], headers=secret)
        assert shown.headers["content-disposition"].startswith('attachment; filename="')
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert shown.headers["cache-control"] == "private, no-store"
    names = [one["name"] for one in (await client.get(where, headers=secret)).json()["attachments"]]
    assert names == ["Ny. _Siti_ é.txt", "surat.pdf", "x.png"]


async def test_only_the_reporter_with_the_secret_gets_anywhere(
    client: httpx.AsyncClient, report: tuple[str, dict[str, str]]
) -> None:
    where, secret = report
    made = await client.post(where, headers=secret, files=form(b"teks"))
    wrong = {"X-Tracking-Secret": "0000000000"}
    problem(await client.post(where, headers=wrong, files=form(b"teks")), 404, "no_such_report")
    problem(await client.get(where, headers=wrong), 404, "no_such_report")
    problem(await client.get(made.headers["location"], headers=wrong), 404, "no_such_report")
    problem(await client.get(made.headers["location"]), 422, "invalid")
    other = (await client.post("/api/v1/reports", json=REPORT)).json()
    elsewhere = f"{other['location']}/attachments/{made.json()['id']}"
    problem(await client.get(elsewhere, headers={"X-Tracking-Secret": other["secret"]}), 404, "unknown_attachment")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty"),
        (b"<svg onload=alert(1)>", 415, "type_not_allowed"),
        (b"MZ\x90\x00", 415, "type_not_allowed"),
        (files.jpeg()[:300], 422, "broken"),
        (files.office({"word/a.xml": bytes(40_000_000)}), 422, "bomb"),
    ],
)
async def test_a_refusal_says_why(
    client: httpx.AsyncClient, report: tuple[str, dict[str, str]], content: bytes, status: int, code: str
) -> None:
    where, secret = report
    problem(await client.post(where, headers=secret, files=form(content)), status, code)
    assert (await client.get(where, headers=secret)).json() == {"attachments": []}


@pytest.mark.parametrize("honest", [True, False])
async def test_fifty_megabytes_are_refused_long_before_they_have_come(
    client: httpx.AsyncClient, report: tuple[str, dict[str, str]], honest: bool
) -> None:
    where, secret = report
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50 * MEGABYTE:
            sent += 64 * 1024
            yield b"a" * 64 * 1024

    length = {"Content-Length": str(50 * MEGABYTE)} if honest else {}
    answer = await client.post(where, headers={**secret, **length}, content=endless())
    problem(answer, 413, "too_large")
    assert sent <= 11 * MEGABYTE


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"not a form"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n'),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nteks tanpa akhir',
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nsatu'
            b'\r\n--b\r\nContent-Disposition: form-data; name="g"; filename="b"\r\n\r\ndua\r\n--b--\r\n',
        ),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, report: tuple[str, dict[str, str]], content_type: str, body: bytes
) -> None:
    where, secret = report
    answer = await client.post(where, headers={**secret, "Content-Type": content_type}, content=body)
    problem(answer, 400, "malformed_form")
    assert (await client.get(where, headers=secret)).json() == {"attachments": []}


async def test_an_attachment_is_named_in_a_reply_and_a_rahasia_reports_reading_is_on_record(
    app: FastAPI, office: Office
) -> None:
    async with client_of(app) as client:
        told = (await client.post("/api/v1/reports", json={**REPORT, "rahasia": True})).json()
        where, secret = f"{told['location']}/attachments", {"X-Tracking-Secret": told["secret"]}
        made = await client.post(where, headers=secret, files=form(files.jpeg()))
        reply = {"text": "Fotonya terlampir.", "files": [made.json()["id"]]}
        answer = await client.post(f"{told['location']}/replies", headers=secret, json=reply)
        assert answer.status_code == 202, answer.text
        again = {"text": "Sekali lagi fotonya.", "files": [made.json()["id"]]}
        assert (await client.post(f"{told['location']}/replies", headers=secret, json=again)).status_code == 202
        ledger = office.complaints.ledger

        async def named() -> list[int]:
            return [one.seq for one in await ledger.events(told["tracking_id"]) if one.words.get("files")]

        async def both() -> bool:
            return len(await named()) == 2

        await eventually(both)
        (listed,) = (await client.get(where, headers=secret)).json()["attachments"]
        assert listed["event_seq"] == (await named())[0], "the first event that names it"
        await client.get(made.headers["location"], headers=secret)
    entries = [entry async for entry in office.complaints.access_log.entries(told["tracking_id"])]
    assert [entry.facts.get("attachment") for entry in entries] == [made.json()["id"]]
    assert entries[0].actor.role is Role.REPORTER


async def test_a_reply_names_only_attachments_of_its_own_report(app: FastAPI) -> None:
    async with client_of(app) as client:
        told, other = [(await client.post("/api/v1/reports", json=REPORT)).json() for _ in range(2)]
        where, secret = f"{other['location']}/attachments", {"X-Tracking-Secret": other["secret"]}
        elsewhere = (await client.post(where, headers=secret, files=form(files.jpeg()))).json()["id"]
        for wrong in (elsewhere, "foto.jpg", "0b6f1b0e-8f0e-4c55-9a57-0c5c2f6f2f11"):
            reply = {"text": "Fotonya terlampir.", "files": [wrong]}
            mine = {"X-Tracking-Secret": told["secret"]}
            answer = await client.post(f"{told['location']}/replies", headers=mine, json=reply)
            problem(answer, 422, "unknown_files")
            assert wrong in answer.json()["detail"]


async def test_whoever_sends_a_wrong_file_without_listening_gets_the_answer_all_the_same(office: Office) -> None:
    settings = office.complaints.settings
    async with (
        serve_api(office.complaints, listen_as_set(settings)) as url,
        httpx.AsyncClient(base_url=url) as client,
    ):
        told = (await client.post("/api/v1/reports", json=REPORT)).json()
        where, secret = f"{told['location']}/attachments", {"X-Tracking-Secret": told["secret"]}
        wrong = b"<html>" + b"a" * 9 * MEGABYTE
        problem(await client.post(where, headers=secret, files=form(wrong)), 415, "type_not_allowed")
        right = await client.post(where, headers=secret, files=form(b"a" * 9 * MEGABYTE))
        assert right.status_code == 201
        shown = await client.get(right.headers["location"], headers=secret)
        assert len(shown.content) == 9 * MEGABYTE


async def test_a_running_server_removes_what_a_dead_one_left(office: Office) -> None:
    settings = office.complaints.settings
    left = settings.home / "attachments" / "incoming" / "0123"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"KWAT")
    os.utime(left, (0, 0))

    async def gone() -> bool:
        return not left.exists()

    async with serve_api(office.complaints, listen_as_set(settings)):
        await eventually(gone)
