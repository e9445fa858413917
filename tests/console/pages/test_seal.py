"""The seal in plain words, and the page that checks a receipt: whatever is brought to it, it says what is proven."""

from __future__ import annotations

import asyncio
import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from kawal.api import create_app
from kawal.audit.proof import receipt_check
from kawal.audit.proof.receipt import receipt
from kawal.audit.proof.receipt_check import MOST_BYTES, ReceiptFault
from kawal.client.complaints import Complaints
from kawal.system import System
from tests.audit.records import Record
from tests.console.pages.browser import Browser, Page

PROVES_NOTHING = "Ini tidak membuktikan apa pun"
HOLDS = "Bukti ini sah"


@pytest.fixture
def app(connected: System) -> FastAPI:
    """Return the application without a worker."""
    rates = {"http_public_rate": "10000/minute", "http_pages_rate": "100000/minute"}
    return create_app(Complaints(connected), connected.settings.model_copy(update=rates))


@pytest.fixture
async def record(connected: System) -> Record:
    """Return a record into which lives are written."""
    record = Record(connected.pool, connected.keys)
    await record.prepare()
    return record


async def brought(browser: Browser, content: bytes | str | Any, **headers: str) -> Page:
    """Bring a file to the page, as a browser does."""
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content)
    data = content if isinstance(content, bytes) else content.encode()
    answer = await browser.client.post(
        "/segel/periksa", files={"file": ("bukti.json", data)}, data={"text": ""}, headers=headers
    )
    return Page(answer)


async def test_a_receipt_holds_however_it_is_brought_and_the_page_says_what_it_does_not_prove(
    browser: Browser, record: Record
) -> None:
    number = await record.life(3)
    await record.sealer.seal()
    made = await receipt(record.pool, record.keys, number)
    form = (await browser.open("/segel/periksa")).form("/segel/periksa")
    pasted = await browser.send(form, text=json.dumps(made, indent=1))
    for page in (await brought(browser, made), pasted, await brought(browser, "\ufeff" + json.dumps(made))):
        assert page.status == 200
        assert HOLDS in page.text
        assert f"{len(made['rows'])} langkah pertama laporan {number}" in page.text
        assert "Yang tidak terbukti" in page.text
    await record.life(4)
    await record.sealer.seal()
    assert HOLDS in (await brought(browser, made)).text, "it holds also after the log has grown"


async def test_what_was_changed_cut_or_forged_proves_nothing_and_the_page_says_why(
    browser: Browser, record: Record, connected: System
) -> None:
    number = await record.life(3)
    await record.sealer.seal()
    made = await receipt(record.pool, record.keys, number)
    changed = copy.deepcopy(made)
    changed["rows"][0]["row"][5][1] += "x"
    other_root = copy.deepcopy(made)
    other_root["head"]["root"] = "00" * 32
    other_size = {**made, "head": {**made["head"], "size": made["head"]["size"] + 1}}
    swapped = {**made, "rows": made["rows"][::-1]}
    cases: list[tuple[Any, str]] = [
        (changed, "Peristiwa 1 diubah"),
        (swapped, "Baris ke-1 bukan peristiwa 1"),
        (other_root, "tidak cocok dengan yang kami segel"),
        (other_size, "tidak pernah menerbitkan segel"),
        ({**made, "log": "ab" * 32}, "kunci yang bukan milik kami"),
        ({**made, "keys": {"keys": []}}, "Kunci-kunci ini milik log lain"),
        ({**made, "rows": []}, "Tanda terima ini kosong"),
        ({**made, "rows": [1]}, "tidak lengkap"),
        ({**made, "head": None}, "tidak lengkap"),
        ({**made, "form": "kawal-receipt-9"}, "Ini bukan berkas bukti"),
        (made["head"], "Ini bukan berkas bukti"),
        (b"\xff\xd8\xff\xe0 a photo", "Ini bukan berkas bukti"),
        ("[" * 100_000, "Ini bukan berkas bukti"),
        ('{"form": "kawal-receipt-1", "log": "\\ud800"}', "tidak lengkap"),
        ("x" * (MOST_BYTES + 1), "terlalu besar"),
        ("", "Pilih berkasnya"),
        (" ", "Ini bukan berkas bukti"),
    ]
    for content, says in cases:
        page = await brought(browser, content)
        assert page.status == 422, says
        assert PROVES_NOTHING in page.text
        assert says in page.text, page.text
        assert HOLDS not in page.text
        assert 'aria-invalid="true"' in page.answer.text
    assert (await brought(browser, "{}", **{"sec-fetch-site": "cross-site"})).status == 403
    too_much = await browser.client.post("/segel/periksa", content=b"x" * 5 * MOST_BYTES)
    assert too_much.status_code == 413
    assert "BELUM TERKIRIM" in too_much.text
    await connected.pool.close()
    page = await brought(browser, made)
    assert page.status == 503
    assert "belum dapat diperiksa" in page.text


async def test_what_was_pasted_and_proves_nothing_stays_in_its_field(browser: Browser, record: Record) -> None:
    assert record.pool
    page = await browser.send((await browser.open("/segel/periksa")).form("/segel/periksa"), text="{}\n{}")
    assert page.status == 422
    assert page.form("/segel/periksa").fields["text"].split() == ["{}", "{}"]


async def test_before_the_first_seal_no_receipt_holds_and_the_page_of_the_seal_says_so(
    browser: Browser, record: Record
) -> None:
    page = await browser.open("/segel")
    assert page.status == 200
    assert "Belum ada yang disegel" in page.text
    number = await record.life(3)
    await record.sealer.seal()
    made = await receipt(record.pool, record.keys, number)
    head, last = made["head"], (await browser.open("/segel"))
    for told in (head["root"], head["signing_key"], str(head["size"]), made["log"]):
        assert told in last.text
    for link in last.links:
        if link.startswith(("/api", "/segel")):
            assert (await browser.client.get(link)).status_code == 200


async def test_the_program_is_offered_and_checks_the_same_files_without_us(
    browser: Browser, record: Record, tmp_path: Path
) -> None:
    number = await record.life(3)
    await record.sealer.seal()
    answer: httpx.Response = await browser.client.get("/segel/verify_receipt.py")
    assert "attachment" in answer.headers["content-disposition"]
    head = await browser.client.get("/api/v1/log/head")
    made = json.dumps(await receipt(record.pool, record.keys, number))
    for name, text in (("verify_receipt.py", answer.text), ("head.json", head.text), ("bukti.json", made)):
        await asyncio.to_thread((tmp_path / name).write_text, text)
    command = [sys.executable, "-I", "verify_receipt.py", "bukti.json", "head.json"]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, "VALID" in done.stdout) == (0, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
HEAD = {
    "form": "kawal-head-1",
    "log": "a" * 64,
    "size": 3,
    "root": "b" * 64,
    "at": "2026-01-31T23:59:59.000000Z",
    "signing_key": "a" * 64,
    "signature": "c" * 128,
}
PARTS = ("log", "chain", "rows", "head", "keys")


class PublishedLog:
    """A log that has published one head, whatever it is asked for."""

    async def log_id(self) -> str:
        return str(HEAD["log"])

    async def head(self, size: int) -> Any:
        from kawal.proof.heads import Head

        return Head.from_json({**HEAD, "size": size})


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "log": st.just(HEAD["log"]) | JSON,
            "chain": JSON,
            "rows": st.lists(st.fixed_dictionaries({}, optional={"row": JSON, "hash": JSON, "proof": JSON})) | JSON,
            "head": st.just(HEAD) | st.fixed_dictionaries({key: st.just(value) | JSON for key, value in HEAD.items()}),
            "keys": st.fixed_dictionaries({"keys": st.lists(JSON)}) | JSON,
        },
    )
)
def test_no_json_breaks_the_check(hostile: dict[str, Any]) -> None:
    content = json.dumps({"form": "kawal-receipt-1", **hostile}).encode()
    with pytest.raises(ReceiptFault):
        asyncio.run(receipt_check.check(PublishedLog(), content))  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_check(content: bytes) -> None:
    with pytest.raises(ReceiptFault):
        asyncio.run(receipt_check.check(PublishedLog(), content))  # type: ignore[arg-type]
