"""The public pages' routes, and the size of their forms."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages import assets
from kawal.console.pages.frame import lead_up
from kawal.console.pages.public import (
    board,
    entrance,
    figures,
    figures_rows,
    help_page,
    home,
    link_requests,
    map_pages,
    own_acts,
    own_code,
    own_files,
    own_handover,
    own_proof,
    own_report,
    photos,
    receipt,
    report_form,
    seal,
    supports,
)
from kawal.console.pages.time_limits import Endpoint, read_in_time

FORM_BYTES = 256 * 1024
"""The most bytes of a form without files: twice a report's longest text, with each character written as twelve."""

_UPLOADS = ("/foto", f"/{own_acts.ANSWER}")

_OWN_ACTS = (*own_acts.ACTS, own_acts.ANSWER, "ganti-kode", own_handover.GO_ON, "lupakan", "foto")

_FORMS_ONLY = (
    *("/lapor/isi", "/lapor/peta", "/lapor/periksa"),
    *("/papan/{number}/dukung", "/papan/{number}/batal-dukung"),
    *(f"/l/{{number}}/{name}" for name in _OWN_ACTS),
)
"""Addresses that only take a form: whoever reads one, after a refusal or by a link, is led to the page above it."""


def _read(path: str, endpoint: Endpoint) -> Route:
    return Route(path, read_in_time(endpoint), methods=["GET"])


ROUTES = [
    Route(f"{assets.PATH}/{{digest}}/{{name}}", assets.serve),
    _read("/", home.show_home),
    _read("/bantuan", help_page.show_help),
    _read("/papan", board.show_board),
    _read("/papan.csv", board.board_csv),
    _read("/papan/{number}", board.show_report),
    _read("/papan/{number}/berkas/{attachment}", board.open_file),
    Route("/papan/{number}/dukung", supports.support, methods=["POST"]),
    Route("/papan/{number}/batal-dukung", supports.take_back, methods=["POST"]),
    _read("/dukungan/{token}", supports.show_letter_link),
    Route("/dukungan/{token}", supports.act_on_letter_link, methods=["POST"]),
    _read("/angka", figures.show_figures),
    _read("/angka.csv", figures.figures_csv),
    _read("/angka/baris", figures_rows.show_rows),
    _read("/angka/baris.csv", figures_rows.rows_csv),
    _read("/segel", seal.show_heads),
    _read(seal.CHECK, seal.show_check),
    Route(seal.CHECK, seal.check_receipt, methods=["POST"]),
    _read(f"/segel/{seal.PROGRAM}", seal.send_program),
    _read("/lapor", report_form.show_form),
    Route("/lapor", report_form.send, methods=["POST"]),
    Route("/lapor/isi", report_form.continue_form, methods=["POST"]),
    Route("/lapor/peta", map_pages.point, methods=["POST"]),
    _read("/peta/{area}.svg", map_pages.map_picture),
    _read("/tempat/{area}/{district}", map_pages.villages),
    Route("/lapor/periksa", report_form.send_compared, methods=["POST"]),
    _read("/l", entrance.show_entrance),
    Route("/l", entrance.enter, methods=["POST"]),
    _read("/l/kirim-ulang", link_requests.show_request),
    Route("/l/kirim-ulang", link_requests.ask_again, methods=["POST"]),
    _read(own_code.FORGOTTEN, own_code.show_forgotten),
    _read("/l/{number}", own_report.show_own),
    *(Route(f"/l/{{number}}/{name}", own_acts.act(name), methods=["POST"]) for name in own_acts.ACTS),
    Route(f"/l/{{number}}/{own_acts.ANSWER}", own_acts.answer, methods=["POST"]),
    Route("/l/{number}/ganti-kode", own_code.change_code, methods=["POST"]),
    *(_read(address, lead_up) for address in _FORMS_ONLY),
    _read("/l/{number}/kode", own_code.show_code),
    Route(f"/l/{{number}}/{own_handover.GO_ON}", own_handover.go_on, methods=["POST"]),
    Route("/l/{number}/lupakan", own_code.forget, methods=["POST"]),
    _read("/l/{number}/berkas/{file}", own_files.send_file),
    _read("/l/{number}/bukti", own_proof.send_proof),
    _read("/l/{number}/tanda-terima", receipt.show_receipt),
    Route("/l/{number}/foto", photos.add_photos, methods=["POST"]),
    _read("/l/{number}/{code}", entrance.enter_by_link),
]
"""A report's own pages come before its link, so that no word of theirs is taken for a code."""

STRAIGHT = {"/lapor": report_form.send}
"""What comes in waves: a POST to it is answered without a look at the other routes."""


def limit_of(path: str, largest_upload: int) -> int:
    """Return the most bytes of a body for a public page's path."""
    if path == seal.CHECK:
        return seal.FORM_BYTES
    return largest_upload * photos.AT_ONCE if path.startswith("/l/") and path.endswith(_UPLOADS) else FORM_BYTES
