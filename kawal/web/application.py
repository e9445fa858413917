"""The common frame of the HTTP application: what applies to every request, whatever is mounted in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI

from kawal.base.settings import Settings
from kawal.web.limits import BodyLimit, Gate
from kawal.web.problems import Answering, FastPath, LastResort, StraightEndpoint, install

API = "/api/v1"

DESCRIPTION = """\
Menyampaikan laporan, menambah keterangan, dan memantaunya. Setiap kesalahan dijawab sebagai `application/problem+json`.

Submit a report, add to it, follow it. A report that was answered with 201 is safe and will be handled, whatever fails
afterwards. Send an `Idempotency-Key` with each: repeated after a timeout it makes no second report. Every error is
`application/problem+json` (RFC 9457).
"""


def new_application(settings: Settings, state: Mapping[str, object], answering: Answering) -> FastAPI:
    """Return an application without routes whose errors are all answered by `answering`.

    On `app.state` routes find everything that `state` names, besides `gate` (Gate), `settings` and `lang`.
    """
    app = FastAPI(
        title="Kawal",
        version=_version(),
        description=DESCRIPTION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its pages load scripts from other servers
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.lang = settings.lang
    app.state.gate = Gate(
        {
            "public": settings.http_public_rate,
            "pages": settings.http_pages_rate,
            "codes": settings.http_public_rate,
            "sign_in": settings.http_public_rate,
            "token": settings.http_token_rate,
            "address": settings.http_token_rate,
        }
    )
    for name, part in state.items():
        setattr(app.state, name, part)
    install(app, answering)
    return app


def guard(
    app: FastAPI, answering: Answering, limit_of: Callable[[str], int], straight: Mapping[str, StraightEndpoint]
) -> None:
    """Add the middleware that runs before the routes: error fallback, body limit, and the fast path to endpoints.

    `limit_of` returns the maximum size of a body in bytes for a path; a POST to a path of `straight` goes to its
    endpoint.
    """
    # The middleware added last is the outermost.
    app.add_middleware(FastPath, endpoints=straight, answering=answering)
    app.add_middleware(BodyLimit, limit_of=limit_of)
    app.add_middleware(LastResort, answering=answering)


def _version() -> str:
    try:
        return version("kawal")
    except PackageNotFoundError:
        return "0"
