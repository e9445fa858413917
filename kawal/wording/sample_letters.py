"""A letter and a message as they would be sent about a report that does not exist: what a preview shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kawal.domain.government import head_in
from kawal.domain.letter_texts import OwnWords
from kawal.domain.message_rules import fits_sms
from kawal.domain.msgids import msgid
from kawal.domain.names import ClockKind, CommandName, ReportClass
from kawal.domain.notices import Recipient
from kawal.wording.catalogues import say
from kawal.wording.letters import Envelope, Letter, in_envelope, letter
from kawal.wording.links import ReportAccess, report_access
from kawal.wording.short_messages import SHORT, short_message

NUMBER = "1234567"
"""The sample report's number."""

_CODE = "ABCDEFGHJK"
_TITLE = msgid("Street light out near the market")
_WORDS = msgid("This is where stands what an official wrote.")
_CATEGORY = msgid("ROADS")


def sample_letter(
    kind: str, lang: str, instansi: str, names: Mapping[str, str], own: OwnWords, day: date, public_url: str | None
) -> Letter:
    """Return the letter of a kind to a reporter of an agency; `day` is what each deadline in it would be."""
    written = letter(
        kind,
        NUMBER,
        _body(kind, lang, names, instansi, day),
        lang,
        names,
        to=Recipient.REPORTER,
        title=say(lang, _TITLE),
        answered=True,
    )
    agency = names.get(instansi, instansi)
    access = _access(public_url)
    return in_envelope(written, Envelope(Recipient.REPORTER, agency, agency, True, access, head_in(names), own), lang)


def sample_message(
    kind: str, lang: str, instansi: str, names: Mapping[str, str], day: date, public_url: str | None
) -> str:
    """Return the message that goes to a telephone instead, within what an SMS may have."""
    body = _body(kind, lang, names, instansi, day)
    agency, link = names.get(instansi), _access(public_url).link
    return short_message(kind, NUMBER, body, lang, names, fits=fits_sms, agency=agency, link=link)


def _access(public_url: str | None) -> ReportAccess:
    return report_access(public_url, NUMBER, _CODE)


def _body(kind: str, lang: str, names: Mapping[str, str], instansi: str, day: date) -> dict[str, Any]:
    """Return what a notice of the kind would hold."""
    opd = next((code for code in names if code != instansi and code.isupper()), instansi)
    quoted = {"text": say(lang, _WORDS)} if SHORT[kind].quoted or kind.startswith("followed_up") else {}
    return {
        "deadline": day.isoformat(),
        "opd": opd,
        "opds": [opd],
        "days": 5,
        "class": ReportClass.PENGADUAN,
        "category": say(lang, _CATEGORY),
        "clock": ClockKind.RESPOND,
        "main": "1234560",
        "rating": 4,
        "refused": {"command": CommandName.DISPUTE, "code": "no_opd", "details": {}},
        **quoted,
    }
