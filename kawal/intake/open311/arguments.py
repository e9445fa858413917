"""Reading requests: dates with their zone, lists, pages, and forms in the two encodings that clients use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kawal.domain.calendar import JAKARTA, local_day
from kawal.intake.open311.faults import Fault

SPAN = timedelta(days=90)
"""The longest span of a search, and the default span."""

MOST = 1000
"""The most requests or updates in one answer."""

FORM_LIMIT = 256 * 1024
"""In bytes: far more than the longest report, and decoded in a few hundredths of a second."""

FIELDS_LIMIT = 500
FILES_LIMIT = 10
_LAST_PAGE = 1_000_000

_TYPED_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_LOCAL_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,6})?\d*)?(Z|[+-]\d\d:?\d\d)")


class Span(NamedTuple):
    """The beginning and the end of a span, both included: aware instants."""

    start: datetime
    end: datetime


class Page(NamedTuple):
    """Which part of a long list."""

    limit: int
    offset: int


def moment(name: str, text: str, *, last: bool = False) -> datetime:
    """Read a W3C date; a bare day is that day in Asia/Jakarta: its beginning, or with `last` its end."""
    given = text.strip().replace(" ", "+")  # a plus sign that a client forgot to escape
    try:
        if _DATE.fullmatch(given):
            day = date.fromisoformat(given)
            return datetime.combine(day, time.max if last else time.min, JAKARTA).astimezone(UTC)
        if _DATE_TIME.fullmatch(given):
            return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Fault(400, f"{name} is not a W3C date with time zone, such as 2010-05-24T00:00:00Z")


def day_of(name: str, text: str) -> date:
    """Read a local day that people type: a W3C date, one without zone (WIB), or day, month and year."""
    given = text.strip()
    if local := _LOCAL_TIME.fullmatch(given):
        given = local[1]
    for form in _TYPED_DAYS:
        try:
            return datetime.strptime(given, form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    try:
        return local_day(moment(name, given))
    except Fault as error:
        raise Fault(400, f"{name} is not a day such as 2026-01-12 or 12/01/2026") from error


def span(given: Mapping[str, str], now: datetime, *, most: timedelta | None) -> Span:
    """Read start_date and end_date; a missing one is SPAN away from the other, or from now."""
    start = moment("start_date", given["start_date"]) if given.get("start_date") else None
    end = moment("end_date", given["end_date"], last=True) if given.get("end_date") else None
    try:
        if end is None:
            end = now if start is None or now - start <= SPAN else start + SPAN
        if start is None:
            start = end - SPAN
    except OverflowError as error:
        raise Fault(400, "start_date or end_date lies too far away") from error
    if start > end and given.get("end_date"):
        raise Fault(400, "start_date lies after end_date")
    if most is not None and end - start > most:
        raise Fault(400, f"start_date and end_date may span at most {most.days} days")
    return Span(start, end)


def page(given: Mapping[str, str]) -> Page:
    """Read page (from 1) and per_page or page_size; more than MOST a page is cut to MOST."""
    size = min(_number(given, "per_page") or _number(given, "page_size") or MOST, MOST)
    return Page(size, (min(_number(given, "page") or 1, _LAST_PAGE) - 1) * size)


def listed(text: str) -> list[str]:
    """Split a comma-delimited argument."""
    return [one for part in text.split(",") if (one := part.strip())]


class SentForm(NamedTuple):
    """The contents of a form: each argument with its values in order, and the files in it."""

    fields: dict[str, list[str]]
    files: list[UploadFile]


async def form(request: Request) -> SentForm:
    """Read a form; raises Fault for what is no form in UTF-8. The caller closes the request and its files."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request)
    if kind not in ("", "application/x-www-form-urlencoded"):
        raise Fault(400, "the body must be a form (application/x-www-form-urlencoded or multipart/form-data)")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            raise Fault(413, f"the form is larger than {FORM_LIMIT} bytes")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError as error:
        raise Fault(400, f"the form cannot be read: it must be UTF-8 with at most {FIELDS_LIMIT} arguments") from error
    return SentForm(_gathered(pairs), [])


async def _multipart(request: Request) -> SentForm:
    try:
        sent = await request.form(max_files=FILES_LIMIT, max_fields=FIELDS_LIMIT, max_part_size=FORM_LIMIT)
    except HTTPException as error:
        raise Fault(
            400, f"the form cannot be read: it may hold {FILES_LIMIT} files and {FIELDS_LIMIT} arguments"
        ) from error
    except (ValueError, KeyError) as error:
        raise Fault(400, "the form cannot be read") from error
    every = sent.multi_items()
    fields = _gathered([(name, value) for name, value in every if isinstance(value, str)])
    return SentForm(fields, [value for _, value in every if isinstance(value, UploadFile) and value.size])


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise Fault(400, f"{name} is not a whole number from 1 on")
    return int(text)
