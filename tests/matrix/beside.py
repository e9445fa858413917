"""Who does what beside a report's process, and who speaks for its reporter, written by hand from the field's rules.

The same sentences over the facts of a report as in `expected`: the rows "Acts beside the process", "The tray" and "Who
speaks for a reporter".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.matrix.expected import Facts, Person, Rule, is_admin, is_inspectorate, is_liaison, of_own_agency, sees

NOBODYS = "00000000-0000-4000-8000-000000000000"
"""The id of a file that no report has."""


class Beside(NamedTuple):
    """An act beside the process: who may do it, and how it is tried so that nothing comes of it.

    It is about something that is not there: whoever may is told that, in these codes; whoever may not, why not.
    """

    rule: Rule
    given: dict[str, Any]
    tried: frozenset[str]


def _writes_notes(who: Person, report: Facts) -> bool:
    """Tell who leaves notes: admin, Inspectorate, a liaison whose OPD has it itself, the leadership on what came up."""
    has_it = is_liaison(who, report, report.has) and report.status != "digabung"
    came_up = who.role == "leadership" and sees(who, report)
    return is_admin(who, report) or is_inspectorate(who, report) or has_it or came_up


def _decides_on_files(who: Person, report: Facts) -> bool:
    """Tell who decides what is public: the admin, the Inspectorate while it is before it; of a rahasia one nobody."""
    its_item = is_inspectorate(who, report) and report.item
    return not report.rahasia and (is_admin(who, report) or its_item)


def _decides_on_words(who: Person, report: Facts) -> bool:
    """Tell the same of words: those of a report berkadar pengawasan are the Inspectorate's alone."""
    if report.supervised:
        return not report.rahasia and is_inspectorate(who, report)
    return _decides_on_files(who, report)


def _releases_words(who: Person, report: Facts) -> bool:
    """Tell who releases words: those that are withheld, of a report berkadar pengawasan."""
    return report.supervised and _decides_on_words(who, report)


def _is_at_the_desk(who: Person, report: Facts) -> bool:
    return who.role == "desk" and of_own_agency(who, report)


def _finds_mentions(who: Person, report: Facts) -> bool:
    """Tell who reads notes on it: who oversees, the OPD (of a rahasia report while it has it), the leadership."""
    kept = who.role != "liaison" or not report.rahasia or who.opd not in report.gone
    return sees(who, report) and who.role != "desk" and kept


_WHY = {"why": "Nama tetangga"}
BESIDE: dict[str, Beside] = {
    "note add": Beside(
        _writes_notes, {"text": "@Tidak Ada", "audience": "inspectorate"}, frozenset({"mention_unknown"})
    ),
    "note strike": Beside(_writes_notes, {"note": 1 << 40, **_WHY}, frozenset({"note_unknown"})),
    "public release": Beside(_decides_on_files, {"file": NOBODYS}, frozenset({"unknown_files"})),
    "public redact": Beside(
        _decides_on_words, {"passages": ["tidak tertulis di sini"], **_WHY}, frozenset({"publicity_no_passage"})
    ),
    "public redact-picture": Beside(
        _decides_on_files, {"file": NOBODYS, "areas": ["0,0,1,1"], **_WHY}, frozenset({"unknown_files"})
    ),
    "replies read": Beside(is_admin, {"event": 1 << 30}, frozenset({"nothing_to_read"})),
    "mention read": Beside(_finds_mentions, {"note": 1 << 40}, frozenset({"no_mention"})),
    "code change": Beside(_is_at_the_desk, {"contact": "tidak@ada.example"}, frozenset({"code_or_contact"})),
}

NOT_YOURS = frozenset(
    {"wrong_role", "wrong_instansi", "words_not_yours", "words_not_of_opd", "words_not_come_up", "words_not_registered"}
    | {"publicity_rahasia", "publicity_inspectorate", "publicity_no_item", "unknown_complaint"}
)
"""What whoever may not is told."""

FORMS: dict[str, Rule] = {"catatan": _writes_notes, "sunting": _decides_on_words, "rilis": _releases_words}
"""The page's forms beside the process, by the last part of their address, while the report has no files."""

# --- For the reporter -----------------------------------------------------------------------------------------------


def _can_be_judged(report: Facts) -> bool:
    """Tell whether a verdict can be given: nobody owes, and a final follow-up stands."""
    return report.status == "proses" and bool(report.finished) and not report.owes


SAID: dict[str, tuple[Any, dict[str, Any]]] = {
    "reply": (lambda r: r.status not in ("diarsipkan", "bukan_wewenang"), {"text": "Masih padam."}),
    "conceal": (lambda r: not r.anonim, {"anonim": True}),
    "rate": (lambda r: r.status == "selesai", {"rating": 4}),
    "dispute": (_can_be_judged, {"why": "Belum diperbaiki."}),
    "accept": (_can_be_judged, {"rating": 4}),
}
"""What is said for a reporter, by whoever may: in which state, and how."""

SPEAKERS = {"from the tray": "agency_admin", "by the desk": "desk"}
"""Which role of the report's agency speaks for a reporter, by what way."""
