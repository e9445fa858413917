"""What an official makes of a letter in the tray: the command that it means, a report, or nothing, each on record."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from kawal.client.complaints import Complaints
from kawal.desks.table import CommandingDesk, Desk, perform
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import at_local
from kawal.domain.messages import Actor, Behalf, Command
from kawal.domain.names import Channel, EventKind, Role, Spokesman, Status
from kawal.domain.refusals import Refusal
from kawal.domain.tray import KEPT, ItemState
from kawal.intake.tray_desk import TrayReading, show
from kawal.store.tray import MESSAGE, TrayEntry, TrayReason
from tests.domain.lives import ADMIN
from tests.intake.mail.test_kept import TOO_DEEP
from tests.intake.test_relay import own_engine
from tests.workflows.life import Case, Office, eventually, january, report

RECEIVED = at_local(january(20), 10)


def letter(text: str = "Di depan kios 12.") -> bytes:
    mail = EmailMessage()
    mail["From"] = "Siti Aminah <siti@example.org>"
    mail["To"] = "lapor@kepri.example.org"
    mail["Subject"] = "Laporan saya"
    mail["Message-ID"] = "<abc@example.org>"
    mail.set_content(text)
    mail.add_attachment("catatan", filename="catatan.txt")
    return mail.as_bytes()


async def put(office: Office, raw: bytes, *names: str, **more: Any) -> int:
    given: dict[str, Any] = {
        "instansi": "KEPRI",
        "channel": Channel.EMAIL,
        "why": TrayReason.NAMES_REPORT,
        "received_at": RECEIVED,
        "person": True,
        "sender": "siti@example.org",
    }
    item = await office.complaints.system.tray.put(TrayEntry(raw=raw, names=names, **given | more))
    assert item is not None
    return item


async def desk_of(office: Office, role: Role = Role.ADMIN, instansi: str = "KEPRI") -> CommandingDesk:
    return CommandingDesk(office.complaints, await person(office.complaints, role, instansi))


async def person(complaints: Complaints, role: Role, instansi: str = "KEPRI") -> Actor:
    return await complaints.actor(role, "Dewi", instansi=instansi)


async def do(office: Office, name: str, item: int, *, role: Role = Role.ADMIN, **arguments: Any) -> Any:
    return await perform(await desk_of(office, role), f"tray {name}", {"item": item} | arguments)


async def refused(office: Office, name: str, item: int, *, role: Role = Role.ADMIN, **arguments: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await do(office, name, item, role=role, **arguments)
    return caught.value.code


async def state_of(office: Office, item: int) -> ItemState:
    line = await office.complaints.system.tray.find(item)
    assert line is not None
    return line.state


async def entries(office: Office, kind: AccessKind, **facts: Any) -> list[dict[str, Any]]:
    """Return the facts of the access log's entries of that kind that have these facts, with the report of each."""
    log = office.complaints.access_log
    found = [entry.facts | {"report": entry.tracking_id} async for entry in log.entries() if entry.kind is kind]
    return [entry for entry in found if facts.items() <= entry.items()]


async def test_given_as_a_reply_its_own_words_count_from_its_receipt_and_end_the_hold(office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Di mana tepatnya?")
    await case.until(january(21), 9)
    item = await put(office, letter(), case.tracking_id)
    given = await do(office, "give", item, tracking_id=case.tracking_id, command="reply")
    assert (given.state, given.command, given.answer.tracking_id) == ("given", "reply", case.tracking_id)
    replied = await case.event(EventKind.REPLIED)
    assert (replied.at, replied.words["text"]) == (RECEIVED, "Di depan kios 12.")
    assert (replied.facts["via"], replied.actor.role) == ("tray", Role.ADMIN)
    assert datetime.fromisoformat(replied.facts["letter_at"]) == RECEIVED
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    (kept,) = await office.complaints.system.raw_letters.lines(case.tracking_id)
    assert (kept.received_at, kept.size, kept.left_out) == (RECEIVED, len(letter()), [])
    assert await office.complaints.system.tray.content(item) is None
    (entry,) = await entries(office, AccessKind.ADMINISTERED, what="item_given")
    assert (entry["report"], entry["command"], entry["names"]) == (case.tracking_id, "reply", [case.tracking_id])
    assert await refused(office, "give", item, tracking_id=case.tracking_id, command="reply") == "item_decided"


async def test_given_again_after_an_interruption_it_has_one_effect(office: Office) -> None:
    case = await office.receive()
    item = await put(
        office, b"Lubang\x1bdi kios 12\x00", channel=Channel.SMS, media_type=MESSAGE, sender="+628123456789"
    )
    behalf = Behalf(via=Spokesman.TRAY, letter_at=RECEIVED)
    given: dict[str, object] = {"text": "Lubang di kios 12", "files": []}
    command = Command(
        name="reply",
        actor=await person(office.complaints, Role.ADMIN),
        arguments=given,
        idempotency_key=f"tray:{item}:reply",
        received_at=RECEIVED,
        behalf=behalf,
    )
    await office.complaints.give(case.tracking_id, command)
    await do(office, "give", item, tracking_id=case.tracking_id, command="reply")
    assert (await case.event(EventKind.REPLIED)).words["text"] == "Lubang di kios 12"
    assert await state_of(office, item) is ItemState.GIVEN


async def test_what_the_report_does_not_take_stays_in_the_tray(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    item = await put(office, letter("TERIMA 5"), case.tracking_id)
    why = [
        await refused(office, "give", item, tracking_id=case.tracking_id, command=command, rating=rating)
        for command, rating in (("accept", None), ("dispute", None), ("rate", 5), ("rate", None))
    ]
    assert why == ["wrong_status", "wrong_status", "wrong_status", "malformed"]
    assert await refused(office, "give", item, tracking_id="9999999", command="reply") == "unknown_complaint"
    assert await state_of(office, item) is ItemState.WAITING
    assert await case.events(EventKind.ACCEPTED) == []
    assert await entries(office, AccessKind.ADMINISTERED, what="item_given") == []


async def test_an_admin_gives_it_as_what_its_writer_means(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    why = await put(office, letter("Belum diperbaiki."), case.tracking_id, received_at=at_local(january(11), 9))
    await do(office, "give", why, tracking_id=case.tracking_id, command="dispute")
    assert (await case.event(EventKind.DISPUTED)).words["why"] == "Belum diperbaiki."
    await case.follow_up(final=True)
    yes = await put(office, letter("Sudah baik."), case.tracking_id, received_at=at_local(january(11), 10))
    await do(office, "give", yes, tracking_id=case.tracking_id, command="accept", rating=4)
    row = await case.row()
    assert (row.status, row.rating, row.rated_via) == (Status.SELESAI, 4, "tray")
    hide = await put(office, letter("Rahasiakan."), case.tracking_id)
    await do(office, "give", hide, tracking_id=case.tracking_id, command="conceal", anonim=True)
    row = await case.row()
    assert (row.anonim, row.rahasia) == (True, False)


async def test_a_long_letter_disputes_too_and_stays_whole_with_the_report(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    long = "Masih rusak parah. " * 300
    item = await put(office, letter(long), case.tracking_id)
    await do(office, "give", item, tracking_id=case.tracking_id, command="dispute")
    assert long.startswith((await case.event(EventKind.DISPUTED)).words["why"])
    (kept,) = await office.complaints.system.raw_letters.lines(case.tracking_id)
    assert kept.size > len(long)


async def test_a_letter_about_two_reports_is_given_to_both(office: Office) -> None:
    one, other = await office.receive(), await office.receive()
    item = await put(office, letter(), one.tracking_id, other.tracking_id)
    first = await do(office, "give", item, tracking_id=one.tracking_id, command="reply", stays=True)
    assert (first.state, await office.complaints.system.tray.holding(other.tracking_id)) == ("waiting", True)
    assert await office.complaints.system.tray.content(item) is not None
    await do(office, "give", item, tracking_id=other.tracking_id, command="reply", words="Untuk yang kedua.")
    assert await office.complaints.system.tray.content(item) is None
    assert await state_of(office, item) is ItemState.GIVEN
    assert (await one.event(EventKind.REPLIED)).words["text"] == "Di depan kios 12."
    assert (await other.event(EventKind.REPLIED)).words["text"] == "Untuk yang kedua."


async def test_while_it_lies_there_no_silence_ends_anything_and_dismissed_it_does_at_once(office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Di mana tepatnya?")
    item = await put(office, letter(), case.tracking_id)
    await case.until(january(26), 9)
    assert (await case.row()).status is Status.DITUNDA
    await do(office, "dismiss", item, grounds="Bukan dari pelapor")

    async def archived() -> bool:
        return (await case.row()).status is Status.DIARSIPKAN

    await eventually(archived)
    assert await entries(office, AccessKind.ADMINISTERED, what="item_dismissed", names=[case.tracking_id])


async def test_it_becomes_a_report_whose_first_day_is_its_receipt(office: Office) -> None:
    item = await put(office, letter("Jalan rusak di depan pasar."))
    started = await do(office, "start", item)
    case = Case(office, started.tracking_id)
    await eventually(lambda: office.complaints.ledger.snapshot(started.tracking_id))
    row = await case.row()
    assert (row.received_at, row.channel) == (RECEIVED, Channel.EMAIL)
    begun = await case.event(EventKind.STARTED)
    assert (begun.words["title"], begun.words["text"]) == ("Laporan saya", "Jalan rusak di depan pasar.")
    attached = await office.complaints.pool.fetchval("select count(*) from attachment")
    assert attached == 1
    assert len(await office.complaints.system.raw_letters.lines(started.tracking_id)) == 1
    assert await refused(office, "start", item) == "item_decided"
    (entry,) = await entries(office, AccessKind.ADMINISTERED, what="item_started")
    assert entry["report"] == started.tracking_id


async def test_a_message_becomes_a_report_of_its_number(office: Office) -> None:
    item = await put(
        office, b"Lampu mati\ndi Jalan Merdeka", channel=Channel.SMS, media_type=MESSAGE, sender="+628123456789"
    )
    started = await do(office, "start", item, title="Lampu jalan mati")
    found = await office.complaints.system.inbox.find(started.tracking_id)
    assert found is not None
    assert (found.report.title, found.report.reporter.phone) == ("Lampu jalan mati", "+628123456789")
    assert found.report.text == "Lampu mati\ndi Jalan Merdeka"


async def test_a_message_that_asks_to_stay_unknown_becomes_an_anonim_report(office: Office) -> None:
    words = b"Pungutan liar di pasar. Mohon nama saya dirahasiakan"
    item = await put(office, words, channel=Channel.SMS, media_type=MESSAGE, sender="+628123456789")
    started = await do(office, "start", item, text="Pungutan liar di pasar.")
    found = await office.complaints.system.inbox.find(started.tracking_id)
    assert found is not None
    assert (found.report.anonim, found.report.rahasia) == (True, False)


async def test_one_letter_hides_a_report_and_answers_for_it_too(office: Office) -> None:
    case = await office.receive()
    item = await put(office, letter("Sembunyikan nama saya. Lubangnya di depan kios 12."), case.tracking_id)
    await do(office, "give", item, tracking_id=case.tracking_id, command="conceal", anonim=True, stays=True)
    await do(office, "give", item, tracking_id=case.tracking_id, command="reply", words="Di depan kios 12.")
    assert (await case.row()).anonim
    assert (await case.event(EventKind.REPLIED)).words["text"] == "Di depan kios 12."
    assert await state_of(office, item) is ItemState.GIVEN


async def test_nobody_of_another_agency_hides_a_report_that_has_not_begun(home: Path) -> None:
    async with own_engine(home) as (connected, _):
        complaints = Complaints(connected)
        await connected.pool.execute("insert into instansi (code, name) values ('RIAU', 'Provinsi Riau')")
        accepted = await connected.inbox.accept(report(), "KEPRI", complaints.now())
        behalf = Behalf(via=Spokesman.TRAY, letter_at=RECEIVED)
        hide = Command(name="conceal", actor=ADMIN, arguments={"rahasia": True}, idempotency_key="k", behalf=behalf)
        for role, code in ((Role.ADMIN, "wrong_instansi"), (Role.AUDITOR, "wrong_role")):
            actor = await complaints.actor(role, "Dewi", instansi="RIAU")
            with pytest.raises(Refusal) as caught:
                await complaints.of_reporters.send(
                    accepted.tracking_id, hide.model_copy(update={"actor": actor}), Channel.EMAIL
                )
            assert caught.value.code == code
        assert await connected.pool.fetchval("select count(*) from concealment") == 0


async def test_of_what_cannot_be_read_the_admin_states_the_words(office: Office) -> None:
    case = await office.receive()
    item = await put(office, TOO_DEEP, why=TrayReason.UNREADABLE, detail="nesting")
    assert await refused(office, "give", item, tracking_id=case.tracking_id, command="reply") == "item_unreadable"
    assert await refused(office, "start", item) == "item_unreadable"
    await do(office, "give", item, tracking_id=case.tracking_id, command="reply", words="Di depan kios 12.")
    assert (await case.event(EventKind.REPLIED)).words["text"] == "Di depan kios 12."


async def test_only_the_admin_of_the_agency_in_whose_tray_it_lies_decides(office: Office) -> None:
    await office.complaints.pool.execute("insert into instansi (code, name) values ('RIAU', 'Provinsi Riau')")
    item = await put(office, letter())
    arguments: dict[str, dict[str, Any]] = {
        "give": {"tracking_id": "2000001", "command": "reply"},
        "start": {},
        "pass": {"code": "RIAU"},
        "dismiss": {"grounds": "Iklan"},
    }
    for name, given in arguments.items():
        for role in (Role.INSPECTORATE, Role.AUDITOR, Role.LEADERSHIP):
            assert await refused(office, name, item, role=role, **given) == "wrong_role"
        desk = await desk_of(office, Role.ADMIN, "RIAU")
        with pytest.raises(Refusal) as elsewhere:
            await perform(desk, f"tray {name}", {"item": item} | given)
        assert elsewhere.value.code == "wrong_instansi"
    assert len(await entries(office, AccessKind.REFUSED)) == 16
    assert await refused(office, "dismiss", item) == "purpose_needed"
    assert await refused(office, "start", item + 99) == "no_such_item"


async def test_passed_on_it_is_the_other_agencys_and_no_longer_ones_own(office: Office) -> None:
    await office.complaints.pool.execute("insert into instansi (code, name) values ('RIAU', 'Provinsi Riau')")
    item = await put(office, letter())
    assert await refused(office, "pass", item, code="KEPRI") == "item_already_there"
    assert await refused(office, "pass", item, code="ANTAH") == "unknown_instansi"
    passed = await do(office, "pass", item, code="RIAU")
    assert (passed.instansi, passed.state) == ("RIAU", "waiting")
    assert await refused(office, "start", item) == "wrong_instansi"
    (entry,) = await entries(office, AccessKind.ADMINISTERED, what="item_passed")
    assert (entry["instansi"], entry["to"]) == ("KEPRI", "RIAU")


async def test_a_dismissal_can_be_undone_for_thirty_days(office: Office) -> None:
    item = await put(office, letter())
    assert await refused(office, "undo", item) == "item_not_dismissed"
    await do(office, "dismiss", item, grounds="Iklan")
    assert (await do(office, "undo", item)).state == "waiting"
    await do(office, "dismiss", item, grounds="Iklan")
    now = office.complaints.now
    office.complaints.now = lambda: now() + KEPT + timedelta(minutes=1)
    assert await refused(office, "undo", item) == "item_gone"


async def test_more_decisions_at_once_than_there_are_connections_all_come_to_an_end(office: Office) -> None:
    many = office.complaints.pool.get_max_size() + 2
    items = [await put(office, letter(f"Surat {number}.")) for number in range(many)]
    async with asyncio.timeout(60):
        await asyncio.gather(*(do(office, "dismiss", item, grounds="Iklan") for item in items))
        told = await asyncio.gather(*(refused(office, "dismiss", items[0], grounds="Iklan") for _ in range(many)))
    assert set(told) == {"item_decided"}
    assert {await state_of(office, item) for item in items} == {ItemState.DISMISSED}


async def test_it_is_read_for_a_purpose_and_each_report_that_it_names_has_that_on_record(office: Office) -> None:
    hidden, other = await office.receive(rahasia=True), await office.receive()
    item = await put(office, letter(), hidden.tracking_id, other.tracking_id)
    auditor = await desk_of(office, Role.AUDITOR)
    with pytest.raises(Refusal) as caught:
        await show(auditor, item, None, via="cli")
    assert caught.value.code == "purpose_needed"
    reading: TrayReading = await show(auditor, item, "Periksa surat", via="cli")
    assert (reading.words, reading.subject, reading.sender) == ("Di depan kios 12.", "Laporan saya", "siti@example.org")
    assert (reading.files, reading.unreadable) == (["catatan.txt"], None)
    assert "raw" not in reading.model_dump(mode="json")
    told = await entries(office, AccessKind.READ_IDENTITY, what="tray_item")
    assert {entry["report"] for entry in told} == {hidden.tracking_id, other.tracking_id}
    desk = Desk(office.complaints, await person(office.complaints, Role.LEADERSHIP))
    with pytest.raises(Refusal):
        await show(desk, item, "Ingin tahu", via="cli")
