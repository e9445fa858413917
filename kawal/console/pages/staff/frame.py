"""What every page of the officials has: who is signed in as what, the pages of the role, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import PART, SignedIn
from kawal.console.pages.form_guard import TOKEN
from kawal.console.pages.frame import language_of, page
from kawal.console.pages.staff.navigation import SETUP, pages_for
from kawal.domain.access import RIGHTS, Act
from kawal.domain.government import rungs_of
from kawal.wording.labels import role_in_words


def staff_page(
    request: Request, signed: SignedIn, template: str, values: Mapping[str, Any], *, status: int = 200
) -> Response:
    """Return a page for somebody who is signed in, made from a template that extends `staff/base.html`.

    The template finds `signed`, and `token_field` with `signed.form_token` for its forms. One that extends `frame` is
    answered without what surrounds it where the page's script asks for its part (`bagian`).
    """
    shown = {
        "frame": "staff/part.html" if PART in request.query_params else "staff/base.html",
        "signed": signed,
        "staff_pages": pages_for(signed.actor.role),
        "token_field": TOKEN,
        "setup_path": SETUP if signed.actor.role in RIGHTS[Act.SET_UP].who else None,
        "rungs": rungs_of(signed.role.kind),
        "role_in_words": role_in_words,
        "announcements": request.app.state.announcements.to_staff(signed.actor.instansi, language_of(request)),
        **values,
    }
    return page(request, template, shown, status=status)
