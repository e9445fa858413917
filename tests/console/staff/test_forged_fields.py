"""Fields and addresses that no page of ours made: they give no right, speak for nobody, and lead nowhere else."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

from kawal.domain.names import Channel, EventKind, Role
from tests.console.pages.browser import Page
from tests.console.staff.conftest import ORIGIN, SigningIn
from tests.console.staff.reports import browser_of, received
from tests.desks.test_publicity import photo
from tests.workflows.life import Case, Office

FORGED = {
    **dict.fromkeys(("actor", "role", "peran", "account", "name", "nama", "by"), "inspectorate"),
    **dict.fromkeys(("at", "received_at", "diterima", "starts_at"), "2020-01-01T00:00:00Z"),
    "instansi": "LAIN",
    "agency": "LAIN",
    "status": "selesai",
    "if_seq": "0",
    "seq": "0",
    "event_seq": "99",
    "behalf": "reporter",
    "via": "tray",
    "channel": "web",
    "files": "x",
    "idempotency_key": "x",
    "anew": "ya",
    "tracking_id": "7654321",
    "external_id": "x",
    "reporter": "x",
    "reporter.email": "x@example.org",
}
"""Names of what acts and reports hold, none of them a field of these forms."""

ELSEWHERE = (
    *("//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:kena()"),
    *("/kerja\r\nX-Kena: 1", "///evil.example", "http:evil.example", "evil.example/kerja", "\t//evil.example"),
)


async def test_forged_fields_change_neither_who_acts_nor_when_nor_on_what(sign_in: SigningIn, office: Office) -> None:
    case, other = await received(office), await received(office)
    admin, desk = await browser_of(sign_in, Role.ADMIN), await browser_of(sign_in, Role.DESK, "Lia")
    hold = f"/laporan/{case.tracking_id}/hold"
    form = (await admin.open(hold)).form(hold)
    done = await admin.send(form, missing="Nomor tiang.", **{**FORGED, "number": other.tracking_id})
    assert (done.status, done.path) == (200, f"/laporan/{case.tracking_id}")
    held = await case.event(EventKind.HELD)
    assert (held.actor.role, held.actor.name, held.words) == (Role.ADMIN, "Ani Wijaya", {"missing": "Nomor tiang."})
    assert "2020" not in f"{held.at} {held.facts}"
    assert await other.events(EventKind.HELD) == []

    register = "/kerja/loket/catat"
    given = {name: value for name, value in FORGED.items() if name != "name"}  # a field of this form: the reporter's
    slip = await desk.send((await desk.open("/kerja/loket")).form(register), text="Lampu padam di Batu 8.", **given)
    assert slip.status == 200, slip.text
    numbers = await office.complaints.pool.fetch("select tracking_id::text as id, instansi::text from inbox")
    ((number, agency),) = [tuple(row) for row in numbers if row["id"] not in (case.tracking_id, other.tracking_id)]
    kept = await office.complaints.record.inbox.find(number)
    assert kept is not None
    assert (agency, kept.report.channel, kept.report.external_id) == ("KEPRI", Channel.WALK_IN, None)
    assert (kept.report.reporter.email, kept.report.attachments) == (None, [])
    started = await Case(office, number).event(EventKind.STARTED)
    assert (started.actor.role, started.actor.name, started.at.year) == (Role.DESK, "Lia", office.complaints.now().year)


async def test_no_page_and_no_form_leads_to_another_site_or_puts_a_header_into_its_answer(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    file, own = await photo(case), f"/laporan/{case.tracking_id}"
    admin = await browser_of(sign_in, Role.ADMIN)
    hold = f"{own}/hold"
    fields = (await admin.open(hold)).form(hold).fields
    for wanted in ELSEWHERE:
        asked = f"?ke={quote(wanted, safe='')}"
        assert (await admin.open(f"{hold}{asked}")).form(hold).fields["ke"] == own, wanted
        answer = await admin.client.post(hold, data={**fields, "ke": wanted, "missing": "Nomor tiang."})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{own}?sudah=hold.{case.tracking_id}"), wanted
        for path in (f"{own}/berkas/{file}/sunting", own, "/masuk", "/kerja"):
            assert _hosts(await admin.open(f"{path}{asked}")) == {urlsplit(ORIGIN).netloc}, (path, wanted)
    assert len(await case.events(EventKind.HELD)) == 1

    for path in ("/kerja/verifikasi/1%0d%0aX-Kena:%201/putuskan", "/laporan/1%0d%0aX-Kena:%201/catatan"):
        led = await admin.client.get(path)
        assert ("x-kena" in led.headers, "\n" in led.headers.get("location", "")) == (False, False), path
    assert _hosts(await admin.open(f"{ORIGIN}//evil.example/kerja")) == {urlsplit(ORIGIN).netloc}


def _hosts(page: Page) -> set[str]:
    """Return whom the links and forms of a page lead to."""
    leads = (*page.links, *(form.action for form in page.forms))
    return {urlsplit(urljoin(f"{ORIGIN}{page.path}", one)).netloc for one in leads}
