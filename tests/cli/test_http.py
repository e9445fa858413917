"""HTTP as an operator uses it: served by `kawal up`, tokens by `kawal token`."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx

from tests.cli.running import Kawal, Up

REPORT = {"title": "Lampu jalan padam", "text": "Lampu jalan di Batu 9 padam sejak Senin."}


def test_up_serves_http_where_the_settings_say_and_a_token_holds_until_it_is_revoked(home: Path) -> None:
    with socket.socket() as free, socket.socket() as for_letters:
        free.bind(("127.0.0.1", 0))
        for_letters.bind(("127.0.0.1", 0))
        port, letters = free.getsockname()[1], for_letters.getsockname()[1]
    kawal = Kawal(home, KAWAL_HTTP_PORT=str(port), KAWAL_MAIL_PORT=str(letters))
    up = Up(kawal)
    try:
        up.wait_until_ready()
        assert f"http://localhost:{port}" in up.out.read_text()
        assert f"127.0.0.1:{letters}" in up.out.read_text()
        made = kawal("--json", "token", "create", "gerbang", "--channel", "sms").json
        assert made["token"].startswith("kawal_")
        where = f"http://127.0.0.1:{port}/api/v1/reports"
        headers = {"Authorization": f"Bearer {made['token']}"}
        answer = httpx.post(where, json=REPORT, headers=headers)
        assert answer.status_code == 201
        assert kawal("show", answer.json()["tracking_id"]).code in (0, 3)
        listed = kawal("--json", "token", "list")
        assert made["token"] not in listed.out
        assert [(one["name"], one["channel"]) for one in listed.json] == [("gerbang", "sms")]
        assert kawal("token", "revoke", str(made["id"])).code == 0
        assert kawal("token", "revoke", str(made["id"])).code == 1
    finally:
        assert up.stop() == 0, up.err.read_text()


def test_a_token_without_a_name_with_another_scope_or_for_no_agency_is_refused(running: Kawal) -> None:
    nameless = running("token", "create", " ", "--channel", "web")
    assert (nameless.code, "NAME" in nameless.err) == (1, True)
    assert running("token", "create", "x", "--channel", "fax").code == 2
    assert running("token", "create", "x", "--channel", "web", "--scope", "all").code == 2
    assert running("token", "create", "x", "--channel", "web", "--instansi", "LAIN").code == 1


def test_an_api_on_a_port_that_is_taken_says_so(running: Kawal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = running.process("api", "--port", str(taken.getsockname()[1]))
    assert outcome.code == 1, outcome.err
    assert running("api", "--port", "70000").code == 2


def test_a_pass_is_issued_listed_and_revoked(running: Kawal) -> None:
    made = running.done("pass", "issue", "--for", "auditor:Rani", "--days", "30", who="inspectorate:Eka")
    assert made["pass"].startswith("kawalpas_")
    listed = running("pass", "list", "--json")
    assert made["pass"] not in listed.out
    assert [(one["role"], one["name"]) for one in listed.json if one["id"] == made["id"]] == [("auditor", "Rani")]
    assert "Rani" in running("pass", "list").out
    assert running("pass", "revoke", str(made["id"]), who="liaison/DPUPR:Budi").code == 1
    assert running("pass", "revoke", str(made["id"]), who="inspectorate:Eka").code == 0
    assert running("pass", "revoke", str(made["id"]), who="inspectorate:Eka").code == 1


def test_a_pass_for_nobody_by_nobody_for_too_long_or_for_a_reporter_is_refused(running: Kawal) -> None:
    assert running("pass", "issue", "--for", "Rani", who="admin:Ani").code == 2
    assert running("pass", "issue", "--for", "auditor:Rani").code == 2
    too_long = running("pass", "issue", "--for", "auditor:Rani", "--days", "9999", who="admin:Ani")
    assert (too_long.code, "366" in too_long.err) == (1, True)
    assert running("pass", "issue", "--for", "pelapor:Siti", who="admin:Ani").code == 1
    assert running("pass", "issue", "--for", "auditor@LAIN:Rani", who="admin:Ani").code == 1
