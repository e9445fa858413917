"""Photos in the form itself: kept with the report, once, and never a reason to lose it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from kawal.domain.names import EventKind
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from tests.intake.attachments.files import jpeg, pieces
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
    assert "jpeg" not in first.json()[0]["service_notice"]
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


async def test_no_file_of_a_report_a_reply_or_a_follow_up_is_public(sender: Sender) -> None:
    answer = await send(
        sender, "requests", FORM | {"media_url": "https://fms.example/photo/1.jpeg"}, a=("a.jpeg", jpeg())
    )
    number = answer.json()[0]["service_request_id"]
    case = await sender.case(number)
    await case.forward()
    attachments = attachments_of(sender)
    after, reply = [(await attachments.add(number, "a.jpg", pieces(photo(one)))).id for one in ("green", "blue")]
    await case.reporter("reply", text="Ini fotonya.", files=[reply])
    await case.liaison("DPUPR", "follow_up", text="Sudah ditambal.", files=[after])
    (told,) = (await sender.get(f"requests/{number}.json")).json()
    updates = (await sender.get("servicerequestupdates.json")).json()
    assert updates[-1]["description"] == "Sudah ditambal."
    assert {one["media_url"] for one in (told, *updates)} == {None}
    assert "fms.example" not in str((told, updates))
    for kept_file in await attachments.list(number):
        assert_error(await sender.client.get(f"{V2}/photos/{kept_file.id}"), 404)


def attachments_of(sender: Sender) -> Attachments:
    connection = sender.office.complaints.system
    return Attachments(connection, AttachmentSettings.from_env(connection.settings.home, {}))
