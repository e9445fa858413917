"""Letters on a running `kawal up`: the worst block nothing, and what becomes of those that lie in the tray."""

from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.letters import WORST, LatencyProbe, dialogue, send_all
from kawal.console.pages.assets import address_of
from tests.cli.running import Kawal, Up
from tests.cli.test_inbox import execute
from tests.cli.test_life import ADMIN, AUDITOR, DPUPR, INSPECTORATE

MOST_WORK = 0.25
"""Processor seconds that the event loop may spend on anything else while an HTTP request waits for its answer. Time on
the wall would also count what other programs take of the machine; that is what `benchmarks letters` measures."""

ORDINARY = b"From: Siti <siti@example.org>\r\nSubject: Jalan rusak\r\n\r\nJalan rusak."
AUTOMATIC = b"From: Siti <siti@example.org>\r\nSubject: Balasan otomatis: Laporan\r\n\r\nSaya sedang cuti."
DEEP = b"From: Siti <siti@example.org>\r\nSubject: Jalan\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 51 + b"halo"
LARGE = frozenset({"25 MB of lines of one dot and a letter", "a line of 24 MB", "24 MB of base64"})
"""Omitted: no worse than others of the same kinds, and slow to send."""


class Letters(NamedTuple):
    kawal: Kawal
    http: int
    smtp: int
    process: int


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def letters(short_folder: Path) -> Iterator[Letters]:
    """Yield a running `kawal up` that receives letters."""
    http, smtp = free_ports()
    ports = {"KAWAL_HTTP_PORT": str(http), "KAWAL_MAIL_PORT": str(smtp)}
    kawal = Kawal(short_folder / "letters", **ports, KAWAL_HTTP_PUBLIC_RATE="1000000/minute")
    up = Up(kawal, "--no-ui")
    try:
        up.wait_until_ready()
        yield Letters(kawal, http, smtp, up.process.pid)
    finally:
        assert up.stop() == 0, up.err.read_text()


def loop_seconds(process: int) -> float:
    """Return the processor seconds that the main thread of a process has spent, which runs its event loop."""
    spent, *_ = Path(f"/proc/{process}/task/{process}/schedstat").read_text().split()
    return int(spent) / 1e9


def test_http_answers_at_once_while_the_worst_letters_come_in_and_each_of_them_is_answered_250(
    letters: Letters,
) -> None:
    assert dialogue(letters.smtp, ORDINARY).startswith("250 ")
    worst = [made() for name, made in WORST.items() if name not in LARGE]
    # A file from memory waits for nothing but the loop.
    probe = LatencyProbe(letters.http, address_of("kawal.css"), lambda: loop_seconds(letters.process))
    with probe.measured():
        answers = send_all(letters.smtp, worst)
    assert [answer for answer in answers if not answer.startswith("250 ")] == []
    assert len(probe.seconds) > 100
    assert max(probe.seconds) < MOST_WORK
    kept = letters.kawal.done("tray", "list")
    assert {line["why"] for line in kept} == {"unreadable"}
    assert len(kept) < len(worst) // 3


def newest(kawal: Kawal) -> dict[str, Any]:
    return max(kawal.done("tray", "list"), key=lambda line: int(line["item"]))


def put(letters: Letters, content: bytes) -> str:
    assert dialogue(letters.smtp, content).startswith("250 ")
    return str(newest(letters.kawal)["item"])


def recorded(kawal: Kawal, kind: str) -> Any:
    told = kawal.done("events", "--access", "--kind", kind, "--limit", "1", who=AUDITOR)
    return next(iter(told if isinstance(told, list) else told["entries"]))["facts"]


def test_a_letter_in_the_tray_is_listed_and_read_on_record_by_who_oversees_the_agency(
    letters: Letters, tmp_path: Path
) -> None:
    kawal, target = letters.kawal, tmp_path / "surat.eml"
    number = put(letters, AUTOMATIC)
    line = newest(kawal)
    assert (line["instansi"], line["why"], line["size"]) == ("KEPRI", "automatic", len(AUTOMATIC) + 2)
    assert (line["late"], line["state"], line["person"]) == (False, "waiting", False)
    assert "ditulis secara otomatis" in kawal("tray", "list").out
    english = Kawal(kawal.home, "en")
    assert "written by a machine" in english("tray", "list", who=INSPECTORATE).out
    assert "siti" not in kawal("tray", "list", who=ADMIN).out
    assert kawal("tray", "list", who=DPUPR).code == 1
    for who, more in ((DPUPR, ("--purpose", "x")), (ADMIN, ()), ("admin@LAIN:Ani", ("--purpose", "x"))):
        refused = kawal("tray", "show", number, "--output", str(target), *more, who=who)
        assert (refused.code, target.exists()) == (1, False), refused
    read = kawal("tray", "show", number, "--purpose", "Periksa surat", who=AUDITOR)
    assert (read.code, "Saya sedang cuti." in read.out, "siti@example.org" in read.out) == (0, True, True)
    entry = recorded(kawal, "read_identity")
    what = {"what": "tray_item", "via": "cli", "item": int(number), "instansi": "KEPRI", "why": "automatic"}
    assert entry == what | {"operator": True}
    opened = ("tray", "show", number, "--output", str(target), "--purpose", "Periksa surat")
    assert kawal(*opened, who=AUDITOR).code == 0
    assert target.read_bytes() == AUTOMATIC + b"\r\n"
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o600
    assert kawal(*opened, who=AUDITOR).code == 2
    assert kawal("tray", "show", "99999", "--purpose", "x", who=AUDITOR).code == 1


def test_nothing_that_a_letter_says_moves_the_terminal(letters: Letters) -> None:
    number = put(letters, AUTOMATIC.replace(b"Saya", b"Saya \xc2\x9b31m \xe2\x80\xaepadam"))
    shown = letters.kawal("tray", "show", number, "--purpose", "Periksa", who=ADMIN).out
    assert (r"\x9b31m \u202epadam" in shown, "\x9b" in shown, "\u202e" in shown) == (True, False, False)


def test_that_the_listener_listens_is_on_record_for_the_health_page(letters: Letters) -> None:
    put(letters, AUTOMATIC.replace(b"cuti", b"rapat"))
    execute(
        letters.kawal,
        "do $$ begin assert exists (select from last_try where what = 'listener' and failing_since is null); end $$",
    )


def test_a_letter_is_dismissed_by_the_admin_alone_with_grounds_and_can_be_taken_back(letters: Letters) -> None:
    kawal = letters.kawal
    number = put(letters, AUTOMATIC.replace(b"cuti", b"dinas"))
    for who, more in ((INSPECTORATE, ("--grounds", "x")), (ADMIN, ())):
        assert kawal("tray", "dismiss", number, *more, who=who).code == 1
    gone = kawal.done("tray", "dismiss", number, "--grounds", "Iklan", who=ADMIN)
    assert (gone["item"], gone["state"]) == (int(number), "dismissed")
    again = kawal("tray", "dismiss", number, "--grounds", "Iklan", who=ADMIN)
    assert (again.code, "dikesampingkan" in again.err) == (1, True)
    assert number not in [str(line["item"]) for line in kawal.done("tray", "list")]
    assert number in [str(line["item"]) for line in kawal.done("tray", "list", "--all")]
    assert "Iklan" in kawal("tray", "show", number, "--purpose", "Periksa", who=ADMIN).out
    assert kawal.done("tray", "undo", number, who=ADMIN)["state"] == "waiting"
    assert kawal("tray", "undo", number, who=ADMIN).code == 1
    assert newest(kawal)["item"] == int(number)


def test_a_letter_becomes_a_report_that_was_received_when_it_was(letters: Letters) -> None:
    kawal = letters.kawal
    number = put(letters, AUTOMATIC.replace(b"cuti", b"melapor: jalan rusak"))
    received = newest(kawal)["received_at"]
    assert kawal("tray", "start", number, who=INSPECTORATE).code == 1
    started = kawal.done("tray", "start", number, who=ADMIN)
    until = time.monotonic() + 30
    while kawal("show", started["tracking_id"]).code != 0:
        assert time.monotonic() < until
    shown = kawal.done("show", started["tracking_id"], who=ADMIN)
    assert datetime.fromisoformat(shown["received_at"]) == datetime.fromisoformat(received)
    assert shown["letters_in_tray"] == 0
    assert kawal("tray", "start", number, who=ADMIN).code == 1
    assert recorded(kawal, "administered")["what"] == "item_started"


def test_a_letter_that_a_report_does_not_take_stays_in_the_tray(letters: Letters) -> None:
    kawal = letters.kawal
    number, report = put(letters, AUTOMATIC.replace(b"cuti", b"menunggu")), kawal.start("Trotoar rusak di depan bank")
    assert kawal("tray", "give", number, "9999999", "reply", who=ADMIN).code == 1
    refused = kawal("tray", "give", number, report, "reply", who=INSPECTORATE)
    assert (refused.code, "Inspektorat" in refused.err) == (1, True)
    assert kawal("tray", "pass", number, "ANTAH", who=ADMIN).code == 1
    assert kawal("tray", "pass", number, "kepri", who=ADMIN).code == 1
    assert newest(kawal)["item"] == int(number)


def test_a_letter_that_is_late_is_marked_and_comes_before_the_inspectorate(letters: Letters) -> None:
    kawal = letters.kawal
    report = kawal.start("Jalan rusak di depan pasar")
    number = put(letters, DEEP)
    assert "terlambat diputuskan" not in kawal("inbox").err
    assert number not in kawal("inspectorate").out
    back = (
        "update tray_item set received_at = received_at - interval '9 days', remind_at = remind_at - interval '9 days',"
        " escalate_at = escalate_at - interval '9 days' where id = $1"
    )
    execute(kawal, back, int(number))
    execute(kawal, "insert into tray_item_report (item, tracking_id) values ($1, $2)", int(number), report)
    assert "1 surat di baki surat terlambat diputuskan" in kawal("inbox").err
    (line,) = [line for line in kawal.done("tray", "list") if line["late"]]
    assert (str(line["item"]), line["names"]) == (number, [report])
    assert "TERLAMBAT" in kawal("tray", "list").out
    (item,) = kawal.done("inspectorate", who=INSPECTORATE)
    assert (str(item["item"]), item["late"]) == (number, True)
    assert "1 surat di baki surat sudah menunggu tiga hari kerja:" in kawal("inspectorate", who=INSPECTORATE).out
    assert "1 surat yang menyebut laporan ini menunggu di baki surat" in kawal("show", report, who=ADMIN).err
    assert "baki surat" not in kawal("show", report).err
    kawal.done("tray", "dismiss", number, "--grounds", "Tidak terbaca", who=ADMIN)
    assert kawal.done("inspectorate", who=INSPECTORATE) == []
    assert kawal.done("show", report, who=ADMIN)["letters_in_tray"] == 0


@pytest.mark.parametrize(
    "typed",
    [("show",), ("give", "1"), ("give", "1", "2000001"), ("give", "1", "2000001", "archive"), ("dismiss",), ("undo",)],
)
def test_what_is_meant_of_a_letter_must_be_said(letters: Letters, typed: tuple[str, ...]) -> None:
    assert letters.kawal("tray", *typed, who=ADMIN).code == 2
