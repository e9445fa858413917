"""Photos in the form itself: kept with the report, once, and never a reason to lose it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from domain.names import EventKind
from intake.attachments.keeping import Attachments
from intake.attachments.settings import AttachmentSettings
from tests.intake.attachments.files import CAMERA, jpeg, pieces
from tests.intake.open311.conftest import FORM, V2, Sender
from tests.intake.open311.test_geo_report import assert_error
from tests.intake.open311.test_updates import comment

PROGRAM = b"MZ\x90\x00" * 50


def photo(colour: str = "red") -> bytes:
    into = BytesIO()
    Image.new("RGB", (32, 24), colour).save(into, "JPEG")
    return into.getvalue()


async def send(sender: Sender, method: str, form: dict[str, Any], **files: tuple[str, bytes]) -> httpx.Response:
    given = {"api_key": sender.key} | form
    return await sender.client.post(f"{V2}/{method}.json", data=given, files=files)


async def kept(sender: Sender, number: str) -> list[tuple[str, str]]:
    found = await attachments_of(sender).list(number)
    return sorted((one.name, one.media_type) for one in found)


async def test_photos_in_the_form_are_kept_with_the_report_also_when_it_is_sent_again(sender: Sender) -> None:
    form = FORM | {"attribute[fixmystreet_id]": "80"}
    files = {"photo1": ("satu.jpeg", photo()), "photo2": ("dua.jpeg", photo("blue"))}
    first = await send(sender, "requests", form, **files)
    assert first.status_code == 201, first.text
    assert first.json()[0]["service_notice"] is None
    again = await send(sender, "requests", form, **files)
    assert again.json() == first.json()
    number = first.json()[0]["service_request_id"]
    assert await kept(sender, number) == [("dua.jpg", "image/jpeg"), ("satu.jpg", "image/jpeg")]


async def test_a_file_that_is_not_taken_is_named_and_the_report_stands(sender: Sender) -> None:
    response = await send(sender, "requests", FORM, photo1=("virus.jpeg", PROGRAM), photo2=("a.jpeg", photo()))
    assert response.status_code == 201
    assert "virus.jpeg" in response.json()[0]["service_notice"]
    assert await kept(sender, response.json()[0]["service_request_id"]) == [("a.jpg", "image/jpeg")]


async def test_a_photo_of_an_update_comes_with_its_reply(sender: Sender) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    form = {name: value for name, value in comment(number, description="").items() if value is not None}
    response = await send(sender, "servicerequestupdates", form, photo1=("a.jpeg", photo()))
    assert response.status_code == 200, response.text
    again = await send(sender, "servicerequestupdates", form, photo1=("a.jpeg", photo()))
    assert again.content == response.content
    (reply,) = await case.events(EventKind.REPLIED)
    assert reply.words["text"] == "Pelapor menambahkan foto."
    assert len(reply.words["files"]) == 1
    broken = await send(sender, "servicerequestupdates", form | {"update_id": "9"}, photo1=("a.jpeg", PROGRAM))
    assert_error(broken, 400)
    assert len(await case.events(EventKind.REPLIED)) == 1


async def media_of(sender: Sender, number: str) -> str | None:
    told: str | None = (await sender.get(f"requests/{number}.json")).json()[0]["media_url"]
    return told


async def test_a_public_reports_picture_is_shown_without_what_its_metadata_tell(sender: Sender) -> None:
    answer = await send(sender, "requests", FORM, photo1=("a.jpeg", jpeg()))
    number = answer.json()[0]["service_request_id"]
    await sender.case(number)
    address = await media_of(sender, number)
    assert address is not None
    assert address.startswith("http://kawal.test/open311/v2/photos/")
    shown = await sender.client.get(address)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/jpeg"
    assert (shown.headers["x-content-type-options"], shown.headers["cross-origin-resource-policy"]) == (
        "nosniff",
        "cross-origin",
    )
    assert CAMERA.encode() not in shown.content
    assert not Image.open(BytesIO(shown.content)).getexif()
    await sender.office.complaints.pool.execute("update complaint set anonim = true where tracking_id = $1", number)
    assert_error(await sender.client.get(address), 404)


async def test_an_anonim_or_rahasia_reports_picture_and_a_paper_are_shown_to_nobody(sender: Sender) -> None:
    for hidden in ("anonim", "rahasia"):
        form = FORM | {f"attribute[{hidden}]": "ya", "media_url": "https://fms.example/photo/1.jpeg"}
        answer = await send(sender, "requests", form, photo1=("a.jpeg", photo()))
        told = answer.json()[0]
        number = told.get("service_request_id") or told["token"].partition("-")[0]
        await sender.case(number)
        for line in (await sender.get("requests.json", service_request_id=number)).json():
            assert line["media_url"] is None
        assert_error(await sender.client.get(f"{V2}/photos/{await only_attachment(sender, number)}"), 404)
    paper = await send(sender, "requests", FORM, photo1=("a.txt", b"Surat keterangan"))
    number = paper.json()[0]["service_request_id"]
    await sender.case(number)
    assert await media_of(sender, number) is None
    assert_error(await sender.client.get(f"{V2}/photos/{await only_attachment(sender, number)}"), 404)
    assert_error(await sender.client.get(f"{V2}/photos/entah"), 404)


async def test_a_follow_ups_picture_comes_with_its_update_and_a_replys_with_none(sender: Sender) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    await case.forward()
    attachments = attachments_of(sender)
    after, reply = [(await attachments.add(number, "a.jpg", pieces(photo(one)))).id for one in ("green", "blue")]
    await case.reporter("reply", text="Ini fotonya.", files=[reply])
    await case.liaison("DPUPR", "follow_up", text="Sudah ditambal.", files=[after])
    found = (await sender.get("servicerequestupdates.json")).json()
    assert [one["media_url"] for one in found if one["media_url"]] == [f"http://kawal.test{V2}/photos/{after}"]
    assert found[-1]["description"] == "Sudah ditambal."
    assert (await sender.client.get(found[-1]["media_url"])).headers["content-type"] == "image/jpeg"
    assert_error(await sender.client.get(f"{V2}/photos/{reply}"), 404)
    assert await media_of(sender, number) is None


async def only_attachment(sender: Sender, number: str) -> str:
    (one,) = await attachments_of(sender).list(number)
    return one.id


def attachments_of(sender: Sender) -> Attachments:
    connection = sender.office.complaints.connection
    return Attachments(connection, AttachmentSettings.from_env(connection.settings.home, {}))
