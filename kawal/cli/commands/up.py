"""`kawal up`: PostgreSQL, the Temporal server and the worker in one go, until Ctrl-C; and `kawal worker`."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from kawal.base.shutdown import until_stopped
from kawal.cli.terminal import interrupts
from kawal.cli.terminal.dates import WIB, show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_pairs
from kawal.wording.dates import show_number

if TYPE_CHECKING:
    from kawal.base.endpoints import Endpoints
    from kawal.base.settings import Settings
    from kawal.system import System

EXAMPLE_OPD = "DPUPR"
EXAMPLE_CATEGORY = "PEKERJAAN UMUM DAN PENATAAN RUANG"


def up(operator: Operator, *, codec_server: bool, no_ui: bool) -> None:
    """Run everything until SIGINT or SIGTERM; raises SystemUnavailable, and CommandRefusal where it runs already."""
    from kawal.base.demo_mark import refuse_demo
    from kawal.base.errors import AlreadyRunning
    from kawal.base.logging import configure_logging

    settings = operator.settings()
    refuse_demo(settings.home)
    if codec_server:
        _check_payloads_can_be_shown(settings, ui=not no_ui)
    _refuse_second(settings)
    configure_logging()
    try:
        interrupts.run(until_stopped(_serve(operator, settings, codec=codec_server, ui=not no_ui)))
    except AlreadyRunning:
        raise CommandRefusal("already_up", home=settings.home) from None
    operator.note(operator.say("stopped"))


def run_worker(operator: Operator) -> None:
    """Run one more worker for the running system until SIGINT or SIGTERM."""
    from kawal.base.endpoints import running_endpoints

    settings = operator.settings()
    running_endpoints(settings)
    import worker
    from kawal.base.logging import configure_logging

    configure_logging()
    operator.note(operator.say("worker_running"))
    interrupts.run(until_stopped(worker.run(settings)))


SPECS = (
    Spec(
        "up",
        up,
        [Field("codec_server", "--codec-server", bool, default=False), Field("no_ui", "--no-ui", bool, default=False)],
        common=(),
    ),
    Spec("worker", run_worker, common=()),
)


def _check_payloads_can_be_shown(settings: Settings, *, ui: bool) -> None:
    """Check that HTTP is reachable from a browser on this machine under a loopback name, and that a UI runs here."""
    from kawal.embedded.temporal_binary import built_ui

    if settings.http_port == 0 or settings.http_host not in ("127.0.0.1", "localhost", "0.0.0.0"):  # noqa: S104
        raise UsageError("codec_needs_http")
    if not ui or settings.temporal_address is not None or built_ui(settings) is None:
        raise UsageError("codec_needs_ui")


async def _serve(operator: Operator, settings: Settings, *, codec: bool, ui: bool) -> None:
    import worker
    from kawal.crypto.master_keys import ensure_master_key, load_master_key
    from kawal.embedded.servers import embedded
    from kawal.record import master_key_file
    from kawal.store.setup import prepare_database
    from kawal.system import open_system

    began = time.monotonic()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = master_key_file(settings.home)
    # A home with data already has a key; creating another for a lost one would only hide the loss.
    master = load_master_key(file) if (settings.home / "postgres").exists() else ensure_master_key(file)
    # Where nothing embedded runs, any number of processes may serve.
    alone = settings.temporal_address is None or settings.database_url is None
    with _bound_early(settings) if codec else contextlib.nullcontext() as bound:
        # The UI must know where payloads are decrypted before anything decrypts them.
        codec_url = None if bound is None else f"http://127.0.0.1:{bound.getsockname()[1]}/codec"
        async with embedded(settings, ui=ui, codec_url=codec_url, alone=alone) as endpoints:
            await prepare_database(endpoints.database_url, master)
            async with (
                open_system(settings, endpoints=endpoints, master=master) as connected,
                worker.serve_installation(connected),
                _http(connected, bound) as http,
                _mail(connected) as mailboxes,
            ):
                seconds = time.monotonic() - began
                await _greet(operator, connected, seconds=seconds, http=http, mailboxes=mailboxes)
                try:
                    await asyncio.Event().wait()
                finally:
                    operator.note(operator.say("stopping"))


@contextmanager
def _bound_early(settings: Settings) -> Iterator[socket.socket]:
    """Bind the address of HTTP before anything serves it; early callers wait."""
    from kawal.web.server import listen_as_set

    with contextlib.closing(listen_as_set(settings)) as bound:
        yield bound


@asynccontextmanager
async def _http(connected: System, bound: socket.socket | None) -> AsyncIterator[str | None]:
    """Serve HTTP while the block runs, unless the settings say no."""
    if connected.settings.http_port == 0:
        yield None
        return
    from kawal.api import serve_api
    from kawal.client.complaints import Complaints
    from kawal.web.server import browser_url, listen_as_set

    endpoints, address = connected.endpoints, bound or listen_as_set(connected.settings)
    async with serve_api(Complaints(connected), address, endpoints.ui_url if endpoints.codec_url else None) as url:
        yield browser_url(url)


@asynccontextmanager
async def _mail(connected: System) -> AsyncIterator[list[str]]:
    """Accept letters while the block runs, if settings or mailboxes.toml say where; yield the mailboxes' addresses."""
    from kawal.intake.mail.mailboxes import mailboxes_of

    settings = connected.settings
    mailboxes = mailboxes_of(settings.home)
    if settings.mail_port == 0 and not mailboxes:
        yield []
        return
    from kawal.client.complaints import Complaints
    from kawal.intake.attachments.service import Attachments
    from kawal.intake.attachments.settings import AttachmentSettings
    from kawal.intake.mail.listener import LetterBox, listening
    from kawal.intake.mail.mailbox_reader import fetching
    from kawal.store.last_tries import LISTENER

    attachments = Attachments(connected, AttachmentSettings.from_env(settings.home))
    fetched = {one.address: one.instansi for one in mailboxes}
    box = LetterBox(Complaints(connected), attachments, settings.mailboxes, fetched)
    await box.check_agencies(listens=settings.mail_port != 0)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(box.close)
        if settings.mail_port != 0:
            await stack.enter_async_context(listening(box, "127.0.0.1", settings.mail_port))
            await stack.enter_async_context(connected.last_tries.going_on(LISTENER))
        await stack.enter_async_context(fetching(box.receive, mailboxes, connected.last_tries.note))
        yield [f"{one.address} ({one.host})" for one in mailboxes]


def _refuse_second(settings: Settings) -> None:
    from kawal.base.endpoints import running_endpoints
    from kawal.base.errors import SystemUnavailable

    if settings.temporal_address is not None and settings.database_url is not None:
        return
    with contextlib.suppress(SystemUnavailable):
        running_endpoints(settings)
        raise CommandRefusal("already_up", home=settings.home)


async def _greet(
    operator: Operator, connected: System, *, seconds: float, http: str | None, mailboxes: list[str]
) -> None:
    """Show what runs where, what to know, and what to do first."""
    operator.write(operator.say("up", seconds=show_number(round(seconds, 1), operator.lang)))
    letters = connected.settings.mail_port
    write_pairs(
        [
            *_addresses(operator, connected.endpoints, connected.settings),
            (operator.say("up_http"), f"{http}/" if http else "–"),
            *([(operator.say("up_letters"), f"127.0.0.1:{letters}")] if letters else []),
            *((operator.say("up_mailbox"), mailbox) for mailbox in mailboxes),
        ]
    )
    if connected.endpoints.codec_url is not None:
        operator.write(operator.say("up_codec", url=f"{connected.endpoints.codec_url}/login"))
    if connected.settings.smtp_host is None:
        operator.write(operator.say("up_mail"))
    elif connected.settings.public_url is None:
        operator.write(operator.say("up_no_links"))
    first = await first_link(connected)
    if first is not None:
        link, until = first
        operator.write(operator.say("up_first_link", link=link, until=show_instant(until, operator.lang)))
    for year in await _unknown_years(connected):
        operator.note(operator.say("up_provisional", year=year))
    operator.write("")
    operator.write(operator.say("up_first_steps", program=_program(), opd=EXAMPLE_OPD, category=EXAMPLE_CATEGORY))
    sys.stdout.flush()


async def first_link(connected: System) -> tuple[str, datetime] | None:
    """Make a new link for the first administrator, and tell when it ends; None once anybody is entered."""
    from kawal.desks.accounts import link_address
    from kawal.domain.process.decide import CLOCKWORK

    settings = connected.settings
    if settings.http_port == 0 or await connected.people.any():
        return None
    token, until = await connected.sign_in_links.make(None, CLOCKWORK.account)
    return link_address(settings.public_url, settings.http_port, token), until


def _addresses(operator: Operator, endpoints: Endpoints, settings: Settings) -> list[tuple[str, str]]:
    return [
        (operator.say("up_temporal"), f"{endpoints.temporal_address} (namespace {endpoints.namespace})"),
        (operator.say("up_ui"), endpoints.ui_url or "–"),
        (operator.say("up_database"), _without_password(endpoints.database_url)),
        (operator.say("up_home"), str(settings.home)),
    ]


def _without_password(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if not parts.password:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@", 1)).geturl()


async def _unknown_years(connected: System) -> list[int]:
    """Return the years, this one and the next, that some agency's calendar lacks: deadlines reach into them."""

    rulebook, this_year = connected.rulebook, datetime.now(WIB).year
    calendars = [
        await rulebook.calendar_for(one.code) for one in await connected.directory.all_instansi() if one.active
    ]
    return [year for year in (this_year, this_year + 1) if not all(calendar.knows(year) for calendar in calendars)]


def _program() -> str:
    """Return how the reader can type this program's name."""
    return "kawal" if shutil.which("kawal") else ".venv/bin/kawal"
