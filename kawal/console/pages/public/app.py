"""The public pages' routes, and what they find on the application's state."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.console.pages import assets
from kawal.console.pages.frame import error_page, lead_up
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
from kawal.console.pages.public.agencies import Agencies
from kawal.console.pages.public.board import BoardChoices
from kawal.console.pages.public.entrance import NotOpened
from kawal.console.pages.public.home_figures import HomeFigures
from kawal.console.pages.public.likeness import Likenesses
from kawal.console.pages.public.parts import public_address
from kawal.console.pages.site import Site
from kawal.web.problems import Answering

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

ROUTES = [
    Route(f"{assets.PATH}/{{digest}}/{{name}}", assets.serve),
    Route("/", home.show_home, methods=["GET"]),
    Route("/bantuan", help_page.show_help, methods=["GET"]),
    Route("/papan", board.show_board, methods=["GET"]),
    Route("/papan.csv", board.board_csv, methods=["GET"]),
    Route("/papan/{number}", board.show_report, methods=["GET"]),
    Route("/papan/{number}/berkas/{attachment}", board.open_file, methods=["GET"]),
    Route("/papan/{number}/dukung", supports.support, methods=["POST"]),
    Route("/papan/{number}/batal-dukung", supports.take_back, methods=["POST"]),
    Route("/dukungan/{token}", supports.show_letter_link, methods=["GET"]),
    Route("/dukungan/{token}", supports.act_on_letter_link, methods=["POST"]),
    Route("/angka", figures.show_figures, methods=["GET"]),
    Route("/angka.csv", figures.figures_csv, methods=["GET"]),
    Route("/angka/baris", figures_rows.show_rows, methods=["GET"]),
    Route("/angka/baris.csv", figures_rows.rows_csv, methods=["GET"]),
    Route("/segel", seal.show_heads, methods=["GET"]),
    Route(seal.CHECK, seal.show_check, methods=["GET"]),
    Route(seal.CHECK, seal.check_receipt, methods=["POST"]),
    Route(f"/segel/{seal.PROGRAM}", seal.send_program, methods=["GET"]),
    Route("/lapor", report_form.show_form, methods=["GET"]),
    Route("/lapor", report_form.send, methods=["POST"]),
    Route("/lapor/isi", report_form.continue_form, methods=["POST"]),
    Route("/lapor/peta", map_pages.point, methods=["POST"]),
    Route("/peta/{area}.svg", map_pages.map_picture, methods=["GET"]),
    Route("/tempat/{area}/{district}", map_pages.villages, methods=["GET"]),
    Route("/lapor/periksa", report_form.send_compared, methods=["POST"]),
    Route("/l", entrance.show_entrance, methods=["GET"]),
    Route("/l", entrance.enter, methods=["POST"]),
    Route("/l/kirim-ulang", link_requests.show_request, methods=["GET"]),
    Route("/l/kirim-ulang", link_requests.ask_again, methods=["POST"]),
    Route(own_code.FORGOTTEN, own_code.show_forgotten, methods=["GET"]),
    Route("/l/{number}", own_report.show_own, methods=["GET"]),
    *(Route(f"/l/{{number}}/{name}", own_acts.act(name), methods=["POST"]) for name in own_acts.ACTS),
    Route(f"/l/{{number}}/{own_acts.ANSWER}", own_acts.answer, methods=["POST"]),
    Route("/l/{number}/ganti-kode", own_code.change_code, methods=["POST"]),
    *(Route(address, lead_up, methods=["GET"]) for address in _FORMS_ONLY),
    Route("/l/{number}/kode", own_code.show_code, methods=["GET"]),
    Route(f"/l/{{number}}/{own_handover.GO_ON}", own_handover.go_on, methods=["POST"]),
    Route("/l/{number}/lupakan", own_code.forget, methods=["POST"]),
    Route("/l/{number}/berkas/{file}", own_files.send_file, methods=["GET"]),
    Route("/l/{number}/bukti", own_proof.send_proof, methods=["GET"]),
    Route("/l/{number}/tanda-terima", receipt.show_receipt, methods=["GET"]),
    Route("/l/{number}/foto", photos.add_photos, methods=["POST"]),
    Route("/l/{number}/{code}", entrance.enter_by_link, methods=["GET"]),
]
"""A report's own pages come before its link, so that no word of theirs is taken for a code."""

STRAIGHT = {"/lapor": report_form.send}
"""What comes in waves: a POST to it is answered without a look at the other routes."""

_FIRST_PARTS = frozenset({"", *(str(route.path).split("/")[1] for route in ROUTES)})


def is_page(path: str) -> bool:
    """Tell whether a path is a page's, so that what goes wrong there is said on a page."""
    return path.startswith("/") and path.split("/")[1] in _FIRST_PARTS  # of HTTP's targets `*` has no slash


def _is_for_a_reader(request: Request) -> bool:
    """Tell whether an error is to be said on a page: on a page's path, and to a browser that looked for one."""
    wants_a_page = "text/html" in request.headers.get("accept", "") and request.method in ("GET", "HEAD")
    return is_page(request.url.path) or (wants_a_page and request.scope.get("endpoint") is None)


def limit_of(path: str, largest_upload: int) -> int | None:
    """Return the most bytes of a body for a page's path; None for any other path."""
    if not is_page(path):
        return None
    if path == seal.CHECK:
        return seal.FORM_BYTES
    return largest_upload * photos.AT_ONCE if path.startswith("/l/") and path.endswith(_UPLOADS) else FORM_BYTES


def answering_pages(elsewhere: Answering) -> Answering:
    """Return the function that answers an error on a page as a page, and any other as `elsewhere` does."""

    def answered(request: Request, error: Exception) -> Response:
        if isinstance(error, NotOpened):
            return entrance.ask_for_code(request, error)
        return (error_page if _is_for_a_reader(request) else elsewhere)(request, error)

    return answered


def mount(app: FastAPI, complaints: Complaints, answering: Answering) -> None:
    """Serve the pages; errors are answered by `answering`."""
    site = Site(app.state.settings.home)
    state: dict[str, object] = {
        "agencies": Agencies(complaints, site),
        "board_choices": BoardChoices(complaints),
        "home_figures": HomeFigures(complaints),
        "likenesses": Likenesses(complaints),
        "public_address": public_address,
        "site": site,
    }
    for name, part in state.items():
        setattr(app.state, name, part)
    app.router.routes.extend(ROUTES)

    async def asked(request: Request, error: Exception) -> Response:
        return answering(request, error)

    app.add_exception_handler(NotOpened, asked)
