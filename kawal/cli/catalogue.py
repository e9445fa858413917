"""Every command by its name: the module that defines it and where help lists it. Nothing here imports one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kawal.cli.terminal.options import Spec

TABLE = "kawal.cli.terminal.command_table"
"""Defines the commands for which the rules' table has a row."""


class Entry(NamedTuple):
    """One command: its description is found in its module when it is called."""

    name: str
    module: str
    panel: str | None = None
    """The heading under which help lists it; commands of a group have none."""
    group: str = ""
    specs: str = "SPECS"
    """The name of the module's list of descriptions."""

    @property
    def key(self) -> str:
        """The command's name as it is typed, which is also the key of its help."""
        return f"{self.group} {self.name}".strip()

    def spec(self) -> Spec:
        """Import the module and return its description of the command."""
        described: tuple[Spec, ...] = getattr(import_module(self.module), self.specs)
        return next(spec for spec in described if spec.name == self.name)


def _ruled(panel: str, *names: str) -> tuple[Entry, ...]:
    return tuple(Entry(name, TABLE, panel) for name in names)


def _own(panel: str, *lines: tuple[str, str]) -> tuple[Entry, ...]:
    """Return the entries of commands with modules of their own: one line per module, with the names that it defines."""
    return tuple(
        Entry(name, f"kawal.cli.commands.{module}", panel) for module, names in lines for name in names.split()
    )


def _group(group: str, *lines: tuple[str, str], specs: str = "SPECS") -> tuple[Entry, ...]:
    """Return the entries of a group's commands: one line per module, with the names that it defines."""
    return tuple(
        Entry(name, f"kawal.cli.commands.{module}", group=group, specs=specs)
        for module, names in lines
        for name in names.split()
    )


CLIENT = (
    *_own("reporter", ("start", "start")),
    *_own("admin", ("verify", "verify")),
    *_ruled("admin", "hold", "archive", "pass-on", "merge", "forward", "handle", "withdraw", "grant"),
    *_ruled("admin", "refuse-extension", "close", "reopen", "reclassify", "escalate", "nudge"),
    *_ruled("liaison", "receive", "return", "ask", "follow-up", "extend"),
    *_ruled("reporter", "reply", "accept", "dispute", "rate", "conceal"),
    *_ruled("inspectorate", "instruct", "take-over", "resolve"),
    *_own("reading", ("show", "show"), ("complaint_list", "list"), ("next_report", "next"), ("history", "history")),
)
"""The commands of the client side: `python starter.py` has only these."""

OPERATOR = (
    *_own("reading", ("attachments", "attachments"), ("events", "events"), ("case_file", "case-file")),
    *_own("reading", ("find", "find"), ("inspectorate", "inspectorate"), ("notices", "notices")),
    *_own("reading", ("recap", "recap"), ("indicators", "indicators")),
    *_own("system", ("rerun", "rerun"), ("demo", "demo"), ("up", "up worker"), ("api", "api"), ("imports", "import")),
    *_own("system", ("inbox", "inbox reconcile"), ("mend", "mend"), ("backup", "backup restore")),
    *_own("system", ("completion", "completion")),
)

GROUPS: dict[str, tuple[Entry, ...]] = {
    "calendar": _group("calendar", ("calendar", "deadline show import recompute")),
    "policy": _group("policy", ("policy", "list import")),
    "token": _group("token", ("tokens", "create revoke list")),
    "account": _group("account", ("people", "invite grant end-role link list"), specs="ACCOUNT"),
    "deputy": _group("deputy", ("people", "name end"), specs="DEPUTY"),
    "pass": _group("pass", ("passes", "issue revoke list")),
    "letter": _group("letter", ("raw_letters", "list show")),
    "keys": _group("keys", ("keys", "status rotate-master rotate-data")),
    "quality": _group("quality", ("quality", "draw read review list result redraw")),
    "audit": _group(
        "audit",
        ("audit_verify", "verify receipt"),
        ("audit", "seal heads keys"),
        ("history_archive", "history-archive replay"),
    ),
    "register": _group("register", ("registers", "decree plan progress list")),
    "agency": _group("agency", ("agency_setup", "set step finish try-letter try-message"), specs="AGENCY"),
    "announcement": _group("announcement", ("agency_setup", "set end"), specs="ANNOUNCEMENT"),
    "letter-text": _group("letter-text", ("agency_setup", "set list"), specs="LETTER_TEXT"),
    "office": _group("office", ("administration", "set remove list"), specs="OFFICE"),
    "opd": _group("opd", ("administration", "add rename deactivate activate import list"), specs="OPD"),
    "category": _group("category", ("administration", "set unset list"), specs="CATEGORY"),
    "code": _group("code", ("codes", "change")),
    "tray": _group("tray", ("tray", "list show give start pass dismiss undo")),
    "public": _group("public", ("publicity", "release redact redact-picture")),
    "replies": _group("replies", ("read_replies", "read")),
    "note": _group("note", ("notes", "add strike list")),
    "view": _group("view", ("saved_views", "save rename move remove share list")),
    "mention": _group("mention", ("mentions", "list read")),
    "canned": _group("canned", ("canned_texts", "add change remove list")),
    "gateway": _group("gateway", ("gateways", "test")),
    "whatif": _group("whatif", ("what_if", "ask list show rows cancel")),
    "person": _group("person", ("person", "export erase clean-up")),
}
