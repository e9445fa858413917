"""Errors in the standard's form, code and description, under 400, 403 or 404; 503 while something is unavailable."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.open311.documents import FORMATS, document
from kawal.web import problems
from kawal.web.problems import RETRY_AFTER, language, problem_of
from kawal.wording.catalogues import say

BASE = "/open311"
"""The path under which the standard's interface is served."""

_UNKNOWN = frozenset({"no_such_report", "unknown_complaint", "erased"})

log = structlog.get_logger()


class Fault(Exception):  # noqa: N818 - named as the standard names it
    """One or more errors that the caller can correct; the first one's code is the HTTP status."""

    def __init__(self, code: int, *descriptions: str) -> None:
        """Answer with `code` and each description, which starts with the name of the argument at fault."""
        super().__init__(*descriptions)
        self.code = code
        self.descriptions = descriptions


def answer(wanted: str, code: int, *descriptions: str) -> Response:
    """Answer with an error document."""
    errors = [{"code": code, "description": description} for description in descriptions]
    response = document("errors", errors, wanted, code)
    if code in (429, 503):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


class Open311Route(APIRoute):
    """A route whose errors are all in the standard's form, in the requested format."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the ordinary handler, wrapped."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            wanted = request.path_params.get("format", "xml")
            if wanted not in FORMATS:
                return answer("xml", 404, f"format {wanted[:20]} is not offered; use xml or json")
            try:
                return await handle(request)
            except Exception as error:
                return _answer_to(error, wanted, language(request))
            finally:
                await request.close()

        return handled


def by_ending(request: Request) -> str:
    """Return the format by the ending of the address, where no route has read it."""
    return "json" if request.url.path.endswith(".json") else "xml"


def answer_by_path(request: Request, error: Exception) -> Response:
    """Answer an error that no route has handled: under the standard's path in its form, elsewhere as a problem."""
    return (answer_to if request.url.path.startswith(BASE) else problems.answer)(request, error)


def answer_to(request: Request, error: Exception) -> Response:
    """Answer an error from outside the routes: a method that is not offered, a body that is too large."""
    return _answer_to(error, by_ending(request), language(request))


def _answer_to(error: Exception, wanted: str, lang: str) -> Response:
    if isinstance(error, Fault):
        return answer(wanted, error.code, *error.descriptions)
    if isinstance(error, AttachmentRefused):
        return answer(wanted, 400, say(lang, error.sentence))
    if isinstance(error, KeyDestroyed):
        return answer(wanted, 404, "service_request_id was not found")
    if isinstance(error, Refusal):
        return answer(wanted, 404 if error.code in _UNKNOWN else 400, say(lang, error.sentence))
    part = unavailable(error)
    if part is not None:
        log.warning("request_answered_unavailable", part=part, reason=type(error).__name__)
        return answer(wanted, 503, "the system cannot be reached now; send it again unchanged")
    if isinstance(error, (HTTPException, ClientDisconnect)):
        problem = problem_of(error, lang)
        response = answer(wanted, problem.status_code, problem.said(lang))
        response.headers.update(problem.headers or {})
        return response
    log.error("request_failed", exc_info=error)
    return answer(wanted, 500, "something went wrong here; the operator's log says what")
