"""Refusals by the rules: a sentence that says what to do, an entry in the access log, and nothing in any history."""

from __future__ import annotations

from typing import Any

import pytest

from kawal.client.complaints import Complaints
from kawal.domain.names import Channel, Role
from kawal.domain.refusals import Refusal
from kawal.store.advice import advice_of
from kawal.wording.catalogues import say
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Case, Office, eventually, january, length_at_rest, refusal, report

__all__ = ["office"]

FORWARD = {"opds": ["DPUPR"]}

NEW: list[tuple[Role, str, dict[str, Any], str, str]] = [
    (Role.ADMIN, "accept", {}, "wrong_role", "reporter"),
    (Role.LIAISON, "verify", VERIFYING, "wrong_role", "agency admin"),
    (Role.AUDITOR, "archive", {"reason": "x"}, "wrong_role", "agency admin"),
    (Role.ADMIN, "close", {"grounds": "Selesai"}, "wrong_status", "In progress"),
    (Role.ADMIN, "forward", FORWARD, "not_verified", "verify"),
    (Role.ADMIN, "verify", {**VERIFYING, "title": ""}, "malformed", "title: should have at least 1 character"),
    (Role.ADMIN, "verify", {**VERIFYING, "title": " "}, "malformed", "title: should have at least 1 character"),
    (Role.ADMIN, "verify", {**VERIFYING, "title": "x" * 151}, "malformed", "title: should have at most 150"),
    (Role.REPORTER, "reply", {"text": "x" * 10_001}, "malformed", "text: should have at most 10000 characters"),
    (Role.ADMIN, "hold", {"missing": "x" * 2_001}, "malformed", "missing: should have at most 2000 characters"),
    (Role.ADMIN, "hold", {}, "malformed", "missing: is required"),
    (Role.ADMIN, "hold", {"missing": "a\x00b"}, "malformed", "control characters"),
    (Role.ADMIN, "hold", {"missing": "Alamat", "urgent": True}, "malformed", "urgent: is not known here"),
    (Role.ADMIN, "verify", {**VERIFYING, "category": "JALAN KAMI"}, "unknown_category", "JALAN KAMI"),
    (Role.ADMIN, "verify", {**VERIFYING, "class": "keluhan"}, "malformed", "class: should be one of "),
    (Role.ADMIN, "verify", {**VERIFYING, "class": "aspirasi", "pengawasan": True}, "pengawasan_only_pengaduan", "pen"),
    (Role.ADMIN, "forward", {"opds": []}, "malformed", "opds: should have at least 1 entry"),
    (Role.ADMIN, "forward", {"opds": ["DINAS_GAIB"]}, "unknown_opd", "DINAS_GAIB"),
    (Role.ADMIN, "merge", {"main": "12"}, "malformed", "main"),
    (Role.ADMIN, "polish", {}, "unknown_command", "kawal --help"),
    (Role.INSPECTORATE, "resolve", {"finding": "Nihil"}, "no_item", "Inspectorate"),
]

ITEM_OPEN: list[tuple[Role, str, dict[str, Any], str, str]] = [
    (Role.INSPECTORATE, "instruct", {"to": "DPUPR", "text": "Ya", "by": "21-01-2022"}, "malformed", "YYYY-MM-DD"),
    (Role.INSPECTORATE, "instruct", {"to": "DPUPR", "text": "Ya", "by": 1641772800}, "malformed", "YYYY-MM-DD"),
    (
        Role.INSPECTORATE,
        "instruct",
        {"to": "DPUPR", "text": "Ya", "by": "2023-01-21"},
        "date_out_of_reach",
        "at most 10",
    ),
    (Role.INSPECTORATE, "instruct", {"to": "DISHUB", "text": "Ya", "by": "2022-01-14"}, "opd_not_holding", "DPUPR"),
    (Role.ADMIN, "forward", FORWARD, "opd_already_owes", "DPUPR"),
    (Role.ADMIN, "archive", {"reason": "x", "why": "y"}, "malformed", "why"),
    (Role.ADMIN, "withdraw", {"opd": "DISHUB", "grounds": "x"}, "opd_not_holding", "DPUPR"),
    (
        Role.LIAISON,
        "extend",
        {"days": 0, "grounds": "x"},
        "malformed",
        "days: should be at least 1",
    ),
]


@pytest.mark.parametrize(("role", "command", "arguments", "code", "says"), NEW)
async def test_a_new_report_refuses(
    office: Office, role: Role, command: str, arguments: dict[str, Any], code: str, says: str
) -> None:
    await refuses(await office.receive(), role, command, arguments, code, says)


@pytest.mark.parametrize(("role", "command", "arguments", "code", "says"), ITEM_OPEN)
async def test_a_forwarded_report_on_the_inspectorates_list_refuses(
    office: Office, role: Role, command: str, arguments: dict[str, Any], code: str, says: str
) -> None:
    case = await office.receive()
    await case.verify(pengawasan=True)
    await case.admin("forward", opds=["DPUPR"])
    await refuses(case, role, command, arguments, code, says)


async def refuses(case: Case, role: Role, command: str, arguments: dict[str, Any], code: str, says: str) -> None:
    """Check that it is refused with that code and words, and that only the access log records it."""
    complaints = case.office.complaints
    await eventually(lambda: advice_of(complaints.pool, case.tracking_id))
    events, length = await case.events(), await length_at_rest(case.handle())
    actor = await case.person(role, "DPUPR" if role is Role.LIAISON else None)
    refused = await refusal(complaints.send(case.tracking_id, command, actor, arguments))
    assert refused.code == code
    assert says in say("en", refused.sentence)
    assert await case.refusals_on_record() == [code]
    assert await case.events() == events
    assert await length_at_rest(case.handle()) == length


async def accepted(office: Office) -> int:
    """Return how many reports have been accepted."""
    return int(await office.complaints.pool.fetchval("select count(*) from inbox"))


async def test_an_unknown_tracking_id_is_refused_for_commands_and_for_reading(office: Office) -> None:
    admin = await office.complaints.actor(Role.ADMIN, "Dewi")
    for unknown in ("9999999", "x", "99999990000000", "1234567\x00", "\ud800", "٣٣٣٣٣٣٣"):
        refused = await refusal(office.complaints.send(unknown, "archive", admin, {"reason": "x"}))
        assert refused.code == "unknown_complaint"
    for reading in (office.complaints.history, office.complaints.snapshot, office.complaints.explain):
        for unknown, shown in (("9999999", "9999999"), ("1234567\x00", r"1234567\?")):
            with pytest.raises(Refusal, match=f"There is no complaint {shown}"):
                await reading(unknown)


UNPRESENTABLE: list[dict[str, str]] = [
    {"account": ""},
    {"account": "a\x00"},
    {"account": "\ud800"},
    {"account": "a" * 101},
    {"opd": "\x00"},
    {"name": "\ud800"},
]


async def test_an_actor_who_could_not_stand_in_the_record_begins_nothing_and_does_nothing(office: Office) -> None:
    case, complaints = await office.receive(), office.complaints
    admin, adapter = await case.person(Role.ADMIN), await complaints.actor(Role.ADAPTER, "web")
    before = await accepted(office)
    for strange in UNPRESENTABLE:
        begun = complaints.start(report(), adapter.model_copy(update=strange), instansi="KEPRI")
        assert (await refusal(begun)).code == "malformed", strange
        sent = complaints.send(case.tracking_id, "archive", admin.model_copy(update=strange), {"reason": "x"})
        assert (await refusal(sent)).code == "malformed", strange
    assert await accepted(office) == before
    assert await case.refusals_on_record() == ["malformed"] * len(UNPRESENTABLE)


async def test_a_command_that_could_not_stand_in_the_record_is_refused_and_put_on_record(office: Office) -> None:
    case = await office.receive()
    for key in ("k\x00", "\ud800", "k" * 201):
        assert (await refusal(case.admin("archive", key, reason="x"))).code == "malformed"
    for name in ("\x00", "\ud800", "x" * 3000):
        assert (await refusal(case.admin(name))).code == "unknown_command"
    assert await case.refusals_on_record() == ["malformed"] * 3 + ["unknown_command"] * 3


async def test_an_official_of_another_agency_is_refused(office: Office) -> None:
    case = await office.receive()
    actor = (await case.person(Role.ADMIN)).model_copy(update={"instansi": "BATAM"})
    refused = await refusal(office.complaints.send(case.tracking_id, "archive", actor, {"reason": "x"}))
    assert refused.code == "wrong_instansi"


async def test_a_liaison_names_an_opd_that_exists(office: Office) -> None:
    complaints = office.complaints
    for opd, code in ((None, "no_opd"), ("DINAS_GAIB", "unknown_opd")):
        with pytest.raises(Refusal) as caught:
            await complaints.actor(Role.LIAISON, "Budi", opd)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "title: should have at least 1"),
        ({"title": "x" * 151}, "title: should have at most 150"),
        ({"text": " "}, "text: should have at least 1"),
        ({"text": "x" * 10_001}, "text: should have at most 10000"),
        ({"occurred_on": "kemarin"}, "occurred_on"),
        ({"occurred_on": "2022-13-40"}, "occurred_on"),
        ({"occurred_on": "2022-01-11"}, "lies in the future"),
        ({"occurred_on": "2022-01-10T00:00:00"}, "YYYY-MM-DD"),
        ({"occurred_on": "1641772800"}, "YYYY-MM-DD"),
        ({"attachments": ["x"] * 21}, "attachments: should have at most 20"),
        ({"attachments": ["x" * 61]}, "attachments.0: should have at most 60"),
        ({"external_id": "x" * 201}, "external_id: should have at most 200"),
        ({"reporter": {"name": "a\x00b"}}, "control characters"),
        ({"key": ""}, "key: 1-200"),
        ({"key": "k\x00"}, "key: 1-200"),
        ({"key": "k" * 201}, "key: 1-200"),
        ({"chosen_opd": "DINAS_GAIB"}, "DINAS_GAIB"),
        ({"chosen_opd": "A\x00B"}, "control characters"),
        ({"category": "JALAN KAMI"}, "JALAN KAMI"),
        ({"place": {"text": "a\x00b"}}, "control characters"),
        ({"place": {"latitude": 91, "longitude": 0}}, "latitude"),
    ],
)
async def test_a_report_that_is_not_one_is_refused_and_nothing_is_accepted(
    office: Office, fields: dict[str, Any], says: str
) -> None:
    before = await accepted(office)
    with pytest.raises(Refusal) as caught:
        await office.receive(**fields)
    assert says in say("en", caught.value.sentence)
    assert await accepted(office) == before


async def test_the_longest_texts_and_category_that_are_allowed_are_taken(office: Office) -> None:
    complaints: Complaints = office.complaints
    category = await complaints.pool.fetchval("select name from category order by length(name) desc limit 1")
    case = await office.receive(title="x" * 150, text="é" * 10_000, channel=Channel.SMS, category=category)
    await case.admin("verify", **{**VERIFYING, "title": "y" * 150, "category": category})
    await case.admin("forward", opds=["DPUPR"], note="z" * 2_000)
    await case.liaison("DPUPR", "follow_up", text="ü" * 10_000)
    assert (await case.row()).category == category


async def test_a_refused_command_changes_nothing_even_in_the_middle_of_others(office: Office) -> None:
    case = await office.receive()
    await case.verify()
    assert (await refusal(case.admin("forward", opds=["DPUPR", "DINAS_GAIB"]))).code == "unknown_opd"
    assert (await case.row()).opds == []
    await case.until(january(11))
    await case.admin("forward", opds=["DPUPR"])
