"""The routers of the console for officials, to be included in the application."""

from __future__ import annotations

from fastapi import APIRouter

from kawal.client.complaints import Complaints
from kawal.console import attachments, commands, complaint, desk_acts, history, letters, log, own_work, queues
from kawal.console.codec import codec_router
from kawal.console.codec_desk import CodecDesk
from kawal.console.officials import Official
from kawal.domain.messages import Actor

_about_me = APIRouter(tags=["officials"])


@_about_me.get("/me")
async def me(actor: Official) -> Actor:
    """Return the official to whom the pass belongs."""
    return actor


def routers() -> list[APIRouter]:
    """Return every router of the console; each is included under the API's path and finds its parts on `app.state`.

    `app.state.complaints` is the client, `app.state.passes` recognises officials.
    """
    return [
        _about_me,
        log.router,
        attachments.router,
        history.router,
        letters.router,
        queues.router,
        own_work.router,
        complaint.router,
        commands.router,
        desk_acts.router,
    ]


def codec_for(complaints: Complaints, ui_origin: str) -> APIRouter:
    """Return the router that decrypts payloads for the Temporal UI of that origin."""
    return codec_router(CodecDesk(complaints), ui_origin)
