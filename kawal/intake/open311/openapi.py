"""The OpenAPI description of the standard's methods: arguments, forms and answers, with examples of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kawal.domain.names import ReportClass
from kawal.web.responses import EVERYWHERE

_CODE = "jalan-berlubang-2fc1c494"
_NUMBER = "4711023"
_AT = "2026-01-12T08:00:00+07:00"
_NOTHING: dict[str, Any] = {}

_ERRORS = {
    400: "An argument is missing or wrong",
    403: "`api_key` is missing, unknown or not for this",
    404: "There is nothing of that number, code or jurisdiction",
    413: "The form is too large",
    429: "Too many calls; `Retry-After` says when to come back",
    503: EVERYWHERE[503],
}


class Answer(NamedTuple):
    """One kind of answer: the list's name, its members' name in XML, and an example of a member."""

    root: str
    member: str
    example: dict[str, Any]


_SERVICE = Answer(
    "services",
    "service",
    {
        "service_code": _CODE,
        "service_name": "JALAN BERLUBANG",
        "description": "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG.",
        "metadata": True,
        "type": "realtime",
        "keywords": "pekerjaan, umum, penataan, ruang, jalan, berlubang",
        "group": "PEKERJAAN UMUM DAN PENATAAN RUANG",
    },
)
_ACCEPTED = Answer(
    "service_requests", "request", {"service_request_id": _NUMBER, "service_notice": None, "account_id": None}
)
_TOKEN = Answer("service_requests", "request", {"service_request_id": _NUMBER, "token": f"{_NUMBER}-7KX2M9QD4T"})
_REQUEST = Answer(
    "service_requests",
    "request",
    {
        "service_request_id": _NUMBER,
        "status": "open",
        "status_notes": "Sedang ditindaklanjuti.",
        "service_name": "JALAN BERLUBANG",
        "service_code": _CODE,
        "description": "Lubang besar di depan pasar.",
        "agency_responsible": "Dinas Pekerjaan Umum, Penataan Ruang dan Pertanahan",
        "service_notice": None,
        "requested_datetime": _AT,
        "updated_datetime": _AT,
        "expected_datetime": "2026-02-02T00:00:00+07:00",
        "address": "Jalan Bintan, Tanjungpinang",
        "address_id": None,
        "zipcode": None,
        "lat": 0.9186,
        "long": 104.4665,
        "media_url": None,
        "title": "Lubang besar di depan pasar",
    },
)
_UPDATE = Answer(
    "service_request_updates",
    "request_update",
    {
        "update_id": f"{_NUMBER}-4",
        "service_request_id": _NUMBER,
        "status": "open",
        "external_status_code": "proses",
        "updated_datetime": _AT,
        "description": "Lubang ditambal hari ini.",
        "media_url": None,
    },
)
_TAKEN = Answer("service_request_updates", "request_update", {"update_id": "4e6077aabdc0a591ea02"})
_ERROR = Answer("errors", "error", {"code": 404, "description": "service_request_id was not found"})
_DEFINITION = {
    "service_code": _CODE,
    "attributes": [
        {
            "variable": True,
            "code": "judul",
            "datatype": "string",
            "required": False,
            "datatype_description": None,
            "order": 1,
            "description": "Judul laporan (paling banyak 150 huruf)",
        }
    ],
}

_REPORT = {
    "api_key": "the token's text",
    "service_code": _CODE,
    "lat": "0.9186",
    "long": "104.4665",
    "address_string": "Jalan Bintan, Tanjungpinang",
    "first_name": "Siti",
    "last_name": "Aminah",
    "email": "siti@example.org",
    "phone": "+62 812 0000 0000",
    "description": "Lubang besar di depan pasar.",
    "media_url": "https://example.org/foto.jpeg",
    "attribute[fixmystreet_id]": "80",
}
_MORE = ("jurisdiction_id", "address_id", "account_id", "device_id", "attribute[judul]", "attribute[tanggal_kejadian]")
_COMMENT = {
    "api_key": "the token's text",
    "service_request_id": _NUMBER,
    "update_id": "248",
    "updated_datetime": _AT,
    "status": "OPEN",
    "email": "siti@example.org",
    "description": "Lubangnya makin besar.",
}


def list_of(found: Answer, *errors: int, also: int | None = None) -> dict[str, Any]:
    """Return the responses of a method that answers with a list; `also` is a second status of the same answer."""
    good = {"description": "The answer", "content": _content(found)}
    return {str(status): good for status in (200, also) if status is not None} | _errors(*errors)


def method(name: str, summary: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return what FastAPI puts into the document for one method, under a name that is unique there."""
    parameters = more.pop("parameters", [_FORMAT])
    return {
        "summary": summary,
        "operation_id": f"open311_{name}",
        "openapi_extra": {"parameters": parameters, "responses": responses, **more},
    }


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    given = {"type": "string", **schema}
    example = given.pop("example", None)
    shown = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "required": False, "description": description, "schema": given, **shown}


def _path(name: str, example: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1},
        "example": example,
    }


def _content(found: Answer) -> dict[str, Any]:
    properties = dict.fromkeys(found.example, _NOTHING)
    schema = {"type": "array", "items": {"type": "object", "properties": properties}}
    return {
        "text/xml": {"schema": {"type": "string"}, "example": _in_xml(found)},
        "application/json": {"schema": schema, "example": [found.example]},
    }


def _in_xml(found: Answer) -> str:
    lines = "".join(_element(name, value) for name, value in found.example.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{found.root}><{found.member}>{lines}</{found.member}></{found.root}>'
    )


def _element(name: str, value: object) -> str:
    if value is None:
        return f"<{name} />"
    return f"<{name}>{str(value).lower() if isinstance(value, bool) else value}</{name}>"


def _errors(*statuses: int) -> dict[str, Any]:
    shown = _content(_ERROR)
    return {str(status): {"description": _ERRORS[status], "content": shown} for status in (*statuses, 429, 503)}


def _form(example: dict[str, str], required: Sequence[str], more: Sequence[str] = ()) -> dict[str, Any]:
    properties: dict[str, Any] = {name: {"type": "string"} for name in (*example, *more)}
    if "attribute[judul]" in properties:
        properties["attribute[klasifikasi]"] = {"type": "string", "enum": [str(one) for one in ReportClass]}
    schema = {"type": "object", "required": list(required), "properties": properties}
    with_file = schema | {"properties": properties | {"photo1": {"type": "string", "format": "binary"}}}
    return {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {"schema": schema, "example": example},
            "multipart/form-data": {"schema": with_file, "example": example},
        },
    }


_FORMAT = {
    "name": "format",
    "in": "path",
    "required": True,
    "description": "Without an ending the answer is XML.",
    "schema": {"type": "string", "enum": ["xml", "json"]},
    "example": "json",
}
_AGENCY = _query("jurisdiction_id", "The agency's code, where there are several.", example="KEPRI")
_KEY = _query("api_key", "Reading needs none.")
_DATES = [
    _query("start_date", "From then on (W3C date with zone, or a day in Asia/Jakarta).", example="2026-01-01"),
    _query("end_date", "Until then.", example="2026-01-31"),
]
_PAGES = [
    _query("page", "From 1.", pattern="^[0-9]{1,6}$", example="1"),
    _query("per_page", "At most 1,000.", pattern="^[0-9]{1,6}$", example="50"),
]
_SEARCH = [
    _query("service_request_id", "Numbers, delimited by commas; they override all else.", example=_NUMBER),
    _query("service_code", "Codes, delimited by commas.", example=_CODE),
    _query("status", "`open`, `closed` or both.", example="open,closed"),
]
_ONE = _path("service_request_id", _NUMBER, "The number of the request.")

METHODS: dict[str, dict[str, Any]] = {
    "discovery": method(
        "discovery",
        "Where the endpoint is",
        {"200": {"description": "The document", "content": {"application/json": {}, "text/xml": {}}}} | _errors(404),
    ),
    "services": method("services", "What may be reported", list_of(_SERVICE, 400, 404), parameters=[_FORMAT, _AGENCY]),
    "definition": method(
        "definition",
        "What a service asks for",
        {
            "200": {
                "description": "The definition",
                "content": {"application/json": {"example": _DEFINITION}, "text/xml": {}},
            }
        }
        | _errors(400, 404),
        parameters=[_FORMAT, _path("service_code", _CODE, "The service's code."), _AGENCY],
    ),
    "submit": method(
        "submit",
        "Send a report",
        list_of(_ACCEPTED, 400, 403, 404, 413, also=201),
        requestBody=_form(_REPORT, ("api_key", "service_code"), _MORE),
    ),
    "requests": method(
        "requests",
        "Search requests",
        list_of(_REQUEST, 400, 403, 404),
        parameters=[_FORMAT, *_SEARCH, *_DATES, *_PAGES, _AGENCY, _KEY],
    ),
    "request": method(
        "request",
        "One request",
        list_of(_REQUEST, 400, 403, 404),
        parameters=[
            _FORMAT,
            _ONE,
            _query("token", "The reporter's: opens what is not public; of a rahasia request how it stands."),
            _AGENCY,
            _KEY,
        ],
    ),
    "token": method(
        "token",
        "From a token to the request's number",
        list_of(_TOKEN, 400, 403, 404),
        parameters=[_FORMAT, _path("token_id", f"{_NUMBER}-7KX2M9QD4T", "The token."), _AGENCY, _KEY],
    ),
    "update": method(
        "update",
        "Add what the reporter wrote elsewhere",
        list_of(_TAKEN, 400, 403, 404, 413),
        requestBody=_form(_COMMENT, ("api_key", "service_request_id"), ("jurisdiction_id", "media_url", "phone")),
    ),
    "updates": method(
        "updates",
        "Public steps recorded in a span of time",
        list_of(_UPDATE, 400, 403, 404),
        parameters=[_FORMAT, *_DATES, *_SEARCH[:1], *_PAGES, _AGENCY, _KEY],
    ),
}
"""The description of each method, by its handler's name."""
