"""`kawal agency`, `kawal announcement`, `kawal letter-text`: who the agency is, and what it tells in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.model_table import of_agency, write_models
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec
from kawal.cli.wording.labels import label
from kawal.domain.agency_setup import STEP_WORDS, STEPS
from kawal.domain.government import KINDS

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.agency_setup import SettledStep
    from kawal.desks.announcements import EndedAnnouncement
    from kawal.desks.letter_texts import LetterTextResult
    from kawal.domain.announcements import Announcement
    from kawal.operate.trials import TrialResult
    from kawal.store.directory import Instansi
    from kawal.store.letter_texts import LetterText


def _tell_agency(operator: Operator, one: Instansi) -> None:
    kind = label(KINDS, one.kind, operator.lang)
    operator.write(operator.say("agency_stands", code=one.code, name=one.name, kind=kind))


def _tell_step(operator: Operator, one: SettledStep) -> None:
    step, word = label(STEPS, one.step, operator.lang), label(STEP_WORDS, one.word, operator.lang)
    operator.write(operator.say("step_settled", step=step, word=word))


_TRIALS = {"letter": "trial_letter", "message": "trial_message"}


def _tell_trial(operator: Operator, one: TrialResult) -> None:
    operator.write(operator.say(_TRIALS[one.how]))


def _tell_announcement(operator: Operator, one: Announcement) -> None:
    begins = show_instant(one.from_at, operator.lang)
    if one.until_at is None:
        operator.write(operator.say("announcement_stays", begins=begins))
    else:
        operator.write(operator.say("announced", begins=begins, ends=show_instant(one.until_at, operator.lang)))


def _tell_ended(operator: Operator, _: EndedAnnouncement) -> None:
    operator.write(operator.say("announcement_ended"))


def _tell_text(operator: Operator, one: LetterTextResult) -> None:
    operator.write(operator.say("letter_text_set" if one.text else "letter_text_unset", part=one.part))


def list_letter_texts(operator: Operator) -> None:
    """List what the agency's letters say in its own words."""

    async def read(complaints: Readings, instansi: str) -> list[LetterText]:
        return await complaints.record.letter_texts.of(instansi)

    texts = of_agency(operator, read)
    write_models(operator, texts, ("part", "lang", "body"), lambda one: [one.part, one.lang, one.text])


AGENCY = desk_specs(
    "agency",
    {
        "set": Form(_tell_agency, typed=OptionLayout(places=frozenset({"code", "name"}))),
        "step": Form(_tell_step, typed=OptionLayout(places=frozenset({"step"}))),
        "finish": Form(_tell_agency),
        "try-letter": Form(_tell_trial, typed=OptionLayout(places=frozenset({"address"}))),
        "try-message": Form(_tell_trial, typed=OptionLayout(places=frozenset({"phone"}))),
    },
)
ANNOUNCEMENT = desk_specs("announcement", {"set": Form(_tell_announcement), "end": Form(_tell_ended)})
LETTER_TEXT = (
    *desk_specs("letter-text", {"set": Form(_tell_text, typed=OptionLayout(places=frozenset({"part"})))}),
    Spec("list", list_letter_texts),
)
