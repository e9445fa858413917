"""Which reports each official's scope shows in each table, written by hand from the field's rules."""

from __future__ import annotations

from tests.matrix.expected import (
    Facts,
    Person,
    Rule,
    of_own_agency,
    oversees,
    reads_files,
    reads_letters,
    reads_words,
    sees,
)


def _overseen(who: Person, report: Facts) -> bool:
    return of_own_agency(who, report) and oversees(who)


def _read_inside(who: Person, report: Facts) -> bool:
    """Tell who reads with its words what was done about its publicity: not the desk."""
    return reads_words(who, report) and who.role != "desk"


def _notes(who: Person, report: Facts) -> bool:
    """Tell the same; the leadership's are those on what came up to it."""
    return _read_inside(who, report) or (who.role == "leadership" and sees(who, report))


def _told_about(who: Person, report: Facts) -> bool:
    """Tell who sees which notices went out: who oversees, and an OPD that was sent the report."""
    return sees(who, report) and (oversees(who) or who.role == "liaison")


def _counted(who: Person, report: Facts) -> bool:
    """Tell whose the counts are: the agency's, for who oversees and for the leadership."""
    return of_own_agency(who, report) and (oversees(who) or who.role == "leadership")


TABLES: dict[str, Rule] = {
    **dict.fromkeys(("complaint", "complaint_opd", "complaint_clock", "concealment", "reply_read"), sees),
    **dict.fromkeys(("supporter_count", "reconcile_finding"), sees),
    "event": reads_words,
    "attachment": reads_files,
    "report_advice": reads_files,
    "raw_letter": reads_letters,
    **dict.fromkeys(("side_act", "note_mention"), _notes),
    **dict.fromkeys(("public_version", "public_follow_up", "public_file_version"), _read_inside),
    "outbox": _told_about,
    "status_span": _counted,
    "what_if_report": _counted,
    "queue_place": sees,
    **dict.fromkeys(("access_log", "inbox", "tray_item", "tray_item_report", "outgoing_message"), _overseen),
    **dict.fromkeys(("erasure", "quality_item"), _overseen),
}
"""Every table with rows of reports that an official's scope may read at all; a row is a report's by its number."""

PUBLIC = frozenset({"board_entry", "public_status", "public_report", "public_file"})
"""What everybody reads, with reports' numbers too."""

AT_MOST = frozenset({"queue_place"})
"""Tables of which a scope is shown no more than that: its own queues are in tests/store/test_work_queues.py."""

SELDOM = frozenset({"quality_item", "what_if_report"})
"""Tables of which the matrix's reports have no row: who reads them at all is in tests/store/test_scoped.py."""

# ruff: noqa: S608 - own words
_KEY = "(select data_key_id from data_key limit 1)"
_HASH = "sha256(c.tracking_id::text::bytea)"
_ACT = "(select max(a.n) from side_act a where a.tracking_id = c.tracking_id)"

_ROWS: dict[str, tuple[str, str]] = {
    "attachment": (
        "id, tracking_id, name_mac, data_key_id, ciphertext, size, media_type",
        f"gen_random_uuid(), c.tracking_id, {_HASH}, {_KEY}, '', 1, 'text/plain'",
    ),
    "raw_letter": (
        "tracking_id, number, channel, identity_mac, data_key_id, details, body, size, received_at",
        f"c.tracking_id, 9, 'email', {_HASH}, {_KEY}, '', '', 0, now()",
    ),
    "note_mention": ("note, person, tracking_id", f"{_ACT}, (select id from person limit 1), c.tracking_id"),
    "public_version": ("tracking_id, act", f"c.tracking_id, {_ACT}"),
    "public_follow_up": ("tracking_id, seq, act, why, body", f"c.tracking_id, 1, {_ACT}, 'Nama', 'Isi'"),
    "public_file_version": (
        "attachment, tracking_id, act",
        f"(select a.id from attachment a where a.tracking_id = c.tracking_id limit 1), c.tracking_id, {_ACT}",
    ),
    "report_advice": (
        "tracking_id, missing, likenesses, categories, opds, learned_from, pengawasan_hint, unsure",
        "c.tracking_id, '{}', '[]', '[]', '[]', 0, false, false",
    ),
    "reply_read": ("tracking_id, seq, at, account", "c.tracking_id, 1, now(), 'ani'"),
    "supporter_count": ("tracking_id, n", "c.tracking_id, 0"),
    "reconcile_finding": ("tracking_id, kind", "c.tracking_id, 'tried'"),
    "tray_item_report": ("item, tracking_id", "(select max(id) from tray_item), c.tracking_id"),
    "outgoing_message": ("tracking_id, kind, answers, status", "c.tracking_id, 'tried', false, 'not_sent'"),
    "erasure": (
        "tracking_id, instansi, at, by_role, by_account, ground",
        "c.tracking_id, c.instansi, now(), 'system', 'kawal', 'tried'",
    ),
}

FILLING = tuple(
    f"insert into {table} ({columns}) select {values} from complaint c"
    " where exists (select from side_act a where a.tracking_id = c.tracking_id) on conflict do nothing"
    for table, (columns, values) in _ROWS.items()
)
"""Statements by which each report with a note has a row in each table that the matrix's own acts do not fill."""
