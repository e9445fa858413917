"""Whose each act is that the program knows, written by hand from the field's rules: what no command of a report is.

Each is named as in the access log. What concerns one report is a sentence over its facts, as in `expected`; of the rest
it is said which roles do it for their agency.
"""

from __future__ import annotations

from tests.matrix import expected
from tests.matrix.beside import BESIDE
from tests.matrix.expected import Facts, Person, Rule, is_admin, is_inspectorate, of_own_agency


def _reads_inside(who: Person, report: Facts) -> bool:
    """Tell who reads its words and is not at the desk."""
    return expected.reads_letters(who, report)


def _decides_what_is_public(who: Person, report: Facts) -> bool:
    """Tell who decides at all; about which words and files, and when, is in `beside`."""
    return is_admin(who, report) or is_inspectorate(who, report)


def _reads_notices(who: Person, report: Facts) -> bool:
    """Tell who reads a notice to somebody else: the admin who sends it again, and the auditor."""
    return of_own_agency(who, report) and who.role in ("agency_admin", "auditor")


OF_A_REPORT: dict[str, Rule] = {
    "see a report": expected.sees_process,
    "read events": expected.reads_words,
    "read attachments": expected.reads_files,
    "attach": expected.adds_files,
    **dict.fromkeys(("read advice", "read drawn", "decode", "read letter"), _reads_inside),
    **dict.fromkeys(("read unverified", "read chronicle", "take case file", "take receipt"), expected.reads_chronicle),
    "read notice": _reads_notices,
    **dict.fromkeys(("release to the public", "redact for the public"), _decides_what_is_public),
    **{act: BESIDE[act].rule for act in ("note add", "note strike", "replies read", "mention read")},
    "read notes": BESIDE["mention read"].rule,
}
"""What concerns one report."""

ADMIN = frozenset({"agency_admin"})
KEEPERS = ADMIN | {"inspectorate"}
OVERSEERS = KEEPERS | {"auditor"}
LEADERS = KEEPERS | {"leadership"}
OFFICIALS = OVERSEERS | {"liaison", "leadership", "national", "desk"}
OPERATOR = frozenset({"system"})
"""Whoever runs the machine, and is nobody's official."""

_OVERSEEN = ("search", "find", "see likenesses", "tray show", "inbox show", "history-archive --prune", "decode system")
_LISTED = ("tray list", "list what waits", "inspectorate")
_KEPT = (
    *("person_export", "person_erase", "quality draw", "quality review", "register", "canned texts", "inbox retry"),
    *("inbox set-aside", "mend", "pass_issue", "pass_revoke"),
)
_ADMINISTERED = (
    *("office set", "office remove", "opd add", "opd rename", "opd activated", "opd deactivated", "opd import"),
    *("category set", "category unset", "agency set up", "announcement", "letter texts", "view share", "tray give"),
    *("tray start", "tray pass", "tray dismiss", "tray undo", "notices resend", "notices set-aside", "gateway test"),
    *("rotate_master", "rotate_data", "rotate_signing"),
)
_WHO_GETS_IN = ("see who has access", "account invite", "account grant", "account end-role", "account link")
_MACHINES_AND_RULES = (
    *("token list", "token create", "token revoke", "office list", "calendar import", "calendar recompute"),
    "policy import",
)

OF_AN_AGENCY: dict[str, frozenset[str]] = {
    **dict.fromkeys(_OVERSEEN, OVERSEERS),
    **dict.fromkeys(_LISTED, OVERSEERS | OPERATOR),
    **dict.fromkeys(_KEPT, KEEPERS),
    **dict.fromkeys(_ADMINISTERED, ADMIN),
    **dict.fromkeys((*_WHO_GETS_IN, "see health"), KEEPERS | OPERATOR),
    **dict.fromkeys(_MACHINES_AND_RULES, ADMIN | OPERATOR),
    **dict.fromkeys(("see how OPDs work", "ask what if"), LEADERS),
    "quality read": OVERSEERS,
    "quality audit": frozenset({"auditor"}),
    **dict.fromkeys(("deputy name", "deputy end"), OFFICIALS | OPERATOR),
    "saved views": OFFICIALS,
    **dict.fromkeys(("code change", "speak for the reporter"), frozenset({"desk"})),
    "start": frozenset({"adapter", "reporter", "desk"}),
    "audit verify": OFFICIALS | OPERATOR | {"adapter", "reporter"},
}
"""Every other act, and the roles that do it for their own agency; who belongs to none, for every one."""

OF_NO_AGENCY = frozenset(
    {"start", "saved views", "see health", "decode system", "audit verify", "rotate_master", "rotate_data"}
    | {"rotate_signing"}
)
"""Those of them that concern the installation, or oneself: an agency has nothing to do with it."""

OF_ITS_OWN_ALONE = frozenset({"pass_issue", "pass_revoke"})
"""Those that somebody of no agency does for nobody of an agency."""

_SETUP = tuple(f"/kelola/mulai/{step}" for step in ("instansi", "opd", "kategori", "orang", "uji", "selesai"))
_KELOLA_OF_ADMINS = ("opd", "alamat", "kategori", "kalender", "kebijakan", "gerbang", "pesan", "surat", "mulai")
_AUDIT = ("", "/laporan", "/peristiwa", "/log-akses", "/pemeriksaan", "/pemeriksaan.json", "/segel", "/segel.jsonl")

PAGES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("/kerja", "/kerja/tampilan", "/kerja/cari", "/panduan"), OFFICIALS),
    **dict.fromkeys(("/kerja/verifikasi", "/kerja/keputusan"), ADMIN),
    "/kerja/opd": frozenset({"liaison"}),
    "/kerja/loket": frozenset({"desk"}),
    "/kerja/surat": OVERSEERS,
    "/inspektorat": frozenset({"inspectorate"}),
    **dict.fromkeys(("/pimpinan", "/pimpinan/andai", "/inspektorat/opd"), LEADERS),
    **dict.fromkeys([f"/auditor{part}" for part in (*_AUDIT, "/bukti")], OVERSEERS),
    **dict.fromkeys(("/mutu", "/mutu/sk", "/mutu/rencana-aksi"), OVERSEERS),
    **dict.fromkeys(
        [f"/kelola{part}" for part in ("", "/akun", "/teks", "/akses-mesin", "/mati", "/keadaan")], KEEPERS
    ),
    **dict.fromkeys([*(f"/kelola/{part}" for part in _KELOLA_OF_ADMINS), *_SETUP], ADMIN),
    **dict.fromkeys(("/api/v1/events?purpose=x", "/api/v1/access-log?purpose=x"), OVERSEERS),
    "/api/v1/complaints": OFFICIALS - {"national"},
    **dict.fromkeys(("/api/v1/mentions", "/api/v1/views"), OFFICIALS),
}
"""The pages and lists that concern no single report, and the roles to which each is shown."""
