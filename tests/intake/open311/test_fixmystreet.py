"""What FixMyStreet's own client sends, byte by byte as observed, and how it understands the answers.

Recorded from perllib/Open311.pm of mysociety/fixmystreet at 3092ba7a (docs/intake-open311.md says how); its way of
parsing an answer (an element without content is nothing, lists by their members' names) is reimplemented here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest

from kawal.domain.names import EventKind
from kawal.intake.open311.arguments import day_of
from kawal.intake.open311.faults import Fault
from tests.intake.open311.conftest import POTHOLE, V2, Sender, row, xml
from tests.intake.open311.test_updates import updates

HEADERS = {"TE": "deflate,gzip;q=0.3", "Connection": "TE, close", "User-Agent": "libwww-perl/6.68"}
FORM = HEADERS | {"Content-Type": "application/x-www-form-urlencoded"}
REPORT = (
    "attribute%5Bfixmystreet_id%5D=80&attribute%5Blast_name%5D=Aminah&last_name=Aminah&first_name=Siti&lat=0.918612"
    "&attribute%5Btitle%5D=Ibu&attribute%5Breport_title%5D=Lubang+besar&email=siti%40example.org"
    "&attribute%5Btanggal_kejadian%5D=&attribute%5Bentah%5D=&attribute%5Brahasia%5D=&attribute%5Bjudul%5D="
    "&service_code={service}&api_key={key}&jurisdiction_id=KEPRI&attribute%5Bklasifikasi%5D="
    "&phone=%2B62+812+3456+7890&media_url=https%3A%2F%2Ffms.example%2Fphoto%2F80.0.full.jpeg%3Fx%3D1"
    "&long=104.466535&attribute%5Bopd%5D=&description=Lubang+besar+%C2%AB%C3%BC%C2%BB%0D%0A%0D%0ADi+depan+pasar.%0D%0A"
    "Motor+sering+jatuh+%E2%80%94+bahaya.%0D%0A%0D%0Ahttps%3A%2F%2Ffms.example%2Freport%2F80%0D%0A"
    "&attribute%5Banonim%5D="
)
SEVERAL_PHOTOS = (
    "deviceid=iOS&attribute%5Beasting%5D=123&attribute%5Bfixmystreet_id%5D=81&email=siti%40example.org&lat=0.918612"
    "&attribute%5Bservice_request_id_ext%5D=81&first_name=Siti&last_name=Aminah&phone=%2B62+812+3456+7890"
    "&api_key={key}&jurisdiction_id=KEPRI&service_code={service}"
    "&description=title%3A+Lubang+besar%0D%0A%0D%0Adetail%3A+Di+depan+pasar.%0D%0A%0D%0A"
    "url%3A+https%3A%2F%2Ffms.example%2Freport%2F81%0D%0A%0D%0ASubmitted+via+FixMyStreet%0D%0A&long=104.466535"
    "&media_url=https%3A%2F%2Ffms.example%2Fphoto%2F81.0.full.jpeg%3Fx%3D1"
    "&media_url=https%3A%2F%2Ffms.example%2Fphoto%2F81.1.full.jpeg%3Fx%3D2"
)
NO_PIN = (
    "address_id=%23NOTPINPOINTED%23&attribute%5Bfixmystreet_id%5D=82&first_name=&last_name=&service_code={service}"
    "&jurisdiction_id=KEPRI&description=Lubang%0D%0A%0D%0ADi+pasar.%0D%0A%0D%0Au%0D%0A&api_key={key}"
)
COMMENT = (
    "first_name=Siti&update_id=248&status={status}&last_name=Aminah&email=siti%40example.org&phone=%2B62+812+3456+7890"
    "&jurisdiction_id=KEPRI&media_url=https%3A%2F%2Ffms.example%2Fphoto%2Fc%2F248.0.full.jpeg%3Fy"
    "&description=Makin+besar+%E2%80%94+sungguh.&api_key={key}&updated_datetime=2026-11-25T08%3A25%3A02%2B07%3A00"
    "&service_request_id={number}"
)


async def posted(sender: Sender, path: str, body: str, **given: str) -> httpx.Response:
    content = body.format(key=sender.key, service=POTHOLE, **given)
    return await sender.client.post(f"{V2}/{path}.xml", content=content, headers=FORM)


async def sent(sender: Sender, body: str) -> str:
    answer = await posted(sender, "requests", body)
    assert answer.is_success, answer.text
    number = row(xml(answer, "service_requests")[0])["service_request_id"]
    assert number, "an empty element is no number to its client"
    return number


async def test_its_report_is_taken_as_it_comes_with_empty_and_unknown_attributes(sender: Sender) -> None:
    number = await sent(sender, REPORT)
    started = (await (await sender.case(number)).events())[0]
    assert started.words["title"] == "Lubang besar", "attribute[title] is how the person is addressed"
    assert "Lubang besar «ü»\n\nDi depan pasar.\nMotor sering jatuh — bahaya." in started.words["text"]
    assert started.words["reporter"]["name"] == "Siti Aminah"
    assert await sent(sender, REPORT) == number, "what its cron job sends again is the same report"
    await (await sender.case(number)).verify()
    (told,) = xml(await sender.get(f"requests/{number}.xml", jurisdiction_id="KEPRI"), "service_requests")
    assert row(told)["media_url"] is None, "no file is public by itself"
    assert "fms.example/photo" not in (row(told)["description"] or "")
    assert (row(told)["lat"], row(told)["long"]) == ("0.918612", "104.466535")


async def test_several_photos_and_its_other_ways_to_describe_and_to_place_a_report(sender: Sender) -> None:
    words = (await (await sender.case(await sent(sender, SEVERAL_PHOTOS))).events())[0].words
    assert words["title"] == "Lubang besar"
    assert words["text"].endswith("photo/81.0.full.jpeg?x=1\nLampiran: https://fms.example/photo/81.1.full.jpeg?x=2")
    words = (await (await sender.case(await sent(sender, NO_PIN))).events())[0].words
    assert words["place"]["text"] == "#NOTPINPOINTED#"


@pytest.mark.parametrize("status", ["OPEN", "FIXED", "IN_PROGRESS"])
async def test_its_update_is_a_reply_whatever_its_status_says(sender: Sender, status: str) -> None:
    number = await sent(sender, REPORT)
    case = await sender.case(number)
    answer = await posted(sender, "servicerequestupdates", COMMENT, number=number, status=status)
    assert answer.status_code == 200, answer.text
    assert row(xml(answer, "service_request_updates")[0])["update_id"]
    (reply,) = await case.events(EventKind.REPLIED)
    assert reply.words["text"] == ("Makin besar — sungguh.\nLampiran: https://fms.example/photo/c/248.0.full.jpeg?y")


@pytest.mark.parametrize(
    ("command", "arguments", "word"),
    [
        ("archive", {"reason": "Bukan pengaduan"}, "no_further_action"),
        ("pass_on", {"agency": "Kementerian PUPR"}, "not_councils_responsibility"),
    ],
)
async def test_what_ended_without_being_done_is_not_told_as_fixed(
    sender: Sender, command: str, arguments: dict[str, str], word: str
) -> None:
    """Its client makes "fixed" of a bare "closed"; the standard's own field has no other word."""
    number = await sent(sender, REPORT)
    case = await sender.case(number)
    await case.verify()
    await case.admin(command, **arguments)
    assert [one["status"] for one in await updates(sender)] == ["open", word]
    (told,) = xml(await sender.get("requests.xml", service_request_id=number), "service_requests")
    assert row(told)["status"] == "closed"


async def test_it_reads_an_empty_answer_as_none_and_an_error_by_its_code_and_description(sender: Sender) -> None:
    dates = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-01-01T02:00:00Z"}
    assert len(xml(await sender.get("requests.xml", jurisdiction_id="KEPRI", **dates), "service_requests")) == 0
    asked = await sender.get("servicerequestupdates.xml", api_key="", jurisdiction_id="KEPRI", **dates)
    assert len(xml(asked, "service_request_updates")) == 0
    refused = await posted(sender, "requests", REPORT.replace("{service}", "tidak-ada"))
    assert refused.status_code == 404
    (error,) = xml(refused, "errors")
    assert (error.tag, row(error)) == ("error", {"code": "404", "description": "service_code was not found"})


async def test_each_update_lies_in_the_span_in_which_it_is_asked_for(sender: Sender) -> None:
    """Its client discards updates outside it, comparing texts in UTC."""
    number = await sent(sender, REPORT)
    await (await sender.case(number)).forward()
    for one in await updates(sender, service_request_id=number):
        at = datetime.fromisoformat(one["updated_datetime"] or "")
        assert at.microsecond == 0, "its parser of W3C dates takes whole seconds"
        day = {"start_date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        found = (await sender.get("servicerequestupdates.json", **day)).json()
        assert one["update_id"] in {each["update_id"] for each in found}


@pytest.mark.parametrize("typed", ["2026-01-05", "5/1/2026", "05-01-2026", "05.01.2026", "2026-01-05T23:30"])
def test_a_day_is_taken_as_people_type_it(typed: str) -> None:
    assert day_of("attribute[tanggal_kejadian]", typed) == date(2026, 1, 5)


@pytest.mark.parametrize("typed", ["kemarin", "31/02/2026", "2026-13-01T10:00", "1/5"])
def test_what_is_no_day_is_refused_and_never_guessed(typed: str) -> None:
    with pytest.raises(Fault, match="12/01/2026"):
        day_of("attribute[tanggal_kejadian]", typed)
