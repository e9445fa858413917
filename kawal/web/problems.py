"""Every error as `application/problem+json` (RFC 9457): what was wrong and what to do, never implementation details.

`type` is `urn:kawal:problem:CODE`; CODE is stable, `title` and `detail` are for people, in Indonesian or English.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kawal.base.unavailable import kinds, unavailable
from kawal.domain.msgids import Sayable, msgid, verbatim
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import in_words
from kawal.wording.catalogues import say

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER = 15
"""Seconds after which a sender is asked to retry when a part of the system is unavailable."""

REFUSED_STATUS = {
    "malformed": 422,
    "point_is_half": 422,
    "unknown_opd": 422,
    "unknown_category": 422,
    "category_unclear": 422,
    "unknown_files": 422,
    "no_instansi": 422,
    "wrong_role": 403,
    "words_not_yours": 403,
    "words_not_of_opd": 403,
    "words_not_come_up": 403,
    "words_not_registered": 403,
    "no_scope": 403,
    "no_such_report": 404,
    "letter_unknown": 404,
    "unknown_complaint": 404,
    "erased": 410,
}
"""The status for a refusal of the rules; every other code is 409: the request conflicts with the complaint's state."""

_TOLD = frozenset(
    {"account", "allowed", "at", "clocks", "command", "event", "first", "holding", "instansi", "known", "last", "main"}
    | {"most", "name", "opd", "role", "seq", "status"}
)
"""Details of a refusal that are told apart from its sentence: codes, days and numbers, and a colleague's name."""

_AGAIN = msgid(
    "The system cannot be reached. Send the request again with the same Idempotency-Key; it will not be recorded twice."
)
"""What a program is told while a part of the system is unavailable; pages say it to people in their own words."""

log = structlog.get_logger()


class Problem(HTTPException):
    """An error for the caller; an HTTPException, so that frameworks pass it on unchanged."""

    def __init__(
        self, status: int, code: str, detail: Sayable | str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        """Answer with `status`; `more` are additional members of the problem, such as `errors`."""
        super().__init__(status, str(detail), dict(headers or {}))
        self.sentence = detail
        self.code = code
        self.more = more

    def response(self, lang: str) -> Response:
        """Return the HTTP response, its sentence in the caller's language."""
        return problem_response(self.status_code, self.code, self.said(lang), self.headers, **self.more)

    def said(self, lang: str) -> str:
        """Return the sentence in a language."""
        return self.sentence if isinstance(self.sentence, str) else say(lang, self.sentence)


def problem_response(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Return a problem as an HTTP response."""
    body = {
        "type": f"urn:kawal:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status,
        {**(headers or {}), "Cache-Control": "no-store"},
        media_type=MEDIA_TYPE,
    )


def language(request: Request) -> str:
    """Return "id" or "en": the first language in the caller's Accept-Language, else the installation's language."""
    wanted = request.headers.get("accept-language", "").strip().lower()
    if wanted.startswith(("id", "en")):
        return wanted[:2]
    return str(getattr(request.app.state, "lang", "id"))


def problem_of(error: Exception, lang: str) -> Problem:
    """Return the problem for any error; an unexpected one is logged and answered with 500, without its message."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return Problem(REFUSED_STATUS.get(error.code, 409), error.code, error.sentence)
    if isinstance(error, RequestValidationError):
        return _invalid(error, lang)
    if isinstance(error, HTTPException):
        return _of_the_framework(error)
    if isinstance(error, ClientDisconnect):  # a lost network; nobody is there to be answered, and nothing is wrong here
        return _of_the_framework(HTTPException(400))
    part = unavailable(error)
    if part is not None:
        log.warning("request_answered_unavailable", part=part, reason=type(error).__name__)
        return try_again()
    log.error("request_failed", exc_info=error)
    return Problem(500, "internal", msgid("Something went wrong here; the operator's log says what."))


@contextmanager
def refusals_with_details() -> Iterator[None]:
    """Answer what the rules refuse in the block with the refusal's details, for officials' own programs and pages."""
    try:
        yield
    except Refusal as refusal:
        status = REFUSED_STATUS.get(refusal.code, 409)
        details = {name: value for name, value in refusal.details.items() if name in _TOLD and value}
        raise Problem(status, refusal.code, refusal.sentence, details=details) from refusal


def try_again() -> Problem:
    """Return the answer while a part of the system is unavailable.

    If only the answer to a commit was lost, what was sent is already recorded: the idempotency key prevents a
    duplicate.
    """
    return Problem(503, "unavailable", _AGAIN, headers={"Retry-After": str(RETRY_AFTER)})


def answer(request: Request, error: Exception) -> Response:
    """Return the problem for any error as the response to this request."""
    return problem_of(error, language(request)).response(language(request))


Answering = Callable[[Request, Exception], Response]
"""A function that answers an error: as a problem, or in the form that belongs to the path."""


def install(app: FastAPI, answering: Answering) -> None:
    """Have every error of the application answered by this function."""

    async def answered(request: Request, error: Exception) -> Response:
        return answering(request, error)

    for kind in (HTTPException, RequestValidationError, Refusal, *kinds()):
        app.add_exception_handler(kind, answered)


StraightEndpoint = Callable[[Request], Awaitable[Response]]


class FastPath:
    """Middleware that passes the most frequent requests directly to their endpoints; the framework would cost as much
    as the work.

    The framework's own routes remain, for the OpenAPI document and other methods; errors are answered just as there.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, StraightEndpoint], answering: Answering) -> None:
        """Wrap `app` and handle a POST to one of these paths."""
        self._app = app
        self._endpoints = endpoints
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a POST to one of the paths; pass on anything else."""
        posted = scope["type"] == "http" and scope["method"] == "POST"
        endpoint = self._endpoints.get(scope["path"]) if posted else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            answered = await endpoint(request)
        except Exception as error:  # reported as its problem, and logged there if unexpected
            answered = self._answering(request, error)
        await answered(scope, receive, send)


class LastResort:
    """Middleware that answers errors no handler caught, so that no caller sees a traceback or a broken connection."""

    def __init__(self, app: ASGIApp, answering: Answering) -> None:
        """Wrap `app`."""
        self._app = app
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; answer an error that is raised before the response has begun."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if begun:
                raise
            await self._answering(Request(scope), error)(scope, receive, send)


def _invalid(error: RequestValidationError, lang: str) -> Problem:
    """Name each invalid field by a JSON pointer, without repeating what was sent."""
    faults = []
    for one in error.errors():
        where = [str(part).replace("~", "~0").replace("/", "~1") for part in one["loc"]]
        source, path = (where[0], where[1:]) if where else ("body", [])
        pointer = "#/" + "/".join(path) if source == "body" else f"{source}: {'/'.join(path)}"
        faults.append({"pointer": pointer, "detail": say(lang, in_words(one))})
    return Problem(422, "invalid", "; ".join(f"{f['pointer']}: {f['detail']}" for f in faults[:5]), errors=faults[:50])


FRAMEWORK: dict[int, tuple[str, Sayable]] = {
    400: ("unreadable", msgid("The body or the address cannot be read.")),
    404: ("not_found", msgid("There is nothing at this address.")),
    405: ("method_not_allowed", msgid("This method is not allowed at this address.")),
    413: ("too_large", msgid("The body is too large.")),
    415: ("media_type", msgid("This type of content is not accepted.")),
}
"""Code and sentence for errors that the framework raises itself, whose own messages are about its internals."""


def _of_the_framework(error: HTTPException) -> Problem:
    try:
        title = HTTPStatus(error.status_code).phrase
    except ValueError:
        title = "error"
    code, detail = FRAMEWORK.get(error.status_code, ("http", verbatim(title)))
    return Problem(error.status_code, code, detail, headers=error.headers)
