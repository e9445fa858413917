"""GeoReport v2, method by method and field by field, as wiki.open311.org has it (GeoReport_v2, Service_Discovery)."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta

import httpx

from kawal.intake.open311.services import service_code
from kawal.intake.service import IntakeService
from tests.intake.open311.conftest import FORM, POTHOLE, V2, Sender, row, xml
from tests.workflows.life import CATEGORY

SERVICE = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
ATTRIBUTE = {"variable", "code", "datatype", "required", "datatype_description", "order", "description"}
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
REQUEST = {
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
}
OURS = {"title"}


def w3c(text: str | None) -> datetime:
    assert text is not None
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at


# --- Discovery -------------------------------------------------------------------------------------------------------


async def test_the_discovery_document_names_the_endpoint_its_formats_and_since_when_its_services_stand(
    sender: Sender,
) -> None:
    document = xml(await sender.get("/open311/discovery.xml"), "discovery")
    assert [child.tag for child in document] == ["changeset", "contact", "key_service", "endpoints"]
    w3c(document.findtext("changeset"))
    (endpoint,) = document.findall("endpoints/endpoint")
    assert endpoint.findtext("specification") == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint.findtext("url") == "http://kawal.test/open311/v2"
    assert endpoint.findtext("type") == "production"
    assert [one.text for one in endpoint.findall("formats/format")] == ["text/xml", "application/json"]
    again = (await sender.get("/open311/discovery.json")).json()
    assert again["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert again["changeset"] == document.findtext("changeset") == endpoint.findtext("changeset")


# --- Services --------------------------------------------------------------------------------------------------------


async def test_get_services_lists_every_category_that_the_agency_answers_for(sender: Sender) -> None:
    services = [row(one) for one in xml(await sender.get("services.xml"), "services")]
    assert len(services) > 500
    assert all(set(service) == SERVICE for service in services)
    codes = [service["service_code"] or "" for service in services]
    names = [service["service_name"] or "" for service in services]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names), "a client that goes by names would mix services up"
    assert all(0 < len(code) <= 64 and code.isascii() and "." not in code and "/" not in code for code in codes)
    assert {service["metadata"] for service in services} == {"true"}
    assert {service["type"] for service in services} == {"realtime"}
    pothole = next(service for service in services if service["service_code"] == POTHOLE)
    assert pothole["group"] == "PEKERJAAN UMUM DAN PENATAAN RUANG"
    assert pothole["service_name"] == "JALAN BERLUBANG"
    assert "jalan" in (pothole["keywords"] or "").split(", ")


async def test_services_come_in_json_with_the_same_content_and_true_for_metadata(sender: Sender) -> None:
    response = await sender.get("services.json")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    services = response.json()
    assert services[0]["metadata"] is True
    in_xml = [row(one) for one in xml(await sender.get("services.xml"), "services")]
    assert [one["service_code"] for one in services] == [one["service_code"] for one in in_xml]


async def test_a_category_of_another_agency_is_no_service_here(sender: Sender) -> None:
    complaints = sender.office.complaints
    outside = await complaints.pool.fetchval("select category from category_opd where outside is not null limit 1")
    codes = {one["service_code"]: one["group"] for one in (await sender.get("services.json")).json()}
    assert service_code(outside) not in codes


async def test_a_services_code_is_made_of_its_published_name_alone_and_never_changes() -> None:
    assert POTHOLE == "jalan-berlubang-2fc1c494"
    assert CATEGORY.endswith("JALAN BERLUBANG")


async def test_a_service_definition_lists_attributes_in_the_standards_form(sender: Sender) -> None:
    definition = xml(await sender.get(f"services/{POTHOLE}.xml"), "service_definition")
    assert [child.tag for child in definition] == ["service_code", "attributes"]
    assert definition.findtext("service_code") == POTHOLE
    attributes = definition.findall("attributes/attribute")
    for number, attribute in enumerate(attributes, 1):
        tags = {child.tag for child in attribute}
        assert tags >= ATTRIBUTE
        assert attribute.findtext("order") == str(number)
        assert attribute.findtext("datatype") in DATATYPES
        assert attribute.findtext("variable") in ("true", "false")
        assert attribute.findtext("required") in ("true", "false")
        assert ("values" in tags) == (attribute.findtext("datatype") == "singlevaluelist")
        for value in attribute.findall("values/value"):
            assert [child.tag for child in value] == ["key", "name"]
    codes = [attribute.findtext("code") for attribute in attributes]
    assert codes == ["judul", "klasifikasi", "tanggal_kejadian", "opd", "anonim", "rahasia", "fixmystreet_id"]
    in_json = (await sender.get(f"services/{POTHOLE}.json")).json()
    assert in_json["service_code"] == POTHOLE
    assert [one["order"] for one in in_json["attributes"]] == list(range(1, 8))
    assert {"key": "DPUPR", "name": in_json_name(in_json, "DPUPR")} in in_json["attributes"][3]["values"]


def in_json_name(definition: dict[str, list[dict[str, list[dict[str, str]]]]], key: str) -> str:
    return next(one["name"] for one in definition["attributes"][3]["values"] if one["key"] == key)


# --- Posting ---------------------------------------------------------------------------------------------------------


async def test_a_posted_request_is_answered_with_its_number_and_becomes_a_complaint(sender: Sender) -> None:
    asked = {
        "attribute[klasifikasi]": "aspirasi",
        "attribute[opd]": "dpupr",
        "attribute[tanggal_kejadian]": "2026-01-05",
    }
    response = await sender.post("requests.xml", FORM | asked)
    assert response.status_code == 201
    (answer,) = xml(response, "service_requests")
    assert answer.tag == "request"
    fields = row(answer)
    assert set(fields) == {"service_request_id", "service_notice", "account_id"}
    secret = await IntakeService(sender.office.complaints).secret_of(fields["service_request_id"] or "")
    assert secret in (fields["service_notice"] or "")
    case = await sender.case(fields["service_request_id"] or "")
    (started, *_) = await case.events()
    assert started.facts["category"] == CATEGORY
    assert started.facts["channel"] == "open311"
    assert started.facts["class"] == "aspirasi"
    assert started.facts["chosen_opd"] == "DPUPR"
    assert started.facts["occurred_on"] == "2026-01-05"
    assert started.words["title"] == "Lubang besar di depan pasar."
    assert started.words["place"] == {"text": "Jalan Bintan, Tanjungpinang", "latitude": 0.9186, "longitude": 104.4665}
    assert started.words["reporter"]["name"] == "Siti Aminah"
    assert started.words["reporter"]["email"] == "siti@example.org"
    assert started.words["reporter"]["phone"] == "+6281234567890"


LOCATIONS: list[tuple[dict[str, str], bool]] = [
    ({"lat": "0.9", "long": "104.4"}, True),
    ({"address_string": "Jalan Bintan 5"}, True),
    ({"address_id": "54321"}, True),
    ({}, False),
    ({"lat": "0.9"}, False),
    ({"long": "104.4"}, False),
    ({"lat": "91", "long": "104.4"}, False),
    ({"lat": "0.9", "long": "-181"}, False),
    ({"lat": "utara", "long": "timur"}, False),
    ({"lat": "NaN", "long": "inf"}, False),
]


async def test_a_request_says_where_by_a_point_an_address_or_an_address_id(
    sender: Sender,
) -> None:
    for location, accepted in LOCATIONS:
        form = FORM | {"lat": None, "long": None, "address_string": None} | location
        response = await sender.post("requests.xml", form)
        if accepted:
            assert response.status_code == 201, location
        else:
            assert_error(response, 400)


async def test_only_service_and_place_are_required(sender: Sender) -> None:
    response = await sender.post("requests.json", {"service_code": POTHOLE, "address_string": "Jalan Bintan 5"})
    assert response.status_code == 201
    assert set(response.json()[0]) == {"service_request_id", "service_notice", "account_id"}


REFUSED: list[tuple[dict[str, str | None], int, str]] = [
    ({"service_code": None}, 400, "service_code was not provided"),
    ({"service_code": "tidak-ada"}, 404, "service_code was not found"),
    ({"api_key": None}, 403, "api_key was not provided"),
    ({"api_key": "salah"}, 403, "api_key is invalid"),
    ({"jurisdiction_id": "ENTAH"}, 404, "jurisdiction_id was not found"),
    ({"attribute[klasifikasi]": "keluhan"}, 400, "attribute[klasifikasi]"),
    ({"attribute[opd]": "ENTAH"}, 400, "attribute[opd]"),
    ({"attribute[tanggal_kejadian]": "kemarin"}, 400, "attribute[tanggal_kejadian]"),
    ({"attribute[tanggal_kejadian]": "2999-01-01"}, 400, "occurred_on"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({"description": "x" * 10_001}, 400, "text"),
    ({"description": "a\x00b"}, 400, "text"),
]


async def test_a_request_that_cannot_be_taken_is_refused_in_the_standards_form(
    sender: Sender,
) -> None:
    for (changed, code, named), wanted in itertools.product(REFUSED, ("xml", "json")):
        response = await sender.post(f"requests.{wanted}", FORM | changed)
        assert named in assert_error(response, code), changed
    assert await sender.office.complaints.pool.fetchval("select count(*) from inbox") == 0


def assert_error(response: httpx.Response, code: int) -> str:
    """Check that it is an error document of that code; return its description."""
    assert response.status_code == code, response.text
    if response.headers["content-type"].startswith("application/json"):
        (error,) = response.json()
    else:
        (element,) = xml(response, "errors")
        assert element.tag == "error"
        error = row(element)
    assert set(error) == {"code", "description"}
    assert str(error["code"]) == str(code)
    return str(error["description"])


async def test_a_body_that_is_no_form_in_utf_8_is_refused(sender: Sender) -> None:
    url = f"{V2}/requests.xml"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    latin = await sender.client.post(url, content=b"description=caf\xe9&lat=1", headers=kind)
    assert_error(latin, 400)
    assert_error(await sender.client.post(url, content=b"description=caf%E9", headers=kind), 400)
    assert_error(await sender.client.post(url, json={"description": "x"}), 400)
    assert_error(await sender.client.post(url, content=b"a" * 1_000_001, headers=kind), 413)
    assert_error(await sender.client.post(url, content=b"x=1&" * 600, headers=kind), 400)
    many = [("photo", (f"{n}.jpg", b"x")) for n in range(20)]
    assert_error(await sender.client.post(url, files=many), 400)
    broken = {"content-type": "multipart/form-data; boundary=a"}
    assert_error(await sender.client.post(url, content=b"--b\r\nnonsense", headers=broken), 400)
    assert_error(await sender.client.post(url, content=b"", headers={"content-type": "multipart/form-data"}), 400)


async def test_a_form_in_parts_is_read_like_any_other(sender: Sender) -> None:
    given = FORM | {"api_key": sender.key}
    parts = {name: (None, value) for name, value in given.items()}
    response = await sender.client.post(f"{V2}/requests.json", files=parts)
    assert response.status_code == 201, response.text


# --- Tokens ----------------------------------------------------------------------------------------------------------


async def test_a_rahasia_request_is_answered_with_a_token_that_leads_to_its_number(sender: Sender) -> None:
    response = await sender.post("requests.xml", FORM | {"attribute[rahasia]": "ya"})
    (answer,) = xml(response, "service_requests")
    fields = row(answer)
    assert set(fields) == {"token"}
    token = fields["token"] or ""
    (found,) = xml(await sender.get(f"tokens/{token}.xml"), "service_requests")
    assert row(found) == {"service_request_id": token.partition("-")[0], "token": token}
    for wrong in (f"{token[:7]}-AAAAAAAAAA", "1234567-AAAAAAAAAA", "entah", token[:7]):
        assert_error(await sender.get(f"tokens/{wrong}.xml"), 404)


# --- Reading ---------------------------------------------------------------------------------------------------------


async def test_a_request_shows_every_field_of_the_standard_empty_where_unknown(sender: Sender) -> None:
    number = await sender.submit(media_url="https://example.org/foto.jpg")
    case = await sender.case(number)
    await case.verify()
    for response in (await sender.get(f"requests/{number}.xml"), await sender.get("requests.xml")):
        (request,) = xml(response, "service_requests")
        fields = row(request)
        assert set(fields) == REQUEST | OURS
        assert fields["service_request_id"] == number
        assert fields["status"] == "open"
        assert fields["service_code"] == POTHOLE
        assert fields["service_name"] == "JALAN BERLUBANG"
        assert fields["description"] == "Lubang besar di depan pasar.\n\nMotor sering jatuh."
        assert (fields["lat"], fields["long"]) == ("0.9186", "104.4665")
        assert fields["address"] == "Jalan Bintan, Tanjungpinang"
        assert fields["media_url"] is None
        assert fields["agency_responsible"] is None
        assert fields["expected_datetime"] is None
        assert w3c(fields["updated_datetime"]) >= w3c(fields["requested_datetime"])
        assert (fields["requested_datetime"] or "").endswith("+07:00")
    await case.admin("forward", opds=["DPUPR"])
    (shown,) = (await sender.get(f"requests/{number}.json")).json()
    assert "Pekerjaan Umum" in shown["agency_responsible"]
    assert w3c(shown["expected_datetime"]) > w3c(shown["requested_datetime"])
    assert shown["zipcode"] is None
    assert shown["lat"] == 0.9186


async def test_a_number_is_found_by_others_from_verification_on_alone(sender: Sender) -> None:
    number = await sender.submit()
    assert_error(await sender.get(f"requests/{number}.xml"), 404)
    case = await sender.case(number)
    assert_error(await sender.get(f"requests/{number}.xml"), 404)
    await case.verify(pengawasan=True)
    (shown,) = (await sender.get(f"requests/{number}.json")).json()
    assert set(shown) == REQUEST | OURS
    said = {name for name, value in shown.items() if value is not None}
    assert said == {"service_request_id", "status", "status_notes", "requested_datetime", "updated_datetime"}
    assert (shown["service_request_id"], shown["status"]) == (number, "open")


async def test_a_request_is_closed_once_the_complaint_has_ended_and_open_when_it_is_reopened(sender: Sender) -> None:
    number = await sender.submit()
    case = await sender.case(number)
    await case.forward()
    await case.follow_up(final=True)
    assert (await sender.get(f"requests/{number}.json")).json()[0]["status"] == "open"
    await case.reporter("accept", rating=5)
    assert (await sender.get(f"requests/{number}.json")).json()[0]["status"] == "closed"
    await case.admin("reopen", grounds="Lubang terbuka lagi")
    assert (await sender.get(f"requests/{number}.json")).json()[0]["status"] == "open"


async def test_requests_are_found_by_numbers_status_service_and_dates(sender: Sender) -> None:
    first, second = await sender.submit(), await sender.submit(description="Lubang lain", email="budi@example.org")
    for number in (first, second):
        await (await sender.case(number)).verify()
    await (await sender.case(second)).admin("archive", reason="Uji coba")

    async def found(**arguments: str) -> list[str]:
        response = await sender.get("requests.json", **arguments)
        assert response.status_code == 200, response.text
        return [one["service_request_id"] for one in response.json()]

    now = datetime.now(UTC)
    earlier, later = ((now + timedelta(days=days)).isoformat() for days in (-1, 1))
    assert await found(service_request_id=f"{second},{first}") == [second, first]
    assert await found(service_request_id=f"{first},7654321") == [first]
    assert await found(service_request_id="7654321,entah") == []
    assert await found(service_request_id=first, status="closed", start_date="kapan") == [first], (
        "ids override all else"
    )
    assert await found() == [second, first]
    assert await found(status="open") == [first]
    assert await found(status="closed") == [second]
    assert await found(status="open,closed") == [second, first]
    assert await found(service_code=POTHOLE) == [second, first]
    other = (await sender.get("services.json")).json()[0]["service_code"]
    assert await found(service_code=other) == []
    assert await found(service_code=f"{other},{POTHOLE}", status="open") == [first]
    assert await found(start_date=earlier, end_date=later) == [second, first]
    assert await found(start_date=later) == []
    assert await found(end_date=earlier) == []
    assert await found(start_date=now.date().isoformat()) in ([second, first], [])
    assert await found(per_page="1") == [second]
    assert await found(page="2", per_page="1") == [first]
    assert await found(page="2", page_size="1") == [first]
    assert await found(page="3", per_page="1") == []


SEARCHES: list[tuple[dict[str, str], int]] = [
    ({"start_date": "2010-05-24T00:00:00Z", "end_date": "2010-06-24T00:00:00Z"}, 200),
    ({"start_date": "2010-05-24T00:00:00+07:00"}, 200),
    ({"start_date": "2010-05-24T00:00:00 07:00"}, 200),
    ({"start_date": "2010-01-01T00:00:00Z", "end_date": "2010-04-01T00:00:00Z"}, 200),
    ({"start_date": "2010-01-01T00:00:00Z", "end_date": "2010-04-01T00:00:01Z"}, 400),
    ({"start_date": "2010-06-24T00:00:00Z", "end_date": "2010-05-24T00:00:00Z"}, 400),
    ({"start_date": "2010-05-24T00:00:00"}, 400),
    ({"start_date": "24-05-2010"}, 400),
    ({"end_date": "0001-01-01T00:00:00+14:00"}, 400),
    ({"start_date": "9999-12-31T23:59:59Z"}, 200),
    ({"status": "selesai"}, 400),
    ({"page": "0"}, 400),
    ({"per_page": "banyak"}, 400),
    ({"per_page": "5000"}, 200),
    ({"service_code": "tidak-ada"}, 404),
    ({"jurisdiction_id": "KEPRI"}, 200),
    ({"jurisdiction_id": "kepri"}, 200),
    ({"jurisdiction_id": "city.gov"}, 404),
    ({"api_key": "salah"}, 403),
]


async def test_the_arguments_of_a_search_are_read_as_the_standard_says(
    sender: Sender,
) -> None:
    for (arguments, code), method in itertools.product(SEARCHES, ("requests.xml", "requests.json")):
        response = await sender.get(method, **arguments)
        if code == 200:
            assert response.status_code == 200, (arguments, response.text)
        else:
            assert_error(response, code)


async def test_what_is_not_there_is_answered_404_in_the_standards_form(sender: Sender) -> None:
    assert "service_request_id" in assert_error(await sender.get("requests/7654321.xml"), 404)
    assert "service_request_id" in assert_error(await sender.get("requests/entah.json"), 404)
    assert "service_code" in assert_error(await sender.get("services/tidak-ada.xml"), 404)
    assert_error(await sender.get("requests/7654321.csv"), 404)
    assert_error(await sender.get("apa-saja.json"), 404)


async def test_an_address_without_a_format_is_answered_in_xml(sender: Sender) -> None:
    number = await sender.submit()
    await (await sender.case(number)).verify()
    for path in ("services", f"services/{POTHOLE}", "requests", f"requests/{number}", "servicerequestupdates"):
        response = await sender.get(path)
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/xml; charset=utf-8"


async def test_characters_that_xml_cannot_carry_are_left_out_and_all_others_come_through(sender: Sender) -> None:
    text = 'Jalan <rusak> & "licin" — ä 漢字 😀 ￾'
    number = await sender.submit(description=text)
    await (await sender.case(number)).verify()
    (request,) = xml(await sender.get(f"requests/{number}.xml"), "service_requests")
    assert row(request)["description"] == text.replace("\ufffe", "")
    assert json.loads((await sender.get(f"requests/{number}.json")).content)[0]["description"] == text


# --- Several agencies ------------------------------------------------------------------------------------------------


async def test_with_several_agencies_jurisdiction_id_says_which(sender: Sender) -> None:
    number = await sender.submit()
    await (await sender.case(number)).verify()
    await sender.office.complaints.pool.execute("insert into instansi (code, name) values ('KOTA', 'Kota Lain')")
    for method in ("services.xml", "requests.xml", f"requests/{number}.xml", "servicerequestupdates.xml"):
        assert "jurisdiction_id was not provided" in assert_error(await sender.get(method), 400)
        assert (await sender.get(method, jurisdiction_id="KEPRI")).status_code == 200
    assert (await sender.get("requests.json", jurisdiction_id="KOTA")).json() == []
    assert_error(await sender.get(f"requests/{number}.xml", jurisdiction_id="KOTA"), 404)
    # A key that belongs to one agency need not name it, and may not name another.
    assert await sender.submit(description="Lain")
    assert_error(await sender.post("requests.xml", FORM | {"jurisdiction_id": "KOTA"}), 403)
