"""The arguments of each command of the desks: one model each, for every way in (desks.table)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from kawal.domain.contacts import PHONE
from kawal.domain.erasure import Basis
from kawal.domain.names import Channel, CommandName, Role, Scope, Status
from kawal.domain.notes import Audience
from kawal.domain.process.commands import Category, Note, Text, Title, Tracking, printable
from kawal.domain.quality import Verdict
from kawal.domain.registers import PlanItemState

LONGEST_DAYS = 366
"""The most days for which a pass is valid: whoever has left the office is locked out within a year at the latest."""


LONGEST_TOKEN_DAYS = 1_100
"""The most days for which a token that ends by itself is valid: three years."""

MOST_OPDS = 500
"""The most OPDs in one list: several times what the largest province has."""


class Office(StrEnum):
    """Who receives notices at an address of the office."""

    AGENCY_ADMIN = "agency_admin"
    INSPECTORATE = "inspectorate"
    SEKDA = "sekda"
    GUBERNUR = "gubernur"
    LIAISON = "liaison"
    """The liaison of an OPD, which is named as well."""


def _named(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern="^[A-Z0-9][A-Z0-9_.-]{0,39}$")]
AREA = r"^[0-9]{1,5},[0-9]{1,5},[1-9][0-9]{0,4},[1-9][0-9]{0,4}$"
FileId = Annotated[str, AfterValidator(lambda given: str(UUID(given)))]
Number = Annotated[int, Field(ge=1, lt=1 << 63)]


class DeskArguments(BaseModel):
    """The arguments of a command; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class OfficeChoice(DeskArguments):
    """An office of the agency; for a liaison, also the OPD."""

    office: Office
    opd: str | None = None


class SetOffice(OfficeChoice):
    """Where the office receives its notices."""

    email: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^@\s]+@[^@\s]+$"),
        AfterValidator(printable),
    ]


class OpdCode(DeskArguments):
    """An OPD, by its code."""

    code: Code


class NameOpd(OpdCode):
    """The OPD's new name."""

    name: Annotated[str, _named(150), AfterValidator(printable)]


class ImportOpds(DeskArguments):
    """Many new OPDs, of which all are added or none."""

    opds: Annotated[list[NameOpd], Field(min_length=1, max_length=MOST_OPDS)]


class CategoryChoice(DeskArguments):
    """A category of the national tree: "MAIN" or "MAIN / SUB"."""

    category: Annotated[str, _named(200), AfterValidator(printable)]


class SetCategory(CategoryChoice):
    """Who answers the category: an OPD of the agency, or an agency outside it that has the authority."""

    opd: Code | None = None
    outside: Annotated[str, _named(150), AfterValidator(printable)] | None = None


class IssuePass(DeskArguments):
    """A pass: for whom, and for how many days."""

    role: Role
    opd: str | None = None
    instansi: str | None = None
    name: Annotated[str, _named(200)]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 90


class AccessNumber(DeskArguments):
    """A pass or a token, by its number."""

    number: Number


class CreateToken(DeskArguments):
    """A token for a system that sends reports by a channel."""

    name: Annotated[str, _named(200), AfterValidator(printable)]
    channel: Channel
    scopes: list[Scope] = Field(default_factory=lambda: list(Scope), min_length=1)
    days: Annotated[int, Field(ge=1, le=LONGEST_TOKEN_DAYS)] | None = None
    """For how many days it is valid; None: until it is revoked."""


class _Register(DeskArguments):
    opd: str | None = None
    document: str | None = None
    document_hash: str | None = None
    correct: Number | None = None
    """The entry to correct: what is not given stays as it is."""
    withdrawn: bool = False


class EnterDecree(_Register):
    """An SK; the limits of its parts are domain.registers'."""

    number: str | None = None
    decided_on: date | None = None
    valid_until: date | None = None


class EnterPlan(_Register):
    """An action plan, with the titles of its items; a correction adds to them."""

    year: int | None = None
    submitted_on: date | None = None
    items: list[str] = Field(default_factory=list)


class ItemProgress(DeskArguments):
    """The progress of an item of a plan since a day, by default today."""

    plan: Number
    place: Annotated[int, Field(ge=1, le=1_000_000)]
    state: PlanItemState
    on_day: date | None = None
    title: str | None = None
    """The item's title; without one it keeps the present one."""


class DrawSample(DeskArguments):
    """A sample of the final follow-ups given on some local days, both included."""

    first_day: date
    last_day: date
    opd: str | None = None
    size: int = 30
    seed: str | None = None
    """The seed; by default the root of the log's first head after those days."""


class DrawPlace(DeskArguments):
    """A follow-up, by its draw and its place in it."""

    draw: Number
    place: Annotated[int, Field(ge=1, lt=1 << 31)]


class ReadDrawn(DrawPlace):
    """The purpose for which it is read."""

    purpose: str | None = None


class ReviewDrawn(DrawPlace):
    """A verdict; with `correct` it replaces the reviewer's own."""

    verdict: Verdict
    grounds: Note
    correct: bool = False


class GivenAs(StrEnum):
    """The command of a reporter as which an item of the tray is given to a report."""

    REPLY = "reply"
    ACCEPT = "accept"
    DISPUTE = "dispute"
    RATE = "rate"
    CONCEAL = "conceal"


class ItemNumber(DeskArguments):
    """An item of the tray, by its number."""

    item: Number


class GiveItem(ItemNumber):
    """To which report, and as what; without `words` those of the letter itself are taken."""

    tracking_id: Tracking
    command: GivenAs
    words: Text | None = None
    rating: int | None = None
    anonim: bool = False
    rahasia: bool = False
    """What is to be concealed; both, if neither is named."""
    stays: bool = False
    """It goes on waiting, because it is about another report, too."""


class StartItem(ItemNumber):
    """The new report's title and text; by default the letter's."""

    title: Title | None = None
    text: Text | None = None


class PassItem(ItemNumber):
    """To which agency."""

    code: Code


class DismissItem(ItemNumber):
    """Why nothing is done about it."""

    grounds: str | None = None


class ChangeCode(DeskArguments):
    """Whose access code, by the report's number; and how the desk knows that it is the reporter."""

    tracking_id: Tracking
    access_code: str | None = None
    contact: str | None = None


def _refuse_nothing(parts: list[str], *, anew: bool) -> None:
    """Refuse a redaction that names nothing; made anew it takes back what was redacted."""
    if not parts and not anew:
        raise ValueError("name what is to be replaced, or redact anew to take back what was")


class Release(DeskArguments):
    """What becomes public: a file by its id, or else the words of a report berkadar pengawasan as they stand."""

    tracking_id: Tracking
    file: FileId | None = None
    all_words: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.all_words is (self.file is not None):
            raise ValueError("name either a file or the words")
        return self


class RedactWords(DeskArguments):
    """Which passages of the public words are replaced, of the report or of one of its follow-ups, and why."""

    tracking_id: Tracking
    passages: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=2000)]], Field(max_length=50)
    ] = Field(default_factory=list)
    follow_up: Annotated[int, Field(ge=1, lt=1 << 31)] | None = None
    """The number of its event; None: title, text and place."""
    anew: bool = False
    """From what was written, not from what is shown: no earlier redaction of the same stands any more."""
    why: Note
    """Public, too."""

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        _refuse_nothing(self.passages, anew=self.anew)
        return self


class RedactPicture(DeskArguments):
    """Which rectangles of a picture's public form are blacked out, and why."""

    tracking_id: Tracking
    file: FileId
    areas: Annotated[list[Annotated[str, StringConstraints(pattern=AREA)]], Field(max_length=50)] = Field(
        default_factory=list
    )
    """Each `x,y,width,height` in pixels from the upper left corner."""
    anew: bool = False
    """From the picture as it came, not as it is shown: no earlier redaction of it stands any more."""
    why: Note
    """Public, too."""

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        _refuse_nothing(self.areas, anew=self.anew)
        return self


class AddNote(DeskArguments):
    """A note for colleagues, and for whom of them it is."""

    tracking_id: Tracking
    text: Note
    audience: Audience = Audience.OWN


class StrikeNote(DeskArguments):
    """Which note of a report is struck, and why."""

    tracking_id: Tracking
    note: Number
    why: Note


class NoteRead(DeskArguments):
    """Of which report what the reporter said is noted as read, by the number of its event."""

    tracking_id: Tracking
    event: Number


class CannedTextContent(DeskArguments):
    """A text for the forms of a command, in a status or of a category alone if these are named."""

    command: CommandName
    title: Title
    text: Text
    status: Status | None = None
    category: Category | None = None


class AddCannedText(CannedTextContent):
    """A new text."""


class ChangeCannedText(CannedTextContent):
    """Which text is replaced by this one."""

    number: Number


class TryGateway(DeskArguments):
    """By which gateway a test message goes, and to which telephone."""

    gateway: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=PHONE)]


class ErasePerson(DeskArguments):
    """Whose data, by which contacts, and on which ground; `dry_run` only shows what would be done."""

    emails: list[str] = Field(default_factory=list)
    phones: list[str] = Field(default_factory=list)
    ground: str
    basis: Basis = Basis.REQUEST
    dry_run: bool = False


class RotateMaster(DeskArguments):
    """A file on the installation's machine with the next master key; without one a key is generated."""

    key_file: Path | None = None


class RotateData(DeskArguments):
    """Whose data key: a complaint's, by its number, or the system's own."""

    owner: str | None = None
