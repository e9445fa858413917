"""Every act that the program knows, and every page: asked in every role, in the own agency and in another one.

The database alone is needed: what is refused is refused before anything is done. Acts that first look for an object
are asked by JSON where such objects are made: the reports' in test_matrix.py, the tray's here, the rest in
tests/desks/test_accounts.py, test_once.py and tests/console/staff/test_dead_letters.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.console.desk_acts import ON_THE_MACHINE, path_of
from kawal.console.pages.form_guard import TOKEN
from kawal.console.pages.staff.app import ROUTES
from kawal.crypto.master_keys import ensure_master_key
from kawal.desks.table import DESK
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor
from kawal.domain.names import Channel, Role
from kawal.record import master_key_file
from kawal.store.scoped import scoped
from kawal.store.setup import prepare_database
from kawal.store.tray import MESSAGE
from kawal.system import open_system
from tests.conftest import copied
from tests.desks.test_table import EXAMPLES
from tests.desks.test_tray import put
from tests.matrix.beside import BESIDE
from tests.matrix.expected import Person
from tests.matrix.people import ALIKE, PEOPLE, Official, add_riau, code_of, signed_in_people, unhurried_app
from tests.matrix.rights import OF_A_REPORT, OF_AN_AGENCY, OF_ITS_OWN_ALONE, OF_NO_AGENCY, PAGES

NOT_YOURS = {"wrong_role", "wrong_instansi", "pass_elsewhere", "words_not_yours", "holds_for_all"}
"""What whoever may not is told."""

NONE_HERE = {"unknown_view", "person_unknown"}
"""What they are told who may, of what is looked for in the own agency alone whichever is named."""

NOBODYS_OFFICIALS = (Person("system", None), Person("adapter"), Person("reporter"))


@pytest.fixture(scope="module")
async def complaints(
    temporal_server: Endpoints, database_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Complaints]:
    home = tmp_path_factory.mktemp("rights")
    async with copied(temporal_server.database_url, database_template) as url:
        await prepare_database(url, ensure_master_key(master_key_file(home)))
        endpoints = temporal_server.model_copy(update={"database_url": url})
        async with open_system(Settings(home=home), endpoints=endpoints, engine_later=True) as connected:
            await add_riau(connected.pool)
            yield Complaints(connected)


@pytest.fixture(scope="module")
async def officials(complaints: Complaints) -> AsyncIterator[list[Official]]:
    async with signed_in_people(unhurried_app(complaints)) as found:
        yield found


def _does(who: Person, act: str) -> bool:
    """Tell whether somebody may do an act for KEPRI."""
    if who.role not in OF_AN_AGENCY[act]:
        return False
    if act in OF_NO_AGENCY:
        return True
    return who.agency == "KEPRI" or (who.agency is None and act not in OF_ITS_OWN_ALONE)


def test_every_act_is_known_to_the_matrix_and_is_given_to_its_roles_in_their_agency_alone() -> None:
    assert {str(act) for act in Act} == {*OF_A_REPORT, *OF_AN_AGENCY}
    for act in OF_AN_AGENCY:
        for who in (*PEOPLE, *NOBODYS_OFFICIALS):
            actor = Actor(role=Role(who.role), account="ani", opd=who.opd, instansi=who.agency)
            refusal = may(actor, Act(act), "KEPRI", purpose="Pemeriksaan")
            assert (refusal is None) == _does(who, act), (act, who)


async def test_what_is_administered_is_refused_by_json_to_every_other_role_and_to_another_agency(
    officials: list[Official],
) -> None:
    asked = 0
    for name in sorted(EXAMPLES.keys() - ON_THE_MACHINE - BESIDE.keys()):
        act = str(DESK[name].act)
        for who in officials:
            # Elsewhere those are asked who may do it there: for the others it is as here.
            elsewhere = who.person.agency == "RIAU" and who.person.role not in OF_AN_AGENCY[act]
            if _does(who.person, act) or elsewhere:
                continue
            code = code_of(await who.post(f"desk/{path_of(name)}", EXAMPLES[name], "KEPRI"))
            fitting = NOT_YOURS | (NONE_HERE if who.person.agency == "RIAU" else set())
            assert code in fitting, (name, who.person, code)
            asked += 1
    assert asked > 5 * len(EXAMPLES)


async def test_each_page_is_shown_to_its_roles_alone(officials: list[Official]) -> None:
    paths = {route.path for route in ROUTES if "GET" in (route.methods or ()) and "{" not in route.path}
    acts = {route.path for route in ROUTES if "POST" in (route.methods or ())} - {*PAGES}
    of_oneself = {path for path in paths if path.startswith(("/masuk", "/akun", "/keluar", "/peran"))}
    of_queries = {"/kerja/perubahan", "/kerja/verifikasi/pilihan.json", "/pimpinan/baris"}
    assert paths - acts - of_oneself - of_queries == {path for path in PAGES if not path.startswith("/api")}
    differing = []
    for path, roles in PAGES.items():
        for who in [one for one in officials if one.person.agency != "RIAU" and one.person not in ALIKE]:
            status = (await who.http.get(path)).status_code
            # A page may lead on, or ask for more (a purpose, something to show) before it shows anything.
            if status not in ((200, 303, 404, 409) if who.person.role in roles else (403,)):
                differing.append((path, who.person, status))
    assert differing == [], "\n".join(map(str, differing))


TRAY: dict[str, tuple[dict[str, Any], str, str]] = {
    "give": ({"tracking_id": "9999999", "command": "reply"}, "item_unreadable", "item_decided"),
    "start": ({}, "item_unreadable", "item_decided"),
    "pass": ({"code": "TIDAK-ADA"}, "unknown_instansi", "item_decided"),
    "dismiss": ({"grounds": " "}, "purpose_needed", "purpose_needed"),
    "undo": ({}, "item_not_dismissed", ""),
}
"""What is decided about a letter without words, so that nothing comes of it, and what the admin is told who decides:
while it waits, and when it is decided. The last one can then be done."""


async def test_a_letter_in_the_tray_is_seen_by_the_agencys_overseers_and_decided_by_its_admin_in_each_state(
    complaints: Complaints, officials: list[Official]
) -> None:
    office: Any = SimpleNamespace(complaints=complaints)
    waiting = await put(office, b" ", channel=Channel.SMS, media_type=MESSAGE)
    decided = await put(office, b"  ", channel=Channel.SMS, media_type=MESSAGE, sender="budi@example.org")
    admin = officials[0]
    assert code_of(await admin.post("desk/tray/dismiss", {"item": decided, "grounds": "Salinan"})) is None
    for who in (*officials[1:], admin):
        sees = who.person.role in OF_AN_AGENCY["tray show"] and who.person.agency in ("KEPRI", None)
        page = await who.http.get("/kerja/surat")
        opened = await who.http.post(f"/kerja/surat/{waiting}", data={TOKEN: who.token, "keperluan": "Memeriksa"})
        async with scoped(complaints.pool, who.actor) as conn:
            reads = await conn.fetchval("select has_column_privilege('tray_item', 'id', 'select')")
            stored = reads and await conn.fetchval("select count(id) from tray_item where id = $1", waiting)
        shown = f"Surat {waiting}" in page.text
        assert (shown, opened.status_code == 200, bool(stored)) == (sees, sees, sees), (who.person, opened.text)
        assert (f"/kerja/surat/{waiting}/berikan" in opened.text) == (who is admin), who.person
        for act, (given, while_waiting, when_decided) in TRAY.items():
            for item, told in ((waiting, while_waiting), (decided, when_decided)):
                code = code_of(await who.post(f"desk/tray/{act}", {"item": item, **given}))
                assert (code or "") == told if who is admin else code in NOT_YOURS, (who.person, act, item, code)
