"""Offices, OPDs and resending of notices: by the agency's admin, recorded."""

from __future__ import annotations

import asyncio
import json

import asyncpg
import pytest

from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DPUPR, INSPECTORATE, VERIFY


def test_an_office_is_given_an_address_another_one_and_none(running: Kawal) -> None:
    for email in ("aduan@dinkes.example", "penghubung@dinkes.example"):
        assert running("office", "set", "liaison/dinkes", email, who=ADMIN).code == 0
    assert running("office", "set", "sekda", "sekda@kepri.example", who=ADMIN).code == 0
    listed = {(one["office"], one["opd"]): one["email"] for one in running.done("office", "list")}
    assert listed == {("liaison", "DINKES"): "penghubung@dinkes.example", ("sekda", None): "sekda@kepri.example"}
    assert "Sekretaris Daerah\tsekda@kepri.example" in running("office", "list").out
    assert len(running.done("office", "list", who=ADMIN)) == 2
    assert running("office", "list", who=DPUPR).code == 1
    for office in ("liaison/DINKES", "sekda"):
        assert running("office", "remove", office, who=ADMIN).code == 0
        assert running("office", "remove", office, who=ADMIN).code == 1
    assert running.done("office", "list") == []


@pytest.mark.parametrize(
    ("arguments", "who", "code", "said"),
    [
        (("sekda", "bukan surel"), ADMIN, 1, "EMAIL"),
        (("sekda", "a@b.example"), DPUPR, 1, "Peran pejabat penghubung"),
        (("sekda", "a@b.example"), INSPECTORATE, 1, "Peran Inspektorat"),
        (("sekda/DINKES", "a@b.example"), ADMIN, 1, "liaison"),
        (("liaison", "a@b.example"), ADMIN, 1, "liaison"),
        (("liaison/TIDAKADA", "a@b.example"), ADMIN, 1, "TIDAKADA"),
        (("raja", "a@b.example"), ADMIN, 2, "gubernur"),
        (("sekda", "a@b.example"), None, 2, "--as"),
    ],
)
def test_what_is_no_office_or_address_is_refused(
    running: Kawal, arguments: tuple[str, ...], who: str | None, code: int, said: str
) -> None:
    outcome = running("office", "set", *arguments, who=who)
    assert (outcome.code, outcome.out) == (code, "")
    assert said in outcome.err


def test_an_opd_is_added_renamed_and_taken_out_of_use(running: Kawal) -> None:
    made = running.done("opd", "add", "uptd-samsat", "UPTD Samsat", who=ADMIN)
    assert made == {"instansi": "KEPRI", "code": "UPTD-SAMSAT", "name": "UPTD Samsat", "active": True}
    tracking = running.start("Antre lama")
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    assert running.done("opd", "rename", "UPTD-SAMSAT", "UPTD Samsat Batam", who=ADMIN)["name"] == "UPTD Samsat Batam"
    assert running.done("opd", "deactivate", "UPTD-SAMSAT", who=ADMIN)["active"] is False
    refused = running("forward", tracking, "--opd", "UPTD-SAMSAT", who=ADMIN)
    assert refused.code == 1
    assert running.done("opd", "activate", "UPTD-SAMSAT", who=ADMIN)["active"] is True
    assert running("forward", tracking, "--opd", "UPTD-SAMSAT", who=ADMIN).code == 0
    for arguments, who, said in (
        (("add", "UPTD-SAMSAT", "x"), ADMIN, "rename"),
        (("add", "KEPRI", "x"), ADMIN, "KEPRI"),
        (("add", "dua kata", "x"), ADMIN, "CODE bukan kode"),
        (("add", "BARU", " "), ADMIN, "NAME"),
        (("add", "BARU", "x"), AUDITOR, "Peran auditor"),
        (("rename", "TIDAKADA", "x"), ADMIN, "TIDAKADA"),
        (("deactivate", "TIDAKADA"), ADMIN, "TIDAKADA"),
    ):
        outcome = running("opd", *arguments, who=who)
        assert (outcome.code, outcome.out) == (1, ""), outcome
        assert said in outcome.err
    assert "UPTD-SAMSAT\tUPTD Samsat Batam\tdipakai" in running("opd", "list").out
    assert running("opd", "deactivate", "UPTD-SAMSAT", who=ADMIN).code == 0


def test_a_notice_that_was_not_sent_is_sent_again_once(running: Kawal) -> None:
    tracking = running.start("Lampu padam")
    notice = running.done("notices", "--report", tracking)[0]
    number = str(notice["id"])
    _stand(running, notice["id"], "failed")
    assert running("notices", "--resend", number).code == 2
    assert running("notices", "--resend", number, who=DPUPR).code == 1
    sent = running("notices", "--resend", number, who=ADMIN)
    assert (sent.code, number in sent.out) == (0, True)
    assert running("notices", "--resend", "999999", who=ADMIN).code == 1
    told = running.done("events", "--access", "--kind", "administered", "--limit", "50", who=AUDITOR)
    assert any(one["facts"].get("notice") == notice["id"] for one in told)


def _stand(kawal: Kawal, number: int, status: str) -> None:
    async def once() -> None:
        endpoints = json.loads((kawal.home / "run" / "endpoints.json").read_text())
        conn = await asyncpg.connect(endpoints["database_url"])
        try:
            await conn.execute("update outbox set status = $2 where id = $1", number, status)
        finally:
            await conn.close()

    asyncio.run(once())


def test_the_operator_enters_people_and_an_admin_those_of_the_agency(running: Kawal) -> None:
    made = running.done("account", "invite", "--for", "admin:Ani Wijaya", "--login", "ani@kepri.example")
    assert "/masuk/tautan/" in made["link"]
    given = ("--for", "liaison/dishub:Budi Santoso", "--login", "budi@kepri.example", "--until", "2099-12-31")
    budi = running.done("account", "invite", *given, who=ADMIN)
    told = running("account", "grant", "budi@kepri.example", "--role", "loket", who=ADMIN)
    assert (told.code, "loket" in told.out) == (0, True)
    refused = running("account", "grant", "budi@kepri.example", "--role", "auditor", who=ADMIN)
    assert (refused.code, "Peran Anda tidak memberi" in refused.err) == (1, True)
    days = ("--first", "2099-01-01", "--last", "2099-01-31")
    named = running.done("deputy", "name", str(budi["number"]), "ani@kepri.example", *days)
    listed = running("account", "list").out
    assert "Budi Santoso\tbudi@kepri.example" in listed
    assert "31 Des 2099" in listed
    own = running("account", "list", who=ADMIN)
    assert "Budi Santoso\tbudi@kepri.example" in own.out
    assert running("account", "list", who="liaison/DISHUB:Budi Santoso").code == 1
    assert running("deputy", "end", str(named["number"]), who=ADMIN).code == 0
    assert running("account", "link", "budi@kepri.example", who=ADMIN).code == 0
    assert running("account", "end-role", str(budi["number"]), who=ADMIN).code == 0
    ended = [one["id"] for one in running.done("account", "list")["roles"] if one["ended_at"]]
    assert ended == [budi["number"]]


def test_what_the_machines_operator_does_says_so_on_record(running: Kawal) -> None:
    tracking = running.start("Lampu padam")
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    assert running.done("history", tracking, who=AUDITOR)[-1]["facts"]["operator"] is True
    assert "oleh operator mesin: ya" in running("history", tracking, who=AUDITOR).out
