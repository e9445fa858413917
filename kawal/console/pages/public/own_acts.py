"""What a reporter does on the report's own page: answer, accept, dispute, rate, hide; each form acts once.

Every form holds its key. An answer's key is that of the question, in every tab: so a question gets one answer, and
whoever answers second is told. What is refused comes back on the page as it was typed; while the database is away it
comes back on a page that can be sent again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.client.complaints import Complaints
from kawal.console.pages.form_guard import TOKEN, check_token, is_token, refuse_foreign, token_of
from kawal.console.pages.frame import page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import NotOpened, opened
from kawal.console.pages.public.own_reading import JUDGING, read_own
from kawal.console.pages.public.own_report import Attempt, answer_key, own_page
from kawal.console.pages.public.parts import NOT_SENT, attachments_of, complaints_of, count_call, intake_of
from kawal.console.pages.public.photos import AT_ONCE
from kawal.domain.messages import Command
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import Channel, CommandName
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.multipart_form import FormFiles
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import pass_over
from kawal.intake.page_acts import TypedAct
from kawal.web.problems import REFUSED_STATUS, Problem

SENDER = "page:"

ACTS: dict[str, CommandName] = {
    "terima": CommandName.ACCEPT,
    "sanggah": CommandName.DISPUTE,
    "nilai": CommandName.RATE,
    "sembunyikan": CommandName.CONCEAL,
}
"""The acts without files, by the last part of their address."""

ANSWER = "jawab"

_ANSWERED = msgid(
    "This was answered before, perhaps in another tab. Your words were not sent. Send them as a new message."
)
_NO_QUESTION = msgid("Nothing waits for an answer any more. Your words were not sent. Send them as a new message.")
_CHANGED = msgid("This is not possible any more: the report has moved on, perhaps in another tab.")
_HIDDEN_ALREADY = msgid("It is hidden in that way already.")
_NOT_TAKEN = msgid("Nothing was sent yet, because the file “{name}” was not taken: {why}")

_TOO_MANY = msgid("NOT SENT YET: the files could not be read. Choose at most {most} at once, and send it again.")

_STALE = msgid(
    "NOT SENT YET: the code was changed since this page was opened. What you typed is still here; send it again."
)

_NOT_NOW = frozenset({413, 429})
"""Too much, or too often: after that the same form can be sent again."""

_IN_WORDS: dict[str, Sayable] = {
    "key_reused": _ANSWERED,
    "wrong_status": _CHANGED,
    "ended": _CHANGED,
    "no_final_stands": _CHANGED,
    "accept_not_spoken": _CHANGED,
    "aftercare_over": msgid("The time for rating has ended."),
    "concealed_already": _HIDDEN_ALREADY,
    "erased": msgid("Your words and who you are have been erased; nothing more can be done here."),
}
"""Refusals as a citizen reads them; any other in the rules' own words."""


class _StalePage(Exception):  # noqa: N818 - an ordinary answer: the code was changed in another tab
    """The form's page was shown with another cookie than the browser holds now; nothing was done."""

    def __init__(self, token: str) -> None:
        """Keep the token with which the same form can be sent again."""
        super().__init__()
        self.token = token


def act(name: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Return the route's function for an act without files."""

    async def acted(request: Request) -> Response:
        refuse_foreign(request)
        form = await request.form()
        sent = {field: value for field, value in form.items() if isinstance(value, str)}
        return await _kept_if_away(request, name, sent, lambda: _act(request, name, sent))

    acted.__doc__ = f"Do `{name}` for the reporter."
    return acted


async def answer(request: Request) -> Response:
    """Add an answer, or any other message, with its files."""
    refuse_foreign(request)
    body = request.stream()
    try:
        form = FormFiles(request.headers.get("content-type", ""), body, most=AT_ONCE)
        # The words stand before the files: they are here by the first one.
        first = await form.next_name()
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence, headers={"Connection": "close"}) from refusal
    try:
        return await _kept_if_away(request, ANSWER, form.fields, lambda: _answer(request, form, first))
    except AttachmentRefused:  # of the form as a whole: a file too many, or it ended too early
        await pass_over(body)
        return _unsent(request, ANSWER, form.fields, sentence(_TOO_MANY, most=AT_ONCE), 422, {})


async def _act(request: Request, name: str, sent: Mapping[str, str]) -> Response:
    tracking_id = await _let_in(request, sent)
    return await _say(request, tracking_id, name, ACTS[name], TypedAct.of(sent), [])


async def _answer(request: Request, form: FormFiles, first: str | None) -> Response:
    tracking_id = await _let_in(request, form.fields)
    files = [one for one in form.fields.get("files", "").split(",") if one]
    refused: list[Sayable] = []
    name = first
    while name is not None:
        if name:  # a form whose reader chose no file sends one without name and content
            await _take(request, tracking_id, name, form.content(), files, refused)
        name = await form.next_name()
    typed = TypedAct.of(form.fields)
    if refused:
        return await own_page(request, tracking_id, Attempt(ANSWER, typed, refused[0], files), status=422)
    over = await _answered_elsewhere(complaints_of(request), tracking_id, typed, files)
    if over is not None:
        return await own_page(request, tracking_id, Attempt(ANSWER, typed, over, files), status=409)
    return await _say(request, tracking_id, ANSWER, CommandName.REPLY, typed, files)


async def _let_in(request: Request, sent: Mapping[str, str]) -> str:
    """Return the report's number, once it is certain that the form is its reporter's own."""
    await count_call(request)
    tracking_id = await opened(request)
    cookie = report_cookie.cookie_of(request, tracking_id) or ""
    if sent.get("words") and not is_token(sent, cookie):
        raise _StalePage(token_of(cookie))
    check_token(sent, cookie)
    return tracking_id


async def _take(
    request: Request,
    tracking_id: str,
    name: str,
    content: AsyncIterator[bytes],
    files: list[str],
    refused: list[Sayable],
) -> None:
    try:
        files.append((await attachments_of(request).add(tracking_id, name, content)).id)
    except AttachmentRefused as refusal:
        refused.append(sentence(_NOT_TAKEN, name=name[:200], why=refusal.sentence))


async def _answered_elsewhere(
    complaints: Complaints, tracking_id: str, typed: TypedAct, files: list[str]
) -> Sayable | None:
    """Return why an answer comes too late; None if what it answers is open, or if it is the very answer given."""
    if not typed.answers or not typed.words:
        return None
    own = await read_own(complaints, tracking_id)
    if own is None or answer_key(own) == typed.key:
        return None
    arguments = typed.arguments(CommandName.REPLY, files)
    command = Command(
        name=CommandName.REPLY, actor=own.reporter, arguments=arguments, idempotency_key=SENDER + typed.key
    )
    try:
        return None if await complaints.done_before(tracking_id, command) else _NO_QUESTION
    except Refusal:
        return _ANSWERED


async def _say(
    request: Request, tracking_id: str, name: str, command: CommandName, typed: TypedAct, files: list[str]
) -> Response:
    fault = typed.fault(command)
    if fault is not None:
        return await own_page(request, tracking_id, Attempt(name, typed, fault, files), status=422)
    if command in JUDGING and await _judged_elsewhere(complaints_of(request), tracking_id, typed):
        return await own_page(request, tracking_id, Attempt(name, typed, _CHANGED, files), status=409)
    try:
        await intake_of(request).say(
            tracking_id,
            command,
            typed.arguments(command, files),
            channel=Channel.WEB,
            idempotency_key=typed.key or None,
            sender=SENDER,
        )
    except Refusal as refusal:
        attempt = Attempt(name, typed, _IN_WORDS.get(refusal.code, refusal.sentence), files)
        return await own_page(request, tracking_id, attempt, status=REFUSED_STATUS.get(refusal.code, 409))
    return see_other(f"{report_cookie.path_of(tracking_id)}?sudah={name}")


async def _judged_elsewhere(complaints: Complaints, tracking_id: str, typed: TypedAct) -> bool:
    """Tell whether another word on the follow-up waits to be passed on: kept behind it, this one would be refused."""
    waiting = await complaints.system.kept_replies.waiting_of(tracking_id)
    return any(one.command in JUDGING and one.idempotency_key != SENDER + typed.key for one in waiting)


async def _kept_if_away(
    request: Request, name: str, sent: Mapping[str, str], done: Callable[[], Coroutine[Any, Any, Response]]
) -> Response:
    """Do it, or show all that was typed on a page that can be sent again."""
    try:
        return await done()
    except NotOpened as error:
        raise NotOpened(error.tracking_id, sent.get("words", "")) from error
    except _StalePage as stale:
        return _unsent(request, name, {**sent, TOKEN: stale.token}, _STALE, 403, {})
    except Problem as problem:
        if problem.status_code not in _NOT_NOW:
            raise
        return _unsent(request, name, sent, problem.sentence, problem.status_code, problem.headers or {})
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _unsent(request, name, sent, NOT_SENT, 503, {})


def _unsent(
    request: Request, name: str, sent: Mapping[str, str], why: Sayable | str, status: int, headers: Mapping[str, str]
) -> Response:
    shown = {field: value for field, value in sent.items() if field in (*TypedAct._fields, TOKEN, "files")}
    values = {"why": why, "act": name, "number": request.path_params["number"], "sent": shown}
    return page(request, "public/own_unsent.html", values, status=status, headers=headers)
