"""Releasing and redacting, from the desk to what the public reads: who may, what then stands, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from kawal.audit.proof.findings import FindingCollector
from kawal.audit.proof.verify_public import public_versions
from kawal.desks.publicity import PublicityResult
from kawal.desks.table import Desk, perform
from kawal.domain.names import EventKind, Role
from kawal.domain.publicity import REDACTED
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.store.public_reports import PublicReports
from kawal.store.side_acts import SideAct, SideActKind
from kawal.store.word_search import WordSearch
from tests.intake.attachments.files import CAMERA, joined, jpeg, pieces, png, webp
from tests.intake.conftest import live
from tests.intake.conftest import shared_office as office
from tests.workflows.conftest import Opening
from tests.workflows.life import VERIFYING, Case, Office

__all__ = ["office"]

TITLE = "Jalan rusak depan rumah Pak Budi"
TEXT = "Lubang di depan rumah Pak Budi, tetangganya Wati jatuh."


async def filed(office: Office, **fields: Any) -> Case:
    return await office.receive(**{"title": TITLE, "text": TEXT, **fields})


async def verified(office: Office, *, pengawasan: bool = False, **fields: Any) -> Case:
    case = await filed(office, **fields)
    await case.admin("verify", **VERIFYING | {"title": TITLE, "pengawasan": pengawasan})
    return case


async def desk(case: Case, role: Role) -> Desk:
    return Desk(case.office.complaints, await case.person(role))


async def act(case: Case, role: Role, name: str, **given: Any) -> PublicityResult:
    done: PublicityResult = await perform(await desk(case, role), name, {"tracking_id": case.tracking_id, **given})
    return done


async def release(case: Case, role: Role = Role.INSPECTORATE, **given: Any) -> PublicityResult:
    return await act(case, role, "public release", **(given or {"all_words": True}))


async def redact(case: Case, *passages: str, role: Role = Role.ADMIN, **given: Any) -> PublicityResult:
    return await act(case, role, "public redact", passages=list(passages), why="Nama tetangga", **given)


async def public_row(case: Case) -> Any:
    return await case.office.complaints.pool.fetchrow(
        "select title, body, place, words_until, redacted_why from public_report where tracking_id = $1",
        case.tracking_id,
    )


async def public_file(case: Case) -> Any:
    return await case.office.complaints.pool.fetchrow(
        "select redacted_why, size from public_file where tracking_id = $1", case.tracking_id
    )


async def acts_on(case: Case) -> list[SideAct]:
    return await case.office.complaints.record.side_acts.of(case.tracking_id)


async def refused(case: Case, code: str, role: Role, name: str, **given: Any) -> None:
    with pytest.raises(Refusal) as caught:
        await act(case, role, name, **given)
    assert caught.value.code == code
    assert (await case.refusals_on_record())[-1] == code


REDACTING: dict[str, Any] = {"passages": ["Wati"], "why": "Nama"}


def attachments_of(office: Office) -> Attachments:
    connected = office.complaints.system
    return Attachments(connected, AttachmentSettings.from_env(connected.settings.home, {}))


async def photo(case: Case, content: bytes | None = None, name: str = "lubang.jpg") -> str:
    added = await attachments_of(case.office).add(case.tracking_id, name, pieces(content or jpeg()))
    return added.id


# --- Words -----------------------------------------------------------------------------------------------------------


async def test_replaced_passages_are_gone_from_the_public_words_and_search_and_the_original_stays(
    open_office: Opening,
) -> None:
    async with live(open_office) as office:
        case = await verified(office)
        await redact(case, "Pak Budi", "Wati")
        row = await public_row(case)
        assert row["title"] == f"Jalan rusak depan rumah {REDACTED}"
        assert row["body"] == f"Lubang di depan rumah {REDACTED}, tetangganya {REDACTED} jatuh."
        assert row["redacted_why"] == "Nama tetangga"
        pool = office.complaints.pool
        search = WordSearch(pool)
        assert await search.public("Wati", None, 10) == []
        assert await search.public("disunting", None, 10) == []
        (found,) = await search.public("lubang", None, 10)
        assert found.title == row["title"]
        assert await pool.fetchval("select body from complaint where tracking_id = $1", case.tracking_id) == TEXT
        (own,) = await PublicReports(pool, "KEPRI", []).own(case.tracking_id)
        assert (own["title"], own["body"]) == (TITLE, TEXT)


async def test_each_redaction_adds_to_the_last_and_both_are_on_record_sealed(office: Office) -> None:
    case = await verified(office)
    await redact(case, "Wati")
    await redact(case, "Pak Budi", "tetangganya")
    assert (await public_row(case))["body"] == f"Lubang di depan rumah {REDACTED}, {REDACTED} {REDACTED} jatuh."
    acts = await acts_on(case)
    assert [one.kind for one in acts] == [SideActKind.REDACTED] * 2
    assert acts[0].words["passages"] == ["Wati"]
    stored = "".join(str(row) for row in await office.complaints.pool.fetch("select * from side_act"))
    assert "Wati" not in stored
    assert "Nama tetangga" not in stored


async def test_a_redaction_before_verification_stays_through_it_and_later_events(office: Office) -> None:
    case = await filed(office)
    await redact(case, "Wati")
    assert await public_row(case) is None
    await case.admin("verify", **VERIFYING | {"title": "Jalan berlubang"})
    await case.admin("forward", opds=["DPUPR"])
    await case.follow_up(final=True)
    await case.reporter("accept", rating=5)
    row = await public_row(case)
    assert (row["title"], row["body"]) == ("Jalan berlubang", TEXT.replace("Wati", REDACTED))


async def test_a_report_that_has_ended_can_still_be_redacted(office: Office) -> None:
    case = await filed(office)
    await case.close()
    await redact(case, "Wati")
    assert "Wati" not in (await public_row(case))["body"]


async def test_passages_of_a_follow_up_are_replaced_too(office: Office) -> None:
    case = await verified(office)
    await case.admin("forward", opds=["DPUPR"])
    await case.liaison("DPUPR", "follow_up", text="Sudah ditambal bersama Wati dan Joko.", final=True)
    seq = (await case.event(EventKind.FOLLOWED_UP)).seq
    await redact(case, "Wati", follow_up=seq)
    await redact(case, "Joko", follow_up=seq)
    versions = office.complaints.record.public_versions
    shown = {(case.tracking_id, seq): f"Sudah ditambal bersama {REDACTED} dan {REDACTED}."}
    assert await versions.follow_ups([case.tracking_id]) == shown
    await refused(
        case, "publicity_no_follow_up", Role.ADMIN, "public redact", follow_up=1, passages=["Jalan"], why="Nama"
    )


async def test_the_reason_is_masked_as_all_public_words_are(office: Office) -> None:
    case = await verified(office)
    await act(case, Role.ADMIN, "public redact", passages=["Wati"], why="Diminta Siti Aminah, 0812 3456 7890")
    why = (await public_row(case))["redacted_why"]
    assert "Siti" not in why
    assert "3456" not in why


async def test_a_replaced_place_takes_the_exact_point_with_it(office: Office) -> None:
    place = {"text": "Jalan Mawar 3", "latitude": 0.91861234, "longitude": 104.46653456}
    case = await verified(office, place=place)
    await redact(case, "Mawar 3")
    point = await office.complaints.pool.fetchrow(
        "select latitude, longitude from public_report where tracking_id = $1", case.tracking_id
    )
    assert tuple(point) == (0.92, 104.47)


# --- Redacting anew ---------------------------------------------------------------------------------------------------


async def verified_as_a_whole(office: Office) -> None:
    """Check that what the public reads is what the acts give, and what the board shows."""
    pool, report = office.complaints.pool, FindingCollector()
    async with pool.acquire() as conn:
        await public_versions(conn, office.complaints.record.keys, report)
    assert report.finish().findings == []


async def test_words_redacted_anew_set_out_from_what_was_written(open_office: Opening) -> None:
    async with live(open_office) as office:
        case = await verified(office)
        await redact(case, "Pak Budi", "Lubang")
        await redact(case, "Wati", anew=True)
        row = await public_row(case)
        assert (row["title"], row["body"]) == (TITLE, TEXT.replace("Wati", REDACTED))
        assert [one.title for one in await WordSearch(office.complaints.pool).public("Budi", None, 10)] == [TITLE]
        await verified_as_a_whole(office)


async def test_a_redaction_is_taken_back_as_a_new_version_and_the_history_of_all_is_kept(office: Office) -> None:
    case = await verified(office)
    await redact(case, "Wati")
    await redact(case, anew=True)
    row = await public_row(case)
    assert (row["title"], row["body"], row["redacted_why"]) == (TITLE, TEXT, None)
    acts = await acts_on(case)
    assert [one.facts.get("restored", False) for one in acts] == [False, True]
    assert (acts[0].words["passages"], acts[1].words["why"]) == (["Wati"], "Nama tetangga")
    await verified_as_a_whole(office)
    await refused(case, "publicity_not_redacted", Role.ADMIN, "public redact", anew=True, why="Keliru")


async def test_words_taken_back_follow_later_steps_again(office: Office) -> None:
    case = await filed(office)
    await redact(case, "Pak Budi")
    await redact(case, anew=True)
    await case.admin("verify", **VERIFYING | {"title": "Jalan berlubang"})
    assert (await public_row(case))["title"] == "Jalan berlubang"
    await verified_as_a_whole(office)


async def test_a_redaction_of_released_words_is_taken_back_by_the_inspectorate_alone(office: Office) -> None:
    case = await verified(office, pengawasan=True)
    await redact(case, "Wati", role=Role.INSPECTORATE)
    await release(case)
    await refused(case, "publicity_inspectorate", Role.ADMIN, "public redact", anew=True, why="Keliru")
    await redact(case, role=Role.INSPECTORATE, anew=True)
    row = await public_row(case)
    assert (row["title"], row["body"]) == (TITLE, TEXT)
    await verified_as_a_whole(office)


async def test_a_follow_ups_redaction_is_made_anew_and_taken_back(office: Office) -> None:
    case = await verified(office)
    await case.admin("forward", opds=["DPUPR"])
    await case.liaison("DPUPR", "follow_up", text="Ditambal bersama Wati dan Joko.", final=True)
    seq = (await case.event(EventKind.FOLLOWED_UP)).seq
    versions = office.complaints.record.public_versions
    await refused(case, "publicity_not_redacted", Role.ADMIN, "public redact", anew=True, follow_up=seq, why="Keliru")
    await redact(case, "Wati", follow_up=seq)
    await redact(case, "Joko", follow_up=seq, anew=True)
    assert await versions.follow_ups([case.tracking_id]) == {
        (case.tracking_id, seq): f"Ditambal bersama Wati dan {REDACTED}."
    }
    await verified_as_a_whole(office)
    await redact(case, follow_up=seq, anew=True)
    assert await versions.follow_ups([case.tracking_id]) == {}
    await verified_as_a_whole(office)


async def test_a_redaction_that_names_nothing_is_malformed_unless_it_is_made_anew(office: Office) -> None:
    case = await verified(office)
    for name, given in (("public redact", {}), ("public redact-picture", {"file": await photo(case)})):
        with pytest.raises(Refusal) as caught:
            await act(case, Role.ADMIN, name, why="Nama", **given)
        assert caught.value.code == "malformed"


# --- Words under supervision -----------------------------------------------------------------------------------------


async def test_the_inspectorate_releases_what_stands_now_and_nothing_that_comes_later(office: Office) -> None:
    case = await verified(office, pengawasan=True)
    await case.admin("forward", opds=["DPUPR"])
    await case.follow_up()
    assert await public_row(case) is None
    await release(case)
    until = (await case.events())[-1].seq
    row = await public_row(case)
    assert (row["title"], row["body"], row["words_until"]) == (TITLE, TEXT, until)
    await case.follow_up(final=True)
    steps = PublicReports(office.complaints.pool, "KEPRI", [str(EventKind.FOLLOWED_UP)])
    span = (datetime(2022, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    assert [one["seq"] for one in await steps.events(span, [case.tracking_id], (10, 0))] == [until]
    await release(case)
    assert len(await steps.events(span, [case.tracking_id], (10, 0))) == 2


async def test_reclassifying_to_supervision_hides_at_once_and_voids_what_was_released(office: Office) -> None:
    case = await verified(office, pengawasan=True)
    await redact(case, "Wati", role=Role.INSPECTORATE)
    await release(case)
    assert (await public_row(case))["body"] == TEXT.replace("Wati", REDACTED)
    await case.reclassify("aspirasi")
    assert await public_row(case) is not None
    await case.reclassify("pengaduan", pengawasan=True)
    assert await public_row(case) is None
    await case.reclassify("aspirasi")
    assert await public_row(case) is None
    await release(case)
    assert "Wati" not in (await public_row(case))["body"]


async def test_only_the_inspectorate_decides_about_words_that_are_or_were_under_supervision(office: Office) -> None:
    case = await verified(office, pengawasan=True)
    await refused(case, "publicity_inspectorate", Role.ADMIN, "public release", all_words=True)
    await case.reclassify("aspirasi")
    await refused(case, "publicity_inspectorate", Role.ADMIN, "public redact", **REDACTING)


async def test_what_the_rules_do_not_allow_is_refused_on_record_and_nothing_is_changed(office: Office) -> None:
    case = await verified(office)
    await refused(case, "publicity_not_withheld", Role.ADMIN, "public release", all_words=True)
    await refused(case, "publicity_no_item", Role.INSPECTORATE, "public redact", **REDACTING)
    await refused(case, "publicity_no_passage", Role.ADMIN, "public redact", passages=["Wati", "Joko"], why="Nama")
    await refused(case, "wrong_role", Role.AUDITOR, "public redact", **REDACTING)
    await refused(case, "unknown_files", Role.ADMIN, "public release", file="00000000-0000-4000-8000-000000000000")
    secret = await verified(office, rahasia=True)
    await refused(secret, "publicity_rahasia", Role.ADMIN, "public redact", **REDACTING)
    await refused(secret, "publicity_rahasia", Role.ADMIN, "public release", file=await photo(secret))
    assert await acts_on(case) == await acts_on(secret) == []
    for given in ({}, {"all_words": True, "file": "00000000-0000-4000-8000-000000000000"}, {"file": "x"}):
        with pytest.raises(Refusal) as caught:
            await act(case, Role.ADMIN, "public release", **given)
        assert caught.value.code == "malformed"


async def test_what_its_reporter_conceals_as_rahasia_leaves_nothing_public_behind(office: Office) -> None:
    case = await verified(office)
    await redact(case, "Wati")
    await release(case, Role.ADMIN, file=await photo(case))
    await case.reporter("conceal", anonim=False, rahasia=True)
    assert await public_row(case) is None
    pool = office.complaints.pool
    for table in ("public_version", "public_follow_up", "public_file_version"):
        left = f"select count(*) from {table} where tracking_id::text = $1"  # noqa: S608 - own names
        assert await pool.fetchval(left, case.tracking_id) == 0, table


# --- Files -----------------------------------------------------------------------------------------------------------


async def test_no_file_is_public_until_it_is_released_and_then_only_without_its_metadata(office: Office) -> None:
    case = await verified(office)
    attachments = attachments_of(office)
    file, other = await photo(case), await photo(case, b"Catatan lain.\n", "catatan.txt")
    with pytest.raises(AttachmentRefused):
        await attachments.open_public(case.tracking_id, file)
    await release(case, Role.ADMIN, file=file)
    ref, content = await attachments.open_public(case.tracking_id, file)
    shown = await joined(content)
    assert (ref.id, ref.name, ref.media_type) == (file, f"{file}.jpg", "image/jpeg")
    assert CAMERA.encode() not in shown
    assert shown.startswith(b"\xff\xd8")
    with pytest.raises(AttachmentRefused):
        await attachments.open_public(case.tracking_id, other)
    await refused(case, "publicity_released_already", Role.ADMIN, "public release", file=file)


async def test_a_released_file_of_a_report_whose_words_are_withheld_is_not_public(office: Office) -> None:
    case = await verified(office, pengawasan=True)
    file = await photo(case)
    await release(case, Role.ADMIN, file=file)
    attachments = attachments_of(office)
    with pytest.raises(AttachmentRefused):
        await attachments.open_public(case.tracking_id, file)
    await release(case)
    await attachments.open_public(case.tracking_id, file)
    await case.reclassify("aspirasi")
    await case.reclassify("pengaduan", pengawasan=True)
    await release(case)
    with pytest.raises(AttachmentRefused):
        await attachments.open_public(case.tracking_id, file)
    await release(case, Role.ADMIN, file=file)
    await attachments.open_public(case.tracking_id, file)


# --- Pictures --------------------------------------------------------------------------------------------------------

LEFT = "0,0,16,64"


def pixels(content: bytes) -> Any:
    return Image.open(BytesIO(content)).convert("RGB")


async def black_out(case: Case, file: str, *areas: str, role: Role = Role.ADMIN) -> PublicityResult:
    return await act(case, role, "public redact-picture", file=file, areas=list(areas), why="Wajah")


async def shown(case: Case, file: str) -> bytes:
    _, content = await attachments_of(case.office).open_public(case.tracking_id, file)
    return await joined(content)


@pytest.mark.parametrize("picture", [jpeg, png, webp])
async def test_what_is_blacked_out_is_gone_from_the_public_picture_and_the_original_stays(
    office: Office, picture: Callable[[], bytes]
) -> None:
    case, content = await verified(office), picture()
    file = await photo(case, content, "lubang")
    await release(case, Role.ADMIN, file=file)
    before = pixels(await shown(case, file))
    await black_out(case, file, LEFT)
    after = pixels(await shown(case, file))
    assert after.size == before.size
    assert after.getpixel((4, 10)) == (0, 0, 0)
    assert sum(after.getpixel((before.width - 3, before.height - 3))) > 200
    _, original = await attachments_of(office).open(case.tracking_id, file, public=False, reader=None)
    assert await joined(original) == content
    listed = await public_file(case)
    assert listed["redacted_why"] == "Wajah"
    assert listed["size"] == len(await shown(case, file))


async def test_a_second_redaction_adds_to_the_first_and_may_come_before_the_release(office: Office) -> None:
    case = await verified(office)
    file = await photo(case, png(), "lubang.png")
    await black_out(case, file, "0,0,4,4")
    with pytest.raises(AttachmentRefused):
        await shown(case, file)
    await black_out(case, file, "28,60,900,900")
    await release(case, Role.ADMIN, file=file)
    seen = pixels(await shown(case, file))
    assert seen.getpixel((1, 1)) == (0, 0, 0)
    assert seen.getpixel((seen.width - 1, seen.height - 1)) == (0, 0, 0)
    assert await attachments_of(office).sweep(timedelta(0)) == 0
    assert pixels(await shown(case, file)).getpixel((1, 1)) == (0, 0, 0)


async def test_what_cannot_be_blacked_out_is_refused_on_record(office: Office) -> None:
    case = await verified(office)
    file, note = await photo(case), await photo(case, b"Catatan lain.\n", "catatan.txt")
    given = {"areas": [LEFT], "why": "Wajah"}
    await refused(case, "publicity_picture", Role.ADMIN, "public redact-picture", file=note, **given)
    outside = {"areas": ["5000,0,10,10"], "why": "Wajah"}
    await refused(case, "publicity_picture", Role.ADMIN, "public redact-picture", file=file, **outside)
    missing = "00000000-0000-4000-8000-000000000000"
    await refused(case, "unknown_files", Role.ADMIN, "public redact-picture", file=missing, **given)
    await refused(case, "publicity_no_item", Role.INSPECTORATE, "public redact-picture", file=file, **given)
    assert await acts_on(case) == []
    for area in ("0,0,0,4", "-1,0,4,4", "a,b,c,d", "0,0,4"):
        with pytest.raises(Refusal) as caught:
            await black_out(case, file, area)
        assert caught.value.code == "malformed"


async def test_a_picture_is_blacked_out_anew_or_shown_whole_again_and_every_form_stays_stored(office: Office) -> None:
    case, attachments = await verified(office), attachments_of(office)
    file = await photo(case, png(), "lubang.png")
    await release(case, Role.ADMIN, file=file)
    whole = await shown(case, file)
    given: dict[str, Any] = {"file": file, "why": "Keliru", "anew": True}
    await refused(case, "publicity_not_redacted", Role.ADMIN, "public redact-picture", **given)
    await refused(case, "publicity_not_redacted", Role.ADMIN, "public redact-picture", areas=[LEFT], **given)
    await black_out(case, file, "0,0,4,4")
    await act(case, Role.ADMIN, "public redact-picture", areas=["28,60,900,900"], **given)
    seen = pixels(await shown(case, file))
    assert seen.getpixel((1, 1)) == pixels(whole).getpixel((1, 1))
    assert seen.getpixel((seen.width - 1, seen.height - 1)) == (0, 0, 0)
    await act(case, Role.ADMIN, "public redact-picture", **given)
    assert await shown(case, file) == whole
    assert (await public_file(case))["redacted_why"] is None
    await verified_as_a_whole(office)
    await black_out(case, file, LEFT)
    assert pixels(await shown(case, file)).getpixel((4, 10)) == (0, 0, 0)
    await verified_as_a_whole(office)
    stored = [one.path async for one in attachments.storage.under(case.tracking_id)]
    assert sorted(path.rpartition(".")[2] for path in stored if ".public-" in path) == [
        "public-1",
        "public-2",
        "public-3",
    ]
