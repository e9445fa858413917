"""The servicerequestupdates extension, as FixMyStreet's client requests it and answers to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kawal.domain.names import EventKind
from kawal.store.tokens import Tokens
from tests.intake.open311.conftest import FORM, Sender, row, xml
from tests.intake.open311.test_geo_report import assert_error
from tests.workflows.life import Case

UPDATE = {"update_id", "service_request_id", "status", "external_status_code", "updated_datetime", "description"}


def last_two_hours() -> dict[str, str]:
    """Return the span that FixMyStreet requests; the tests' engine may be a little ahead."""
    now = datetime.now(UTC)
    wanted = {"start_date": now - timedelta(hours=2), "end_date": now + timedelta(minutes=10)}
    return {name: at.strftime("%Y-%m-%dT%H:%M:%SZ") for name, at in wanted.items()}


async def updates(sender: Sender, **more: str) -> list[dict[str, str | None]]:
    response = await sender.get("servicerequestupdates.xml", api_key=sender.key, **last_two_hours(), **more)
    assert response.status_code == 200, response.text
    listed = xml(response, "service_request_updates")
    assert all(child.tag == "request_update" for child in listed)
    return [row(child) for child in listed]


def comment(number: str, **changed: str | None) -> dict[str, str | None]:
    """Return an update as FixMyStreet posts it."""
    return {
        "updated_datetime": "2026-11-24T10:00:00+07:00",
        "service_request_id": number,
        "service_request_id_ext": "80",
        "update_id": "248",
        "status": "OPEN",
        "email": "siti@example.org",
        "first_name": "Siti",
        "last_name": "Aminah",
        "description": "Lubangnya makin besar.",
        **changed,
    }


async def replies(case: Case) -> list[str]:
    return [event.words["text"] for event in await case.events(EventKind.REPLIED)]


async def test_each_public_step_is_an_update_with_the_follow_ups_own_words(sender: Sender) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    assert await updates(sender) == []
    await case.forward()
    await case.admin("nudge", opd="DPUPR", how="telepon Kepala Dinas")
    await case.follow_up(final=True)
    await case.reporter("accept", rating=5)
    found = await updates(sender)
    assert all(set(update) == UPDATE | {"media_url"} for update in found)
    assert {update["service_request_id"] for update in found} == {number}
    assert len({update["update_id"] for update in found}) == 4
    told = [(update["status"], update["external_status_code"]) for update in found]
    assert told == [
        ("open", "belum_ditindaklanjuti"),
        ("open", "belum_ditindaklanjuti"),
        ("open", "proses"),
        ("closed", "selesai"),
    ]
    assert "Pekerjaan Umum" in (found[1]["description"] or "")
    assert found[2]["description"] == "Lubang ditambal hari ini."
    assert all(datetime.fromisoformat(update["updated_datetime"] or "").tzinfo for update in found)
    assert await updates(sender, service_request_id="7654321") == []
    assert len(await updates(sender, service_request_id=number)) == 4
    assert [one["update_id"] for one in await updates(sender, page="2", per_page="3")] == [found[3]["update_id"]]
    before = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-01-02T00:00:00Z"}
    assert (await sender.get("servicerequestupdates.json", **before)).json() == []
    assert len((await sender.get("servicerequestupdates.json")).json()) == 4
    assert_error(await sender.get("servicerequestupdates.xml", start_date="kemarin"), 400)


async def test_what_the_reporter_writes_in_fixmystreet_is_a_reply_and_completes_a_held_report(sender: Sender) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    await case.admin("hold", missing="Di mana tepatnya?")
    assert (await case.row()).status == "ditunda"
    response = await sender.post("servicerequestupdates.xml", comment(number))
    assert response.status_code == 200, response.text
    (answer,) = xml(response, "service_request_updates")
    told = row(answer)
    assert answer.tag == "request_update"
    assert set(told) == {"update_id"}
    assert told["update_id"]
    assert await replies(case) == ["Lubangnya makin besar."]
    assert (await case.row()).status == "belum_diverifikasi"
    again = await sender.post("servicerequestupdates.xml", comment(number))
    assert again.content == response.content
    assert await replies(case) == ["Lubangnya makin besar."]
    await sender.post("servicerequestupdates.xml", comment(number, update_id="249", description="Sudah ada korban."))
    assert await replies(case) == ["Lubangnya makin besar.", "Sudah ada korban."]


async def test_a_photo_or_a_mark_as_fixed_is_an_update_without_words(sender: Sender) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    photo = comment(number, description="", media_url="https://example.org/foto.jpg")
    assert (await sender.post("servicerequestupdates.json", photo)).status_code == 200
    fixed = comment(number, update_id="249", description="", status="CLOSED")
    assert (await sender.post("servicerequestupdates.json", fixed)).status_code == 200
    assert await replies(case) == [
        "Lampiran: https://example.org/foto.jpg",
        "Pelapor menandai laporan ini selesai di kanal asalnya.",
    ]
    nothing = comment(number, update_id="250", description="")
    assert "description" in assert_error(await sender.post("servicerequestupdates.json", nothing), 400)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"service_request_id": None}, 400),
        ({"service_request_id": "7654321"}, 404),
        ({"service_request_id": "entah"}, 404),
        ({"api_key": None}, 403),
        ({"api_key": "salah"}, 403),
        ({"updated_datetime": "tadi"}, 400),
        ({"email": "tetangga@example.org"}, 403),
        ({"description": "x" * 10_001}, 400),
        ({"jurisdiction_id": "ENTAH"}, 404),
    ],
)
async def test_an_update_that_cannot_be_taken_is_refused_in_the_standards_form(
    sender: Sender, changed: dict[str, str | None], code: int
) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    assert_error(await sender.post("servicerequestupdates.xml", comment(number) | changed), code)
    assert await replies(case) == []


async def test_an_archived_request_takes_no_updates_and_says_why(sender: Sender) -> None:
    number = await sender.submit()
    await (await sender.case(number)).admin("archive", reason="Uji coba")
    assert "Diarsipkan" in assert_error(await sender.post("servicerequestupdates.xml", comment(number)), 400)


async def test_another_system_may_not_add_to_a_request_that_it_did_not_send(sender: Sender, tokens: Tokens) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    _, other = await tokens.create("aplikasi-lain", "open311", "KEPRI")
    assert_error(await sender.post("servicerequestupdates.xml", comment(number) | {"api_key": other}), 404)
    _, renewed = await tokens.create("fixmystreet", "open311", "KEPRI")
    response = await sender.post("servicerequestupdates.xml", comment(number) | {"api_key": renewed})
    assert response.status_code == 200, "a system that was given a new key is the same system"
    assert len(await replies(case)) == 1


async def test_a_key_is_good_only_for_its_channel_and_its_scopes(sender: Sender, tokens: Tokens) -> None:
    _, web = await tokens.create("situs", "web", "KEPRI")
    _, reads = await tokens.create("pembaca", "open311", "KEPRI", ("read",))
    for key in (web, reads):
        assert_error(await sender.post("requests.xml", FORM | {"api_key": key}), 403)
        assert_error(await sender.post("servicerequestupdates.xml", comment("1234567") | {"api_key": key}), 403)


async def test_fixmystreet_learns_the_services_and_sends_what_they_ask_for(sender: Sender) -> None:
    """The steps of its client: services, their attributes by order, its own number where asked, a report, updates."""
    services = [row(one) for one in xml(await sender.get("services.xml"), "services")]
    chosen = next(one for one in services if one["service_name"] == "JALAN BERLUBANG")
    assert (chosen["metadata"] or "").lower() == "true"
    definition = xml(await sender.get(f"services/{chosen['service_code']}.xml"), "service_definition")
    asked = sorted(definition.findall("attributes/attribute"), key=lambda one: int(one.findtext("order") or ""))
    extra = {f"attribute[{one.findtext('code')}]": "80" for one in asked if one.findtext("automated") == "server_set"}
    assert extra == {"attribute[fixmystreet_id]": "80"}
    description = "Lubang besar\n\nDi depan pasar.\n\nhttps://fixmystreet.example/report/80\n"
    form = {
        "service_code": chosen["service_code"],
        "description": description,
        "first_name": "Siti",
        "last_name": "-",
        "email": "siti@example.org",
        "phone": "07700 900 000 ext. 12 sore",
        "lat": "0.91861",
        "long": "104.46653",
        "media_url": "https://fixmystreet.example/photo/80.0.full.jpeg",
        **extra,
    }
    (answer,) = xml(await sender.post("requests.xml", form), "service_requests")
    number = row(answer)["service_request_id"] or ""
    case = await sender.case(number)
    started = (await case.events())[0]
    assert started.words["title"] == "Lubang besar"
    assert started.words["reporter"]["name"] == "Siti"
    assert started.words["reporter"]["origin"] == "07700 900 000 ext. 12 sore", "no contact is thrown away"
    await case.forward()
    await case.follow_up()
    assert [one["description"] for one in await updates(sender)][-1] == "Lubang ditambal hari ini."
    (polled,) = xml(await sender.get("requests.xml", service_request_id=number), "service_requests")
    assert row(polled)["description"] == "Lubang besar\n\nDi depan pasar.\n\nhttps://fixmystreet.example/report/80"
    assert (row(polled)["status"], row(polled)["status_notes"]) == ("open", "Sedang ditindaklanjuti.")
