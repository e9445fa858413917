"""`/l/NUMBER/tanda-terima`: number, code, link and QR code right after sending; a slip to print, and photos now."""

from __future__ import annotations

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import token_of
from kawal.console.pages.frame import page
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import opened
from kawal.console.pages.public.parts import complaints_of, count_call, public_address
from kawal.console.pages.public.photos import photo_limits
from kawal.wording.links import report_link


async def show_receipt(request: Request) -> Response:
    """Show the receipt to the browser that sent the report, or that came in by its code."""
    await count_call(request)
    tracking_id = await opened(request)
    complaints = complaints_of(request)
    code = await ReporterAccess(complaints).secret_of(tracking_id)
    link = report_link(public_address(request), tracking_id, code)
    values = {
        "number": tracking_id,
        "code": code,
        "link": link,
        "qr": qr_picture_of(link),
        "token": token_of(report_cookie.cookie_of(request, tracking_id) or ""),
        "photos": photo_limits(request),
    }
    return page(request, "public/receipt.html", values)


def qr_picture_of(link: str) -> Markup:
    """Return the link as a QR code: an SVG without any style of its own."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, dark="#000", light="#fff", border=2
    )
    return Markup(drawn)  # noqa: S704 - the library's own drawing of an address of ours
