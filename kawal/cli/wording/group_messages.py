"""The messages of all groups of commands, collected from one module per group."""

from __future__ import annotations

from types import ModuleType

from kawal.cli.wording import (
    administration_messages,
    agency_messages,
    attachment_messages,
    audit_messages,
    backup_messages,
    chronicle_messages,
    code_messages,
    demo_messages,
    gateway_messages,
    history_archive_messages,
    key_messages,
    mend_messages,
    note_messages,
    own_queue_messages,
    pass_messages,
    people_messages,
    person_messages,
    publicity_messages,
    quality_messages,
    raw_letter_messages,
    tray_messages,
    what_if_messages,
)
from kawal.domain.msgids import Message

MODULES: tuple[ModuleType, ...] = (
    quality_messages,
    administration_messages,
    agency_messages,
    chronicle_messages,
    attachment_messages,
    person_messages,
    audit_messages,
    key_messages,
    history_archive_messages,
    backup_messages,
    pass_messages,
    people_messages,
    raw_letter_messages,
    tray_messages,
    publicity_messages,
    note_messages,
    mend_messages,
    code_messages,
    own_queue_messages,
    demo_messages,
    gateway_messages,
    what_if_messages,
)


def _together(table: str) -> dict[str, Message]:
    return {key: pair for words in MODULES for key, pair in getattr(words, table, {}).items()}


SENTENCES = _together("SENTENCES")
COMMANDS = _together("COMMANDS")
OPTIONS = _together("OPTIONS")
COLUMNS = _together("COLUMNS")
