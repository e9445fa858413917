"""What concerns the caller by JSON: `GET /mentions`, notes that name them, and `GET /views`, the lists they saved.

Both are of the role in which the caller acts, and change by the desks' acts (`mention/read`, `view/save` and so on).
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kawal.client.complaints import Complaints
from kawal.console.officials import Official
from kawal.desks.mentions import WaitingMention, waiting_for
from kawal.desks.saved_views import OwnView, views_of
from kawal.web.responses import problem_responses

_SAID = {401: "The pass is unknown or has ended"}

router = APIRouter(tags=["officials"], responses=problem_responses(_SAID, 401, 429, 503))


@router.get("/mentions", summary="List the notes that name oneself and wait")
async def mentions(request: Request, response: Response, actor: Official) -> list[WaitingMention]:
    """Return them without their words, the newest first, as far as the caller may read them now."""
    response.headers["Cache-Control"] = "no-store"
    return await waiting_for(_complaints(request), actor)


@router.get("/views", summary="List the views that one saved")
async def views(request: Request, response: Response, actor: Official) -> list[OwnView]:
    """Return the caller's own in their order, then what colleagues share in the same role."""
    response.headers["Cache-Control"] = "no-store"
    return await views_of(_complaints(request), actor)


def _complaints(request: Request) -> Complaints:
    complaints: Complaints = request.app.state.complaints
    return complaints
