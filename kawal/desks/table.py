"""DESK: what officials do besides a complaint's commands, one row each; every way in is made from it.

The command line takes its options from a row's model (cli.terminal.desk_table). Handlers are named, not imported: help
and usage must not wait for the libraries of the database and the engine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

from kawal.desks import account_arguments as people
from kawal.desks import agency_arguments as agency
from kawal.desks import arguments as given
from kawal.desks import dead_letter_arguments as dead
from kawal.desks import rules_arguments as rules
from kawal.desks import what_if_arguments as what_if
from kawal.desks import work_arguments as work
from kawal.desks.once import KeyedAct, once
from kawal.domain.access import Act
from kawal.domain.process.commands import printable
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import first_fault

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor
    from kawal.store.directory import Opd

Handler = Callable[["Desk", Any], Awaitable[Any]]


@dataclass(frozen=True)
class Desk:
    """Where an official acts: on the record of an installation, for an agency."""

    complaints: Readings
    actor: Actor
    named: str | None = None
    """The code of the agency that was named."""
    progress: Callable[[int], None] = lambda _: None
    """Called with the progress of a long command."""

    async def agency(self) -> str:
        """Return the agency of the act: the one named, else the official's own, else the only one."""
        return self.named or self.actor.instansi or await self.complaints.default_instansi()

    async def authorised(self, act: Act) -> str:
        """Return the agency of the act, if the official may do it there; raises Refusal, on record."""
        instansi = await self.agency()
        await self.complaints.authority.authorise(self.actor, act, instansi)
        return instansi

    async def opd(self, instansi: str, code: str) -> Opd:
        """Return an agency's OPD, in use or not; refused if it has none of that code."""
        opd = await self.complaints.directory.opd(instansi, code)
        if opd is None:
            raise Refusal("unknown_opd", opd=printable(code[:60]), instansi=instansi)
        return opd


@dataclass(frozen=True)
class CommandingDesk(Desk):
    """A desk from which complaints are sent commands, too: through the client of a running system."""

    complaints: Complaints


class Row(NamedTuple):
    """One command: its arguments, its act of RIGHTS, and the `module:function` that does it.

    The function takes the desk and the arguments and returns what can be shown as JSON. It raises Refusal, itself on
    record where the act is not the official's, and SystemUnavailable.
    """

    arguments: type[BaseModel]
    act: Act
    handler: str


# fmt: off
DESK: dict[str, Row] = {
    "agency set":         Row(agency.DescribeAgency, Act.SET_UP,         "kawal.desks.agency_setup:describe"),
    "agency step":        Row(agency.SettleStep,    Act.SET_UP,          "kawal.desks.agency_setup:settle"),
    "agency finish":      Row(agency.FinishSetup,   Act.SET_UP,          "kawal.desks.agency_setup:finish"),
    "agency try-letter":  Row(agency.TryLetter,     Act.SET_UP,          "kawal.operate.trials:try_letter"),
    "agency try-message": Row(agency.TryMessage,    Act.SET_UP,          "kawal.operate.trials:try_message"),
    "announcement set":   Row(agency.SetAnnouncement, Act.KEEP_ANNOUNCEMENT, "kawal.desks.announcements:announce"),
    "announcement end":   Row(agency.EndAnnouncement, Act.KEEP_ANNOUNCEMENT, "kawal.desks.announcements:end"),
    "letter-text set":    Row(agency.SetLetterText, Act.KEEP_LETTER_TEXTS, "kawal.desks.letter_texts:set_text"),
    "office set":         Row(given.SetOffice,      Act.SET_OFFICE,      "kawal.desks.offices:set_office"),
    "office remove":      Row(given.OfficeChoice,   Act.REMOVE_OFFICE,   "kawal.desks.offices:remove_office"),
    "opd add":            Row(given.NameOpd,        Act.ADD_OPD,         "kawal.desks.offices:add_opd"),
    "opd rename":         Row(given.NameOpd,        Act.RENAME_OPD,      "kawal.desks.offices:rename_opd"),
    "opd deactivate":     Row(given.OpdCode,        Act.DEACTIVATE_OPD,  "kawal.desks.offices:deactivate_opd"),
    "opd activate":       Row(given.OpdCode,        Act.ACTIVATE_OPD,    "kawal.desks.offices:activate_opd"),
    "opd import":         Row(given.ImportOpds,      Act.IMPORT_OPDS,     "kawal.desks.offices:import_opds"),
    "category set":       Row(given.SetCategory,     Act.SET_CATEGORY,    "kawal.desks.category_opd:set_category"),
    "category unset":     Row(given.CategoryChoice,  Act.UNSET_CATEGORY,  "kawal.desks.category_opd:unset_category"),
    "pass issue":         Row(given.IssuePass,      Act.ISSUE_PASS,      "kawal.desks.passes:issue"),
    "pass revoke":        Row(given.AccessNumber,   Act.REVOKE_PASS,     "kawal.desks.passes:revoke"),
    "account invite":     Row(people.InvitePerson,  Act.INVITE_PERSON,   "kawal.desks.accounts:invite"),
    "account grant":      Row(people.GrantRole,     Act.GRANT_ROLE,      "kawal.desks.accounts:grant"),
    "account end-role":   Row(people.HeldRoleNumber, Act.END_ROLE,       "kawal.desks.accounts:end_role"),
    "account link":       Row(people.PersonChoice,  Act.ISSUE_LINK,      "kawal.desks.accounts:link"),
    "deputy name":        Row(people.NameDeputy,    Act.NAME_DEPUTY,     "kawal.desks.deputies:name_deputy"),
    "deputy end":         Row(people.DeputyNumber,  Act.END_DEPUTY,      "kawal.desks.deputies:end_deputy"),
    "token create":       Row(given.CreateToken,    Act.CREATE_TOKEN,    "kawal.desks.tokens:create"),
    "token revoke":       Row(given.AccessNumber,   Act.REVOKE_TOKEN,    "kawal.desks.tokens:revoke"),
    "register decree":    Row(given.EnterDecree,    Act.KEEP_REGISTERS,  "kawal.desks.registers:enter_decree"),
    "register plan":      Row(given.EnterPlan,      Act.KEEP_REGISTERS,  "kawal.desks.registers:enter_plan"),
    "register progress":  Row(given.ItemProgress,   Act.KEEP_REGISTERS,  "kawal.desks.registers:enter_progress"),
    "quality draw":       Row(given.DrawSample,     Act.QUALITY_DRAW,    "kawal.desks.quality:draw_sample"),
    "quality read":       Row(given.ReadDrawn,      Act.QUALITY_READ,    "kawal.desks.quality:read_drawn"),
    "quality review":     Row(given.ReviewDrawn,    Act.QUALITY_REVIEW,  "kawal.desks.quality:review_drawn"),
    "tray give":          Row(given.GiveItem,       Act.GIVE_ITEM,       "kawal.intake.tray_desk:give"),
    "tray start":         Row(given.StartItem,      Act.START_ITEM,      "kawal.intake.tray_desk:start"),
    "tray pass":          Row(given.PassItem,       Act.PASS_ITEM,       "kawal.desks.tray:pass_on"),
    "tray dismiss":       Row(given.DismissItem,    Act.DISMISS_ITEM,    "kawal.desks.tray:dismiss"),
    "tray undo":          Row(given.ItemNumber,     Act.UNDO_DISMISSAL,  "kawal.desks.tray:undo"),
    "inbox retry":        Row(dead.RetryReports, Act.RETRY_INBOX,    "kawal.desks.retries:retry_reports"),
    "inbox set-aside":    Row(dead.SetReportAside, Act.SET_REPORT_ASIDE, "kawal.desks.dead_letters:set_report_aside"),
    "notices resend":     Row(dead.NoticeNumber, Act.RESEND_NOTICE,  "kawal.desks.retries:resend_notice"),
    "notices set-aside":  Row(dead.SetNoticeAside, Act.SET_NOTICE_ASIDE, "kawal.desks.dead_letters:set_notice_aside"),
    "code change":        Row(given.ChangeCode,     Act.CHANGE_CODE,     "kawal.desks.reporters:change_code"),
    "public release":     Row(given.Release,        Act.RELEASE,         "kawal.desks.publicity:release"),
    "public redact":      Row(given.RedactWords,    Act.REDACT,          "kawal.desks.publicity:redact"),
    "public redact-picture": Row(
        given.RedactPicture, Act.REDACT, "kawal.intake.attachments.picture_redaction:redact_picture"
    ),
    "note add":           Row(given.AddNote,        Act.ADD_NOTE,        "kawal.desks.notes:add"),
    "replies read":       Row(given.NoteRead,       Act.NOTE_READ,       "kawal.desks.replies:note_read"),
    "note strike":        Row(given.StrikeNote,     Act.STRIKE_NOTE,     "kawal.desks.notes:strike"),
    "mention read":       Row(work.MentionRead,     Act.SEE_MENTION,     "kawal.desks.mentions:note_read"),
    "view save":          Row(work.SaveView,        Act.KEEP_VIEWS,      "kawal.desks.saved_views:save"),
    "view rename":        Row(work.RenameView,      Act.KEEP_VIEWS,      "kawal.desks.saved_views:rename"),
    "view move":          Row(work.MoveView,        Act.KEEP_VIEWS,      "kawal.desks.saved_views:move"),
    "view remove":        Row(given.AccessNumber,   Act.KEEP_VIEWS,      "kawal.desks.saved_views:remove"),
    "view share":         Row(work.ShareView,       Act.SHARE_VIEW,      "kawal.desks.saved_views:share"),
    "canned add":         Row(given.AddCannedText,  Act.KEEP_CANNED_TEXTS, "kawal.desks.canned_texts:add"),
    "canned change":      Row(given.ChangeCannedText, Act.KEEP_CANNED_TEXTS, "kawal.desks.canned_texts:change"),
    "gateway test":       Row(given.TryGateway,    Act.TEST_GATEWAY,    "kawal.desks.gateways:send_trial"),
    "canned remove":      Row(given.AccessNumber,   Act.KEEP_CANNED_TEXTS, "kawal.desks.canned_texts:remove"),
    "whatif ask":         Row(what_if.AskWhatIf,    Act.ASK_WHAT_IF,     "kawal.desks.what_if:ask"),
    "whatif cancel":      Row(what_if.WhatIfNumber, Act.ASK_WHAT_IF,     "kawal.desks.what_if:cancel"),
    "calendar import":    Row(rules.ImportCalendar, Act.IMPORT_CALENDAR, "kawal.desks.rules:import_calendar"),
    "calendar recompute": Row(rules.Recompute,      Act.RECOMPUTE,       "kawal.desks.rules:recompute"),
    "policy import":      Row(rules.ImportPolicies, Act.IMPORT_POLICY,   "kawal.desks.rules:import_policies"),
    "person erase":       Row(given.ErasePerson,    Act.ERASE_PERSON,    "kawal.privacy.desk:erase_person"),
    "keys rotate-master": Row(given.RotateMaster,   Act.ROTATE_MASTER,   "kawal.desks.key_rotation:rotate_master"),
    "keys rotate-data":   Row(given.RotateData,     Act.ROTATE_DATA,     "kawal.desks.key_rotation:rotate_data"),
}
# fmt: on

NEED_THE_ENGINE = frozenset(
    {"calendar recompute", "person erase", "tray dismiss", "tray give", "tray start", "whatif ask"}
)
"""Commands of which complaints hear, or that a workflow does: they take a CommandingDesk and need the engine."""

GIVES_ACCESS = frozenset(
    {"account invite", "account grant", "account link", "deputy name", "token create", "pass issue"}
)
"""Commands that let somebody in: whoever is signed in must have signed in lately, for a desk may be left open."""


async def perform(desk: Desk, name: str, arguments: Mapping[str, Any], key: str | None = None) -> Any:
    """Do a command of the table and return its result, under a `key` at most once (`once`).

    Raises Refusal, also for arguments that are not valid.
    """
    row = DESK[name]
    try:
        meant = row.arguments.model_validate(arguments)
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
    return await do_meant(desk, name, meant, key)


async def do_meant(desk: Desk, name: str, meant: BaseModel, key: str | None) -> Any:
    """Do a command whose arguments are read, as `perform`; raises Refusal."""
    act = KeyedAct(desk.actor.account, key, f"{name}\n{desk.named}\n{meant!r}")
    return await once(desk.complaints, act, lambda: handler_of(DESK[name])(desk, meant))


def handler_of(row: Row) -> Handler:
    """Return the function that does a command."""
    handler: Handler = resolve_name(row.handler)
    return handler
