"""The case file: a whole chronicle on paper, and as JSON whose hashes anybody can recompute."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawal.audit.history.case_file import CaseFile, CaseFiles
from kawal.audit.history.case_file_pdf import as_pdf
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import Channel, Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.store.sealing import Sealer
from kawal.store.signing_keys import SigningKeys
from tests.database_owner import as_owner
from tests.workflows.life import Case, Office


async def made(case: Case, role: Role = Role.AUDITOR, opd: str | None = None, **more: Any) -> CaseFile:
    asked: dict[str, Any] = {"purpose": "Ombudsman 0123/2026", "identity": True, "via": "cli", "form": "json"}
    actor = await case.person(role, opd)
    return await CaseFiles(case.office.complaints).make(case.tracking_id, actor, **{**asked, "lang": "id", **more})


def recomputed(file: dict[str, Any]) -> list[str]:
    """Return the hashes as anyone computes them from the file by its own `how_to_check`, with SHA-256 alone."""
    prev, hashes = bytes(32), []
    for row in file["rows"]:
        assert bytes.fromhex(row["prev_hash"]) == prev
        parts = [b"kawal-event-1", prev]
        parts += [kind.encode() + (bytes.fromhex(text) if kind == "b" else text.encode()) for kind, text in row["row"]]
        prev = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
        hashes.append(prev.hex())
    return hashes


async def test_the_chain_is_recomputed_from_the_file_alone_also_of_an_erased_complaint(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    for erased in (False, True):
        if erased:
            keys = office.complaints.system.keys
            async with office.complaints.pool.acquire() as conn, conn.transaction():
                await keys.destroy(conn, workflow_id(case.tracking_id), "someone", "request")
        file = json.loads((await made(case)).model_dump_json())
        assert recomputed(file) == [row["hash"] for row in file["rows"]]
        assert len(file["rows"]) == len(file["chronicle"]["events"])
        assert (file["chronicle"]["erased"] is not None) is erased
        assert ("Siti" in json.dumps(file)) is not erased


async def test_a_case_file_tells_whether_its_rows_are_sealed_and_as_they_were(office: Office) -> None:
    case, pool = await office.receive(), office.complaints.pool
    await case.verify()
    assert (await made(case)).sealing == "not_yet"
    await Sealer(pool, SigningKeys(pool, office.complaints.system.keys)).seal()
    file = await made(case)
    assert file.sealing == "sealed"
    assert file.receipt is not None
    assert [row["hash"] for row in file.receipt["rows"]] == [row.hash for row in file.rows]
    assert as_pdf(file, "en").startswith(b"%PDF-")
    # As the owner of the database could.
    async with as_owner(pool) as conn, conn.transaction():
        await conn.execute("alter table event disable trigger no_change")
        await conn.execute("update event set hash = sha256(hash::bytea) where tracking_id = $1", case.tracking_id)
        await conn.execute("alter table event enable always trigger no_change")
    changed = await made(case)
    assert (changed.sealing, changed.receipt) == ("differs", None)


async def test_letters_are_listed_by_their_hashes_and_their_content_is_not_handed_on(office: Office) -> None:
    case = await office.receive()
    raw = b"From: Siti <siti@example.org>\r\n\r\nLubang besar sekali.\r\n"
    for identity in ("1", "2"):
        await office.complaints.system.raw_letters.keep(
            case.tracking_id,
            raw,
            channel=Channel.EMAIL,
            identity=identity,
            received_at=datetime(2022, 1, 3, 2, tzinfo=UTC),
            left_out=["denah.exe"],
        )
    file = await made(case)
    assert [(one.number, one.size, one.left_out) for one in file.letters] == [
        (1, len(raw), ["denah.exe"]),
        (2, len(raw), ["denah.exe"]),
    ]
    assert {one.sha256 for one in file.letters} == {hashlib.sha256(raw).hexdigest()}
    assert "Lubang besar sekali" not in file.model_dump_json()
    assert len(as_pdf(file, "id")) > len(as_pdf(file.model_copy(update={"letters": []}), "id"))


async def test_an_export_is_on_record_and_for_overseers_with_a_purpose(office: Office) -> None:
    case = await office.receive(anonim=True)
    await case.forward()
    file = await made(case, identity=False)
    assert "Siti" not in file.model_dump_json()
    assert (file.purpose, file.made_by.role, file.form) == ("Ombudsman 0123/2026", Role.AUDITOR, "kawal-case-file-1")
    assert [entry.kind for entry in file.chronicle.readings] == [AccessKind.EXPORTED]
    assert file.chronicle.readings[0].facts == {"via": "cli", "matter": "case_file", "form": "json"}
    for code, role, opd, purpose in (
        ("words_not_yours", Role.LIAISON, "DPUPR", "x"),
        ("purpose_needed", Role.AUDITOR, None, None),
        ("purpose_too_long", Role.AUDITOR, None, "x" * 1_000_000),
    ):
        with pytest.raises(Refusal) as caught:
            await made(case, role, opd, purpose=purpose, identity=False)
        assert caught.value.code == code
    entries = [entry async for entry in office.complaints.access_log.entries(case.tracking_id)]
    assert [entry.kind for entry in entries] == ["exported", "refused", "refused", "refused"]


async def test_a_printed_case_file_is_a_pdf_in_both_languages(office: Office) -> None:
    case = await office.receive(text="Lubang besar 😱 在市场前 — مرحبا\nbaris kedua " + "x" * 400)
    await case.finish()
    file = await made(case)
    for lang in ("id", "en"):
        printed = as_pdf(file, lang)
        assert printed.startswith(b"%PDF-")
        assert printed.rstrip().endswith(b"%%EOF")
        assert printed.count(b"/Type /Page\n") >= 2


@pytest.fixture
async def printable(office: Office) -> CaseFile:
    case = await office.receive()
    await case.verify()
    return await made(case)


async def test_whatever_people_wrote_can_be_printed(printable: CaseFile, caplog: pytest.LogCaptureFixture) -> None:
    chronicle = printable.chronicle

    @settings(max_examples=15)
    @given(text=st.text(max_size=300))
    def prints(text: str) -> None:
        words = {"title": text[:150], "text": text, "reporter": {"name": text}}
        events = [
            chronicle.events[0].model_copy(update={"words": words}),
            chronicle.events[1].model_copy(update={"words": {"note": text}}),
        ]
        changed = printable.model_copy(
            update={"chronicle": chronicle.model_copy(update={"events": events}), "purpose": text}
        )
        assert as_pdf(changed, "id").startswith(b"%PDF-")

    caplog.set_level(logging.WARNING)
    prints()
    assert not caplog.records
