"""The pages that every check is made of, and how somebody gets to each: a new page is a line more."""

from __future__ import annotations

from typing import NamedTuple

from kawal.domain.names import Role
from tests.system.pages import page_steps as steps
from tests.system.pages.page_steps import Going, at, unfolded


class PageCase(NamedTuple):
    """A page, or a state of one."""

    name: str
    address: str
    """Its address, or that of the form that shows it; a name in braces stands for what the site has under it."""
    by: Going | None = None
    """How to get to it, where its address is not enough."""
    errs: bool = False
    """Whether its answer is an error."""
    tiles: bool = False
    """Whether it shows pictures of the operator's tile server."""
    printed: bool = False
    """Whether it is looked at as it is printed."""
    role: Role | None = None
    """As what one has to be signed in to see it."""
    opd: str | None = None
    """Of a liaison: of which OPD."""

    def __str__(self) -> str:
        """Return its name, for a test's."""
        return self.name

    @property
    def go(self) -> Going:
        """How to get to it."""
        return self.by or at(self.address)


def folded(name: str, address: str, role: Role, opd: str | None = None) -> PageCase:
    """Return the row of a page on which something is folded, with all of it open."""
    return PageCase(name, address, unfolded(address), role=role, opd=opd)


PAGES = (
    PageCase("home", "/"),
    PageCase("form", "/lapor"),
    PageCase("form with faults", "/lapor", steps.faulty_form, errs=True),
    PageCase("comparison", "/lapor/periksa", steps.comparison),
    PageCase("receipt", "/l/{public}/tanda-terima", steps.receipt),
    PageCase("refused files", "/l/{public}/foto", steps.refused_files, errs=True),
    PageCase("entrance", "/l"),
    PageCase("entrance with a wrong code", "/l/{public}/0000000000", errs=True),
    PageCase("own report", "/l/{public}", steps.own_report),
    PageCase("new code", "/l/{public}/kode", steps.new_code),
    PageCase("forgotten on this phone", "/l/terhapus", steps.forgotten),
    PageCase("link again", "/l/kirim-ulang"),
    PageCase("map", "/lapor/peta", steps.public_map),
    PageCase("map with tiles", "/lapor/peta", steps.close_map, tiles=True),
    PageCase("board", "/papan?status=proses&cari=lampu"),
    PageCase("board with nothing", "/papan?cari=gajah"),
    PageCase("public report", "/papan/{public}"),
    PageCase("support by a letter's link", "/dukungan/AAAAAAAAAAAAAAAAAAAAAA"),
    PageCase("help", "/bantuan"),
    PageCase("figures", "/angka"),
    PageCase("reports behind a figure", "/angka/baris?angka=masuk"),
    PageCase("seal", "/segel"),
    PageCase("check of a receipt", "/segel/periksa"),
    PageCase("sign in", "/masuk"),
    PageCase("first sign-in", "/masuk/tautan/{public}", steps.first_sign_in),
    PageCase("link that is over", "/masuk/tautan/AAAAAAAAAAAAAAAAAAAAAA", errs=True),
    folded("own account", "/akun", Role.ADMIN),
    PageCase("verification queue", "/kerja/verifikasi/{waiting}", role=Role.ADMIN),
    PageCase(
        "reports side by side", "/kerja/verifikasi/{waiting}/banding/{answered}", steps.side_by_side, role=Role.ADMIN
    ),
    PageCase("decisions on several", "/kerja/verifikasi/bersama?nomor={waiting}", role=Role.ADMIN),
    folded("report", "/laporan/{waiting}", Role.ADMIN),
    PageCase("act on a report", "/laporan/{waiting}/archive", role=Role.ADMIN),
    PageCase("likely duplicate", "/laporan/{waiting}/banding/{answered}", role=Role.ADMIN),
    PageCase("parts of a photo", "/laporan/{waiting}/berkas/{photo}/sunting", role=Role.ADMIN),
    PageCase("report that left the OPD", "/laporan/{left}", role=Role.LIAISON, opd="DISHUB"),
    PageCase("other role", "/kerja/loket/catat", steps.other_role, errs=True, role=Role.DESK),
    PageCase("no work", "/kerja", role=Role.NATIONAL),
    PageCase("work", "/kerja?antrean=open&status=belum_diverifikasi", role=Role.ADMIN),
    PageCase("work with nothing", "/kerja?antrean=open&cari=gajah&kelas=aspirasi", role=Role.ADMIN),
    PageCase("saved views", "/kerja/tampilan", steps.saved_views, role=Role.ADMIN),
    folded("decisions", "/kerja/keputusan", Role.ADMIN),
    folded("own OPD", "/kerja/opd", Role.LIAISON, "DISHUB"),
    folded("inspectorate", "/inspektorat", Role.INSPECTORATE),
    folded("leadership", "/pimpinan", Role.LEADERSHIP),
    PageCase("other limits", "/pimpinan/andai", role=Role.LEADERSHIP),
    PageCase("what other limits would have made", "/pimpinan/andai/1", steps.other_limits, role=Role.LEADERSHIP),
    PageCase(
        "reports behind other limits",
        "/pimpinan/andai/1/laporan",
        steps.reports_of_other_limits,
        role=Role.LEADERSHIP,
    ),
    PageCase("leadership, printed", "/pimpinan", role=Role.LEADERSHIP, printed=True),
    PageCase("league", "/inspektorat/opd", role=Role.INSPECTORATE),
    PageCase(
        "reports behind a number",
        "/pimpinan/baris?angka=masuk&dari=2000-01-01&sampai=2099-12-31",
        role=Role.LEADERSHIP,
    ),
    PageCase("tray", "/kerja/surat", role=Role.ADMIN),
    PageCase("letter of the tray", "/kerja/surat/1", steps.letter, role=Role.ADMIN),
    PageCase("staff search", "/kerja/cari?q=lampu", role=Role.ADMIN),
    PageCase("administration", "/kelola", role=Role.ADMIN),
    folded("OPDs", "/kelola/opd", Role.ADMIN),
    folded("people", "/kelola/akun", Role.ADMIN),
    PageCase("person", "/kelola/akun/1", steps.person, role=Role.ADMIN),
    PageCase("addresses of offices", "/kelola/alamat", role=Role.ADMIN),
    PageCase("categories", "/kelola/kategori", role=Role.ADMIN),
    PageCase("calendar", "/kelola/kalender?tahun=2026&hari=2026-12-25", role=Role.ADMIN),
    PageCase("what a calendar moves", "/kelola/kalender/tambah", steps.day_off, role=Role.ADMIN),
    PageCase("limits", "/kelola/kebijakan", role=Role.ADMIN),
    PageCase("what limits move", "/kelola/kebijakan/periksa", steps.corrected_limits, role=Role.ADMIN),
    PageCase("texts for forms", "/kelola/teks", role=Role.ADMIN),
    PageCase("access of programs", "/kelola/akses-mesin", role=Role.ADMIN),
    PageCase("ways of letters", "/kelola/gerbang", role=Role.ADMIN),
    folded("given up", "/kelola/mati", Role.ADMIN),
    PageCase("report that was given up", "/kelola/mati/buka", steps.dead_letter, role=Role.ADMIN),
    PageCase("front desk", "/kerja/loket", role=Role.DESK),
    PageCase("slip", "/kerja/loket/catat", steps.slip, role=Role.DESK),
    PageCase("slip, printed", "/kerja/loket/catat", steps.slip, role=Role.DESK, printed=True),
    PageCase("unsent", "/kerja/loket/catat", steps.unsent, errs=True, role=Role.DESK),
    PageCase("guide", "/panduan/admin", role=Role.ADMIN),
    PageCase("set-up", "/kelola/mulai/instansi", role=Role.ADMIN),
    PageCase("OPDs in the set-up", "/kelola/mulai/opd", role=Role.ADMIN),
    PageCase("people in the set-up", "/kelola/mulai/orang", role=Role.ADMIN),
    PageCase("test letter in the set-up", "/kelola/mulai/uji", role=Role.ADMIN),
    PageCase("set-up, ready", "/kelola/mulai/selesai", role=Role.ADMIN),
    PageCase("message to readers", "/kelola/pesan", role=Role.ADMIN),
    PageCase("words of letters", "/kelola/surat", role=Role.ADMIN),
    PageCase("health", "/kelola/keadaan", role=Role.ADMIN),
    PageCase("audit", "/auditor", role=Role.AUDITOR),
    folded("life of a report", "/auditor/laporan/{answered}", Role.AUDITOR),
    PageCase("run of the engine", "/auditor/laporan/{answered}/jalan/1", role=Role.AUDITOR),
    PageCase("events", "/auditor/peristiwa?cari=1", role=Role.AUDITOR),
    PageCase("access log", "/auditor/log-akses?cari=1", role=Role.AUDITOR),
    PageCase("verification of the record", "/auditor/pemeriksaan", role=Role.AUDITOR),
    PageCase("heads", "/auditor/segel", role=Role.AUDITOR),
    PageCase("quality", "/mutu", role=Role.INSPECTORATE),
    PageCase("sample", "/mutu/sampel/1", steps.sample, role=Role.INSPECTORATE),
    PageCase("review", "/mutu/sampel/1/1/baca", steps.review, role=Role.INSPECTORATE),
    PageCase("decrees", "/mutu/sk", steps.decrees, role=Role.INSPECTORATE),
    PageCase("action plans", "/mutu/rencana-aksi", steps.plans, role=Role.INSPECTORATE),
    PageCase("no such file", "/s/0/none", errs=True),
)


NOT_IN_THE_TABLE: dict[str, str] = {
    "/papan/{number}/berkas/{attachment}": "a file of a report",
    "/l/{number}/berkas/{file}": "a file of a report",
    "/l/{number}/bukti": "a file: the receipt",
    "/kerja/verifikasi/{number}/berkas/{file}": "a file of a report",
    "/laporan/{number}/berkas/{file}": "a file of a report",
    "/tempat/{area}/{district}": "the choices of a field, asked for by a script",
    "/kerja/verifikasi": "leads to the first report of the queue, or shows the same page with none",
    "/kerja/verifikasi/{number}/isi": "a part of the queue's page, asked for by its script",
    "/kerja/perubahan": "a stream",
    "/panduan": "leads to the guide of the role",
    "/kelola/mulai": "leads to the step of the set-up that is open",
    "/kelola/mulai/kategori": "shows the table of the categories' own page",
    "/auditor/bukti": "shows what the check of a receipt does",
    "/auditor/laporan": "leads to the report of a number",
    "/masuk/penyedia/{code}": "leads to signing in",
    "/masuk/penyedia/{code}/kembali": "leads on from an identity provider",
    "/masuk/langkah-kedua": "leads to signing in",
    "/akun/identitas/{code}": "leads to the own account",
}
"""Addresses that show no page of their own, and what they are instead, but for forms and what ends like a file."""
