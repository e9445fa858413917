"""`kawal person`: exporting or erasing a person's data, and clearing what PostgreSQL leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal import interrupts
from kawal.cli.terminal.dates import show_day
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import REFUSED, UsageError
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.domain.labels import STATUSES
from kawal.domain.refusals import SENTENCES, Refusal
from kawal.wording.catalogues import say
from kawal.wording.labels import label

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.intake.attachments.service import Attachments
    from kawal.privacy.erasure import Outcome


def export(
    operator: Operator, *, person_email: list[str], person_phone: list[str], purpose: str, zip_output: str
) -> None:
    """Write all that is held about a person into a ZIP file."""
    output = Path(zip_output).expanduser().absolute()
    if not output.parent.is_dir():
        raise UsageError("no_such_file", option="--output", path=zip_output, detail="–")

    async def work(complaints: Complaints) -> dict[str, Any]:
        from kawal.domain.access import Act
        from kawal.domain.erasure import stated_ground
        from kawal.privacy.person import Persons, asked_for
        from kawal.privacy.person_export import PersonExport

        asked = asked_for(person_email, person_phone, purpose)

        attachments = attachments_of(complaints)
        actor = await operator.actor(complaints)
        persons = Persons(complaints, attachments)
        reports = await persons.found(asked, actor, Act.EXPORT_PERSON)
        supports = await persons.supports(asked, actor)
        if not (reports or supports):
            raise Refusal("person_unknown")
        made = PersonExport(complaints, attachments, operator.lang)
        return await made.write(reports, actor, stated_ground(asked.said), output, supports)

    counted = operator.with_system(work)
    if operator.json:
        operator.write_json(counted | {"output": str(output)})
    else:
        operator.write(operator.say("person_exported", path=output, **counted))


def clean_up(operator: Operator) -> int:
    """Rewrite the tables from which erasures removed something, and switch to a new write-ahead log segment."""
    from kawal.base.database_roles import owner_address
    from kawal.base.endpoints import running_endpoints
    from kawal.store.vacuum import clean_up as cleaning

    settings = operator.settings()
    url = running_endpoints(settings).database_url
    done = interrupts.run(cleaning(owner_address(settings, url)))
    if operator.json:
        operator.write_json(done._asdict())
    else:
        whole = done.statistics and done.log
        operator.write(operator.say("cleaned_up" if whole else "cleaned_partly", tables=done.tables))
    return 0 if done.statistics and done.log else REFUSED


def attachments_of(complaints: Complaints) -> Attachments:
    """Return the attachments of this installation."""
    from kawal.intake.attachments.service import Attachments
    from kawal.intake.attachments.settings import AttachmentSettings

    return Attachments(complaints.system, AttachmentSettings.from_env(complaints.settings.home))


def _row(operator: Operator, one: Outcome) -> list[str]:
    return [
        one.tracking_id,
        "–" if one.status is None else label(STATUSES, one.status, operator.lang),
        _said(operator, one),
    ]


def _said(operator: Operator, one: Outcome) -> str:
    if one.code is None:
        return operator.say("erase_done" if one.erased else "erase_would")
    reason = say(operator.lang, SENTENCES[one.code])
    if one.possible_from is None:
        return reason
    return operator.say("erase_from", reason=reason, day=show_day(one.possible_from, operator.lang))


def _tell_erased(operator: Operator, outcomes: list[Outcome]) -> None:
    if not outcomes:
        operator.write(operator.say("only_letters_erased"))
        return
    columns = ("tracking_id", "status", "erasing")
    write_table(columns, (_row(operator, one) for one in outcomes), operator.lang)


def _after_erasing(operator: Operator, outcomes: list[Outcome], given: Mapping[str, Any]) -> int:
    for one in outcomes:
        _note_other_numbers(operator, one)
    if any(one.erased for one in outcomes):
        from kawal.store.data_keys import CACHE_SECONDS

        operator.note(operator.say("person_erased", seconds=round(CACHE_SECONDS)))
    return REFUSED if not given.get("dry_run") and any(one.code for one in outcomes) else 0


def _note_other_numbers(operator: Operator, outcome: Outcome) -> None:
    """Tell of a report that was passed on that it stands at another agency, too, which answers for its own."""
    for key, other in (("erase_goes_on", outcome.goes_on_as), ("erase_continues", outcome.continues)):
        if other is not None:
            operator.note(operator.say(key, id=outcome.tracking_id, other=other.tracking_id, agency=other.agency))


_WHO = OptionLayout({"emails": "--email", "phones": "--phone"})

SPECS = (
    Spec(
        "export",
        export,
        [
            Field("person_email", "--email", list[str], default=[], help_key="person emails"),
            Field("person_phone", "--phone", list[str], default=[], help_key="person phones"),
            Field("purpose", "--purpose", default=REQUIRED),
            Field("zip_output", "--output", default=REQUIRED),
        ],
    ),
    *desk_specs("person", {"erase": Form(_tell_erased, _after_erasing, typed=_WHO)}),
    Spec("clean-up", clean_up),
)
