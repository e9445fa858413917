"""Erasing a person's data, as a command of the desks (desks.table)."""

from __future__ import annotations

from kawal.desks.arguments import ErasePerson
from kawal.desks.table import CommandingDesk
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.privacy.erasure import Outcome
from kawal.privacy.person import Persons, asked_for


async def erase_person(desk: CommandingDesk, given: ErasePerson) -> list[Outcome]:
    """Erase a person's data from all complaints that are over, the tray and supports, or report what that would do to
    complaints; refuse if there is nothing of that person.
    """
    asked = asked_for(given.emails, given.phones, given.ground)
    settings = AttachmentSettings.from_env(desk.complaints.settings.home)
    persons = Persons(desk.complaints, Attachments(desk.complaints.system, settings))
    letters = supports = 0
    if given.dry_run:
        outcomes = await persons.would_erase(asked, desk.actor)
    else:
        outcomes = await persons.erase(asked, desk.actor, given.basis)
        letters = await persons.erase_letters(asked, desk.actor, given.basis)
        supports = await persons.erase_supports(asked, desk.actor)
    if not (outcomes or letters or supports):
        raise Refusal("person_unknown")
    return outcomes
