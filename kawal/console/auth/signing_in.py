"""What every way of signing in ends with: a session, its cookie, and a line in the access log; or a failure's line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie, session_cookie
from kawal.console.pages.frame import see_other
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.process.decide import CLOCKWORK
from kawal.store.people import Person
from kawal.store.staff_sessions import How, ThroughProvider

FIRST_PAGE = "/kerja"

_LONGEST_PATH = 500
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


async def begin(
    request: Request, person: Person, how: How, onward: str = "", through: ThroughProvider | None = None
) -> Response:
    """Begin a session of a person's in this browser, whatever it held before, and lead to a page of ours."""
    complaints: Complaints = request.app.state.complaints
    record, at = complaints.record, complaints.now()
    held = session_cookie.cookie_of(request)
    if held is not None:
        await record.staff_sessions.end_by(held)
    number, text = await record.staff_sessions.begin(person.id, how, device_of(request), through=through)
    actor = await actor_of(complaints, person, None if through is None else through.allowed)
    told = {"session": number, "how": how} | ({} if through is None else {"issuer": through.issuer})
    await record.access_log.append(AccessKind.SIGNED_IN, actor, at, facts=told)
    answer = see_other(own_path(onward))
    session_cookie.give(answer, text)
    browser_cookie.take_away(answer)
    return answer


async def note_failure(request: Request, how: How, code: str, issuer: str | None = None) -> None:
    """Put on record that somebody could not sign in: how and why, and nothing of what was typed."""
    complaints: Complaints = request.app.state.complaints
    facts = {"how": how, "code": code} | ({} if issuer is None else {"issuer": issuer})
    await complaints.record.access_log.append(AccessKind.SIGN_IN_FAILED, CLOCKWORK, complaints.now(), facts=facts)


async def actor_of(complaints: Complaints, person: Person, allowed: Sequence[str] | None = None) -> Actor:
    """Return as whom a person stands on record: in the first of their roles, or of those that rules left."""
    held = await complaints.record.people.roles_of(person.id, local_day(complaints.now()))
    roles = [one for one in held if allowed is None or one.id in allowed]
    return roles[0].actor if roles else Actor(role=Role.SYSTEM, account=f"{person.id}{'0' * 16}", name=person.name)


def own_path(wanted: str) -> str:
    """Return the path of ours that is wanted; the first page for anything that leads elsewhere."""
    parts = urlsplit(wanted) if _PATH.fullmatch(wanted) and len(wanted) <= _LONGEST_PATH else None
    return FIRST_PAGE if parts is None or parts.scheme or parts.netloc else wanted


def device_of(request: Request) -> str:
    """Return browser and system in words: what one recognises one's own devices by."""
    told = request.headers.get("user-agent", "")
    found = [next((name for mark, name in names if mark in told), None) for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)
