"""Attachments in the store and the record: encrypted, separate for each complaint, accepted whole or not at all."""

from __future__ import annotations

import asyncio
import os
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from kawal.base.errors import StorageUnavailable
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import workflow_id
from kawal.intake.attachments.refusals import AttachmentRefused, NoPublicVariant
from kawal.intake.attachments.service import AttachmentRef, Attachments
from kawal.intake.attachments.settings import MEGABYTE, AttachmentSettings
from kawal.store.access_log import AccessLog
from kawal.system import System
from tests.intake.attachments import files
from tests.intake.attachments.conftest import READER, Filing
from tests.intake.attachments.files import joined, pieces

TEXT = b"Lubang di depan kios nomor 12.\n"
NOW = timedelta(seconds=-1)


def objects(attachments: Attachments) -> list[Path]:
    assert attachments.storage.folder is not None
    return sorted(path for path in attachments.storage.folder.rglob("*") if path.is_file())


async def content(attachments: Attachments, tracking_id: str, ref: AttachmentRef, *, public: bool = False) -> bytes:
    _, stream = await attachments.open(tracking_id, ref.id, public=public, reader=READER)
    return await joined(stream)


async def refused(adding: object) -> str:
    with pytest.raises(AttachmentRefused) as caught:
        await adding  # type: ignore[misc]
    return caught.value.code


async def test_a_photo_comes_out_as_it_was_for_officials_and_without_its_place_for_the_public(
    attachments: Attachments, tracking_id: str
) -> None:
    photo = files.jpeg()
    ref = await attachments.add(tracking_id, "../IMG_2041.PNG", pieces(photo))
    assert (ref.name, ref.media_type, ref.size, ref.fresh) == ("IMG_2041.jpg", "image/jpeg", len(photo), True)
    assert await content(attachments, tracking_id, ref) == photo
    shown = await content(attachments, tracking_id, ref, public=True)
    assert len(shown) == ref.public_size
    assert files.CAMERA.encode() not in shown
    assert await attachments.list(tracking_id) == [ref]


@pytest.mark.parametrize(
    ("made", "media_type"),
    [(files.pdf(), "application/pdf"), (files.office(), "application/vnd.openxml")],
)
async def test_of_a_type_that_cannot_be_cleaned_the_public_gets_nothing(
    attachments: Attachments, tracking_id: str, made: bytes, media_type: str
) -> None:
    ref = await attachments.add(tracking_id, "x", pieces(made))
    assert ref.media_type.startswith(media_type)
    assert ref.public_size is None
    assert await content(attachments, tracking_id, ref) == made
    with pytest.raises(NoPublicVariant):
        await content(attachments, tracking_id, ref, public=True)


async def test_films_and_texts_have_a_public_variant(attachments: Attachments, tracking_id: str) -> None:
    film = await attachments.add(tracking_id, "film.mov", pieces(files.mp4()))
    assert files.PLACE not in await content(attachments, tracking_id, film, public=True)
    phone = await attachments.add(tracking_id, "IMG_1.HEIC", pieces(files.heic()))
    assert files.CAMERA.encode() not in await content(attachments, tracking_id, phone, public=True)
    text = await attachments.add(tracking_id, "catatan", pieces(TEXT))
    assert await content(attachments, tracking_id, text, public=True) == TEXT


async def test_nothing_of_it_lies_in_the_clear_neither_in_the_store_nor_in_the_database(
    attachments: Attachments, connected: System, tracking_id: str
) -> None:
    await attachments.add(tracking_id, "Siti di kantor.txt", pieces(TEXT))
    await attachments.add(tracking_id, "foto.jpg", pieces(files.jpeg()))
    for path in objects(attachments):
        held = path.read_bytes()
        assert held.startswith(b"KWAT")
        assert not any(told in held for told in (TEXT, b"JFIF", files.CAMERA.encode()))
    rows = str(await connected.pool.fetch("select a.*, a::text from attachment a"))
    assert "Siti" not in rows
    assert "kantor" not in rows


async def test_the_same_content_twice_is_one_attachment_and_one_object(
    attachments: Attachments, tracking_id: str
) -> None:
    first = await attachments.add(tracking_id, "a.txt", pieces(TEXT))
    again = await attachments.add(tracking_id, "b.txt", pieces(TEXT, 3))
    assert again == first.model_copy(update={"fresh": False})
    assert len(objects(attachments)) == 1


async def test_one_content_in_two_complaints_is_two_objects_whose_names_tell_nothing(
    attachments: Attachments, tracking_id: str, file_report: Filing
) -> None:
    other = await file_report()
    for report in (tracking_id, other):
        await attachments.add(report, "a.txt", pieces(TEXT))
    one, two = objects(attachments)
    assert one.name != two.name
    assert one.read_bytes()[41:] != two.read_bytes()[41:]


async def test_many_senders_of_one_file_at_once_make_one_attachment(attachments: Attachments, tracking_id: str) -> None:
    photo = files.jpeg()
    refs = await asyncio.gather(*(attachments.add(tracking_id, f"{n}.jpg", pieces(photo, 50 + n)) for n in range(12)))
    assert len({ref.id for ref in refs}) == 1
    assert sum(ref.fresh for ref in refs) == 1
    assert len(objects(attachments)) == 2
    assert await content(attachments, tracking_id, refs[0]) == photo
    assert await content(attachments, tracking_id, refs[0], public=True)


async def test_a_fifty_megabyte_upload_is_refused_while_it_comes_in_and_leaves_nothing(
    attachments: Attachments, tracking_id: str
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50 * MEGABYTE:
            sent += 64 * 1024
            yield b"a" * 64 * 1024

    tracemalloc.start()
    try:
        assert await refused(attachments.add(tracking_id, "besar.txt", endless())) == "too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent <= attachments.settings.max_bytes + 128 * 1024
    assert peak < 2 * MEGABYTE
    assert objects(attachments) == []


async def test_the_largest_file_allowed_comes_out_whole_and_in_bounded_memory(
    attachments: Attachments, tracking_id: str
) -> None:
    size = attachments.settings.max_bytes
    tracemalloc.start()
    try:
        ref = await attachments.add(tracking_id, "penuh.txt", pieces(b"a" * size, 64 * 1024))
        _, stream = await attachments.open(tracking_id, ref.id, public=True, reader=READER)
        read = 0
        async for piece in stream:
            read += len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == ref.size == size
    assert peak < size + 3 * MEGABYTE  # the test's own copy, and a few chunks


REFUSED = (
    (b"", "empty"),
    (b"<html><script>", "type_not_allowed"),
    (b"a" * 9000 + b"\x00", "type_not_allowed"),
    (files.jpeg()[:-60], "broken"),
    (files.jpeg()[:400], "broken"),
    (files.pdf()[:-10], "broken"),
    (files.mp4()[:-3], "broken"),
    (files.office({"word/a.xml": bytes(40_000_000)}), "bomb"),
    (files.office({"word/vbaProject.bin": b"x"}), "macros"),
)


async def test_what_is_refused_leaves_nothing(attachments: Attachments, tracking_id: str) -> None:
    for made, code in REFUSED:
        assert await refused(attachments.add(tracking_id, "x.jpg", pieces(made))) == code
        assert objects(attachments) == [], code
        assert await attachments.list(tracking_id) == [], code


async def test_a_sender_that_breaks_off_leaves_nothing(attachments: Attachments, tracking_id: str) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a" * 20_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await attachments.add(tracking_id, "x.txt", broken())
    assert objects(attachments) == []


async def test_a_complaint_takes_so_many_files_and_so_many_bytes(
    connected: System, tmp_path: Path, tracking_id: str, file_report: Filing
) -> None:
    url = (tmp_path / "few").as_uri()
    few = Attachments(connected, AttachmentSettings(url=url, max_mb=1, total_mb=1, max_count=3))
    outcomes = await asyncio.gather(
        *(few.add(tracking_id, "x.txt", pieces(b"berkas %d" % n)) for n in range(8)), return_exceptions=True
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, AttachmentRefused)]
    assert {refusal.code for refusal in refusals} == {"too_many"}
    assert len(refusals) == 5
    assert len(await few.list(tracking_id)) == 3
    other = await file_report()
    await few.add(other, "x.txt", pieces(b"a" * 700_000))
    assert await refused(few.add(other, "y.txt", pieces(b"b" * 700_000))) == "complaint_full"
    assert len(objects(few)) == 4


async def test_an_unknown_report_and_an_unknown_attachment_are_refused(
    attachments: Attachments, tracking_id: str, file_report: Filing
) -> None:
    for unknown in ("0000000", "abc", "../../x"):
        assert await refused(attachments.add(unknown, "x.txt", pieces(TEXT))) == "unknown_complaint"
    ref = await attachments.add(await file_report(), "x.txt", pieces(TEXT))
    for unknown in (ref.id, "00000000-0000-0000-0000-000000000000", "x", "..", ""):
        assert await refused(attachments.open(tracking_id, unknown, public=True, reader=READER)) == "unknown_attachment"


async def test_each_reading_of_a_rahasia_reports_attachment_is_on_record_and_no_others(
    attachments: Attachments, connected: System, tracking_id: str, file_report: Filing
) -> None:
    secret = await file_report(rahasia=True)
    log = AccessLog(connected.pool, connected.keys)
    for report in (tracking_id, secret):
        ref = await attachments.add(report, "x.txt", pieces(TEXT))
        await content(attachments, report, ref)
        await content(attachments, report, ref, public=True)
    entries = [entry async for entry in log.entries()]
    assert [(entry.kind, entry.tracking_id, entry.facts["public"]) for entry in entries] == [
        (AccessKind.READ_REPORT, secret, False),
        (AccessKind.READ_REPORT, secret, True),
    ]
    assert {entry.actor.account for entry in entries} == {READER.account}
    assert {entry.facts["attachment"] for entry in entries} == {ref.id}


async def test_an_object_that_was_changed_swapped_or_lost_is_never_given_out(
    attachments: Attachments, tracking_id: str
) -> None:
    one = await attachments.add(tracking_id, "x.txt", pieces(TEXT))
    (path,) = objects(attachments)
    whole = path.read_bytes()
    await attachments.add(tracking_id, "y.txt", pieces(b"lain sekali"))
    (other,) = set(objects(attachments)) - {path}
    for wrong in (whole[:-1], whole[:30], b"", whole[:60] + b"\x00" + whole[61:], other.read_bytes()):
        path.write_bytes(wrong)
        with pytest.raises(StorageUnavailable):
            await content(attachments, tracking_id, one)
    path.unlink()
    with pytest.raises(StorageUnavailable):
        await content(attachments, tracking_id, one)


async def test_with_its_key_destroyed_nothing_of_it_can_be_had(
    attachments: Attachments, connected: System, tracking_id: str
) -> None:
    ref = await attachments.add(tracking_id, "x.txt", pieces(TEXT))
    async with connected.pool.acquire() as conn:
        await connected.keys.destroy(conn, workflow_id(tracking_id), "admin", "permintaan pelapor")
    assert await refused(attachments.open(tracking_id, ref.id, public=False, reader=READER)) == "erased"
    assert await refused(attachments.list(tracking_id)) == "erased"
    assert await refused(attachments.add(tracking_id, "y.txt", pieces(TEXT))) == "erased"
    assert await attachments.remove_all(tracking_id) == 1
    assert objects(attachments) == []


async def test_removing_all_of_one_complaint_leaves_the_others(
    attachments: Attachments, tracking_id: str, file_report: Filing
) -> None:
    other = await file_report()
    kept = await attachments.add(other, "x.jpg", pieces(files.jpeg()))
    await attachments.add(tracking_id, "x.jpg", pieces(files.jpeg()))
    await attachments.add(tracking_id, "x.txt", pieces(TEXT))
    assert await attachments.remove_all(tracking_id) == 2
    assert await attachments.remove_all(tracking_id) == 0
    assert await attachments.list(tracking_id) == []
    assert {path.parent.name for path in objects(attachments)} == {other}
    assert await content(attachments, other, kept) == files.jpeg()


async def test_the_sweep_removes_what_no_row_names_once_it_is_old_and_nothing_else(
    attachments: Attachments, connected: System, tracking_id: str
) -> None:
    kept = await attachments.add(tracking_id, "x.jpg", pieces(files.jpeg()))
    gone = await attachments.add(tracking_id, "x.txt", pieces(TEXT))
    await connected.pool.execute("delete from attachment where id = $1", gone.id)
    await attachments.storage.put_incoming(pieces(b"putus"))
    assert attachments.storage.folder is not None
    (attachments.storage.folder / "incoming" / "abc#1").write_bytes(b"terpotong")
    (attachments.storage.folder / "milik orang lain").write_bytes(b"bukan milik Kawal")
    assert await attachments.sweep() == 0
    assert await attachments.sweep(NOW) == 3
    assert await attachments.sweep(NOW) == 0
    assert await content(attachments, tracking_id, kept) == files.jpeg()
    assert await content(attachments, tracking_id, kept, public=True)
    assert len(objects(attachments)) == 3


async def test_sweeping_beside_uploads_never_removes_what_is_about_to_be_named(
    attachments: Attachments, connected: System, tracking_id: str
) -> None:
    # An old orphan is where the same content is uploaded again: it gets a new object in its place.
    for _ in range(5):
        ref = await attachments.add(tracking_id, "x.txt", pieces(TEXT))
        await connected.pool.execute("delete from attachment where id = $1", ref.id)
        for path in objects(attachments):
            os.utime(path, (0, 0))
        again, _ = await asyncio.gather(attachments.add(tracking_id, "x.txt", pieces(TEXT)), attachments.sweep())
        assert await content(attachments, tracking_id, again) == TEXT
        await attachments.remove_all(tracking_id)


async def test_the_folder_is_its_owners_alone_and_limits_come_from_the_environment(
    attachments: Attachments, tmp_path: Path
) -> None:
    assert attachments.storage.folder == tmp_path / "attachments"
    assert attachments.storage.folder.stat().st_mode & 0o077 == 0
    chosen = AttachmentSettings.from_env(
        tmp_path, {"KAWAL_ATTACHMENTS_URL": "s3://ember/kawal", "KAWAL_ATTACHMENT_MAX_MB": "3"}
    )
    assert (chosen.url, chosen.max_bytes) == ("s3://ember/kawal", 3 * MEGABYTE)
    with pytest.raises(ValueError, match="url"):
        AttachmentSettings.from_env(tmp_path, {"KAWAL_ATTACHMENTS_URL": "http://x/"})
