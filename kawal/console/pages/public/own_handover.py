"""A report that was passed on to another agency of this installation: the two pages name each other.

Who holds the first one's cookie may come in to the second, until the second's own code is changed: that shuts out
whoever had the first one's.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.client.complaints import Complaints
from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import check_token, refuse_foreign
from kawal.console.pages.frame import see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import NotOpened, opened
from kawal.console.pages.public.parts import complaints_of, count_call
from kawal.store.handovers import OtherNumber

GO_ON = "lanjutan"
"""The last part of the address by which a reporter comes from the first report to the second."""


class OwnHandover(NamedTuple):
    """What a report's page says of its other number, if it has one."""

    onward: OtherNumber | None
    """As which it goes on."""
    opens: bool
    """Whether this page may open that one."""
    before: OtherNumber | None
    """Which one goes on as this."""


async def handover_of(complaints: Complaints, tracking_id: str) -> OwnHandover:
    """Return the other numbers of a report."""
    handovers = complaints.record.handovers
    onward = await handovers.onward(tracking_id)
    opens = onward is not None and await _opens(complaints, onward.tracking_id)
    return OwnHandover(onward, opens, await handovers.before(tracking_id))


async def go_on(request: Request) -> Response:
    """Let the browser that holds the first report's cookie open the second."""
    refuse_foreign(request)
    await count_call(request)
    tracking_id = await opened(request)
    check_token(await request.form(), report_cookie.cookie_of(request, tracking_id) or "")
    complaints = complaints_of(request)
    handover = await complaints.record.handovers.of(tracking_id)
    if handover is None or handover.started_as is None:
        return see_other(report_cookie.path_of(tracking_id))
    onward = handover.started_as
    if not await _opens(complaints, onward):
        raise NotOpened(onward)
    response = see_other(report_cookie.path_of(onward))
    report_cookie.give(request, response, onward, await ReporterAccess(complaints).cookie_of(onward))
    return response


async def _opens(complaints: Complaints, onward: str) -> bool:
    return await complaints.record.access_codes.generation(onward) == 0
