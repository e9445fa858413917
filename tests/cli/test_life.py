"""One complaint's life by commands against a running system, and what is refused on the way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kawal.cli.commands.calendar import shipped
from kawal.cli.terminal.dates import WIB
from tests.cli.running import Kawal

ADMIN, DPUPR, DISHUB = "admin:Ani", "liaison/DPUPR:Budi", "liaison/DISHUB:Cici"
INSPECTORATE, AUDITOR, REPORTER = "inspectorate:Eka", "auditor:Rina", "reporter:Siti"
CATEGORY = "PEKERJAAN UMUM DAN PENATAAN RUANG"
VERIFY = ("--title", "Jalan berlubang", "--class", "pengaduan", "--category", CATEGORY)


def in_days(days: int) -> str:
    """Return a working day some calendar days ahead, within the limit of an instruction."""
    calendar, _ = shipped()
    return str(calendar.next_working(datetime.now(WIB).date() + timedelta(days)))


@pytest.fixture(scope="module")
def received(running: Kawal) -> str:
    """Return one received report, which no refusal may change."""
    return running.start()


def verified(kawal: Kawal) -> str:
    tracking = kawal.start()
    kawal.done("verify", tracking, *VERIFY, who=ADMIN)
    return tracking


def forwarded(kawal: Kawal, *opds: str) -> str:
    tracking = verified(kawal)
    kawal.done("forward", tracking, *(part for opd in opds for part in ("--opd", opd)), who=ADMIN)
    return tracking


def test_a_complaint_lives_from_intake_to_rating_and_is_reopened(running: Kawal) -> None:
    started = running.done("start", "--title", "Jalan berlubang", "--text", "Lubang besar di jalan", who=REPORTER)
    assert set(started) == {"tracking_id", "status", "at", "first_seq", "last_seq"}
    tracking = started["tracking_id"]
    assert len(tracking) == 7
    steps = [
        (("hold", "--missing", "Nama jalannya?"), ADMIN, "ditunda"),
        (("reply", "--text", "Jalan Basuki Rahmat"), REPORTER, "belum_diverifikasi"),
        (("verify", *VERIFY), ADMIN, "belum_ditindaklanjuti"),
        (("forward", "--opd", "dpupr", "--opd", "DISHUB", "--note", "Mohon segera"), ADMIN, "belum_ditindaklanjuti"),
        (("receive",), DPUPR, "belum_ditindaklanjuti"),
        (("return", "--reason", "Jalan provinsi, bukan kami"), DISHUB, "belum_ditindaklanjuti"),
        (("nudge", "--opd", "DPUPR", "--how", "telepon"), ADMIN, "belum_ditindaklanjuti"),
        (("follow-up", "--text", "Dijadwalkan pekan ini"), DPUPR, "proses"),
        (("ask", "--question", "Di depan nomor berapa?"), DPUPR, "proses"),
        (("reply", "--text", "Nomor 12"), REPORTER, "proses"),
        (("extend", "--days", "3", "--grounds", "Menunggu aspal"), DPUPR, "proses"),
        (("grant",), ADMIN, "proses"),
        (("reclassify", "--class", "pengaduan", "--pengawasan"), ADMIN, "proses"),
        (("instruct", "--to", "DPUPR", "--text", "Selesaikan", "--by", in_days(3)), INSPECTORATE, "proses"),
        (("follow-up", "--text", "Lubang ditutup", "--final"), DPUPR, "proses"),
        (("dispute", "--why", "Belum rata"), REPORTER, "proses"),
        (("follow-up", "--text", "Sudah diratakan", "--final"), DPUPR, "proses"),
        (("accept", "--rating", "4"), REPORTER, "selesai"),
        (("rate", "--rating", "5", "--words", "Terima kasih"), REPORTER, "selesai"),
        (("resolve", "--finding", "Selesai dengan baik"), INSPECTORATE, "selesai"),
        (("reopen", "--grounds", "Berlubang lagi"), ADMIN, "proses"),
        (("close", "--grounds", "Dilanjutkan pada laporan lain"), ADMIN, "selesai"),
    ]
    for (command, *arguments), who, status in steps:
        answer = running.done(command, tracking, *arguments, who=who)
        assert (command, answer["status"]) == (command, status)
    shown = running.done("show", tracking)
    assert shown["status"] == "selesai"
    assert shown["rating"] == 5
    assert [(line["code"], line["state"]) for line in shown["opds"]] == [("DPUPR", "owes"), ("DISHUB", "returned")]
    kinds = [event["kind"] for event in running.done("history", tracking)]
    assert kinds[:4] == ["started", "held", "replied", "verified"]
    assert kinds[-2:] == ["reopened", "closed"]


def test_each_command_is_a_process_that_ends_with_its_exit_code(running: Kawal) -> None:
    started = running.process("start", "--title", "Lampu mati", "--text", "-", "--json", text="Lampu jalan mati")
    tracking = started.json["tracking_id"]
    assert started.code == 0
    assert running.process("verify", tracking, *VERIFY, who=ADMIN).code == 0
    refused = running.process("verify", tracking, *VERIFY, who=ADMIN)
    assert (refused.code, refused.out) == (1, "")
    assert "Belum ditindaklanjuti" in refused.err
    assert running.process("verify", tracking, who=ADMIN).code == 2
    shown = running.process("show", tracking)
    assert (shown.code, shown.err) == (0, "")
    assert tracking in shown.out


def test_the_other_ways_out_are_typed_too(running: Kawal) -> None:
    main = verified(running)
    follower, elsewhere, archived = running.start(), running.start(), running.start()
    assert running.done("merge", follower, "--main", main, who=ADMIN)["status"] == "digabung"
    assert running.done("pass-on", elsewhere, "--agency", "Pemkot Batam", who=ADMIN)["status"] == "bukan_wewenang"
    assert running.done("archive", archived, "--reason", "Uji coba", who=ADMIN)["status"] == "diarsipkan"
    assert running.done("show", follower)["main_report"] == main
    assert running.done("handle", main, who=ADMIN)["status"] == "belum_ditindaklanjuti"
    assert running.done("escalate", main, "--why", "Sudah lama", who=ADMIN)["status"] == "belum_ditindaklanjuti"
    assert running.done("take-over", main, who=INSPECTORATE)["status"] == "belum_ditindaklanjuti"


def test_an_opd_that_was_withdrawn_and_a_refused_extension(running: Kawal) -> None:
    tracking = forwarded(running, "DPUPR", "DISHUB")
    running.done("withdraw", tracking, "--opd", "dishub", "--grounds", "Cukup satu", who=ADMIN)
    running.done("extend", tracking, "--days", "2", "--grounds", "Hujan", who=DPUPR)
    running.done("refuse-extension", tracking, "--grounds", "Tidak perlu", who=ADMIN)
    states = {line["code"]: line["state"] for line in running.done("show", tracking)["opds"]}
    assert states == {"DPUPR": "owes", "DISHUB": "withdrawn"}


def test_the_same_command_under_one_key_has_one_effect_and_one_answer(running: Kawal) -> None:
    tracking = running.start()
    first = running.done("verify", tracking, *VERIFY, "--key", "v-1", who=ADMIN)
    assert running.done("verify", tracking, *VERIFY, "--key", "v-1", who=ADMIN) == first
    other = running("verify", tracking, "--title", "Lain", *VERIFY[2:], "--key", "v-1", who=ADMIN)
    assert other.code == 1
    assert "v-1" in other.err
    assert len(running.done("history", tracking)) == 2


def test_the_same_report_under_one_key_is_one_complaint(running: Kawal) -> None:
    report = ("start", "--title", "Lampu mati", "--text", "Lampu jalan mati", "--key", "lampu-1")
    assert running.done(*report) == running.done(*report)


def test_a_text_comes_from_standard_input_and_from_a_file(running: Kawal) -> None:
    tracking = forwarded(running, "DPUPR")
    running.done("follow-up", tracking, "--text", "-", who=DPUPR, text="Dari masukan baku\n")
    file = running.home.with_name("tindak-lanjut.txt")
    file.write_text("Dari berkas\n")
    running.done("follow-up", tracking, "--text", f"@{file}", "--final", who=DPUPR)
    events = running.done("history", tracking, "--words", who=AUDITOR)
    assert [event["words"]["text"] for event in events[-2:]] == ["Dari masukan baku", "Dari berkas"]


@pytest.mark.parametrize(
    ("arguments", "who", "id_says", "en_says"),
    [
        (("verify", *VERIFY), DPUPR, "admin instansi", "agency admin"),
        (("forward", "--opd", "DPUPR"), ADMIN, "verifikasi", "verif"),
        (("follow-up", "--text", "x"), ADMIN, "Belum diverifikasi", "Not verified"),
        (("hold", "--missing", " "), ADMIN, "--missing kosong", "--missing is empty"),
        (("verify", "--title", "x" * 151, *VERIFY[2:]), ADMIN, "paling banyak 150", "at most 150"),
        (("verify", *VERIFY[:4], "--category", "LUBANGAN"), ADMIN, "LUBANGAN", "LUBANGAN"),
        (("rate", "--rating", "6"), REPORTER, "paling banyak 5", "at most 5"),
        (
            ("extend", "--days", "0", "--grounds", "x"),
            DPUPR,
            "--days harus bernilai paling sedikit 1",
            "--days must be at least 1",
        ),
        (("merge", "--main", "12"), ADMIN, "7 angka", "7 digits"),
        (("resolve", "--finding", "x"), INSPECTORATE, "Tidak ada eskalasi terbuka", "no open escalation"),
    ],
)
def test_what_the_rules_refuse_ends_with_1_and_says_why_in_both_languages(
    running: Kawal, english: Kawal, received: str, arguments: tuple[str, ...], who: str, id_says: str, en_says: str
) -> None:
    command, *rest = arguments
    for kawal, said in ((running, id_says), (english, en_says)):
        outcome = kawal(command, received, *rest, who=who)
        assert (outcome.code, outcome.out) == (1, ""), outcome
        assert said in outcome.err
    assert len(running.done("history", received)) == 1


@pytest.mark.parametrize("tracking", ["1234567", "abc", "", "9999999999"])
def test_an_unknown_complaint_is_told_as_such(running: Kawal, tracking: str) -> None:
    for arguments in (("show", tracking), ("history", tracking), ("close", tracking, "--grounds", "x")):
        outcome = running(*arguments, who=ADMIN)
        assert (outcome.code, outcome.out) == (1, ""), outcome
        assert "7 angka" in outcome.err


@pytest.mark.parametrize(
    ("who", "code", "said"),
    [
        (None, 2, "--as"),
        ("raja:Ani", 2, "agency_admin"),
        ("liaison:Budi", 2, "liaison/"),
        ("liaison/TIDAKADA:Budi", 1, "TIDAKADA"),
        ("admin@BATAM:Ani", 1, "BATAM"),
    ],
)
def test_who_acts_must_be_somebody(running: Kawal, who: str | None, code: int, said: str) -> None:
    outcome = running("grant", "1234567", who=who)
    assert (outcome.code, outcome.out) == (code, "")
    assert said in outcome.err


def test_who_acts_may_stand_in_the_environment_or_before_the_command(running: Kawal) -> None:
    tracking = running.start()
    by_environment = Kawal(running.home, KAWAL_AS=ADMIN)
    assert by_environment.done("verify", tracking, *VERIFY)["status"] == "belum_ditindaklanjuti"
    before = running("--as", ADMIN, "--json", "forward", tracking, "--opd", "DPUPR")
    assert (before.code, before.json["status"]) == (0, "belum_ditindaklanjuti")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--title", "x" * 151, "--text", "y"), "--title terlalu panjang: 151 karakter, paling banyak 150"),
        (("--title", "x", "--text", "y" * 10_001), "--text terlalu panjang: 10001 karakter, paling banyak 10000"),
        (("--title", "x", "--text", "y\x07"), "--text memuat karakter kendali"),
        (("--title", " ", "--text", "y"), "--title kosong"),
        (("--title", "x", "--text", "y", "--occurred-on", "2999-01-01"), "2999"),
        (("--title", "x", "--text", "y", "--category", "TIDAK ADA"), "TIDAK ADA"),
        (("--title", "x", "--text", "y", "--opd", "TIDAKADA"), "TIDAKADA"),
        (("--title", "x", "--text", "y", "--email", "bukan surel"), "--email bukan alamat surel"),
        (("--title", "x", "--text", "y", "--phone", "rumah"), "--phone bukan nomor telepon"),
        (
            ("--title", "x", "--text", "y", "--latitude", "91", "--longitude", "0"),
            "--latitude harus bernilai paling banyak 90",
        ),
    ],
)
def test_a_report_that_cannot_be_taken_in_is_refused_whole(
    running: Kawal, arguments: tuple[str, ...], said: str
) -> None:
    before = len(running.done("list", "--limit", "1000"))
    outcome = running("start", *arguments)
    assert (outcome.code, outcome.out) == (1, "")
    assert said in outcome.err
    assert len(running.done("list", "--limit", "1000")) == before


def test_whoever_asks_a_reporter_whom_nothing_reaches_is_warned(running: Kawal) -> None:
    unreachable = running.start()
    held = running("hold", unreachable, "--missing", "Nama jalannya?", who=ADMIN)
    assert (held.code, "Pelapor tidak dapat dihubungi" in held.err) == (0, True)
    with_address = running.start("Trotoar amblas", "--email", "siti@example.org")
    mailing = Kawal(running.home, KAWAL_SMTP_HOST="127.0.0.1")
    for kawal, warned, told in ((mailing, False, "email"), (running, True, "page")):
        assert kawal.done("show", with_address, who=ADMIN)["reporter_reached"]["means"] == told
        asked = kawal("hold", with_address, "--missing", "Di mana?", who=ADMIN)
        assert (asked.code, "Pelapor tidak dapat dihubungi" in asked.err) == (0, warned)
        running.done("reply", with_address, "--text", "Di Batu 8", who=REPORTER)
    assert "reporter_reached" not in running.done("show", with_address)
    assert "siti@example.org" not in running("show", with_address, who=ADMIN).out
