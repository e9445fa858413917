"""The desks' commands: each row has a handler for its arguments, and records the refusal of an unauthorised actor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.cli.catalogue import GROUPS
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import ensure_master_key
from kawal.desks.table import DESK, NEED_THE_ENGINE, CommandingDesk, Desk, handler_of, perform
from kawal.domain.access import RIGHTS, Act
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import Role
from kawal.domain.process.decide import CLOCKWORK
from kawal.domain.refusals import Refusal
from kawal.record import master_key_file
from kawal.store.setup import prepare_database
from kawal.system import open_system

DECREE = {"number": "SK 1/2026", "decided_on": "2026-01-05", "document": "Arsip 1"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "agency set": {"code": "KEPRI", "name": "Pemerintah Provinsi Kepulauan Riau", "kind": "provinsi", "area": "21"},
    "agency step": {"step": "opds", "word": "later"},
    "agency finish": {},
    "agency try-letter": {"address": "ani@kepri.example"},
    "agency try-message": {"phone": "081200000001"},
    "announcement set": {"id_text": "Pemeliharaan Minggu malam."},
    "announcement end": {},
    "letter-text set": {"part": "received", "text": "Salam dari {instansi}."},
    "office set": {"office": "sekda", "email": "sekda@kepri.example"},
    "office remove": {"office": "sekda"},
    "opd add": {"code": "UPTD-SAMSAT", "name": "UPTD Samsat"},
    "opd rename": {"code": "DPUPR", "name": "Dinas PUPR"},
    "opd deactivate": {"code": "DPUPR"},
    "opd activate": {"code": "DPUPR"},
    "opd import": {"opds": [{"code": "UPTD-A", "name": "UPTD A"}, {"code": "UPTD-B", "name": "UPTD B"}]},
    "category set": {"category": "PERHUBUNGAN", "opd": "DPUPR"},
    "category unset": {"category": "PERHUBUNGAN"},
    "pass issue": {"role": "desk", "name": "Rani"},
    "account invite": {"name": "Rani", "login": "rani", "role": "liaison", "opd": "DPUPR"},
    "token create": {"name": "gerbang", "channel": "sms"},
    "token revoke": {"number": 1},
    "register decree": DECREE,
    "register plan": {"year": 2026, "submitted_on": "2026-01-20", "items": ["Verifikasi dalam satu hari"]},
    "register progress": {"plan": 1, "place": 1, "state": "done"},
    "quality draw": {"first_day": "2026-01-01", "last_day": "2026-01-31"},
    "inbox retry": {},
    "code change": {"tracking_id": "7654321", "contact": "siti@contoh.example"},
    "view save": {"name": "Proses", "address": "/kerja?status=proses"},
    "view rename": {"number": 1, "name": "Proses"},
    "view move": {"number": 1},
    "view remove": {"number": 1},
    "view share": {"number": 1},
    "canned add": {"command": "hold", "title": "Lokasi", "text": "Mohon lokasi laporan {nomor}."},
    "canned change": {"number": 1, "command": "hold", "title": "Lokasi", "text": "Mohon lokasi laporan {nomor}."},
    "gateway test": {"gateway": "sms", "phone": "+6281200000001"},
    "canned remove": {"number": 1},
    "whatif ask": {"respond": 3},
    "whatif cancel": {"number": 1},
    "calendar import": {"version": "uji", "holidays": []},
    "calendar recompute": {"why": "Libur baru ditetapkan"},
    "policy import": {"policies": []},
    "person erase": {"emails": ["siti@contoh.example"], "ground": "Permintaan tertulis"},
    "keys rotate-master": {},
    "keys rotate-data": {},
}
"""Valid arguments for each command that first checks the right, and then its object."""

LOOKS_FIRST = {"pass revoke", "quality read", "quality review"} | {
    name
    for name in DESK
    if name.startswith(
        ("tray ", "inbox ", "notices ", "public ", "note ", "mention ", "replies ", "account ", "deputy ")
    )
    and name not in EXAMPLES
}
"""Refused by the agency of its object; tests/console/test_officials.py, tests/cli/test_quality.py, and here
test_tray.py, test_publicity.py, test_notes.py, test_accounts.py."""


TYPED_AS_OPTIONS = {"inbox retry", "inbox set-aside", "notices resend", "notices set-aside"}
"""`kawal inbox` and `kawal notices` list, and do these with a word or an option of theirs."""


@pytest.fixture
async def complaints(temporal_server: Endpoints, database_url: str, tmp_path: Path) -> AsyncIterator[Complaints]:
    await prepare_database(database_url, ensure_master_key(master_key_file(tmp_path)))
    endpoints = temporal_server.model_copy(update={"database_url": database_url})
    async with open_system(Settings(home=tmp_path), endpoints=endpoints, engine_later=True) as connected:
        yield Complaints(connected)


async def refusals(complaints: Complaints) -> list[tuple[str, str]]:
    """Return who was refused, and why, according to the access log."""
    entries = [entry async for entry in complaints.access_log.entries() if entry.kind is AccessKind.REFUSED]
    return [(str(entry.actor.role), entry.facts["code"]) for entry in entries]


def test_each_row_has_a_command_at_the_command_line_and_each_such_command_a_row() -> None:
    offered = {f"{group} {spec.name}" for group, specs in GROUPS.items() for spec in specs} | TYPED_AS_OPTIONS
    assert set(DESK) <= offered
    assert set(EXAMPLES) | LOOKS_FIRST == set(DESK)


@pytest.mark.parametrize("name", DESK)
def test_the_handler_of_a_row_takes_the_rows_arguments(name: str) -> None:
    hints = get_type_hints(handler_of(DESK[name]))
    desk = CommandingDesk if name in NEED_THE_ENGINE else Desk
    assert (hints["desk"], hints["given"]) == (desk, DESK[name].arguments)


async def test_whoever_may_not_is_refused_on_record(complaints: Complaints) -> None:
    on_record: list[tuple[str, str]] = []
    for name, given in EXAMPLES.items():
        who = RIGHTS[DESK[name].act].who
        for role in (one for one in (Role.AUDITOR, Role.LEADERSHIP, Role.NATIONAL, Role.ADAPTER) if one not in who):
            desk = Desk(complaints, await complaints.actor(role, "Budi"))
            with pytest.raises(Refusal) as refused:
                await perform(desk, name, given)
            assert refused.value.code == "wrong_role", name
            on_record.append((str(role), "wrong_role"))
        assert await refusals(complaints) == on_record, name


async def test_what_is_done_is_on_record_with_who_did_it(complaints: Complaints) -> None:
    admin = await complaints.actor(Role.ADMIN, "Ani")
    for name in ("office set", "opd add", "register decree", "token create", "calendar recompute"):
        await perform(Desk(complaints, admin), name, EXAMPLES[name])
    await perform(Desk(complaints, CLOCKWORK), "token revoke", {"number": 1})
    entries = [entry async for entry in complaints.access_log.entries() if entry.kind is AccessKind.ADMINISTERED]
    assert [(entry.actor.account, entry.facts["what"]) for entry in entries] == [
        (admin.account, "office_set"),
        (admin.account, "opd_added"),
        (admin.account, "decree"),
        (admin.account, "token_created"),
        (admin.account, "recomputed"),
        (CLOCKWORK.account, "token_revoked"),
    ]


CANNOT_BE_MEANT: dict[str, dict[str, Any]] = {
    "office set": {"office": "raja", "email": "a@b.example"},
    "opd add": {"code": "BARU", "name": "Baru", "active": True},
    "token create": {"name": " ", "channel": "sms"},
    "pass issue": {"role": "auditor", "name": "Rani", "days": 367},
    "quality review": {"draw": 1, "place": 1, "verdict": "answers", "grounds": ""},
    "pass revoke": {"number": 1 << 70},
}


async def test_arguments_that_cannot_be_meant_are_refused_by_name(complaints: Complaints) -> None:
    desk = Desk(complaints, await complaints.actor(Role.ADMIN, "Ani"))
    for name, given in CANNOT_BE_MEANT.items():
        with pytest.raises(Refusal) as refused:
            await perform(desk, name, given)
        assert refused.value.code == "malformed", name


async def test_the_agency_acted_for_is_the_one_named_else_the_officials_own(complaints: Complaints) -> None:
    inspector = await complaints.actor(Role.INSPECTORATE, "Eka")
    assert await Desk(complaints, inspector).agency() == "KEPRI"
    assert await Desk(complaints, CLOCKWORK).agency() == "KEPRI"
    assert await Desk(complaints, inspector, "LAIN").agency() == "LAIN"
    with pytest.raises(Refusal) as refused:
        await perform(Desk(complaints, inspector, "LAIN"), "register decree", DECREE)
    assert refused.value.code == "wrong_instansi"


def test_where_nobody_is_named_the_installation_does_only_what_is_its_own() -> None:
    own = {name for name, row in DESK.items() if Role.SYSTEM in RIGHTS[row.act].who}
    people = {"account invite", "account grant", "account end-role", "account link", "deputy name", "deputy end"}
    rest = {"token create", "token revoke", "calendar import", "calendar recompute", "policy import"}
    assert own == rest | people
    assert {DESK[name].act for name in own} <= set(Act)
