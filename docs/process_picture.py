"""The picture of the process: statuses as boxes, commands as arrows, the escalation ladder below. Plain SVG.

Every arrow names commands of the table of transitions; one that the table does not allow there raises KeyError.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from kawal.domain.calendar import FIRST_DAY
from kawal.domain.names import CommandName, Status
from kawal.domain.policy import Policy
from kawal.domain.process.transitions import TRANSITIONS

WIDTH, HEIGHT = 1180, 560
BOX_WIDTH, BOX_HEIGHT = 190, 56
INK, LINE, SOFT, ALARM, DONE = "#1f2937", "#64748b", "#f1f5f9", "#b91c1c", "#15803d"


class Box(NamedTuple):
    """A status, its place in the picture, and what it means in English."""

    x: int
    y: int
    meaning: str
    colour: str = INK


BOXES = {
    Status.BELUM_DIVERIFIKASI: Box(40, 150, "received, not verified"),
    Status.DITUNDA: Box(40, 300, "held: reporter completes it"),
    Status.BELUM_DITINDAKLANJUTI: Box(345, 150, "verified, no follow-up yet"),
    Status.PROSES: Box(650, 150, "an OPD has followed up"),
    Status.SELESAI: Box(950, 150, "done; 30 days aftercare", DONE),
    Status.DIARSIPKAN: Box(345, 20, "archived, with a reason", LINE),
    Status.BUKAN_WEWENANG: Box(650, 20, "passed to another agency", LINE),
    Status.DIGABUNG: Box(950, 20, "follows its main report", LINE),
}


class Arrow(NamedTuple):
    """An arrow from one status to another: its commands, the polyline, and the place of its label."""

    source: Status
    commands: tuple[CommandName, ...]
    points: tuple[tuple[int, int], ...]
    label: tuple[int, int]
    note: str = ""


C, S = CommandName, Status
ARROWS = (
    Arrow(S.BELUM_DIVERIFIKASI, (C.VERIFY, C.HANDLE), ((230, 178), (345, 178)), (287, 168)),
    Arrow(S.BELUM_DITINDAKLANJUTI, (C.FORWARD,), ((395, 206), (395, 240), (490, 240), (490, 206)), (442, 256)),
    Arrow(S.BELUM_DITINDAKLANJUTI, (C.FOLLOW_UP,), ((535, 178), (650, 178)), (592, 168)),
    Arrow(S.PROSES, (C.ACCEPT, C.CLOSE), ((840, 168), (950, 168)), (895, 158), "10 days' silence"),
    Arrow(S.SELESAI, (C.REOPEN,), ((950, 192), (840, 192)), (895, 218)),
    Arrow(S.PROSES, (C.DISPUTE,), ((700, 206), (700, 240), (795, 240), (795, 206)), (747, 256)),
    Arrow(S.BELUM_DIVERIFIKASI, (C.HOLD,), ((110, 206), (110, 300)), (82, 258)),
    Arrow(S.DITUNDA, (C.REPLY,), ((160, 300), (160, 206)), (188, 258)),
    Arrow(S.BELUM_DIVERIFIKASI, (C.ARCHIVE,), ((135, 150), (135, 48), (345, 48)), (240, 40)),
    Arrow(S.BELUM_DITINDAKLANJUTI, (C.PASS_ON,), ((500, 150), (500, 110), (700, 110), (700, 76)), (600, 102)),
    Arrow(S.PROSES, (C.MERGE,), ((800, 150), (800, 110), (1040, 110), (1040, 76)), (920, 102)),
)


def process_svg() -> str:
    """Return the whole picture."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="DejaVu Sans, Verdana, '
        'sans-serif" font-size="13" role="img" aria-label="The process of a complaint in Kawal">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *(_arrow(arrow) for arrow in ARROWS),
        *(_box(status, box) for status, box in BOXES.items()),
        _clock_strip(Policy(version="nasional", effective_from=FIRST_DAY)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _box(status: Status, box: Box) -> str:
    name = f'text-anchor="middle" font-weight="bold" fill="{box.colour}"'
    meaning = f'text-anchor="middle" font-size="11" fill="{LINE}"'
    middle = box.x + BOX_WIDTH // 2
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8" fill="{SOFT}" '
        f'stroke="{box.colour}" stroke-width="1.5"/>'
        f'<text x="{middle}" y="{box.y + 24}" {name}>{status}</text>'
        f'<text x="{middle}" y="{box.y + 42}" {meaning}>{escape(box.meaning)}</text>'
    )


def _arrow(arrow: Arrow) -> str:
    for command in arrow.commands:
        if arrow.source not in TRANSITIONS[command].statuses:
            raise KeyError(f"{command} is not allowed in {arrow.source}")
    points = " ".join(f"{x},{y}" for x, y in arrow.points)
    words = ", ".join(arrow.commands)
    x, y = arrow.label
    note = f'<text x="{x}" y="{y - 14}" text-anchor="middle" font-size="10" fill="{LINE}">{escape(arrow.note)}</text>'
    return (
        f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1.5" marker-end="url(#tip)"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="11" fill="{INK}">{words}</text>'
        f"{note if arrow.note else ''}"
    )


def _clock_strip(policy: Policy) -> str:
    """Draw below the boxes which clock runs in which part of the process, and the ladder of a breach."""
    bars = (
        (40, 290, f"verify and forward: {policy.verify} working days"),
        (345, 290, f"first follow-up: {policy.respond}, for each OPD"),
        (
            345,
            590,
            f"completion: {policy.complete_permintaan_informasi} / {policy.complete_aspirasi} / "
            f"{policy.complete_pengaduan} / {policy.complete_pengawasan} by class",
        ),
        (650, 285, f"auto-close: {policy.auto_close} after the final follow-up"),
    )
    parts = [f'<text x="40" y="392" font-weight="bold" fill="{INK}">The clocks</text>']
    for row, (x, width, words) in enumerate(bars):
        y = 402 + 24 * row
        parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="18" rx="4" fill="#dbeafe"/>')
        parts.append(f'<text x="{x + 8}" y="{y + 13}" font-size="11" fill="{INK}">{escape(words)}</text>')
    rungs = (
        ("deadline missed", "Inspektorat Daerah"),
        (f"+ {policy.rung_two} working days", "Sekretaris Daerah"),
        (f"+ {policy.rung_three} working days", "Gubernur; reporter told of the Ombudsman"),
    )
    parts.append(f'<text x="40" y="528" font-weight="bold" fill="{ALARM}">A late step climbs by itself</text>')
    for number, (when, who) in enumerate(rungs):
        x = 290 + 290 * number
        parts.append(f'<text x="{x}" y="520" font-size="11" fill="{ALARM}">{escape(when)} →</text>')
        parts.append(f'<text x="{x}" y="537" font-size="12" fill="{INK}">{escape(who)}</text>')
    return "\n".join(parts)
