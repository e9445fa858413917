"""Turns the form of POST servicerequestupdates into the reporter's reply."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from kawal.domain.messages import Report
from kawal.intake.open311.arguments import moment
from kawal.intake.open311.faults import Fault
from kawal.intake.open311.report_form import Form, lines_of, media_lines

_CLOSED = frozenset({"closed", "fixed", "no_further_action", "duplicate", "not_councils_responsibility"})
PHOTO_THERE = "Pelapor menambahkan foto."
CLOSED_THERE = "Pelapor menandai laporan ini selesai di kanal asalnya."
_FIELDS = ("service_request_id", "update_id", "updated_datetime", "status", "description", "media_url")


class Update(NamedTuple):
    """The reporter's addition in another system."""

    update_id: str
    """The update's id for its sender: the same for a retry."""
    idempotency_key: str
    text: str


def update_of(form: Form, sender: str) -> Update:
    """Read an update; raises Fault for one that says nothing or cannot be read."""
    given = form.given
    if given.get("updated_datetime"):
        moment("updated_datetime", given["updated_datetime"])
    text = lines_of(given.get("description", ""))
    media = media_lines(form.every.get("media_url", []))
    if not text and given.get("status", "").lower() in _CLOSED:
        text = CLOSED_THERE
    if not text and form.files:
        text = PHOTO_THERE
    if not text and not media:
        raise Fault(400, "description was not provided")
    theirs = given.get("update_id") or form.either("update_id_ext")
    same = [theirs] if theirs else [given.get(name, "") for name in _FIELDS]
    digest = sha256(repr([sender, given.get("service_request_id"), *same]).encode()).hexdigest()
    return Update(digest[:20], f"open311:{digest}", (text + media).strip())


def refuse_others(form: Form, report: Report, sender: str) -> None:
    """Refuse any system but the one that sent the report, and within it any person but the reporter.

    Another system's update is answered like one to an unknown request. Raises Fault.
    """
    if report.external_id is None or not report.external_id.startswith(f"{sender}:"):
        raise Fault(404, "service_request_id was not found")
    theirs, known = form.given.get("email", ""), report.reporter.email
    if theirs and known and theirs.strip().lower() != known.lower():
        raise Fault(403, "email: only what the reporter adds is taken; this update is by somebody else")
