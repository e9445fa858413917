"""`GET /complaints`: the caller's queues by JSON, with the filters of `/kerja`, in its order, page by page by a cursor.

What is listed is read in the caller's scope (kawal.store.scoped). A line's title is what the same official sees in the
list on the page; reading more of a report is a reading of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from kawal.client.complaints import Complaints
from kawal.console.officials import Official
from kawal.domain.messages import Actor
from kawal.domain.msgids import msgid
from kawal.domain.names import ReportClass, Status
from kawal.domain.refusals import Refusal
from kawal.domain.work_queues import QUEUES_OF, Queue
from kawal.store.queues import (
    LONGEST_PAGE,
    MOST_COUNTED,
    PAGE,
    Cursor,
    QueueFilters,
    QueueLine,
    queue_counts,
    queue_page,
    scope_of,
)
from kawal.web.problems import Problem, refusals_with_details
from kawal.web.responses import problem_responses

_SAID = {
    401: "The pass is unknown or has ended",
    403: "The role has no such queue, or none at all",
    422: "A parameter is wrong; `errors` names each",
}
_NO_PAGE = msgid("`after` is not the `next` of a page: begin with the first page again.")

router = APIRouter(tags=["record"])


class QueueOut(BaseModel):
    """A page of a queue: what is late first, then what is due next; of `finished` the latest first."""

    queue: Queue
    complaints: list[QueueLine]
    next: str | None
    """Send it as `after` to get the next page; null on the last page."""
    counts: Mapping[Queue, int] = Field(
        description=f"How many stand in each of the role's queues; {MOST_COUNTED} stands for so many or more."
        " What is finished is not counted."
    )


@router.get(
    "/complaints",
    response_model=QueueOut,
    summary="List what waits in a queue of one's own",
    responses=problem_responses(_SAID, 401, 403, 422, 429, 503),
)
async def complaints_of_queue(
    request: Request,
    response: Response,
    actor: Official,
    queue: Annotated[Queue | None, Query(description="One of the role's; by default the one it begins with.")] = None,
    status: Annotated[list[Status] | None, Query(description="Any of these.")] = None,
    report_class: Annotated[ReportClass | None, Query(alias="class")] = None,
    category: Annotated[
        str | None, Query(max_length=200, description="A main category, or one below it: `MAIN / SUB`.")
    ] = None,
    opd: Annotated[str | None, Query(max_length=40, description="An OPD that owes or has finished.")] = None,
    overdue: Annotated[bool, Query(description="Only what is late.")] = False,
    words: Annotated[str, Query(max_length=200, description="Of title, text and place; not for the desk.")] = "",
    after: Annotated[str | None, Query(max_length=300, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="At most this many.")] = PAGE,
) -> QueueOut:
    """Return a page of the caller's queue, and how many stand in each. Everything that is given must fit.

    Who reads which queue: the table in docs/process.md. Of a rahasia report no words are listed.
    """
    response.headers["Cache-Control"] = "no-store"
    filters = QueueFilters(tuple(map(str, status or ())), report_class, category, opd and opd.upper(), overdue, words)
    complaints: Complaints = request.app.state.complaints
    with refusals_with_details():
        seen, asked, scope = complaints.seen_by(actor).pool, _own(actor, queue), scope_of(actor)
        page = await queue_page(seen, asked, scope, filters, _cursor(after), limit)
        counts = await queue_counts(seen, scope)
    following = None if page.next is None else page.next.encode()
    return QueueOut(queue=asked, complaints=page.lines, next=following, counts=counts)


def _own(actor: Actor, queue: Queue | None) -> Queue:
    """Return the queue that is asked for, or the one with which the role begins; refused for a role without any."""
    queues = QUEUES_OF.get(actor.role)
    if not queues:
        raise Refusal("wrong_role", command="list", role=actor.role, allowed=", ".join(sorted(QUEUES_OF)))
    return queue or queues[0]


def _cursor(word: str | None) -> Cursor | None:
    """Return where the page before ended; Problem 422 for what no page gave."""
    found = None if word is None else Cursor.decode(word)
    if word is not None and found is None:
        raise Problem(422, "after", _NO_PAGE)
    return found
