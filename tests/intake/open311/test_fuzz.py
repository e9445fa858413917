"""Whatever is sent, the answer is in the standard's form and never a failure of ours."""

from __future__ import annotations

import string
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.open311.conftest import FORM, V2, Sender, row, xml

# One system serves every example of a test.
RELAXED = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))

ROOTS = {
    "services": "services",
    "requests": "service_requests",
    "servicerequestupdates": "service_request_updates",
    "tokens": "service_requests",
}
ENDINGS = st.sampled_from(["xml", "json"])
SEARCH = ["service_request_id", "service_code", "start_date", "end_date", "status", "page", "per_page", "page_size"]
ARGUMENTS = st.sampled_from([*SEARCH, "jurisdiction_id", "api_key", "token", "entah"])
FIELDS = st.sampled_from(
    [*FORM, "media_url", "address_id", "account_id", "device_id", "jurisdiction_id", "update_id", "status"]
    + ["service_request_id", "updated_datetime", "attribute[]", "attribute[x"]
    + [f"attribute[{name}]" for name in ("judul", "anonim", "klasifikasi", "tanggal_kejadian", "opd", "fixmystreet_id")]
)
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(string.digits + ",-+:TZ.", max_size=40),
    st.integers().map(str),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    st.datetimes().map(lambda at: at.isoformat() + "+14:00"),
    st.dates().map(str),
    st.sampled_from(["", "open", "CLOSED,open", "1234567", "1234567,7654321", "KEPRI", FORM["service_code"]]),
)


def check(response: httpx.Response, method: str, ending: str) -> None:
    """Check that it is an answer of that method, or an error in the standard's form."""
    assert response.status_code in (200, 201, 400, 403, 404), (response.status_code, response.text)
    if response.status_code < 400:
        if ending == "xml":
            xml(response, ROOTS[method])
        else:
            assert isinstance(response.json(), list)
        return
    errors = [row(one) for one in xml(response, "errors")] if ending == "xml" else response.json()
    assert errors
    for error in errors:
        assert set(error) == {"code", "description"}
        assert str(error["code"]) == str(response.status_code)
        assert error["description"]
        assert "Traceback" not in str(error["description"])


@RELAXED
@given(
    path=st.sampled_from(["services", "requests", "servicerequestupdates", "requests/1234567", "tokens/1234567-A"]),
    ending=ENDINGS,
    arguments=st.dictionaries(ARGUMENTS, WORDS, max_size=5),
)
async def test_any_query_is_answered_in_the_standards_form(
    sender: Sender, path: str, ending: str, arguments: dict[str, str]
) -> None:
    response = await sender.client.get(f"{V2}/{path}.{ending}", params=arguments)
    check(response, path.partition("/")[0], ending)


@RELAXED
@given(
    method=st.sampled_from(["requests", "servicerequestupdates"]),
    ending=ENDINGS,
    changed=st.dictionaries(FIELDS, st.one_of(WORDS, st.lists(WORDS, max_size=3)), max_size=5),
)
async def test_any_form_is_answered_in_the_standards_form(
    sender: Sender, method: str, ending: str, changed: dict[str, Any]
) -> None:
    form = {**FORM, "api_key": sender.key, **changed}
    check(await sender.client.post(f"{V2}/{method}.{ending}", data=form), method, ending)


@RELAXED
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]),
    ending=ENDINGS,
)
async def test_any_bytes_as_a_body_are_answered_in_the_standards_form(
    sender: Sender, body: bytes, kind: str, ending: str
) -> None:
    headers = {"content-type": kind} if kind else {}
    response = await sender.client.post(f"{V2}/requests.{ending}", content=body, headers=headers)
    check(response, "requests", ending)


@RELAXED
@given(
    name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1, max_size=30),
    method=st.sampled_from(["services", "requests", "tokens"]),
    ending=ENDINGS,
)
async def test_any_name_in_an_address_is_answered_in_the_standards_form(
    sender: Sender, name: str, method: str, ending: str
) -> None:
    response = await sender.client.get(f"{V2}/{method}/x{quote(name, safe='')}.{ending}")
    check(response, method, ending)
