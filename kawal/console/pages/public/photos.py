"""`/l/NUMBER/foto`: photos and other files, added once the report has its number; each that is refused is named.

A script sends them one by one, made smaller where the browser can; without it the form sends several at once. The same
content again is the same file.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.form_guard import check_token, refuse_foreign
from kawal.console.pages.frame import HEADERS, language_of, page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import opened
from kawal.console.pages.public.parts import attachments_of, count_call
from kawal.domain.msgids import Sayable, msgids, sentence
from kawal.intake.attachments.multipart_form import FormFiles
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.settings import MEGABYTE
from kawal.web.problems import Problem
from kawal.wording.catalogues import say

AT_ONCE = 5
"""How many files one form may send."""


MOST_NAMED = 50
"""How many files of one form are named as refused: a form of more is no form of a page."""

_ONE_TOO_MANY = sentence(
    msgids(
        "Only {count} file is taken at once; send it again.", "Only {count} files are taken at once; send it again."
    ),
    count=AT_ONCE,
)


class RefusedFile(NamedTuple):
    """A file that was not taken, and why."""

    name: str
    why: Sayable


class PhotoLimits(NamedTuple):
    """What the form says of files: how many at once, and how large each may be."""

    at_once: int
    most: int
    """Bytes."""

    @property
    def megabytes(self) -> int:
        """The same as people read it."""
        return self.most // MEGABYTE

    @property
    def too_large(self) -> Sayable:
        """What is said of a larger one."""
        return AttachmentRefused("too_large", limit=self.megabytes).sentence


def photo_limits(request: Request) -> PhotoLimits:
    """Return the limits that the form names."""
    return PhotoLimits(AT_ONCE, attachments_of(request).settings.max_bytes)


async def add_photos(request: Request) -> Response:
    """Add the form's files to the report; a script is told of each, a person sees the report's page or what failed."""
    refuse_foreign(request)
    await count_call(request)
    tracking_id = await opened(request)
    taken, refused = await _added(request, tracking_id)
    if "application/json" in request.headers.get("accept", ""):
        return _told(request, refused)
    if refused:
        values = {"number": tracking_id, "refused": refused, "taken": taken}
        return page(request, "public/photos_refused.html", values, status=422)
    said = "?sudah=foto" if taken else ""
    return see_other(f"{report_cookie.path_of(tracking_id)}{said}")


async def _added(request: Request, tracking_id: str) -> tuple[int, list[RefusedFile]]:
    """Take each file as it arrives, encrypted; return how many were taken, and those that were not."""
    try:
        form = FormFiles(request.headers.get("content-type", ""), request.stream(), most=MOST_NAMED)
        taken, refused = 0, list[RefusedFile]()
        while (name := await form.next_name()) is not None:
            check_token(form.fields, report_cookie.cookie_of(request, tracking_id) or "")
            if name:  # a form whose reader chose no file sends one without name and content
                beyond = taken + len(refused) >= AT_ONCE
                why = _ONE_TOO_MANY if beyond else await _refusal(request, tracking_id, name, form.content())
                refused += [] if why is None else [RefusedFile(name[:200], why)]
                taken += why is None
    except AttachmentRefused as refusal:  # of the form as a whole
        raise Problem(refusal.status, refusal.code, refusal.sentence, headers={"Connection": "close"}) from refusal
    return taken, refused


async def _refusal(request: Request, tracking_id: str, name: str, content: AsyncIterator[bytes]) -> Sayable | None:
    try:
        await attachments_of(request).add(tracking_id, name, content)
    except AttachmentRefused as refusal:
        return refusal.sentence
    return None


def _told(request: Request, refused: list[RefusedFile]) -> Response:
    lang = language_of(request)
    told = {"refused": [{"name": one.name, "why": say(lang, one.why)} for one in refused]}
    return Response(json.dumps(told), 422 if refused else 201, HEADERS, "application/json")
