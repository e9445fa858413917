"""`GET /kerja/perubahan`: what others change, told to one open page until it is left, or its session or role ends.

Server-sent events, each with JSON: `laporan` (a report changed: its number, the number of its last event, a sentence,
whether the reader did it), `hadir` (who else has the page's report open, in a sentence; empty: nobody), `ulang` (look
at everything again: said first, too, so that nothing is missed between the page and its stream, or between two
streams), `selesai` (the session or the role has ended).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kawal.console.auth.session_cookie import cookie_of
from kawal.console.auth.signed_in import SignedIn, recognised, signed_in
from kawal.console.pages.frame import HEADERS, language_of
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.live.open_streams import OpenStreams
from kawal.console.pages.staff.live.sentences import change_in_words
from kawal.console.pages.staff.live.watches import News, Reader, Watches
from kawal.console.pages.staff.presence import also_here
from kawal.domain.msgids import msgid
from kawal.domain.persons import person_of
from kawal.domain.report_numbers import is_number
from kawal.store.changed_reports import ChangedReport, changed_reports
from kawal.web.problems import Problem
from kawal.wording.catalogues import say

PATH = "/kerja/perubahan"

ASKED_EVERY = 3.0
"""Seconds after which it is asked again whether the session and the role still stand."""

HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent, so that nothing in between takes the connection for dead."""

RETRY = 3000
"""Milliseconds after which a browser opens a stream that broke anew."""

_ENDED = msgid("You are no longer signed in here, or act in another role. Open the page anew.")

_NOT_KEPT = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

log = structlog.get_logger()


async def show_changes(request: Request) -> Response:
    """Answer with the stream; `laporan=NUMBER` asks for the present standing of one report besides."""
    signed = await signed_in(request)
    request.app.state.streams.check(signed.session)
    return StreamingResponse(_events(request, signed), 200, HEADERS | _NOT_KEPT, "text/event-stream")


async def _events(request: Request, signed: SignedIn) -> AsyncIterator[str]:
    streams: OpenStreams = request.app.state.streams
    watches: Watches = request.app.state.watches
    async with watches.reading(signed.actor, _watched(request)) as reader:
        with streams.hold(signed.session, reader):
            yield f"retry: {RETRY}\n\n"
            try:
                async for told in _told(request, signed, reader):
                    yield told
            except Exception as error:  # the head is sent: the browser opens another stream
                log.warning("stream_broken", reason=type(error).__name__)


async def _told(request: Request, signed: SignedIn, reader: Reader) -> AsyncIterator[str]:
    """Yield what is told while the session and the role stand, and the server does not stop."""
    time = asyncio.get_running_loop().time
    asked = said = time()
    while True:
        news = await reader.next(max(0.0, asked + ASKED_EVERY - time()))
        if reader.ended:
            return
        if time() - asked >= ASKED_EVERY:
            asked = time()
            if not await _stands(request, signed):
                yield _event("selesai", {"kalimat": say(language_of(request), _ENDED)})
                return
        if news is not None:
            said = time()
            yield "".join([one async for one in _news(request, signed, news)])
        elif time() - said >= HEARTBEAT:
            said = time()
            yield ":\n\n"


async def _stands(request: Request, signed: SignedIn) -> bool:
    """Tell whether the same person still acts in the same role; this is no use of the session."""
    try:
        known = await recognised(complaints_of(request), cookie_of(request) or "", used=False)
    except Problem:  # holds no role any more
        return False
    return known is not None and (known.session, known.role.id) == (signed.session, signed.role.id)


async def _news(request: Request, signed: SignedIn, news: News) -> AsyncIterator[str]:
    reports, watched = list(news.reports), _watched(request)
    if news.anew:
        yield _event("ulang", {})
    if watched and (news.anew or watched in news.present):
        own = await changed_reports(complaints_of(request).pool, signed.actor, [watched])
        reports += own if news.anew else []
        if own:
            here = await also_here(complaints_of(request), signed.actor, watched)
            said = "" if here is None else say(language_of(request), here)
            yield _event("hadir", {"nomor": watched, "kalimat": said})
    names = await request.app.state.watches.names(reports)
    for one in reports:
        yield _event("laporan", _said(one, names, signed, language_of(request)))


def _watched(request: Request) -> str:
    """Return the number of the report whose page the stream is of; "" for any other page's."""
    shown = request.query_params.get("laporan", "")
    return shown if is_number(shown) else ""


def _said(report: ChangedReport, names: Mapping[str, str], signed: SignedIn, lang: str) -> Mapping[str, object]:
    own = report.step is not None and person_of(report.step.account) == signed.person
    return {
        "nomor": report.number,
        "langkah": report.seq,
        "kalimat": change_in_words(report, names, lang),
        "sendiri": own,
    }


def _event(name: str, content: Mapping[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"


ROUTES = [Route(PATH, show_changes, methods=["GET"])]
