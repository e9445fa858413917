"""The author of a letter: a person, a person with a machine's marks, or only a machine."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import read_letter
from tests.intake.mail.test_letter import letter


def writer(mail: EmailMessage) -> Writer:
    return read_letter(bytes(mail)).writer


def titled(subject: str) -> EmailMessage:
    mail = letter()
    mail.replace_header("Subject", subject)
    return mail


def report_mail(kind: str, part: str) -> bytes:
    return (
        "From: Siti <siti@example.org>\r\nSubject: Read: laporan\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {kind}; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nDibaca.\r\n"
        f"--B\r\nContent-Type: {part}\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--B--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-forwarded"),
        ("Auto-Submitted", "auto-generated"),
        ("Auto-Submitted", "Auto-Generated (aturan kotak surat)"),
        ("Precedence", "list"),
        ("Precedence", "bulk"),
        ("List-ID", "<lapor.kepri.example.org>"),
        ("List-Unsubscribe", "<mailto:keluar@example.org>"),
        ("X-Auto-Response-Suppress", "DR, OOF, AutoReply"),
        ("X-Auto-Response-Suppress", "All"),
    ],
)
def test_a_persons_letter_that_a_rule_or_a_group_handed_on_is_a_persons_without_an_answer(
    name: str, value: str
) -> None:
    assert writer(letter(**{name: value})) is Writer.MARKED


@pytest.mark.parametrize("name", ["Auto-Submitted", "X-Autoreply"])
def test_a_mark_that_says_no_is_none(name: str) -> None:
    assert writer(letter(**{name: "no"})) is Writer.PERSON


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-replied (vacation)"),
        ("Auto-Submitted", "AUTO-REPLIED; owner-token=x"),
        ("Auto-Submitted", "auto-notified; owner-email=a@example.org"),
        ("Precedence", "auto_reply"),
        ("X-Autoreply", "yes"),
    ],
)
def test_an_automatic_answer_is_a_machines(name: str, value: str) -> None:
    assert writer(letter(**{name: value})) is Writer.MACHINE


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("multipart/report; report-type=disposition-notification", "message/disposition-notification"),
        ("multipart/report; report-type=delivery-status", "message/delivery-status"),
        ("multipart/mixed", "message/delivery-status"),
        ("multipart/mixed", "message/disposition-notification"),
    ],
)
def test_reports_of_mail_systems_are_a_machines(kind: str, part: str) -> None:
    assert read_letter(report_mail(kind, part)).writer is Writer.MACHINE


def test_a_person_may_hand_on_what_a_machine_wrote() -> None:
    mail = letter("Surat saya ke dinas ditolak, lihat lampiran.")
    attached = EmailMessage()
    attached["Subject"] = "failure notice"
    attached["Auto-Submitted"] = "auto-replied"
    attached.set_content("Tidak terkirim.")
    attached.replace_header("Content-Type", "multipart/report; boundary=B")
    mail.add_attachment(attached)
    assert writer(mail) is Writer.PERSON


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Report 1234567 needs more information [Kawal 1234567-ABCDEFGHIJ]",
        "Re: Auto-Reply: laporan",
        "Out of office",
        "Out of the Office: Re: laporan",
        "OUT OF OFFICE until Monday",
        "Balasan otomatis: Laporan 1234567",
        "Balasan Otomatis",
        "Jawaban otomatis: Re: laporan",
        "Di luar kantor",
        "Di luar kantor: Re: Laporan 1234567",
        "Sedang cuti",
        "Sedang cuti sampai 5 Januari",
        "Saya sedang cuti.",
        "Sedang cuti [Kawal 1234567-ABCDEFGHIJ]",
        "Tidak di kantor",
        "On leave until 5 January",
    ],
)
def test_a_subject_of_absence_is_a_machines(subject: str) -> None:
    assert writer(titled(subject)) is Writer.MACHINE


@pytest.mark.parametrize(
    "subject",
    [
        "Kantor lurah tutup, petugas sedang cuti",
        "Petugas sedang cuti",
        "Sedang cuti, petugas tidak melayani warga",
        "Sedang cuti semua pegawai puskesmas, pasien tidak dilayani",
        "Di luar kantor lurah sampah menumpuk",
        "Di luar kantor: sampah menumpuk",
        "Di luar kantor pos banyak pungutan",
        "Cuti bersama tetapi jalan belum diperbaiki",
        "Balasan otomatis terus, tidak pernah dijawab orang",
        "Pesan otomatis PDAM salah tagihan",
        "Tidak di kantor pada jam kerja",
        "Re: Laporan 1234567 [Kawal 1234567-ABCDEFGHIJ]",
        "Away from home, street light broken",
        "Automatic replies are all I get",
    ],
)
def test_a_complaint_about_an_absence_is_a_persons(subject: str) -> None:
    assert writer(titled(subject)) is Writer.PERSON


def test_a_mail_systems_own_letter_is_a_machines() -> None:
    mail = titled("failure notice")
    mail.replace_header("From", "MAILER-DAEMON@mx.example.org")
    assert writer(mail) is Writer.MACHINE
