"""Markup, a template, a script's address and a turned reading direction in every text that others bring.

A reporter, an OPD and whoever writes a letter bring texts that officials then read: `plant` brings them, and
`openings` says which page shows which of them to whom.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import quote

from kawal.desks.table import Desk, perform
from kawal.domain.messages import Place, Reporter
from kawal.domain.names import Role
from kawal.store.advice import advice_of
from tests.console.pages.browser import Page
from tests.console.staff.reports import received
from tests.desks.test_publicity import attachments_of
from tests.desks.test_tray import put
from tests.intake.attachments.files import jpeg, pieces
from tests.workflows.life import VERIFYING, Case, Office, eventually, january

HOSTILE = "\"'><script>kena()</script><img src=x onerror=kena()> {{7*7}} javascript:kena() \u202eitu"
"""What no page may take for anything but words."""

NAME = "\"'><u onfocus=siapa()>Aminah {{8*8}}"
"""The reporter's, of words that stand nowhere else: whatever is of a name is hidden in what others read."""

OPD = "DISHUB"


def words(name: str) -> str:
    """Return a hostile text that can be told from others; `nama` is the reporter's name."""
    return NAME if name == "nama" else f"{name} {HOSTILE}"


class Opening(NamedTuple):
    """How somebody opens a page, and whose words it then shows."""

    role: Role
    path: str
    shows: Sequence[str]
    press: str | None = None
    """The form that is sent from it, whose answer is the page."""
    typed: Mapping[str, str] = {}
    """What is typed into that form."""
    opd: str | None = None


class Planted(NamedTuple):
    """Who and what bears the words."""

    waiting: str
    worked_on: str
    file: str
    """Of the waiting one."""
    letter: int


async def plant(office: Office) -> Planted:
    """Let a report wait, an OPD work on others, one come up to the head of the region, and a letter be in the tray."""
    brought: dict[str, Any] = {
        "title": words("judul"),
        "text": f"{words('isi')}\n{words('baris kedua')}",
        "place": Place(text=words("tempat")),
        "reporter": Reporter(name=NAME, email="siti@example.org"),
    }
    worked_on, waiting, asked = [
        await received(office, **brought, external_id=words(f"nomor lama {number}")) for number in range(3)
    ]
    added = await attachments_of(office).add(waiting.tracking_id, f"{words('berkas')}\r\nX-Kena: 1.jpg", pieces(jpeg()))
    await _work_on(office, worked_on)
    await _forward(asked)
    await asked.liaison(OPD, "extend", days=3, grounds=words("alasan perpanjangan"))
    late = await office.receive(**brought)
    await late.until(january(31))
    item = await put(office, _letter(), worked_on.tracking_id, sender="siti@example.org")
    await eventually(lambda: advice_of(office.complaints.pool, waiting.tracking_id))
    return Planted(waiting.tracking_id, worked_on.tracking_id, added.id, item)


def _letter() -> bytes:
    mail = EmailMessage(default.clone(max_line_length=990))
    mail["From"] = Address(words("pengirim"), "siti", "example.org")
    mail["Subject"] = words("perihal")
    mail.set_content(words("surat"))
    mail.add_attachment("catatan", filename=words("lampiran"))
    return mail.as_bytes()


async def _forward(case: Case) -> None:
    await case.admin("verify", **{**VERIFYING, "title": words("judul")})
    await case.admin("forward", opds=[OPD])


async def _work_on(office: Office, case: Case) -> None:
    await _forward(case)
    await case.liaison(OPD, "ask", question=words("pertanyaan"))
    await case.reporter("reply", text=words("jawaban"))
    await case.liaison(OPD, "follow_up", text=words("tindak lanjut"), final=True)
    await case.reporter("dispute", why=words("sanggahan"))
    await case.admin("escalate", why=words("mengapa"))
    desk = Desk(office.complaints, await office.complaints.actor(Role.ADMIN, "Ani", instansi="KEPRI"))
    await perform(desk, "note add", {"tracking_id": case.tracking_id, "text": words("catatan"), "audience": "opds"})


def openings(planted: Planted) -> list[Opening]:
    """Return the pages that show what was planted."""
    waiting, worked_on = planted.waiting, planted.worked_on
    life, letter = f"/auditor/laporan/{worked_on}", f"/kerja/surat/{planted.letter}"
    said = ("judul", "isi", "pertanyaan", "jawaban", "tindak lanjut", "sanggahan", "mengapa")
    own = ("judul", "isi", "baris kedua", "tempat")
    return [
        Opening(Role.ADMIN, "/kerja", ("judul",)),
        Opening(Role.ADMIN, "/kerja/cari?q=onerror", ("judul",)),
        Opening(Role.ADMIN, f"/kerja/cari?q={quote(words('dicari'))}", ("dicari",)),
        Opening(Role.ADMIN, f"/kerja/verifikasi/{waiting}", own),
        Opening(Role.ADMIN, f"/kerja/verifikasi/{waiting}/banding/{worked_on}", ("judul", "isi", "tempat")),
        Opening(Role.ADMIN, f"/kerja/verifikasi/bersama?nomor={waiting}", ()),
        Opening(Role.ADMIN, f"/laporan/{waiting}", own),
        Opening(Role.ADMIN, f"/laporan/{waiting}", ("nama",), f"/laporan/{waiting}/pelapor", {"tujuan": "Menghubungi"}),
        Opening(Role.ADMIN, f"/laporan/{worked_on}", (*said, "catatan")),
        Opening(Role.ADMIN, "/kerja/keputusan", ("judul",)),
        Opening(Role.ADMIN, "/kerja/surat", ("pengirim", "perihal", "surat", "lampiran"), letter),
        Opening(Role.LIAISON, "/kerja/opd", ("judul",), opd=OPD),
        Opening(Role.LIAISON, f"/laporan/{worked_on}", ("judul", "isi", "sanggahan", "catatan"), opd=OPD),
        Opening(Role.INSPECTORATE, "/inspektorat", ("judul",)),
        Opening(Role.LEADERSHIP, "/pimpinan", ("judul",)),
        Opening(Role.AUDITOR, life, said, f"{life}/buka", {"tujuan": words("tujuan")}),
        Opening(Role.DESK, "/kerja/loket", ("loket",), "/kerja/loket/catat", {"text": "", "place": words("loket")}),
    ]


_OURS = re.compile(r"[/#?](?!/)|https?:")


class Elements(HTMLParser):
    """What of a page's elements is not ours, and all that it shows or holds."""

    def __init__(self, page: Page) -> None:
        """Read a page."""
        super().__init__(convert_charrefs=True)
        self.foreign: list[str] = []
        self.held: list[str] = []
        self.feed(page.answer.text)
        self.shown = " ".join(" ".join([*self.held, page.text, *_typed(page)]).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        for name, value in attrs:
            self.held.append(value or "")
            leads = value and name in ("src", "href", "action", "formaction")
            if name.startswith("on") or name in ("style", "srcdoc") or (leads and not _OURS.match(value or "")):
                self.foreign.append(f"{tag} {name}={value}")
        if tag in ("iframe", "object", "embed", "base") or (tag == "script" and not dict(attrs).get("src")):
            self.foreign.append(tag)


def _typed(page: Page) -> list[str]:
    return [value for form in page.forms for value in form.fields.values()]
