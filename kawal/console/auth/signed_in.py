"""Who sends a request, and in which role they act: asked anew of the database by every request."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.console.auth.session_cookie import cookie_of
from kawal.console.pages.form_guard import OTHER_SITE, TOKEN, refuse_foreign
from kawal.console.pages.frame import see_other
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor
from kawal.domain.msgids import msgid
from kawal.domain.names import Role
from kawal.store.people import HeldRole
from kawal.store.staff_sessions import How, SessionEnds
from kawal.web.problems import Problem

SIGN_IN = "/masuk"

HEADER = "X-Kawal-Form"
"""In which a script of ours, or a program with a session, sends the form's token."""

PART = "bagian"
"""The query's argument by which a page's script asks, by itself, for a part of a page: that is no use of a session."""

RECENT = timedelta(minutes=15)
"""How long after signing in one may change how one signs in, and give others access."""

_SIGN_IN_FIRST = msgid("Sign in first.")
_NOT_OF_YOUR_ROLE = msgid("This page is not for the role in which you act now. Choose another role, if you hold one.")
_SIGN_IN_AGAIN = msgid(
    "Sign out and sign in again first: how somebody signs in, and who may, can only be changed within 15 minutes after "
    "signing in."
)
_OWN_MEANS = msgid(
    "You signed in through an identity provider. How somebody signs in, and who may, can only be changed after signing "
    "in with a passkey, or with password and code: sign out and sign in so."
)
_NO_ROLE = msgid("You hold no role at the moment. Ask an administrator of your agency.")
_OTHER_ROLE = msgid(
    "This form was opened when you acted in another role. Nothing was done. Choose that role again, and send it anew."
)
_OTHER_FORM = msgid("This form was not sent from our page. Open the page again and send it from there.")


_UNTYPED = frozenset({TOKEN, "sandi", "kode", "jawaban", "access_code"})
"""Fields that nobody typed, or that are shown to nobody."""


class NotSignedIn(Problem):
    """Nobody is signed in here: a page leads to `/masuk`, and for programs it is a problem 401."""

    def __init__(self) -> None:
        """Say that one must sign in."""
        super().__init__(401, "not_signed_in", _SIGN_IN_FIRST)


class OtherRole(Problem):
    """A form was sent that had been opened under another role."""

    def __init__(self, signed: SignedIn, role: str, form: Mapping[str, object]) -> None:
        """Say so, and keep what was typed; nothing was done."""
        super().__init__(409, "other_role", _OTHER_ROLE)
        self.signed = signed
        self.role = next((one for one in signed.roles if one.id == role), None)
        """The role under which it was opened, if it is held still."""
        self.typed = {name: text for name in form if name not in _UNTYPED and (text := _typed_into(form, name))}


def _typed_into(form: Mapping[str, object], name: str) -> str:
    """Return what a field holds, all that is ticked of several; nothing for a file."""
    values = form.getlist(name) if isinstance(form, FormData) else [form[name]]
    return "\n".join(value for value in values if isinstance(value, str))


@dataclass(frozen=True)
class SignedIn:
    """A person who is signed in, and the role in which they act now."""

    actor: Actor
    person: str
    name: str
    roles: tuple[HeldRole, ...]
    """All in which the person may act today."""
    role: HeldRole
    """The one of them in which they act now."""
    session: int
    form_token: str
    """What every form of theirs holds in the hidden field `formulir`."""
    keys: bool
    """Whether single keys act."""
    began_at: datetime
    """When they signed in (UTC)."""
    how: How
    form_secret: bytes = field(repr=False, default=b"")

    @property
    def drafts(self) -> str:
        """By what the browser tells this person's drafts from another's; whose they are cannot be read from it."""
        return hashlib.sha256(f"drafts {self.person}".encode()).hexdigest()[:16]


async def signed_in(request: Request) -> SignedIn:
    """Return who sends the request; raises NotSignedIn, and Problem 403 for somebody who holds no role any more."""
    text = cookie_of(request)
    used = PART not in request.query_params
    known = None if text is None else await recognised(request.app.state.complaints, text, used=used)
    if known is None:
        raise NotSignedIn
    return known


async def recognised(complaints: Complaints, text: str, *, used: bool = True) -> SignedIn | None:
    """Return who holds a session's cookie; None if it is none, or has ended. Raises Problem 403 for who has no role.

    Without `used` the session does not count as used: nobody did anything.
    """
    record = complaints.record
    session = await record.staff_sessions.find(text, session_ends(complaints.settings), used=used)
    person = None if session is None else await record.people.find(session.person)
    if session is None or person is None:
        return None
    held = await record.people.roles_of(person.id, local_day(complaints.now()))
    roles = [one for one in held if session.allowed is None or one.id in session.allowed]
    if not roles:
        raise Problem(403, "no_role", _NO_ROLE)
    role = next((one for one in roles if one.id == session.role), roles[0])
    return SignedIn(
        actor=role.actor,
        person=person.id,
        name=person.name,
        roles=tuple(roles),
        role=role,
        session=session.id,
        form_token=_token(session.form_secret, role.id),
        keys=person.shortcuts,
        began_at=session.began_at,
        how=session.how,
        form_secret=session.form_secret,
    )


def session_ends(settings: Settings) -> SessionEnds:
    """Return when sessions end by themselves here."""
    return SessionEnds(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))


def need_role(signed: SignedIn, *roles: Role) -> None:
    """Raise Problem 403 for whoever acts in none of these roles."""
    if signed.actor.role not in roles:
        raise Problem(403, "not_your_role", _NOT_OF_YOUR_ROLE)


def need_recent(signed: SignedIn) -> None:
    """Raise Problem 403 for whoever signed in too long ago to change who signs in, and how: a desk may be left open.

    Also for whoever came through an identity provider: that may let somebody in again without asking who they are.
    """
    if signed.how == "provider":
        raise Problem(403, "sign_in_by_own_means", _OWN_MEANS)
    if datetime.now(UTC) - signed.began_at > RECENT:
        raise Problem(403, "sign_in_again", _SIGN_IN_AGAIN)


def check_form(request: Request, signed: SignedIn, form: Mapping[str, object]) -> None:
    """Raise Problem 403 for a form that is not from a page of this session, OtherRole for one of another role."""
    refuse_foreign(request)
    _check_token(str(form.get(TOKEN, "")), signed, form)


def check_header(request: Request, signed: SignedIn) -> None:
    """Raise Problem 403 for a request that would change something and lacks the form's token in its header."""
    refuse_foreign(request)
    _check_token(request.headers.get(HEADER, ""), signed, {})


def _check_token(given: str, signed: SignedIn, form: Mapping[str, object]) -> None:
    role = given.partition(".")[0]
    if not hmac.compare_digest(given.encode(), _token(signed.form_secret, role).encode()):
        raise Problem(403, OTHER_SITE, _OTHER_FORM)
    if role != signed.role.id:
        raise OtherRole(signed, role, form)


def lead_to_sign_in(request: Request) -> Response:
    """Lead to the page where one signs in, and from there back to what was to be read."""
    wanted = request.url.path if request.method in ("GET", "HEAD") else ""
    if wanted and request.url.query:
        wanted += f"?{request.url.query}"
    return see_other(f"{SIGN_IN}?{urlencode({'ke': wanted})}" if wanted else SIGN_IN)


def _token(secret: bytes, role: str) -> str:
    return f"{role}.{hmac.digest(secret, role.encode(), hashlib.sha256).hex()[:32]}"
