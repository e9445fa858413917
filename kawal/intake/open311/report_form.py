"""Turns the form of POST requests into a Report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile

from kawal.domain.calendar import local_day
from kawal.domain.contacts import is_email
from kawal.domain.media_lines import MEDIA_LINE
from kawal.domain.messages import Place, Report, Reporter
from kawal.domain.names import Channel, ReportClass
from kawal.domain.process.commands import TITLE_LIMIT
from kawal.intake.open311.arguments import SentForm, day_of, listed
from kawal.intake.open311.attributes import EXTERNAL_IDS, truth
from kawal.intake.open311.faults import Fault
from kawal.intake.open311.services import Service

_MEDIA_LIMIT = 10
_URL_LIMIT = 500
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,100})\](?:\[\])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_TITLE_MARK = re.compile(r"^(?:title|titel|judul)\s*:\s*", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9 .()-]{5,30}")


class Form(NamedTuple):
    """A form's own arguments and its `attribute[...]` ones: the first value of each, and all of them in `every`."""

    given: Mapping[str, str]
    attributes: Mapping[str, str]
    every: Mapping[str, list[str]]
    files: Sequence[UploadFile]

    @classmethod
    def of(cls, sent: SentForm) -> Form:
        """Sort the arguments of a form."""
        found = {
            match[1]: values[0].strip() for name, values in sent.fields.items() if (match := _ATTRIBUTE.fullmatch(name))
        }
        plain = {name: values[0].strip() for name, values in sent.fields.items() if not _ATTRIBUTE.fullmatch(name)}
        return cls(plain, found, sent.fields, sent.files)

    def either(self, name: str) -> str:
        """Return an attribute, or the argument of that name; empty if there is neither."""
        return self.attributes.get(name) or self.given.get(name, "")


def report_of(form: Form, service: Service, opds: Sequence[str], external_id: str | None) -> Report:
    """Return the report; raises Fault for an argument that cannot be read. The rules check the limits."""
    return Report(
        title=_title(form, service),
        text=_text(form, service),
        channel=Channel.OPEN311,
        proposed_class=_class(form),
        category=service.category,
        chosen_opd=_opd(form, opds),
        anonim=truth(form.attributes, "anonim", "public_anonymity_required")
        or truth(form.given, "anonim", "public_anonymity_required"),
        rahasia=truth(form.attributes, "rahasia") or truth(form.given, "rahasia"),
        place=_place(form),
        occurred_on=_occurred_on(form),
        reporter=_reporter(form),
        external_id=external_id,
    )


def external_id(form: Form, sender: str, header_key: str | None, now: datetime) -> str | None:
    """Return what a retry of the same report shares with the first try, unique within its sender; None for nothing.

    That is the sender's own number of it; else its idempotency key; else, from a sender who says who reports, the whole
    form on one local day.
    """
    for name in EXTERNAL_IDS:
        if value := form.either(name):
            return f"{sender}:id:{value[:200]}"
    if header_key:
        return f"{sender}:key:{header_key[:200]}"
    if any(form.given.get(name) for name in ("device_id", "account_id", "email", "phone")):
        sent = sorted((name, values) for name, values in form.every.items() if name != "api_key")
        return f"{sender}:form:{local_day(now)}:{sha256(repr(sent).encode()).hexdigest()}"
    return None


def media_lines(urls: Sequence[str]) -> str:
    """Return media URLs as lines of a text; raises Fault for what is no web address."""
    every = [url for one in urls for url in listed(one)][:_MEDIA_LIMIT]
    for url in every:
        try:
            fine = urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc and len(url) <= _URL_LIMIT
        except ValueError:
            fine = False
        if not fine or _CONTROL.search(url) or " " in url:
            raise Fault(400, "media_url is not an http or https address")
    return "".join(f"\n{MEDIA_LINE}{url}" for url in every)


def lines_of(text: str) -> str:
    """Return a text with one kind of line ending."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _title(form: Form, service: Service) -> str:
    # Where a client sends both, attribute[title] is how the person is addressed (Ms, Dr).
    own = form.either("judul") or form.either("report_title") or form.either("title")
    lines = [line for line in lines_of(form.given.get("description", "")).split("\n") if line.strip()]
    title = own or (_TITLE_MARK.sub("", lines[0].strip()) if lines else "") or service.name
    title = _CONTROL.sub(" ", title).strip() or service.name
    return title if len(title) <= TITLE_LIMIT else title[: TITLE_LIMIT - 1].rstrip() + "…"


def _text(form: Form, service: Service) -> str:
    words = lines_of(form.given.get("description", "")) or service.name
    return words + media_lines(form.every.get("media_url", []))


def _class(form: Form) -> ReportClass | None:
    given = form.either("klasifikasi").lower().replace(" ", "_")
    if not given:
        return None
    if given not in set(ReportClass):
        raise Fault(400, f"attribute[klasifikasi] must be one of: {', '.join(ReportClass)}")
    return ReportClass(given)


def _opd(form: Form, opds: Sequence[str]) -> str | None:
    given = form.either("opd").upper()
    if given and given not in opds:
        raise Fault(400, "attribute[opd] is none of the codes in the service definition")
    return given or None


def _occurred_on(form: Form) -> str | None:
    given = form.either("tanggal_kejadian")
    return day_of("attribute[tanggal_kejadian]", given).isoformat() if given else None


def _place(form: Form) -> Place:
    words = form.given.get("address_string") or form.given.get("address_id") or form.either("closest_address")
    given = [form.given.get(name, "") for name in ("lat", "long")]
    if not any(given):
        if not words:
            raise Fault(400, "lat and long, address_string or address_id was not provided")
        return Place(text=words)
    return Place(text=words, latitude=_degrees("lat", given[0], 90), longitude=_degrees("long", given[1], 180))


def _degrees(name: str, text: str, most: int) -> float:
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{0,20})?", text, re.ASCII) or abs(float(text)) > most:
        raise Fault(400, f"{name} is not a number of degrees (WGS 84) between -{most} and {most}")
    return float(text)


def _reporter(form: Form) -> Reporter:
    """Return the reporter; a contact that is no address or number is kept as it came, and the report not refused."""
    first, last, email, phone = (form.given.get(name, "") for name in ("first_name", "last_name", "email", "phone"))
    name = " ".join(part for part in (first, last) if part and part != "-")
    kept = [form.given[name] for name in ("account_id", "device_id") if form.given.get(name)]
    kept += [email] if email and not is_email(email) else []
    kept += [phone] if phone and not _PHONE.fullmatch(phone) else []
    return Reporter(
        name=_CONTROL.sub(" ", name)[:200] or None,
        email=email if is_email(email) else None,
        phone=phone if _PHONE.fullmatch(phone) else None,
        origin=_CONTROL.sub(" ", "; ".join(kept))[:200] or None,
    )
