"""What every page has: the reader's language, templates, headers, and errors that are pages too.

Templates name their texts in English, `{{ _("…") }}`; the catalogues translate them. No page loads anything from
elsewhere, but for the close map's tiles where the operator names a server; none holds a script or a style of its own.
"""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kawal.base.unavailable import unavailable
from kawal.console.pages import assets
from kawal.console.pages.demo.bar import bar_of
from kawal.console.pages.options import Choice, options
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.web.problems import RETRY_AFTER, Problem, problem_of
from kawal.wording.catalogues import LANGS, say
from kawal.wording.dates import show_day, show_deadline, show_instant, show_long_day, show_long_instant, show_number

TEMPLATES = Path(__file__).parents[1] / "templates"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of all pages: nothing inline, nothing from another host (`with_pictures_from`)."""

HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Vary": "Accept-Encoding, Cookie",
}

LANGUAGE = "bahasa"
"""The name of the cookie, and of the query's argument, that choose the language."""

SHORT = 400
"""A body of fewer bytes is not worth compressing."""

_YEAR = 365 * 24 * 3600

_AWAY = msgid(
    "The system cannot be reached at the moment. Try again in a few minutes. Nothing that we said was received is lost."
)
_AWAY_FOR_A_FORM = msgid("The system cannot be reached now. Go back to the page before, and send it again in a moment.")
_TO_A_READER: Mapping[str, Sayable] = {
    "internal": msgid("Something went wrong on our side. Try again later; if it happens again, tell the agency."),
    "method_not_allowed": msgid("There is nothing to read at this address. Begin at the first page."),
    "too_large": msgid("NOT SENT YET: this is too large. Go back, and send less text or a smaller file."),
    "unreadable": msgid("What was sent could not be read. Go back, and send it again."),
}
"""Problems as a citizen reads them, by their codes; what programs are told of these speaks of requests and bodies."""


def with_pictures_from(origin: str) -> dict[str, str]:
    """Return the header of the one page that shows pictures of the operator's tile server: the policy allows these."""
    return {"Content-Security-Policy": CSP.replace("img-src 'self'", f"img-src 'self' {origin}")}


def language_of(request: Request) -> str:
    """Return the reader's language: the one just chosen, the one chosen before, else the installation's."""
    for wanted in (request.query_params.get(LANGUAGE), request.cookies.get(LANGUAGE)):
        if wanted in LANGS:
            return str(wanted)
    return str(request.app.state.lang)


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a page made from a template of `kawal/console/templates`; by default no cache keeps it.

    One of status 503 says when to come again.
    """
    lang = language_of(request)
    other = "en" if lang == "id" else "id"
    shown = {
        "lang": lang,
        "path": request.url.path,
        "other_language": other,
        "in_other_language": _with_language(request, other),
        "site_message": request.app.state.site.message(lang),
        "demo": bar_of(request),
        "announcements": request.app.state.announcements.to_public(request.url.hostname or "", lang),
        **values,
    }
    body = environment().get_template(template).render(shown).encode()
    again = {"Retry-After": str(RETRY_AFTER)} if status == 503 else {}
    response = Response(body, status, {**HEADERS, "Cache-Control": "no-store", **again, **(headers or {})}, "text/html")
    if len(body) > SHORT and "gzip" in request.headers.get("accept-encoding", ""):
        response.body = gzip.compress(body, 6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    if request.query_params.get(LANGUAGE) == lang:
        response.set_cookie(LANGUAGE, lang, max_age=_YEAR, httponly=True, samesite="lax", secure=is_secure(request))
    return response


def _with_language(request: Request, lang: str) -> str:
    """Return the address of the same page in a language: all else that its query asks for stays."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE]
    return "?" + urlencode([*kept, (LANGUAGE, lang)])


def see_other(location: str) -> Response:
    """Return the answer to a form that was accepted: the browser reads the page at `location`."""
    return RedirectResponse(location, 303, {**HEADERS, "Cache-Control": "no-store"})


async def lead_up(request: Request) -> Response:
    """Lead whoever only reads an address that takes a form to the page above it; nothing is done."""
    query = f"?{request.url.query}" if request.url.query else ""
    return see_other(f"{request.url.path.rsplit('/', 1)[0]}{query}")


def error_page(request: Request, error: Exception) -> Response:
    """Return any error as a page that says in words what to do."""
    lang = language_of(request)
    problem = problem_of(error, lang)
    told = said_to_reader(problem)
    if unavailable(error) is not None:
        told = _AWAY if request.method in ("GET", "HEAD") else _AWAY_FOR_A_FORM
    return page(request, "error.html", {"sentence": told}, status=problem.status_code, headers=problem.headers)


def said_to_reader(problem: Problem) -> Sayable | str:
    """Return what a problem says to a person."""
    return _TO_A_READER.get(problem.code, problem.sentence)


def is_secure(request: Request) -> bool:
    """Tell whether readers reach the pages by https, so that cookies may be bound to it."""
    return str(request.app.state.public_address(request)).startswith("https:")


@pass_context
def _said(context: Context, text: str | Message, /, **places: object) -> str:
    """Return a text in the page's language."""
    return say(context["lang"], text if isinstance(text, Message) else Message(text), **places)


@pass_context
def _counted(context: Context, one: str, many: str, /, count: int, **places: object) -> str:
    return say(context["lang"], Message(one, many), count=count, **places)


@pass_context
def _spoken(context: Context, what: Sayable | str) -> str:
    """Return a message or sentence of the rules in the page's language; other text as it is."""
    return what if isinstance(what, str) else say(context["lang"], what)


@pass_context
def _day(context: Context, day: date) -> str:
    return show_long_day(day, context["lang"])


@pass_context
def _local_day(context: Context, at: datetime) -> str:
    return show_long_day(local_day(at), context["lang"])


@pass_context
def _short_day(context: Context, day: date) -> str:
    return show_day(day, context["lang"])


@pass_context
def _instant(context: Context, at: datetime | None) -> str:
    return show_instant(at, context["lang"])


@pass_context
def _long_instant(context: Context, at: datetime) -> str:
    return show_long_instant(at, context["lang"])


@pass_context
def _deadline(context: Context, at: datetime | None) -> str:
    return show_deadline(at, context["lang"])


@pass_context
def _number(context: Context, value: float) -> str:
    return show_number(value, context["lang"])


@pass_context
def _options(context: Context, choices: Sequence[Choice], chosen: str) -> Markup:
    return options(choices, chosen, context["lang"])


def _new_key() -> str:
    """Return an idempotency key for a form."""
    return str(uuid.uuid4())


@cache
def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a name without a value is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a page would ask for the time stamp of twenty files
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update({"_": _said, "_n": _counted, "asset": assets.address_of, "new_key": _new_key})
    made.filters.update(
        said=_spoken,
        day=_day,
        local_day=_local_day,
        short_day=_short_day,
        instant=_instant,
        long_instant=_long_instant,
        deadline=_deadline,
        number=_number,
        options=_options,
    )
    return made
