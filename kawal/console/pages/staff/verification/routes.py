"""The addresses of the verification queue."""

from __future__ import annotations

from starlette.routing import Route

from kawal.console.pages.frame import lead_up
from kawal.console.pages.staff.verification import (
    deciding,
    likeness,
    other_acts,
    publicity,
    queue,
    script_answers,
    several,
)
from kawal.console.pages.staff.verification.queue import PATH
from kawal.console.pages.time_limits import Endpoint, read_in_time

_ONE = f"{PATH}/{{number}}"


def _read(path: str, endpoint: Endpoint) -> Route:
    return Route(path, read_in_time(endpoint), methods=["GET"])


_POSTS = {
    "putuskan": deciding.decide,
    "teruskan": deciding.forward_rest,
    "kelola": other_acts.handle,
    other_acts.TAKE_BACK: other_acts.take_back,
    **{name: other_acts.act(name) for name in other_acts.ACTS},
    publicity.REDACT: publicity.redact,
    publicity.RELEASE: publicity.release,
    "buka": queue.open_secret,
    "hadir": script_answers.still_here,
}

ROUTES = [
    _read(PATH, queue.show_queue),
    _read(f"{PATH}/pilihan.json", script_answers.choices),
    _read(f"{PATH}/bersama", several.show_several),
    Route(f"{PATH}/bersama", several.decide_several, methods=["POST"]),
    _read(_ONE, queue.show_report),
    _read(f"{_ONE}/isi", queue.show_pane),
    _read(f"{_ONE}/banding/{{other}}", likeness.compare),
    _read(f"{_ONE}/berkas/{{file}}", publicity.open_file),
    *(Route(f"{_ONE}/{name}", endpoint, methods=["POST"]) for name, endpoint in _POSTS.items()),
    *(Route(f"{_ONE}/{name}", lead_up, methods=["GET"]) for name in _POSTS),
]
