"""Releases and redactions in a history, in its case file and in its reporter's own data; of supports the number."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from kawal.audit.history.case_file import CaseFile
from kawal.audit.history.case_file_pdf import as_pdf
from kawal.audit.history.chronicle import ChronicleAct, Chronicles
from kawal.audit.history.chronicle_acts import acts_of, interleaved
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.domain.publicity import REDACTED
from kawal.intake.supports import Supports
from kawal.privacy.person_export import PersonExport
from kawal.store.sealing import Sealer
from kawal.store.side_acts import SideActKind
from kawal.store.signing_keys import SigningKeys
from tests.audit.test_case_file import made
from tests.database_owner import owner_does
from tests.desks.test_publicity import attachments_of, photo, redact, release, verified
from tests.workflows.life import Case, Office

BROWSER = "peramban-pendukung"
EMAIL = "wati@contoh.example"


async def acted_on(office: Office) -> Case:
    """Return a report that was redacted, then forwarded, with a file released, and one supporter."""
    case = await verified(office)
    await on_its_clock(case)
    await redact(case, "Wati")
    await case.admin("forward", opds=["DPUPR"])
    await on_its_clock(case)
    await release(case, Role.ADMIN, file=await photo(case))
    await Supports(office.complaints).support(case.tracking_id, browser=BROWSER, email=EMAIL, lang="id")
    return case


async def on_its_clock(case: Case) -> None:
    """Let officials act at the instant after the last event: the report's clock is not this machine's."""
    last = (await case.events())[-1].recorded_at
    case.office.complaints.now = lambda: last + timedelta(microseconds=1)


async def sealed(office: Office) -> None:
    pool = office.complaints.pool
    await Sealer(pool, SigningKeys(pool, office.complaints.system.keys)).seal()


# --- The history ------------------------------------------------------------------------------------------------------


async def test_acts_stand_among_the_events_in_the_order_in_which_they_were_recorded(office: Office) -> None:
    case = await acted_on(office)
    document = await Chronicles(office.complaints, office.complaints).of(await case.row(), lang="en")
    told = [one.kind for one in interleaved(document.events, document.acts)]
    assert told == [
        EventKind.STARTED,
        EventKind.VERIFIED,
        SideActKind.REDACTED,
        EventKind.FORWARDED,
        SideActKind.RELEASED,
    ]
    redacted, released = document.acts
    assert redacted.said == "words redacted for the public: text"
    assert released.said.startswith("file ")
    assert {one.by.role for one in document.acts} == {Role.ADMIN}
    assert document.supporters == 1


async def test_without_words_an_act_names_nobody_and_says_why_where_the_public_reads_it(office: Office) -> None:
    case = await acted_on(office)
    row = await case.row()
    redacted, released = (await Chronicles(office.complaints, office.complaints).of(row)).acts
    assert (redacted.words, released.words) == ({"why": "Nama tetangga"}, {})
    assert redacted.by.name is None
    redacted = (await Chronicles(office.complaints, office.complaints).of(row, words=True)).acts[0]
    assert redacted.words["passages"] == ["Wati"]
    assert REDACTED in redacted.words["body"]
    assert redacted.by.name


async def test_the_reason_of_what_the_public_does_not_read_is_among_the_words(office: Office) -> None:
    waits = await office.receive(text="Lubang besar, Wati jatuh.")
    await redact(waits, "Wati")
    concealed = await verified(office)
    await redact(concealed, "Wati")
    await concealed.reporter("conceal", anonim=False, rahasia=True)
    supervised = await verified(office, pengawasan=True)
    await redact(supervised, "Wati", role=Role.INSPECTORATE)
    for case in (waits, concealed, supervised):
        (act,) = await acts_of(office.complaints.record, case.tracking_id, words=False)
        assert act.words == {}
        (act,) = await acts_of(office.complaints.record, case.tracking_id, words=True)
        assert act.words["why"] == "Nama tetangga"


async def test_nothing_of_a_supporter_is_in_a_history_or_a_case_file(office: Office) -> None:
    case = await acted_on(office)
    rows = await office.complaints.pool.fetch("select n, ciphertext from side_act where kind = 'supported'")
    assert len(rows) == 1
    file = (await made(case)).model_dump_json()
    for secret in (EMAIL, BROWSER, "supported", rows[0]["ciphertext"].hex()):
        assert secret not in file
    assert json.loads(file)["chronicle"]["supporters"] == 1


# --- The case file ----------------------------------------------------------------------------------------------------


def root_of(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root to which a proof leads, by RFC 9162, 2.1.3.2."""
    at, last, found = index, size - 1, leaf
    for one in proof:
        if at % 2 or at == last:
            found = hashlib.sha256(b"\x01" + one + found).digest()
            while at and not at % 2:
                at, last = at // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + one).digest()
        at, last = at // 2, last // 2
    return found


def recomputed(act: dict[str, Any]) -> str:
    """Return an act's hash as anyone computes it by `how_to_check_acts`, with SHA-256 alone."""
    parts = [b"kawal-side-act-1", bytes.fromhex(act["prev_hash"])]
    parts += [kind.encode() + (bytes.fromhex(text) if kind == "b" else text.encode()) for kind, text in act["row"]]
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


async def test_acts_are_recomputed_and_found_in_the_log_from_the_case_file_alone_also_when_erased(
    office: Office,
) -> None:
    case = await acted_on(office)
    await sealed(office)
    for erased in (False, True):
        if erased:
            async with office.complaints.pool.acquire() as conn, conn.transaction():
                await office.complaints.system.keys.destroy(conn, workflow_id(case.tracking_id), "someone", "request")
        file = json.loads((await made(case)).model_dump_json())
        assert file["sealing"] == "sealed"
        head = file["receipt"]["head"]
        assert len(file["act_rows"]) == len(file["chronicle"]["acts"]) == 2
        for act in file["act_rows"]:
            assert recomputed(act) == act["hash"]
            data = f"kawal-leaf-1\nside_act\n{act['row'][0][1]}\n{act['hash']}\n".encode()
            leaf = hashlib.sha256(b"\x00" + data).digest()
            proof = [bytes.fromhex(one) for one in act["proof"]]
            assert root_of(leaf, act["leaf"], head["size"], proof).hex() == head["root"]
        assert ("Nama tetangga" in json.dumps(file)) is not erased


async def test_an_act_that_is_not_sealed_yet_or_not_as_it_was_is_told(office: Office) -> None:
    case = await acted_on(office)
    await sealed(office)
    await redact(case, "Pak Budi")
    file = await made(case)
    assert [one.leaf is not None for one in file.act_rows] == [True, True, False]
    assert file.sealing == "sealed"
    # As the owner of the database could.
    await owner_does(
        office.complaints.pool,
        "alter table side_act disable trigger no_change",
        "update side_act set hash = sha256(hash::bytea) where n = 1",
        "alter table side_act enable always trigger no_change",
    )
    changed = await made(case)
    assert changed.sealing == "differs"
    assert changed.receipt is not None


async def test_a_printed_case_file_has_the_acts_in_its_course_and_chain(office: Office) -> None:
    case = await acted_on(office)
    file = await made(case)
    chronicle = file.chronicle.model_copy(update={"acts": list[ChronicleAct]()})
    bare: CaseFile = file.model_copy(update={"chronicle": chronicle, "act_rows": []})
    for lang in ("id", "en"):
        printed = as_pdf(file, lang)
        assert printed.startswith(b"%PDF-")
        assert len(printed) > len(as_pdf(bare, lang))


# --- The reporter's data ----------------------------------------------------------------------------------------------


async def test_a_reporters_data_tell_what_was_hidden_of_the_report_why_and_how_many_support_it(
    office: Office, tmp_path: Path
) -> None:
    case = await acted_on(office)
    admin = await case.person(Role.ADMIN)
    output = tmp_path / "data.zip"
    export = PersonExport(office.complaints, attachments_of(office), "id")
    await export.write([case.tracking_id], admin, "Surat 12/2022", output)
    with zipfile.ZipFile(output) as archive:
        told = json.loads(archive.read("person.json"))["reports"][0]
        text = archive.read("person.txt").decode()
        everything = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    redacted, released = told["public_acts"]
    assert (redacted["kind"], redacted["role"]) == ("redacted", "agency_admin")
    assert (redacted["words"]["passages"], redacted["words"]["why"]) == (["Wati"], "Nama tetangga")
    assert released["facts"]["what"] == "file"
    assert told["supporters"] == 1
    assert "Nama tetangga" in text
    assert "1 orang mendukung laporan ini." in text
    assert EMAIL not in everything
    assert (admin.name or "-") not in json.dumps(told["public_acts"])
