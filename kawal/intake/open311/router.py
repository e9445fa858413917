"""The routes of GeoReport v2 and of its updates extension, mounted at /open311/v2, and discovery beside it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from kawal.client.complaints import Complaints
from kawal.domain.names import Channel
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.service import Attachments
from kawal.intake.open311 import arguments, photos, report_form, update_form
from kawal.intake.open311.arguments import SPAN, Page, listed
from kawal.intake.open311.attributes import attributes
from kawal.intake.open311.discovery import Changes, discovery
from kawal.intake.open311.documents import document
from kawal.intake.open311.faults import BASE, Fault, Open311Route, answer, by_ending
from kawal.intake.open311.openapi import METHODS
from kawal.intake.open311.queries import ComplaintQueries, Search, w3c
from kawal.intake.open311.report_form import Form
from kawal.intake.open311.services import Service, Services
from kawal.intake.service import IntakeService
from kawal.web.callers import Caller, caller_of
from kawal.web.problems import language
from kawal.wording.links import in_letter

VERSION = f"{BASE}/v2"
BODY_LIMIT = 32 * 1024 * 1024
"""Most bytes of a form with photos; one without is limited to arguments.FORM_LIMIT."""

SERVICES_KEPT = 5.0
"""How long a process caches the services that it read (seconds)."""

NOT_FOUND = "service_request_id was not found"
_STATUSES = frozenset({"open", "closed"})
_UPDATES_SPAN = timedelta(days=3660)

Handler = Callable[[Request], Awaitable[Response]]


class AgencyRequest(NamedTuple):
    """A request within one agency."""

    request: Request
    given: dict[str, str]
    instansi: str
    services: Services
    reading: ComplaintQueries


class Endpoint:
    """The handlers, on a connected client."""

    def __init__(self, complaints: Complaints) -> None:
        """Serve every agency of the installation."""
        self._complaints = complaints
        self._inbox = complaints.system.inbox
        self._changes = Changes()
        self._kept: dict[str, tuple[float, Services]] = {}

    # --- Discovery and services --------------------------------------------------------------------------------------

    async def discovery(self, request: Request) -> Response:
        """Return where the endpoint is."""
        agencies = await self._complaints.directory.all_instansi()
        changesets = [await self._changeset(agency.code) for agency in agencies if agency.active]
        base = str(request.base_url).rstrip("/") + VERSION
        return document("discovery", discovery(base, max(changesets, default="")), _format(request))

    async def services(self, request: Request) -> Response:
        """List what may be reported."""
        services = await self._services(await self._jurisdiction(request))
        return document("services", [service.row() for service in services.offered], _format(request))

    async def definition(self, request: Request) -> Response:
        """Return the attributes that a service asks for."""
        instansi = await self._jurisdiction(request)
        service = _offered(await self._services(instansi), request.path_params["service_code"])
        opds = [opd for opd in await self._complaints.directory.opds(instansi) if opd.active]
        content = {"service_code": service.code, "attributes": attributes(opds)}
        return document("service_definition", content, _format(request))

    # --- Requests ----------------------------------------------------------------------------------------------------

    async def submit(self, request: Request) -> Response:
        """Accept a report: answered with its number, or if it is rahasia with a token that leads to it."""
        form = Form.of(await arguments.form(request))
        caller = await self._sender(request, form, "submit")
        instansi = await self._instansi(form.given.get("jurisdiction_id"), caller)
        services = await self._services(instansi)
        if not form.given.get("service_code"):
            raise Fault(400, "service_code was not provided")
        service = _offered(services, form.given["service_code"])
        opds = [opd.code for opd in await self._complaints.directory.opds(instansi) if opd.active]
        sender = f"{_name(caller)}:{instansi}"
        header = request.headers.get("idempotency-key")
        known_by = report_form.external_id(form, sender, header, self._complaints.now())
        report = report_form.report_of(form, service, opds, known_by or f"{sender}:once:{uuid.uuid4()}")
        receipt = await _intake(request).submit(report, instansi=instansi)
        notice = await photos.keep_what_can_be(
            _attachments(request), receipt.tracking_id, form.files, language(request), again=known_by is not None
        )
        if report.rahasia:
            row: dict[str, Any] = {"token": f"{receipt.tracking_id}-{receipt.secret}"}
            row |= {"service_notice": notice} if notice else {}
        else:
            told = in_letter(receipt.access, language(request)).replace("\n", " ")
            notice = f"{notice} {told}" if notice else told
            row = {"service_request_id": receipt.tracking_id, "service_notice": notice, "account_id": None}
        return document("service_requests", [row], _format(request), 201 if receipt.fresh else 200)

    async def token(self, request: Request) -> Response:
        """Turn a token into the number of its request."""
        asked = await self._asked(request)
        token = request.path_params["token_id"]
        tracking_id = await _opened(request, token)
        if await asked.reading.protected(tracking_id) is None:
            raise Fault(404, "token was not found")
        return document("service_requests", [{"service_request_id": tracking_id, "token": token}], _format(request))

    async def requests(self, request: Request) -> Response:
        """List requests: those of the numbers given, whatever else is asked, or those that a search finds."""
        asked = await self._asked(request)
        ids = listed(asked.given.get("service_request_id", ""))
        if ids:
            found = await asked.reading.by_ids([one for one in ids[: arguments.MOST] if _is_tracking(one)])
        else:
            found = await asked.reading.search(self._search(asked))
        return document("service_requests", found, _format(request))

    async def request(self, request: Request) -> Response:
        """Return what is public of one request; to whoever holds its token, what the token opens."""
        asked = await self._asked(request)
        wanted = request.path_params["service_request_id"]
        found = await asked.reading.by_ids([wanted]) if _is_tracking(wanted) else []
        if asked.given.get("token") and await _opens(request, asked.given["token"], wanted):
            own = await asked.reading.protected(wanted)
            found = [own] if own else []
        if not found:
            raise Fault(404, NOT_FOUND)
        return document("service_requests", found, _format(request))

    # --- The updates extension ---------------------------------------------------------------------------------------

    async def updates(self, request: Request) -> Response:
        """List the public steps that were recorded in a span of time."""
        asked = await self._asked(request)
        named = listed(asked.given.get("service_request_id", ""))
        ids = [one for one in named if _is_tracking(one)] if named else None
        span = arguments.span(asked.given, self._complaints.now(), most=_UPDATES_SPAN)
        found = await asked.reading.updates(span, arguments.page(asked.given), ids)
        return document("service_request_updates", found, _format(request))

    async def update(self, request: Request) -> Response:
        """Accept what the reporter added in the sender's system, as a reply."""
        form = Form.of(await arguments.form(request))
        caller = await self._sender(request, form, "reply")
        instansi = await self._instansi(form.given.get("jurisdiction_id"), caller)
        tracking_id = form.given.get("service_request_id", "")
        if not tracking_id:
            raise Fault(400, "service_request_id was not provided")
        given = update_form.update_of(form, _name(caller))
        accepted = await self._inbox.find(tracking_id) if _is_tracking(tracking_id) else None
        if accepted is None or accepted.instansi != instansi:
            raise Fault(404, NOT_FOUND)
        update_form.refuse_others(form, accepted.report, _name(caller))
        files = await photos.keep(_attachments(request), tracking_id, form.files)
        await _intake(request).reply(
            tracking_id, given.text, files, channel=Channel.OPEN311, idempotency_key=given.idempotency_key
        )
        return document("service_request_updates", [{"update_id": given.update_id}], _format(request))

    # --- Inside ------------------------------------------------------------------------------------------------------

    async def _jurisdiction(self, request: Request) -> str:
        """Return the agency whose services are asked for.

        Not counted against any limit: a client that learns what each service asks for makes a call for every one.
        """
        return await self._instansi(_arguments(request).get("jurisdiction_id"), None)

    async def _services(self, instansi: str) -> Services:
        """Return the agency's services as they were at most SERVICES_KEPT ago."""
        now = time.monotonic()
        kept = self._kept.get(instansi)
        if kept is None or now - kept[0] > SERVICES_KEPT:
            kept = self._kept[instansi] = (now, await Services.of(self._complaints.directory, instansi))
        return kept[1]

    async def _asked(self, request: Request) -> AgencyRequest:
        given = _arguments(request)
        caller = await _let_in(request, given.get("api_key") or None)
        instansi = await self._instansi(given.get("jurisdiction_id"), caller)
        services = await self._services(instansi)
        return AgencyRequest(request, given, instansi, services, ComplaintQueries(self._complaints, instansi, services))

    async def _sender(self, request: Request, form: Form, scope: str) -> Caller:
        """Recognise the sender by api_key: in the form, as the standard has it, or in the address."""
        key = form.given.get("api_key") or _arguments(request).get("api_key")
        if not key:
            await _let_in(request, None)
            raise Fault(403, "api_key was not provided")
        caller = await _let_in(request, key)
        if caller.channel is not Channel.OPEN311:
            raise Fault(403, "api_key is for another channel")
        caller.need(scope)
        return caller

    async def _instansi(self, jurisdiction: str | None, caller: Caller | None) -> str:
        known = [one.code for one in await self._complaints.directory.all_instansi() if one.active]
        bound = None if caller is None or caller.token is None else caller.token.instansi
        if not jurisdiction:
            if bound is None and len(known) != 1:
                raise Fault(400, "jurisdiction_id was not provided")
            return bound or known[0]
        found = next((code for code in known if code == jurisdiction.upper()), None)
        if found is None:
            raise Fault(404, "jurisdiction_id was not found")
        if bound not in (None, found):
            raise Fault(403, "api_key is for another jurisdiction_id")
        return found

    async def _changeset(self, instansi: str) -> str:
        services = await self._services(instansi)
        return w3c(self._changes.since(instansi, [service.row() for service in services.offered]))

    def _search(self, asked: AgencyRequest) -> Search:
        given = asked.given
        statuses = frozenset(one.lower() for one in listed(given.get("status", ""))) or _STATUSES
        if not statuses <= _STATUSES:
            raise Fault(400, "status is not open or closed")
        categories = None
        if codes := listed(given.get("service_code", "")):
            services = [asked.services.by_code(code) for code in codes]
            if None in services:
                raise Fault(404, "service_code was not found")
            categories = [service.category for service in services if service is not None]
        span = arguments.span(given, self._complaints.now(), most=SPAN)
        page: Page = arguments.page(given)
        return Search(span, page, categories, statuses)


def limit_of(path: str) -> int | None:
    """Return the most bytes of a body for a path of this interface; None for any other."""
    return BODY_LIMIT if path.startswith(BASE) else None


def open311_router(complaints: Complaints) -> APIRouter:
    """Return every route; the application's state holds `intake`, `tokens` and `gate` (kawal.api)."""
    router = APIRouter(route_class=Open311Route, tags=["open311"])
    here = Endpoint(complaints)
    for path, method, handler in (
        (f"{BASE}/discovery", "GET", here.discovery),
        (f"{VERSION}/services", "GET", here.services),
        (f"{VERSION}/services/{{service_code}}", "GET", here.definition),
        (f"{VERSION}/requests", "POST", here.submit),
        (f"{VERSION}/requests", "GET", here.requests),
        (f"{VERSION}/requests/{{service_request_id}}", "GET", here.request),
        (f"{VERSION}/tokens/{{token_id}}", "GET", here.token),
        (f"{VERSION}/servicerequestupdates", "POST", here.update),
        (f"{VERSION}/servicerequestupdates", "GET", here.updates),
    ):
        router.add_api_route(path + ".{format}", handler, methods=[method], **METHODS[handler.__name__])
        router.add_api_route(path, handler, methods=[method], include_in_schema=False)
    for ending in (".{format}", ""):
        router.add_api_route(f"{VERSION}/discovery{ending}", here.discovery, methods=["GET"], include_in_schema=False)
    router.add_api_route(BASE + "/{rest:path}", _nothing_here, methods=["GET", "POST"], include_in_schema=False)
    return router


async def _nothing_here(request: Request) -> Response:
    return answer(by_ending(request), 404, "there is nothing at this address; see discovery.xml")


async def _let_in(request: Request, key: str | None) -> Caller:
    """Recognise and count the caller; an unknown key is the standard's 403."""
    try:
        return await caller_of(request, key)
    except HTTPException as error:
        if error.status_code == 401:
            raise Fault(403, "api_key is invalid") from error
        raise


async def _opened(request: Request, token: str) -> str:
    """Return the number to which a token leads; an unknown report and a wrong secret are refused alike."""
    tracking_id, _, secret = token.partition("-")
    await _intake(request).open_to(tracking_id, secret)
    return tracking_id


async def _opens(request: Request, token: str, wanted: str) -> bool:
    """Tell whether a token is that of this request."""
    try:
        return await _opened(request, token) == wanted
    except Refusal:
        return False


def _offered(services: Services, code: str) -> Service:
    service = services.by_code(code)
    if service is None or not service.offered:
        raise Fault(404, "service_code was not found")
    return service


def _arguments(request: Request) -> dict[str, str]:
    """Return the query's arguments; the values of a repeated one are a list, delimited by commas."""
    query = request.query_params
    return {name: ",".join(query.getlist(name)).strip() for name in query}


def _intake(request: Request) -> IntakeService:
    intake: IntakeService = request.app.state.intake
    return intake


def _attachments(request: Request) -> Attachments:
    attachments: Attachments = request.app.state.attachments
    return attachments


def _name(caller: Caller) -> str:
    """Return the sending system's name: its tokens' name, so that a new token is no new system."""
    return "public" if caller.token is None else caller.token.name


def _is_tracking(text: str) -> bool:
    return text.isascii() and text.isdigit() and 7 <= len(text) <= 9


def _format(request: Request) -> str:
    return str(request.path_params.get("format", "xml"))
