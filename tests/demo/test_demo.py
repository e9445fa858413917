"""A demo: a recorded year behind the pages, one press signs in, its clock can be moved, and nothing leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kawal.api import create_app
from kawal.base.demo_mark import FILE, demo_mark, write_demo_mark
from kawal.base.errors import SystemUnavailable
from kawal.client.complaints import Complaints
from kawal.console.pages.demo.routes import ROUTES
from kawal.demo.demo import Demo
from kawal.demo.home import clear_home, forget_installation, marked_home
from kawal.demo.sent_messages import SentMessage
from kawal.demo.starting_point import KEPRI_2022, arriving, done_before
from kawal.domain.calendar import at_local, local_day
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.domain.scenario import Format, read_rows
from kawal.embedded.virtual_time import VirtualTime
from kawal.system import System
from tests.cli.running import Kawal
from tests.console.pages.browser import Browser
from tests.demo.year import LATER, MORNING, NEW, OWED, demo_in, signed_in, visitor
from tests.workflows.life import eventually
from worker import serve_installation
from workflows.rounds import DELIVER

YEAR = Path(__file__).parents[2] / "scenarios" / "kepri-2022.csv"


@pytest.fixture(scope="module")
def demo_home(short_folder: Path) -> Path:
    return short_folder / "demo"


@pytest.fixture(scope="module")
async def demo(demo_home: Path) -> AsyncIterator[Demo]:
    async with demo_in(demo_home) as running:
        yield running


@pytest.fixture
async def browser(demo: Demo) -> AsyncIterator[Browser]:
    async with visitor(demo) as opened:
        yield opened


async def test_one_press_signs_in_and_each_role_finds_what_the_year_left_open(browser: Browser) -> None:
    assert NEW in (await signed_in(browser, "admin")).text
    verification = await browser.open("/kerja/verifikasi")
    assert NEW in verification.text
    assert OWED not in verification.text
    await signed_in(browser, "opd")
    assert OWED in (await browser.open("/kerja/opd")).text
    for login in ("inspektorat", "loket", "pimpinan", "auditor", "nasional"):
        assert (await signed_in(browser, login)).path == "/kerja"


@pytest.mark.parametrize("path", ["/", "/lapor", "/papan", "/masuk", "/demo", "/demo/kiriman", "/kerja", "/tidak-ada"])
async def test_every_page_says_that_this_is_a_demo_and_what_its_clock_says(browser: Browser, path: str) -> None:
    await signed_in(browser, "admin")
    assert "DEMO" in (page := await browser.open(path, accept="text/html")).text
    assert "Jam demo menunjukkan Rabu, 9 Maret 2022" in page.text


async def test_a_form_of_another_page_neither_signs_in_nor_moves_the_clock(browser: Browser, demo: Demo) -> None:
    before = demo.complaints.now()
    for path, field in (("/demo/masuk", {"orang": "admin"}), ("/demo/jam", {"hari": "3"})):
        assert (await browser.client.post(path, data=field)).status_code == 403
        sent = {**field, "formulir": demo.form_token}
        elsewhere = {"origin": "https://lain.example", "sec-fetch-site": "cross-site"}
        assert (await browser.client.post(path, data=sent, headers=elsewhere)).status_code == 403
    assert demo.complaints.now() - before < timedelta(minutes=5)
    assert (await browser.client.post("/demo/gerbang", content=b"{}")).status_code == 403


async def test_days_pass_deadlines_run_out_reports_come_in_and_letters_are_kept(browser: Browser, demo: Demo) -> None:
    """From Wednesday three working days lead to Monday: the follow-up is late, and a report has come in meanwhile."""
    await signed_in(browser, "opd")
    page = await browser.open("/kerja/opd?tampil=semua")
    moved = await browser.send(page.form("/demo/jam"), hari="3")
    assert moved.path == "/kerja/opd"
    assert "Senin, 14 Maret 2022" in moved.text
    number = await _number_of(demo, OWED)
    happened = {event.kind: event.at for event in await demo.complaints.history(number)}
    assert happened[EventKind.BREACHED] == at_local(date(2022, 3, 10), 0), "Nyepi is no working day"
    await signed_in(browser, "admin")
    assert LATER in (await browser.open("/kerja/verifikasi")).text
    received = (await demo.complaints.history(await _number_of(demo, LATER)))[0].at
    assert received == at_local(date(2022, 3, 10), 9)

    await demo.complaints.client.get_schedule_handle(DELIVER.schedule).trigger()
    letters = await eventually(lambda: _letters_to(demo, "siti@example.org", "inspectorate@demo.invalid"))
    assert all(local_day(one.at) == date(2022, 3, 14) for one in letters)
    assert letters[0].text.splitlines()[0] in (await browser.open("/demo/kiriman")).text


async def test_a_report_of_a_visitors_lives_by_the_demos_clock(browser: Browser, demo: Demo) -> None:
    await signed_in(browser, "loket")
    form = (await browser.open("/kerja/loket")).form("/kerja/loket/catat")
    today = local_day(demo.complaints.now())
    page = await browser.send(form, text="Air keran keruh sejak Selasa.", name="Budi")
    assert page.status == 200, page.text
    number = await eventually(lambda: _number_of(demo, "Air keran"))
    assert local_day((await demo.complaints.history(number))[0].at) == today
    state = await demo.complaints.client.get_workflow_handle(workflow_id(number)).query("now")
    assert str(state).startswith("2022-")


async def test_no_other_installation_has_its_routes_and_none_is_served_from_a_demos_home(
    connected: System, demo: Demo
) -> None:
    app = create_app(Complaints(connected), connected.settings)
    ours = {getattr(route, "path", "") for route in app.router.routes}
    assert ours.isdisjoint(route.path for route in ROUTES)
    assert app.state.demo is None
    with pytest.raises(SystemUnavailable, match="make demo"):
        async with serve_installation(demo.complaints.system):
            pass
    for command in ("up", "api", "worker"):
        refused = Kawal(demo.complaints.settings.home).process(command)
        assert (refused.code, refused.out) == (3, "")
        assert "make demo" in refused.err


async def test_a_home_that_was_not_made_as_a_demo_never_becomes_one(home: Path, demo: Demo) -> None:
    """Neither by asking for it, nor with the mark of another."""
    (home / "keys").mkdir(parents=True)
    with pytest.raises(SystemUnavailable, match="bukan demo"):
        clear_home(home, anew=True)
    (home / FILE).write_bytes((demo.complaints.settings.home / FILE).read_bytes())
    with pytest.raises(SystemUnavailable, match="tidak dibuat sebagai demo"):
        await marked_home(home)
    assert (home / "keys").is_dir()


def test_nothing_of_the_environment_leads_a_demo_to_a_real_installation() -> None:
    real = {"DATABASE_URL": "postgresql://…", "KAWAL_SMTP_HOST": "mail", "KAWAL_MASTER_KEY": "…", "AWS_REGION": "…"}
    environ = {"PATH": "/bin", "KAWAL_LANG": "en", "TEMPORAL_ADDRESS": "cluster:7233", **real}
    forget_installation(environ)
    assert environ == {"PATH": "/bin", "KAWAL_LANG": "en"}


def test_the_year_2022_leaves_open_work_for_everybody_and_reports_that_are_still_to_come() -> None:
    rows = read_rows(YEAR.read_text(encoding="utf-8"), Format.CSV)
    done = list(done_before(rows, KEPRI_2022))
    decided = {row.complaint for row in done if row.role not in (Role.ADAPTER, Role.REPORTER)}
    assert 8 <= len({row.complaint for row in done} - decided) <= 20
    forwarded = [row for row in done if row.command == "forward" and local_day(row.at) >= KEPRI_2022.answered_until]
    assert len(forwarded) >= 15
    assert {"return", "extend", "ask", "hold"} <= {row.command for row in done}
    assert len(arriving(rows, KEPRI_2022.begins, rows[-1].at)) >= 15


async def test_the_demo_goes_on_from_where_it_was_and_completes_a_move_that_was_cut_off(short_folder: Path) -> None:
    home = short_folder / "again"
    async with demo_in(home) as first:
        number = await _number_of(first, NEW)
        now, skipped = first.complaints.now(), VirtualTime(first.complaints.client).skipped
        skips = {(flow := workflow_id(number)): await skipped(flow) + timedelta(days=7)}
    mark = demo_mark(home)
    assert mark is not None
    assert abs(now - MORNING.begins) < timedelta(minutes=10)
    write_demo_mark(home, mark.model_copy(update={"moving_by": timedelta(days=7), "skips": skips}))
    assert clear_home(home, anew=False)
    async with demo_in(home) as second:
        assert timedelta(days=7) <= second.complaints.now() - now < timedelta(days=7, minutes=10)
        assert EventKind.BREACHED in {event.kind for event in await second.complaints.history(number)}
        assert await _number_of(second, LATER)
    assert not clear_home(home, anew=True)
    assert not home.exists()


async def _number_of(demo: Demo, words: str) -> str:
    found: str = await demo.complaints.pool.fetchval(
        "select tracking_id::text from complaint where title ilike '%' || $1 || '%'", words
    )
    return found


async def _letters_to(demo: Demo, *recipients: str) -> list[SentMessage]:
    """Return what was kept once each of them was written to."""
    kept = demo.sent.newest_first()
    return kept if {one.to for one in kept} >= set(recipients) else []
