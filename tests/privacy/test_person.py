"""A person's data: exported completely, erased if a complaint is over, else refused with the day it can be."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kawal.client.complaints import Complaints
from kawal.client.restart import Restarts
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import load_master_key
from kawal.desks.raw_letters import RawLetterDesk
from kawal.domain.access import Act
from kawal.domain.calendar import at_local
from kawal.domain.erasure import Basis
from kawal.domain.messages import Reporter
from kawal.domain.names import Channel, Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.service import IntakeService
from kawal.intake.supports import Supports
from kawal.privacy.erasure import Eraser, Objects
from kawal.privacy.person import PersonRequest, Persons
from kawal.privacy.person_export import PersonExport
from kawal.record import master_key_file
from kawal.store.access_log import AccessEntry
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry, ErasureList
from kawal.store.reconcile import Reconciliation
from kawal.store.signing_keys import SigningKeys
from kawal.store.tray import TrayEntry, TrayReason
from tests.workflows.life import Case, Office, eventually, january, refusal

SITI = Reporter(name="Siti Aminah", email="siti@example.org", phone="0812-3456-7890")
ASKED = PersonRequest(["Siti@Example.org"], ["+62 812 3456 7890"], "Surat permintaan 12/2022")
OVER = date(2022, 2, 20)
LETTER = b"From: Siti <siti@example.org>\r\n\r\nLubang di depan kios.\r\n"


@pytest.fixture
def attachments(office: Office) -> Attachments:
    complaints = office.complaints
    return Attachments(complaints.system, AttachmentSettings.from_env(complaints.settings.home, {}))


@pytest.fixture
def persons(office: Office, attachments: Attachments) -> Persons:
    return Persons(office.complaints, attachments)


async def closed(office: Office, **fields: Any) -> Case:
    case = await office.receive(reporter=SITI, **fields)
    await case.close()
    return case


async def over(case: Case) -> Case:
    """Let the aftercare pass and the workflow end."""
    await case.until(OVER)
    await case.handle().result()
    return case


async def kept_letter(office: Office, tracking_id: str) -> None:
    letters = office.complaints.system.raw_letters
    assert await letters.keep(
        tracking_id,
        LETTER,
        channel=Channel.EMAIL,
        identity="<1@example.org>",
        received_at=datetime(2022, 1, 3, 2, tzinfo=UTC),
        left_out=["ktp siti.exe"],
    )


async def piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def admin(office: Office) -> Any:
    return await office.complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")


async def log(office: Office, tracking_id: str | None = None) -> list[AccessEntry]:
    return [entry async for entry in office.complaints.access_log.entries(tracking_id)]


async def test_all_of_a_person_that_is_over_is_erased_and_the_rest_told_with_its_day(
    office: Office, persons: Persons, attachments: Attachments
) -> None:
    ended = await closed(office)
    photo = await attachments.add(ended.tracking_id, "lubang.txt", piece(b"Lubang di depan kios.\n"))
    await over(ended)
    waits = await closed(office, title="Lampu padam")
    opened = await office.receive(title="Selokan", reporter=Reporter(phone="62812.3456.7890"))
    other = await office.receive(reporter=Reporter(email="budi@example.org"))

    planned = await persons.would_erase(ASKED, await admin(office))
    assert [(one.tracking_id, one.erased, one.code, one.possible_from) for one in planned] == [
        (ended.tracking_id, False, None, None),
        (waits.tracking_id, False, "erase_aftercare", date(2022, 2, 10)),
        (opened.tracking_id, False, "erase_open", None),
    ]
    assert (await ended.row()).status == "selesai"

    done = await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    assert [(one.tracking_id, one.erased) for one in done] == [
        (ended.tracking_id, True), (waits.tracking_id, False), (opened.tracking_id, False)
    ]  # fmt: skip
    complaints = office.complaints
    with pytest.raises(KeyDestroyed):
        await complaints.system.keys.key_for(workflow_id(ended.tracking_id))
    assert [stored.path async for stored in attachments.storage.under(ended.tracking_id)] == []
    with pytest.raises(AttachmentRefused):
        await attachments.open(ended.tracking_id, photo.id, public=True, reader=await admin(office))
    assert await complaints.pool.fetchval("select count(*) from erasure where objects_removed_at is not null") == 1
    assert (await other.row()).status == "belum_diverifikasi"
    refusals = [entry for entry in await log(office) if entry.kind == "refused"]
    assert [(entry.tracking_id, entry.facts["code"]) for entry in refusals] == [
        (waits.tracking_id, "erase_aftercare"), (opened.tracking_id, "erase_open")
    ]  # fmt: skip
    listed = ErasureList(complaints.settings.erasure_list).entries()
    assert [(one.tracking_id, one.ground) for one in listed] == [(ended.tracking_id, "request")]
    assert "siti" not in complaints.settings.erasure_list.read_text().lower()


async def test_letters_in_the_tray_go_with_their_report_and_also_where_there_is_none(
    office: Office, persons: Persons
) -> None:
    ended = await over(await closed(office))
    tray = office.complaints.system.tray

    async def put(raw: bytes, *names: str, sender: str = "siti@example.org") -> int:
        item = await tray.put(
            TrayEntry(
                raw=raw,
                instansi="KEPRI",
                channel=Channel.EMAIL,
                why=TrayReason.NAMES_REPORT,
                received_at=at_local(OVER, 9),
                person=True,
                sender=sender,
                names=names,
            )
        )
        assert item is not None
        return item

    named, stranger = await put(b"1", ended.tracking_id), await put(b"2", sender="ani@example.org")
    await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    assert await tray.content(named) is None
    assert await persons.erase_letters(ASKED, await admin(office), Basis.REQUEST) == 0
    only = ASKED._replace(emails=["Ani@example.org"], phones=[])
    assert await persons.erase_letters(only, await admin(office), Basis.REQUEST) == 1
    assert await tray.content(stranger) is None
    assert [entry.facts["letters"] for entry in await log(office) if "letters" in entry.facts] == [1]


async def test_an_erased_complaint_cannot_be_reopened_and_nobody_restarts_it(office: Office, persons: Persons) -> None:
    case = await over(await closed(office))
    await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    assert (await refusal(case.reopen_at(january(31)))).code == "erased"
    complaints = office.complaints
    assert await Restarts(complaints.system).restart(case.tracking_id) == "erased"
    store = Reconciliation(complaints.pool)
    assert await store.open_rows("", 10) == []
    assert await store.sample("", 10, 0, 1) == []
    assert await persons.erase(ASKED, await admin(office), Basis.REQUEST) == []
    assert "erased" in [entry.kind for entry in await log(office, case.tracking_id)]


async def test_an_open_item_of_the_inspectorate_is_awaited(office: Office, persons: Persons) -> None:
    case = await office.receive(reporter=SITI)
    await case.admin("escalate", why="Menyangkut pejabat")
    await case.close()
    assert [one.code for one in await persons.would_erase(ASKED, await admin(office))] == ["erase_item_open"]


async def test_undelivered_notices_and_kept_replies_go_with_it(office: Office, persons: Persons) -> None:
    case = await over(await closed(office))
    pool = office.complaints.pool
    assert await pool.fetchval("select count(*) from outbox where status = 'pending'") > 0
    await persons.erase(ASKED, await admin(office), Basis.UNLAWFUL)
    left = await pool.fetch(
        "select distinct status, last_error, body from outbox where tracking_id = $1", case.tracking_id
    )
    assert [tuple(row) for row in left] == [("not_sent", "erased", None)]


async def test_letters_as_they_came_go_with_it_and_nobody_can_add_or_read_one(office: Office, persons: Persons) -> None:
    case = await closed(office)
    await kept_letter(office, case.tracking_id)
    desk = RawLetterDesk(office.complaints, "cli")
    assert (await desk.open(case.tracking_id, 1, await admin(office), "Pemeriksaan")).raw == LETTER
    await over(case)
    await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    assert await office.complaints.pool.fetchval("select count(*) from raw_letter") == 0
    with pytest.raises(KeyDestroyed):
        await kept_letter(office, case.tracking_id)
    for reading in (
        desk.list(case.tracking_id, await admin(office), None),
        desk.open(case.tracking_id, 1, await admin(office), "Pemeriksaan"),
    ):
        with pytest.raises(Refusal) as refused:
            await reading
        assert refused.value.code == "erased"


async def test_a_crash_between_the_steps_leaves_the_same_as_one_run(office: Office, attachments: Attachments) -> None:
    class Broken:
        """A system whose attachments' store becomes unavailable after the database is done."""

        def __getattr__(self, name: str) -> Any:
            raise ConnectionError(name)

    case = await over(await closed(office))
    await attachments.add(case.tracking_id, "lubang.txt", piece(b"Lubang.\n"))
    broken: Any = Broken()
    with pytest.raises(ConnectionError):
        await Persons(office.complaints, broken).erase(ASKED, await admin(office), Basis.REQUEST)
    assert [stored.path async for stored in attachments.storage.under(case.tracking_id)] != []
    before = await log(office, case.tracking_id)
    objects: Objects = attachments
    erasing = Eraser(office.complaints.system, objects)
    assert await erasing.finish() == []
    assert [stored.path async for stored in attachments.storage.under(case.tracking_id)] == []
    assert await log(office, case.tracking_id) == before
    assert len(ErasureList(office.complaints.settings.erasure_list).entries()) == 1


async def test_a_crash_between_the_list_and_the_commit_is_carried_out_by_the_next_start(
    office: Office, persons: Persons, attachments: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await over(await closed(office))
    erasing = Eraser(office.complaints.system, attachments)
    with monkeypatch.context() as patch:
        patch.setattr(office.complaints.access_log.__class__, "append_lasting", _cut_off)
        with pytest.raises(ConnectionError):
            await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    assert await office.complaints.pool.fetchval("select erased_at from complaint") is None
    assert await erasing.finish() == [case.tracking_id]
    assert await office.complaints.pool.fetchval("select erased_at from complaint") is not None
    assert await erasing.finish() == []


async def _cut_off(*_given: object, **_named: object) -> None:
    raise ConnectionError("cut off")


async def test_a_list_that_lost_its_end_is_made_whole_and_one_that_was_changed_is_refused(
    office: Office, persons: Persons, attachments: Attachments
) -> None:
    await over(await closed(office))
    await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    file = office.complaints.settings.erasure_list
    whole, erasing = file.read_text(), Eraser(office.complaints.system, attachments)
    file.write_text("")
    await erasing.finish()
    assert json.loads(file.read_text())["complaint"] == json.loads(whole)["complaint"]
    file.write_text(whole.replace("request", "unlawful"))
    with pytest.raises(Refusal) as caught:
        await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    assert caught.value.code == "erasure_list_tampered"


async def test_what_a_restore_brought_back_open_is_ended_and_erased_anew(
    office: Office, persons: Persons, attachments: Attachments
) -> None:
    case = await office.receive(reporter=SITI)
    await case.verify()
    entry = (await persons.would_erase(ASKED, await admin(office)))[0]
    connected = office.complaints.system
    listed = ErasureEntry(
        tracking_id=entry.tracking_id, at=datetime.now(UTC), role="agency_admin", account="ab", ground="request"
    )
    await ErasureList(connected.settings.erasure_list).append([listed], SigningKeys(connected.pool, connected.keys))
    assert await Eraser(connected, attachments).finish() == [case.tracking_id]
    assert (await case.handle().describe()).status.name == "TERMINATED"
    assert await Reconciliation(connected.pool).open_rows("", 10) == []


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUDITOR, Role.LEADERSHIP])
async def test_others_may_not_and_that_is_on_record(office: Office, persons: Persons, role: Role) -> None:
    actor = await office.complaints.actor(role, "Rina", "DPUPR" if role is Role.LIAISON else None, "KEPRI")
    with pytest.raises(Refusal) as caught:
        await persons.erase(ASKED, actor, Basis.REQUEST)
    assert caught.value.code == "wrong_role"
    assert [(entry.kind, entry.facts["code"]) for entry in await log(office)] == [("refused", "wrong_role")]


@pytest.mark.parametrize(
    ("said", "code"), [("", "ground_needed"), (" \n ", "ground_needed"), ("x" * 1_000_000, "purpose_too_long")]
)
async def test_a_ground_is_stated_and_a_megabyte_is_none(
    office: Office, persons: Persons, said: str, code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        await persons.erase(ASKED._replace(said=said), await admin(office), Basis.REQUEST)
    assert caught.value.code == code


async def test_all_that_is_held_is_handed_out_and_each_report_of_it_goes_on_record(
    office: Office, persons: Persons, attachments: Attachments, tmp_path: Path
) -> None:
    case = await office.receive(reporter=SITI, rahasia=True)
    await attachments.add(case.tracking_id, "lubang.txt", piece(b"Lubang di depan kios.\n"))
    await kept_letter(office, case.tracking_id)
    await case.forward("DPUPR")
    await case.follow_up(final=True)
    await case.reporter("reply", text="Terima kasih atas tambalannya")
    await office.complaints.system.outgoing_messages.put(
        None, to="+6281200000001", kind="answer", words="Laporan Anda diterima", tracking_id=case.tracking_id
    )
    actor = await admin(office)
    reports = await persons.found(ASKED, actor, Act.EXPORT_PERSON)
    output = tmp_path / "siti.zip"
    counted = await PersonExport(office.complaints, attachments, "id").write(reports, actor, ASKED.said, output)
    assert counted == {"reports": 1, "attachments": 1, "letters": 1}
    assert output.stat().st_mode & 0o777 == 0o600
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []
    with zipfile.ZipFile(output) as archive:
        told = json.loads(archive.read("person.json"))
        read = archive.read("person.txt").decode()
        (file,) = [name for name in archive.namelist() if name.startswith("attachments/")]
        assert archive.read(file) == b"Lubang di depan kios.\n"
        assert archive.read(f"letters/{case.tracking_id}/01.eml") == LETTER
    (one,) = told["reports"]
    assert one["report"]["reporter"]["email"] == "siti@example.org"
    assert "Terima kasih atas tambalannya" in [event["words"].get("text") for event in one["events"]]
    assert one["notices"]
    assert [(sent["to"], sent["text"]) for sent in one["messages"]] == [("+6281200000001", "Laporan Anda diterima")]
    assert "+6281200000001: Laporan Anda diterima" in read
    assert one["attachments"][0]["file"] == file
    (letter,) = one["letters"]
    assert (letter["file"], letter["left_out"]) == (f"letters/{case.tracking_id}/01.eml", ["ktp siti.exe"])
    assert {entry["kind"] for entry in one["access"]} >= {"exported", "read_report"}
    assert "Dewi" not in json.dumps(told)
    assert "Terima kasih atas tambalannya" in read
    assert "22 byte" in read
    assert "isi laporan dibaca (admin instansi)" in read
    exported = [entry for entry in await log(office, case.tracking_id) if entry.kind == "exported"]
    assert [entry.words for entry in exported] == [{"purpose": ASKED.said}]


async def test_who_supports_a_report_by_address_is_told_so_and_erased_though_no_report_is_theirs(
    office: Office, persons: Persons, attachments: Attachments, tmp_path: Path
) -> None:
    case = await office.receive()
    await case.verify()
    supports, wati = Supports(office.complaints), "wati@example.org"
    await supports.support(case.tracking_id, browser="a", email=wati, lang="id")
    asked, actor = PersonRequest([" WATI@example.org"], [], "Surat 13/2022"), await admin(office)
    found = await persons.supports(asked, actor)
    assert [one.tracking_id for one in found] == [case.tracking_id]
    output = tmp_path / "wati.zip"
    await PersonExport(office.complaints, attachments, "id").write([], actor, asked.said, output, found)
    with zipfile.ZipFile(output) as archive:
        (told,) = json.loads(archive.read("person.json"))["supports"]
        assert f"Laporan yang Anda dukung\n  {case.tracking_id}" in archive.read("person.txt").decode()
    assert (told["tracking_id"], told["confirmed_at"]) == (case.tracking_id, None)
    elsewhere = actor.model_copy(update={"instansi": "RIAU"})
    assert await persons.supports(asked, elsewhere) == []
    assert await persons.erase_supports(asked, actor) == 1
    assert await persons.supports(asked, actor) == []
    assert await supports.count_of([case.tracking_id]) == {case.tracking_id: 0}
    assert await office.complaints.pool.fetchval("select count(email) + count(email_mac) from support") == 0
    (_, ended) = await office.complaints.record.side_acts.of(case.tracking_id)
    assert ended.facts == {"why": "erased"}
    told_of = [entry.facts["supports"] for entry in await log(office) if "supports" in entry.facts]
    assert told_of == [1, 1]


async def test_another_agencys_reports_are_its_own_to_answer_for(office: Office, persons: Persons) -> None:
    await office.receive(reporter=SITI)
    await office.complaints.pool.execute("insert into instansi (code, name) values ('RIAU', 'Riau')")
    elsewhere = await office.complaints.actor(Role.ADMIN, "Rina", instansi="RIAU")
    assert await persons.would_erase(ASKED, elsewhere) == []


async def test_a_process_that_still_has_the_key_cannot_carry_an_erased_complaint_on(
    office: Office, attachments: Attachments
) -> None:
    case = await over(await closed(office))
    connected = office.complaints.system
    await connected.keys.key_for(workflow_id(case.tracking_id))
    elsewhere = connected.but(
        keys=DataKeyStore(connected.pool, load_master_key(master_key_file(connected.settings.home)))
    )
    persons = Persons(Complaints(elsewhere), attachments)
    assert [one.erased for one in await persons.erase(ASKED, await admin(office), Basis.REQUEST)] == [True]
    before = await connected.pool.fetchval("select count(*) from event")
    refused = await refusal(case.reopen_at(january(31)))
    assert refused.code in ("erased", "event_conflict")
    assert await connected.pool.fetchval("select count(*) from event") == before

    async def ended() -> bool:
        return bool((await case.handle().describe()).status.name != "RUNNING")

    await eventually(ended)


async def test_its_reporter_sees_the_process_record_alone(office: Office, persons: Persons) -> None:
    case = await over(await closed(office))
    intake = IntakeService(office.complaints)
    secret = await intake.secret_of(case.tracking_id)
    await persons.erase(ASKED, await admin(office), Basis.REQUEST)
    view = await intake.track(case.tracking_id, secret)
    assert (view.status, view.messages) == ("selesai", [])
    with pytest.raises(Refusal):
        await intake.reply(case.tracking_id, "Masih ada lubang", channel=Channel.WEB)
