"""Notices of mail systems are told from what people write, with the marks that standards ask for and without."""

from __future__ import annotations

import pytest

from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import read_letter
from tests.intake.mail.failure_notices import NOTICES, PEOPLE, each


@pytest.mark.parametrize(("name", "content"), each(NOTICES))
def test_a_notice_of_a_mail_system_is_a_machines(name: str, content: bytes) -> None:
    assert read_letter(content).writer is Writer.MACHINE, name


@pytest.mark.parametrize(("name", "content"), each(PEOPLE))
def test_a_letter_about_a_notice_is_a_persons(name: str, content: bytes) -> None:
    assert read_letter(content).writer is Writer.PERSON, name
