"""`kawal up` stops cleanly whenever it is asked to, keeps the data, and runs only once per home."""

from __future__ import annotations

import base64
import json
import os
import signal
import stat
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest

from tests.cli.running import Kawal, Up


def test_what_was_taken_in_is_there_after_a_stop_and_a_start(alone: Kawal) -> None:
    up = Up(alone, "--no-ui")
    up.wait_until_ready()
    tracking = alone.start()
    assert up.stop(signal.SIGTERM) == 0
    assert alone("show", tracking).code == 3
    assert not (alone.home / "run" / "endpoints.json").exists()
    key = alone.home / "keys" / "master.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700

    again = Up(alone, "--no-ui")
    again.wait_until_ready()
    try:
        assert alone.done("show", tracking)["status"] == "belum_diverifikasi"
        verify = ("--title", "Jalan", "--class", "aspirasi", "--category", "PERHUBUNGAN")
        assert alone.done("verify", tracking, *verify, who="admin:Ani")["last_seq"] == 2
    finally:
        assert again.stop() == 0


def test_a_home_whose_master_key_was_lost_does_not_start_with_another_one(alone: Kawal) -> None:
    up = Up(alone, "--no-ui")
    up.wait_until_ready()
    assert up.stop() == 0
    key = alone.home / "keys" / "master.key"
    kept = key.read_bytes()
    key.unlink()
    lost = alone.process("up", "--no-ui")
    assert (lost.code, lost.out) == (3, "")
    assert str(key) in lost.err
    assert not key.exists()
    key.write_bytes(base64.b64encode(bytes(32)))
    key.chmod(0o600)
    wrong = alone.process("up", "--no-ui")
    assert (wrong.code, wrong.out) == (3, "")
    assert "kembalikan kunci induk yang membungkusnya" in wrong.err
    key.write_bytes(kept)
    again = Up(alone, "--no-ui")
    again.wait_until_ready()
    assert again.stop() == 0


def test_a_second_one_on_the_same_home_is_refused(running: Kawal) -> None:
    outcome = running.process("up")
    assert (outcome.code, outcome.out) == (1, "")
    assert str(running.home) in outcome.err


def test_of_two_started_at_once_one_is_refused(alone: Kawal) -> None:
    first, other = Up(alone, "--no-ui"), Up(Kawal(alone.home), "--no-ui")
    while first.process.poll() is None and other.process.poll() is None:
        time.sleep(0.02)
    refused, kept = (first, other) if first.process.poll() is not None else (other, first)
    assert refused.process.returncode == 1
    kept.wait_until_ready()
    assert alone("list").code == 0
    assert kept.stop() == 0


def test_it_can_be_stopped_while_it_starts(alone: Kawal) -> None:
    up = Up(alone, "--no-ui")
    while not (alone.home / "run" / "home.lock").exists():
        assert up.process.poll() is None, up.err.read_text()
        time.sleep(0.02)
    assert up.stop() == 0
    assert not (alone.home / "run" / "endpoints.json").exists()


def test_it_says_what_runs_where_and_what_to_know(running: Kawal) -> None:
    said = (running.home.with_name(f"{running.home.name}.out")).read_text()
    for word in ("Server Temporal", "Temporal UI", "PostgreSQL", str(running.home), "SMTP", "kawal start"):
        assert word in said
    warned = (running.home.with_name(f"{running.home.name}.err")).read_text()
    assert "sementara" in warned
    assert os.environ.get("KAWAL_HOME") is None


def test_the_ui_opens_payloads_only_with_a_codec_server(alone: Kawal) -> None:
    up = Up(alone, "--codec-server")
    up.wait_until_ready()
    try:
        ui = json.loads((alone.home / "run" / "endpoints.json").read_text())["ui_url"]
        if ui is None:
            pytest.skip("the Temporal UI has not been built on this machine")
        tracking = alone.start("Jalan berlubang")
        codec = _fetched(f"{ui}/api/v1/settings")["Codec"]["Endpoint"]
        assert codec.startswith("http://127.0.0.1:")
        history = _fetched(f"{ui}/api/v1/namespaces/kawal/workflows/complaint-{tracking}/history")
        encrypted = history["history"]["events"][0]["workflowExecutionStartedEventAttributes"]["input"]
        assert "Jalan berlubang" not in _opened(encrypted)
        note = _opened(_fetched(f"{codec}/decode", encrypted, origin=ui))
        assert f"{codec}/login" in note
        assert "Jalan berlubang" not in note
        assert f"{codec}/login" in up.out.read_text()
        made = alone.done("pass", "issue", "--for", "auditor:Rani", who="inspectorate:Eka")
        session = _logged_in(codec, made["pass"])
        assert "Jalan berlubang" in _opened(_fetched(f"{codec}/decode", encrypted, origin=ui, cookie=session))
        with pytest.raises(urllib.error.HTTPError):
            _fetched(f"{codec}/decode", encrypted, origin="http://example.org")
    finally:
        assert up.stop() == 0


def _logged_in(codec: str, text: str) -> str:
    """State a purpose on the codec's page, as a browser that is known there does; return the cookie that it sets."""
    form = urllib.parse.urlencode({"purpose": "uji petik"}).encode()
    headers = {"Origin": codec.removesuffix("/codec"), "Cookie": f"__Host-kawal={text}"}
    request = urllib.request.Request(f"{codec}/login", form, headers)  # noqa: S310 - our own, on loopback
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


def _fetched(url: str, body: Any = None, origin: str = "", cookie: str = "") -> Any:
    headers = {"Content-Type": "application/json", "Origin": origin, "Cookie": cookie}
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)  # noqa: S310 - our own, on loopback
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def _opened(payloads: Any) -> str:
    return b"".join(base64.b64decode(payload["data"]) for payload in payloads["payloads"]).decode(errors="replace")
