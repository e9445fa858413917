"""An act's form with everything that it needs: what is typed in it, what can be chosen, which texts are kept for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kawal.client.reading import Readings
from kawal.console.pages.options import Choice
from kawal.console.pages.staff.report.act_fields import ActField, FieldKind, Typed, fields_of
from kawal.domain.canned_texts import filled
from kawal.domain.labels import CLASSES
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.names import CommandName
from kawal.domain.opd_lines import HOLDS
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.store.canned_texts import CannedText
from kawal.wording.act_words import ACT_WORDS, ENDS, ActWords
from kawal.wording.dates import show_long_instant

_THE_ADMIN = msgid("the agency's admin")

KEPT = ("kunci", "langkah", "ke", "berkas")
"""What a form carries besides the fields of the model: its key, the step that was shown, where to go back to, files."""


class FilledField(NamedTuple):
    """A field with what is typed in it."""

    about: ActField
    values: Sequence[str]
    fault: Sayable | None
    choices: Sequence[Choice]

    @property
    def value(self) -> str:
        """The one value of a field that has one."""
        return self.values[-1] if self.values else ""


class ActForm(NamedTuple):
    """A form as it is shown."""

    number: str
    secret: bool
    """Whether the report is rahasia, so that what is typed does not stay in the browser."""
    command: CommandName
    words: ActWords
    fields: list[FilledField]
    key: str
    """The idempotency key: sent twice, it is done once."""
    seq: str
    """The number of the last event that its sender has seen."""
    back: str
    """Where to go when it is done; a path of ours."""
    files: list[str]
    """Ids of files that were taken with an attempt before."""
    texts: list[CannedText]
    warnings: list[Sayable]

    @property
    def has_files(self) -> bool:
        """Whether it may bring files."""
        return any(field.about.kind is FieldKind.FILES for field in self.fields)

    @property
    def asks_category(self) -> bool:
        """Whether a category is to be chosen."""
        return any(field.about.kind is FieldKind.CATEGORY for field in self.fields)

    @property
    def ends(self) -> bool:
        """Whether it ends the report, so that a page asks once more before it is done."""
        return self.command in ENDS

    @property
    def text_field(self) -> str | None:
        """The field into which a kept text is put."""
        return next((one.about.name for one in self.fields if one.about.kind is FieldKind.TEXT), None)


class FormMaker:
    """Makes the forms of one report; what they share is looked up once."""

    def __init__(self, row: Snapshot, opds: Sequence[tuple[str, str]], texts: Sequence[CannedText], lang: str) -> None:
        """Make forms for a report; `opds` are the agency's active ones, code and name. Kept texts are in `lang`."""
        self._row = row
        self._opds = opds
        self._texts = [one.model_copy(update={"text": filled(one.text, _places(row, opds, lang))}) for one in texts]

    @staticmethod
    async def of(complaints: Readings, row: Snapshot, lang: str) -> FormMaker:
        """Return what makes the forms of a report."""
        opds = await active_opds(complaints, row.instansi)
        texts = await complaints.record.canned_texts.offered(row.instansi, row.status, row.category)
        return FormMaker(row, opds, texts, lang)

    def form(
        self,
        command: CommandName,
        typed: Typed,
        *,
        faults: Mapping[str, Sayable] | None = None,
        seq: int | None = None,
        warnings: Sequence[Sayable] = (),
        new_key: bool = False,
    ) -> ActForm:
        """Return a command's form with what was typed; `seq` is what is shown now, if not what was shown then."""
        kept = {name: (typed.get(name) or [""])[-1] for name in KEPT}
        wrong = faults or {}
        return ActForm(
            number=self._row.tracking_id,
            secret=self._row.rahasia,
            command=command,
            words=ACT_WORDS[command],
            fields=[
                FilledField(
                    field, list(typed.get(field.name, ())), wrong.get(field.name), self._choices(field, command)
                )
                for field in fields_of(command)
                if not self._is_decided(field, command)
            ],
            key=str(uuid.uuid4()) if new_key or not kept["kunci"] else kept["kunci"],
            seq=str(self._row.last_seq) if seq is not None or not kept["langkah"] else kept["langkah"],
            back=own_path(kept["ke"]) or f"/laporan/{self._row.tracking_id}",
            files=[one for one in kept["berkas"].split(",") if one],
            texts=[one for one in self._texts if one.command is command],
            warnings=list(warnings),
        )

    def _is_decided(self, field: ActField, command: CommandName) -> bool:
        """Tell whether a field of `handle` is not asked for: a verified report has its title, class and category."""
        return command is CommandName.HANDLE and field.name != "note" and self._row.verified_at is not None

    def _choices(self, field: ActField, command: CommandName) -> Sequence[Choice]:
        match field.kind:
            case FieldKind.CLASS:
                return [(code, name) for code, name in CLASSES.items()]
            case FieldKind.OPDS:
                owing = self._holding(frozenset({"owes"}))
                return [(code, name) for code, name in self._opds if code not in owing]
            case FieldKind.OPD if command is CommandName.RETURN:
                return self._opds
            case FieldKind.OPD:
                states = frozenset({"owes"}) if command is CommandName.WITHDRAW else HOLDS
                return self._held(states)
            case FieldKind.ADDRESSEE:
                return [("admin", _THE_ADMIN), *self._held(HOLDS)]
        return []

    def _held(self, states: frozenset[str]) -> list[Choice]:
        names = dict(self._opds)
        return [(code, names.get(code, code)) for code in self._holding(states)]

    def _holding(self, states: frozenset[str]) -> list[str]:
        return [line.code for line in self._row.opds if line.state in states and line.code != INSPECTORATE_OWNER]


async def active_opds(readings: Readings, instansi: str | None) -> list[tuple[str, str]]:
    """Return the OPDs of an agency, or of all, that take reports: code and name."""
    return [(one.code, one.name) for one in await readings.directory.opds(instansi) if one.active]


def with_text(form: ActForm, typed: Typed, number: str) -> dict[str, Sequence[str]]:
    """Return what was typed with a kept text added to the form's text, after what stands there."""
    chosen = next((one for one in form.texts if str(one.number) == number), None)
    field = form.text_field
    if chosen is None or field is None:
        return dict(typed)
    before = (typed.get(field) or [""])[-1].rstrip()
    return {**typed, field: [f"{before}\n\n{chosen.text}" if before else chosen.text]}


def own_path(path: str) -> str | None:
    """Return a path of ours to go back to; None for anything that leads elsewhere."""
    plain = path.isprintable() and path.isascii() and len(path) <= 2000
    return path if plain and path.startswith("/") and path[1:2] not in ("/", "\\") and "\\" not in path else None


def _places(row: Snapshot, opds: Sequence[tuple[str, str]], lang: str) -> dict[str, str]:
    names = dict(opds)
    holding = [names.get(line.code, line.code) for line in row.opds if line.state in HOLDS]
    due = "" if row.next_deadline is None else show_long_instant(row.next_deadline, lang)
    return {"nomor": row.tracking_id, "opd": ", ".join(holding), "tenggat": due}
