"""Supporting a public report ("saya juga"): once a browser, or a confirmed e-mail address; taken back as easily.

The browser is known by a random key in a cookie that is set with the first support. A letter's link shows a page; only
its button acts.
"""

from __future__ import annotations

import re
import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import is_secure, language_of, page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.parts import AWAY, complaints_of, count_call
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.supports import SupportOutcome
from kawal.intake.supports import Supports
from kawal.web.callers import address_of

COOKIE = "pendukung"
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")

_BAD_ADDRESS = msgid("Write an e-mail address like siti@example.org, or leave the field empty.")


def browser_key_of(request: Request) -> str | None:
    """Return the key of a browser that has supported something; None for any other."""
    key = request.cookies.get(COOKIE, "")
    return key if _KEY.fullmatch(key) else None


def supports_of(request: Request) -> Supports:
    """Return what counts supports."""
    return Supports(complaints_of(request))


async def support(request: Request) -> Response:
    """Support a report, and lead back to it; with an address a letter asks to confirm that."""
    refuse_foreign(request)
    await count_call(request)
    # Each is an act on record for ever, and a new browser costs nobody anything.
    await request.app.state.gate.let_in("public", address_of(request))
    number = str(request.path_params["number"])
    email = str((await request.form()).get("email", "")).strip()
    browser = browser_key_of(request) or secrets.token_urlsafe(16)
    lang = language_of(request)
    try:
        answer = await supports_of(request).support(number, browser=browser, email=email or None, lang=lang)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _again(request, number, email, AWAY, 503)
    if answer.outcome is SupportOutcome.NOT_PUBLIC:
        raise HTTPException(404)
    if answer.outcome is SupportOutcome.BAD_ADDRESS:
        return _again(request, number, email, _BAD_ADDRESS, 422)
    response = see_other(f"/papan/{number}{'?surel=dikirim' if answer.letter else ''}#dukung")
    response.set_cookie(
        COOKIE,
        browser,
        max_age=report_cookie.KEPT,
        path="/papan",
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    return response


def _again(request: Request, number: str, email: str, fault: Sayable, status: int) -> Response:
    """Show the form with what was typed, and why nothing is counted yet."""
    values = {"number": number, "email": email, "fault": fault}
    return page(request, "public/support_again.html", values, status=status)


async def take_back(request: Request) -> Response:
    """End this browser's support of a report."""
    refuse_foreign(request)
    await count_call(request)
    number, browser = str(request.path_params["number"]), browser_key_of(request)
    if browser is not None:
        await supports_of(request).unsupport(number, browser=browser)
    return see_other(f"/papan/{number}#dukung")


async def show_letter_link(request: Request) -> Response:
    """Show what a letter's link is for; nothing is done by opening it."""
    await count_call(request)
    return page(request, "public/support_link.html", {"token": request.path_params["token"], "done": None})


async def act_on_letter_link(request: Request) -> Response:
    """Confirm an address, or end its support, by the button of the letter's page."""
    refuse_foreign(request)
    await count_call(request)
    token, supports = str(request.path_params["token"]), supports_of(request)
    ends = "end" in await request.form()
    number = await (supports.unsupport_by if ends else supports.confirm)(token)
    done = "nothing" if number is None else "ended" if ends else "confirmed"
    values = {"token": token, "done": done, "number": number}
    return page(request, "public/support_link.html", values, status=404 if number is None else 200)
