"""Who may see and do what in which state, written by hand from the field's rules and from no table of the program.

The field's rules as sentences over the facts of a report: who does what, in which state, in which agency and OPD.
Where JSON or a page says otherwise, one of the two is wrong. What is done beside the process, and what is said for a
reporter, is in `beside`; what needs no report in `administration`; what the database shows in `tables`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FINAL = frozenset({"selesai", "diarsipkan", "bukan_wewenang", "digabung"})


@dataclass(frozen=True)
class Person:
    """An official: a role, in an agency (None: in none), as a liaison of an OPD."""

    role: str
    agency: str | None = "KEPRI"
    opd: str | None = None
    name: str = "Ani"


@dataclass(frozen=True)
class Facts:
    """What is to be known of a report to say who may do what about it."""

    status: str = "belum_diverifikasi"
    agency: str = "KEPRI"
    rahasia: bool = False
    anonim: bool = False
    supervised: bool = False
    """It is berkadar pengawasan."""
    verified: bool = False
    given: frozenset[str] = frozenset()
    """The OPDs that were ever sent it, or the report that it was merged into."""
    owes: frozenset[str] = frozenset()
    """Those that have it and have not finished; the agency itself where it handles, INSPEKTORAT after a take-over."""
    gone: frozenset[str] = frozenset()
    """Those that returned it, or from which it was withdrawn, and that have not got it again."""
    finished: frozenset[str] = frozenset()
    """Those whose final follow-up stands."""
    followed: frozenset[str] = frozenset()
    """Those that have followed up at all."""
    asked: bool = False
    """A question to the reporter is open."""
    days_asked: bool = False
    """More days are asked for, and nobody has decided."""
    item: bool = False
    """It is before the Inspectorate."""
    late: bool = False
    """A step that is owed is late."""
    come_up: bool = False
    """It went up to the Sekretaris Daerah at least."""
    registrar: str | None = None
    """Who registered it at the front desk."""

    @property
    def has(self) -> frozenset[str]:
        """Those that have it now."""
        return self.owes | self.finished

    @property
    def open(self) -> bool:
        """Whether it is not final."""
        return self.status not in FINAL

    @property
    def forwarded(self) -> bool:
        """Whether it was ever forwarded, handled or taken over."""
        return bool(self.given or self.has)


Rule = Callable[[Person, Facts], bool]

# --- Readings -------------------------------------------------------------------------------------------------------


def of_own_agency(who: Person, report: Facts) -> bool:
    return who.agency in (None, report.agency)


def oversees(who: Person) -> bool:
    return who.role in ("agency_admin", "inspectorate", "auditor")


def sees(who: Person, report: Facts) -> bool:
    """Where it stands: the own agency's; a liaison what the OPD was sent, the leadership what came up to it."""
    return of_own_agency(who, report) and (
        oversees(who)
        or who.role == "desk"
        or (who.role == "liaison" and who.opd in report.given)
        or (who.role == "leadership" and report.come_up)
    )


def sees_process(who: Person, report: Facts) -> bool:
    """Where it stands by itself: of a rahasia report an OPD that has it no more is told that it left, and no more."""
    return sees(who, report) and not (report.rahasia and has_left(who, report))


def reads_words(who: Person, report: Facts) -> bool:
    """Its words: who oversees; the OPD, of a rahasia report only while it has it; the desk what it registered."""
    return sees(who, report) and (
        oversees(who)
        or (who.role == "liaison" and (not report.rahasia or who.opd not in report.gone))
        or (who.role == "desk" and report.registrar == who.name)
    )


def reads_files(who: Person, report: Facts) -> bool:
    """Its files: with the words; the leadership those of what came up to it."""
    return reads_words(who, report) or (who.role == "leadership" and sees(who, report))


def adds_files(who: Person, report: Facts) -> bool:
    """Files are added by whoever works on it and reads its words: no auditor, and no OPD that has the main report."""
    through_the_main = who.role == "liaison" and report.status == "digabung"
    return reads_words(who, report) and who.role != "auditor" and not through_the_main


def reads_letters(who: Person, report: Facts) -> bool:
    """Tell who reads the letters that it came with: whoever reads its words, but no desk."""
    return reads_words(who, report) and who.role != "desk"


def knows_reporter(who: Person, report: Facts) -> bool:
    """Tell who is told, for a purpose, who the reporter is: who oversees, and the OPD unless the reporter is anonim."""
    is_told = oversees(who) or (who.role == "liaison" and not report.anonim)
    return is_told and reads_words(who, report) and not has_left(who, report)


def reads_chronicle(who: Person, report: Facts) -> bool:
    """Tell who reads the whole history, with who read what: whoever oversees."""
    return sees(who, report) and oversees(who)


def has_left(who: Person, report: Facts) -> bool:
    """Tell whether a liaison's OPD had it and has it no more: the page then says that it left, and no more."""
    return who.role == "liaison" and who.opd in report.gone


# --- Commands -------------------------------------------------------------------------------------------------------


def is_admin(who: Person, report: Facts) -> bool:
    return who.role == "agency_admin" and of_own_agency(who, report)


def acts_as_admin(who: Person, report: Facts) -> bool:
    """Tell who does the admin's work: the admin, and after its take-over the Inspectorate."""
    taken_over = who.role == "inspectorate" and "INSPEKTORAT" in report.has and of_own_agency(who, report)
    return is_admin(who, report) or taken_over


def is_inspectorate(who: Person, report: Facts) -> bool:
    return who.role == "inspectorate" and of_own_agency(who, report)


def is_liaison(who: Person, report: Facts, of: frozenset[str]) -> bool:
    return who.role == "liaison" and of_own_agency(who, report) and who.opd in of


def holds(who: Person, report: Facts) -> bool:
    """Whoever owes or has finished: an OPD's liaison, the admin who handles, the Inspectorate that took over."""
    return (
        is_liaison(who, report, report.has)
        or (is_admin(who, report) and report.agency in report.has)
        or (is_inspectorate(who, report) and "INSPEKTORAT" in report.has)
    )


COMMANDS: dict[str, Rule] = {
    "verify": lambda w, r: acts_as_admin(w, r) and r.status in ("belum_diverifikasi", "ditunda"),
    "hold": lambda w, r: is_admin(w, r) and r.open and r.status != "ditunda" and not r.forwarded,
    "archive": lambda w, r: acts_as_admin(w, r) and r.open and not r.followed,
    "pass_on": lambda w, r: acts_as_admin(w, r) and r.open and not r.followed,
    "merge": lambda w, r: is_admin(w, r) and r.open,
    "forward": lambda w, r: acts_as_admin(w, r) and r.open and r.verified,
    "handle": lambda w, r: (
        is_admin(w, r) and r.status in ("belum_diverifikasi", "belum_ditindaklanjuti") and r.agency not in r.has
    ),
    "receive": lambda w, r: r.open and is_liaison(w, r, r.owes),
    "return": lambda w, r: r.open and is_liaison(w, r, r.owes - r.followed),
    "withdraw": lambda w, r: is_admin(w, r) and r.open and bool(r.owes - {"INSPEKTORAT"}),
    "ask": lambda w, r: r.open and r.forwarded and not r.asked and (is_admin(w, r) or is_liaison(w, r, r.has)),
    "follow_up": lambda w, r: r.open and holds(w, r),
    "extend": lambda w, r: r.open and not r.days_asked and not r.late and is_liaison(w, r, r.owes),
    "grant": lambda w, r: is_admin(w, r) and r.open and r.days_asked,
    "refuse_extension": lambda w, r: is_admin(w, r) and r.open and r.days_asked,
    "close": lambda w, r: is_admin(w, r) and r.status == "proses",
    "reopen": lambda w, r: (is_admin(w, r) or is_inspectorate(w, r)) and r.status == "selesai",
    "reclassify": lambda w, r: is_admin(w, r) and r.open,
    "escalate": lambda w, r: r.open and (is_admin(w, r) or is_liaison(w, r, r.given)),
    "instruct": lambda w, r: is_inspectorate(w, r) and r.open and r.item,
    "take_over": lambda w, r: is_inspectorate(w, r) and r.open and r.item and "INSPEKTORAT" not in r.has,
    "resolve": lambda w, r: is_inspectorate(w, r) and r.item and not r.late,
    "nudge": lambda w, r: is_admin(w, r) and r.open and bool(r.has),
}

# --- Lists of an agency's affairs -----------------------------------------------------------------------------------

LISTS: dict[tuple[str, ...], frozenset[str]] = {
    ("account", "list"): frozenset({"agency_admin", "inspectorate"}),
    ("pass", "list"): frozenset({"agency_admin", "inspectorate"}),
    ("token", "list"): frozenset({"agency_admin"}),
    ("inbox",): frozenset({"agency_admin", "inspectorate", "auditor"}),
    ("notices",): frozenset({"agency_admin", "inspectorate", "auditor"}),
    ("inspectorate",): frozenset({"agency_admin", "inspectorate", "auditor"}),
    ("reconcile",): frozenset({"agency_admin", "inspectorate"}),
    ("tray", "list"): frozenset({"agency_admin", "inspectorate", "auditor"}),
}
"""A command line's list -> the roles to which, named by `--as`, it is shown; to the machine's operator all are."""
