"""Forms of ours alone are obeyed: what another site's page makes a browser send is refused.

Browsers say where a form stands (`Sec-Fetch-Site`, `Origin`). Where one says nothing, a form that acts with a cookie's
rights must hold the token that only a page shown with that cookie has. Of a page that tells no referrer, as ours do,
they say the origin `null`; older ones, and any over plain http, say nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from starlette.requests import Request

from kawal.domain.msgids import msgid
from kawal.web.problems import Problem

TOKEN = "formulir"  # noqa: S105 - the field's name
"""The name of the hidden field."""

KEY = "kunci"
"""The name of the hidden field with a form's idempotency key: pressed twice, it is done once."""

OTHER_SITE = "other_site"
"""The code of the problem that a form was not sent from our page, or from one of an earlier session."""

_OWN = frozenset({"same-origin", "none"})
_UNSAID = "null"
_ELSEWHERE = msgid("This form was not sent from our page. Open the page again and send it from there.")


def refuse_foreign(request: Request) -> None:
    """Raise Problem 403 if the browser says that the form stands on another site's page."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", _UNSAID)
    if site is not None and site not in _OWN:
        raise Problem(403, OTHER_SITE, _ELSEWHERE)
    if site is None and origin != _UNSAID and origin.partition("://")[2] != request.headers.get("host"):
        raise Problem(403, OTHER_SITE, _ELSEWHERE)


def token_of(cookie: str) -> str:
    """Return the token of forms on a page that was shown with this cookie."""
    return hashlib.sha256(f"form\x00{cookie}".encode()).hexdigest()[:32]


def is_token(form: Mapping[str, object], cookie: str) -> bool:
    """Tell whether the form holds the token of this cookie."""
    given = form.get(TOKEN)
    return isinstance(given, str) and hmac.compare_digest(given.encode(), token_of(cookie).encode())


def check_token(form: Mapping[str, object], cookie: str) -> None:
    """Raise Problem 403 if the form lacks the token of this cookie."""
    if not is_token(form, cookie):
        raise Problem(403, OTHER_SITE, _ELSEWHERE)


def key_of(form: Mapping[str, object], act: str, arguments: object) -> str | None:
    """Return the idempotency key of an act that a form asks for; None of a form without one.

    Whoever goes back, types something else and sends it means another act: so what is asked is part of the key.
    """
    given = form.get(KEY)
    if not isinstance(given, str) or not given:
        return None
    asked = hashlib.sha256(f"{act}\x00{arguments!r}".encode()).hexdigest()
    return f"page:{given[:36]}:{asked}"
