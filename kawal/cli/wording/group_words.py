"""The messages of all groups of commands, collected from one module per group."""

from __future__ import annotations

from types import ModuleType

from kawal.cli.wording import (
    administration_words,
    archive_words,
    attachment_words,
    audit_words,
    backup_words,
    key_words,
    letter_words,
    life_words,
    mend_words,
    pass_words,
    person_words,
    quality_words,
)
from kawal.domain.msgids import Message

MODULES: tuple[ModuleType, ...] = (
    quality_words,
    administration_words,
    life_words,
    attachment_words,
    person_words,
    audit_words,
    key_words,
    archive_words,
    backup_words,
    pass_words,
    letter_words,
    mend_words,
)


def _together(table: str) -> dict[str, Message]:
    return {key: pair for words in MODULES for key, pair in getattr(words, table, {}).items()}


SENTENCES = _together("SENTENCES")
COMMANDS = _together("COMMANDS")
OPTIONS = _together("OPTIONS")
COLUMNS = _together("COLUMNS")
