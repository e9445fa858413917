"""Numbers with the noun that they count, for sentences that contain several: "3 complaints, 1 event"."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgids

COUNTS: dict[str, Message] = {
    "access": msgids("{count} entry of the access log", "{count} entries of the access log"),
    "history_archive": msgids("{count} archived history", "{count} archived histories"),
    "attachments": msgids("{count} attachment", "{count} attachments"),
    "candidates": msgids("{count} final follow-up", "{count} final follow-ups"),
    "complaints": msgids("{count} complaint", "{count} complaints"),
    "days_off": msgids("{count} day off", "{count} days off"),
    "entries": msgids("{count} entry", "{count} entries"),
    "escalations": msgids("{count} escalation to the Inspectorate", "{count} escalations to the Inspectorate"),
    "events": msgids("{count} event", "{count} events"),
    "findings": msgids("{count} finding", "{count} findings"),
    "heads": msgids("{count} signed head", "{count} signed heads"),
    "items": msgids("{count} item", "{count} items"),
    "late": msgids("{count} late step", "{count} late steps"),
    "leaves": msgids("{count} entry", "{count} entries"),
    "letters": msgids("{count} letter", "{count} letters"),
    "notices": msgids("{count} notice", "{count} notices"),
    "published": msgids("{count} signed head", "{count} signed heads"),
    "reports": msgids("{count} report", "{count} reports"),
    "rows": msgids("{count} row", "{count} rows"),
    "runs": msgids("{count} history", "{count} histories"),
    "working_days": msgids("{count} working day", "{count} working days"),
}
"""Placeholders that stand for a number with its noun: given an integer, `say` inserts both."""
