"""What was typed into a form that was not carried out: its sender gets it back, to send it again or to copy it.

Every form of the officials passes here, whatever went wrong that its own page does not say: signed out meanwhile, a new
session, the database or the engine away, not one's role. The page needs no database. It is the answer to the very
request and is kept nowhere, so that nobody else is shown it. Passwords and codes are typed again, files chosen again.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.base.unavailable import unavailable
from kawal.console.auth.signed_in import PART, NotSignedIn, OtherRole, signed_in
from kawal.console.pages.form_guard import KEY, OTHER_SITE, TOKEN, refuse_foreign
from kawal.console.pages.frame import language_of, page, said_to_reader
from kawal.console.pages.public.parts import NOT_SENT
from kawal.console.pages.staff.own_account import PATH as OWN_ACCOUNT
from kawal.console.pages.staff.report.sent_form import SentForm
from kawal.console.pages.time_limits import Endpoint
from kawal.domain.msgids import Sayable, msgid, sentence, verbatim
from kawal.web.problems import Problem, problem_of
from kawal.wording.act_words import FIELDS
from kawal.wording.labels import role_in_words

CHECK_AGAIN = msgid("NOT SENT YET: {why} What you typed is still here: look at it, and send it again.")
_SIGN_IN = msgid(
    "NOT SENT YET: you are not signed in any more. Sign in in another tab, come back to this one and send it again."
)

_OF_THE_PAGE = frozenset(
    {TOKEN, KEY, "key", "langkah", "ke", "berkas", "files", "semula", "ditunjukkan", "halaman", "antrean"}
    | {"sisip", "sisipkan", "pasti"}
)
"""Fields that a page fills in for itself, up to a dash: sent again as they came."""

_SECRET = frozenset({"sandi", "access_code"})
"""Fields whose content is shown to nobody, not even to whoever typed it."""

_OF_A_PASSKEY = "jawaban"

_TICKED = frozenset({"1", "ya", "on"})

_LONG = 60
"""Of more characters, a text gets several lines."""

_LABELS: Mapping[str, Sayable] = {
    **FIELDS,
    "text": msgid("What you typed"),
    "words": msgid("What you typed"),
    "passages": msgid("What you typed"),
    "place": msgid("Where? (optional)"),
    "name": msgid("The reporter's name (optional)"),
    "contact": msgid("Telephone number or e-mail (optional)"),
    "number": msgid("Number of the report"),
    "tracking_id": msgid("Number of the report"),
    "access_code": msgid("Access code"),
    "command": msgid("What the reporter wants"),
    "stamp": msgid("Day on the paper's stamp, if it came on paper"),
}
"""What the page calls a field whose name is no Indonesian word."""


class FieldShape(StrEnum):
    """How a field comes back."""

    HIDDEN = "hidden"
    SECRET = "secret"  # noqa: S105 - a word
    TICK = "tick"
    LINE = "line"
    TEXT = "text"


class TypedField(NamedTuple):
    """One field as it comes back; a secret one is empty."""

    name: str
    value: str
    shape: FieldShape

    @property
    def label(self) -> Sayable:
        """What it is called."""
        return _LABELS.get(self.name) or verbatim(self.name.replace("_", " ").replace("-", " "))


def keeping(routes: Iterable[Route]) -> list[Route]:
    """Return the routes of officials' pages such that what was typed into a form comes back, whatever goes wrong."""
    return [
        Route(route.path, _kept(route.endpoint), methods=["POST"]) if "POST" in (route.methods or ()) else route
        for route in routes
    ]


def _kept(endpoint: Endpoint) -> Endpoint:
    @functools.wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except OtherRole:  # has a page of its own
            raise
        except Exception as error:
            form = None if _is_unreadable(error) else await _form_of_ours(request)
            if form is None:
                raise
            return await _unsent_page(request, form, error)

    return answered


def _is_unreadable(error: Exception) -> bool:
    """Tell whether the framework says that the form itself cannot be read."""
    return isinstance(error, HTTPException) and not isinstance(error, Problem)


async def _form_of_ours(request: Request) -> SentForm | None:
    """Return what somebody typed on a page of ours; None where nobody did, or where a script of ours kept it."""
    if PART in request.query_params or "application/json" in request.headers.get("accept", ""):
        return None
    try:
        refuse_foreign(request)
        form = await (await SentForm.of(request)).without_files()
    except (HTTPException, ClientDisconnect, RuntimeError):  # foreign, or what came cannot be read, or not once more
        return None
    shown = [one for one in _fields_of(form, request.url.path) if one.shape is not FieldShape.HIDDEN]
    return form if shown else None


async def _unsent_page(request: Request, form: SentForm, error: Exception) -> Response:
    problem, sender = problem_of(error, language_of(request)), None
    if problem.code == OTHER_SITE:  # of an earlier session: whoever signed in now looks at it, and sends it as theirs
        sender = await signed_in(request)
        form = form.with_token(sender.form_token)
    values = {
        "why": _why(error, problem),
        "action": f"{request.url.path}?{request.url.query}".rstrip("?"),
        "fields": _fields_of(form, request.url.path),
        "file_fields": form.file_fields,
        "sender": sender,
        "role_in_words": role_in_words,
        "sign_in": isinstance(error, NotSignedIn),
    }
    return page(request, "staff/unsent.html", values, status=problem.status_code, headers=problem.headers)


def _why(error: Exception, problem: Problem) -> Sayable:
    if isinstance(error, NotSignedIn):
        return _SIGN_IN
    return NOT_SENT if unavailable(error) is not None else sentence(CHECK_AGAIN, why=said_to_reader(problem))


def _fields_of(form: SentForm, path: str) -> list[TypedField]:
    return [returned_field(name, value, path) for name, values in form.typed.items() for value in values]


def returned_field(name: str, value: str, path: str) -> TypedField:
    """Return a field of a form that was sent to a path, as its sender gets it back."""
    if name in _SECRET or (name == "kode" and path.startswith(OWN_ACCOUNT)):  # elsewhere it is an OPD's
        return TypedField(name, "", FieldShape.SECRET if value else FieldShape.HIDDEN)
    if name == _OF_A_PASSKEY:
        return TypedField(name, "", FieldShape.HIDDEN)
    if not value.strip() or name.partition("-")[0] in _OF_THE_PAGE:
        return TypedField(name, value, FieldShape.HIDDEN)
    if value in _TICKED:
        return TypedField(name, value, FieldShape.TICK)
    is_long = len(value) > _LONG or "\n" in value
    return TypedField(name, value, FieldShape.TEXT if is_long else FieldShape.LINE)
