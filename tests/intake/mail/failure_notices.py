"""Notices of mail systems about letters of ours, as the programs write them, by name."""

from __future__ import annotations

RETURNED = (
    "Return-Path: <kawal@kepri.example.org>\nFrom: Kawal <kawal@kepri.example.org>\nTo: siti@example.org\n"
    "Subject: Laporan 1234567 butuh keterangan [Kawal 1234567-ABCDEFGHIJ]\n"
    "Message-ID: <0123456789abcdef0123456789abcdef@kepri.example.org>\n\nDi depan nomor berapa?\n"
)


def _head(sender: str, subject: str, *more: str) -> str:
    lines = [f"From: {sender}", "To: kawal@kepri.example.org", f"Subject: {subject}", "Message-ID: <b1@mx.example.org>"]
    return "\n".join([*lines, "Date: Mon, 3 Jan 2022 09:00:00 +0700", *more]) + "\n"


def _report(sender: str, subject: str, words: str, status: str, *more: str) -> str:
    """Return a notice by RFC 3464."""
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="B1"'
    return (
        _head(sender, subject, "MIME-Version: 1.0", kind, *more)
        + f"\nThis is a MIME-encapsulated message.\n\n--B1\nContent-Type: text/plain; charset=us-ascii\n\n{words}\n"
        + f"\n--B1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n{status}\n"
        + f"\n--B1\nContent-Type: message/rfc822\n\n{RETURNED}\n--B1--\n"
    )


def _plain(sender: str, subject: str, words: str, *more: str) -> str:
    return _head(sender, subject, *more) + f"\n{words}\n\n{RETURNED}"


FAILED = "Final-Recipient: rfc822; siti@example.org\nAction: failed\nStatus: 5.1.1\n"
LATE = "Final-Recipient: rfc822; siti@example.org\nAction: delayed\nStatus: 4.4.1\n"

NOTICES = {
    "Postfix": _report(
        "MAILER-DAEMON@mx.example.org (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.example.org.\n\n<siti@example.org>: host mx said: 550 5.1.1 User unknown",
        FAILED,
        "Auto-Submitted: auto-replied",
    ),
    "Postfix, late": _report(
        "MAILER-DAEMON@mx.example.org (Mail Delivery System)",
        "Delayed Mail (still being retried)",
        "THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        LATE,
    ),
    "Postfix through a gateway that took its parts apart": _plain(
        '"Mail Delivery System" <bounces@mx.example.org>',
        "Undelivered Mail Returned to Sender",
        "This is the Postfix program at host mx.example.org.\n\n<siti@example.org>: user unknown",
    ),
    "Exim": _plain(
        "Mail Delivery System <Mailer-Daemon@mx.example.org>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its recipients.\n\n  siti@example.org\n    Unrouteable address",
        "X-Failed-Recipients: siti@example.org",
    ),
    "Exim, late": _plain(
        "Mail Delivery System <Mailer-Daemon@mx.example.org>",
        "Warning: message 1n4abc-0001-AB delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been "
        "delivered to one or more of its recipients after more than 24 hours",
    ),
    "Sendmail": _report(
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.org>",
        "Returned mail: see transcript for details",
        "   ----- The following addresses had permanent fatal errors -----\n<siti@example.org>",
        FAILED,
    ),
    "Sendmail of old": _plain(
        "Mail Delivery Subsystem <postmaster@mx.example.org>",
        "Returned mail: User unknown",
        "   ----- The following addresses had permanent fatal errors -----\n<siti@example.org>\n\n"
        "   ----- Transcript of session follows -----\n550 <siti@example.org>... User unknown",
    ),
    "qmail": _plain(
        "MAILER-DAEMON@mx.example.org",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message "
        "to the "
        "following addresses.\n\n<siti@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.",
    ),
    "Exchange": _report(
        "postmaster@example.org",
        "Undeliverable: Laporan 1234567 butuh keterangan",
        "Delivery has failed to these recipients or groups:\nsiti@example.org",
        FAILED,
        "X-MS-Exchange-Message-Is-Ndr:",
    ),
    "Exchange in Indonesian": _report(
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>",
        "Tidak dapat dikirim: Laporan 1234567 butuh keterangan",
        "Pengiriman gagal ke penerima atau grup berikut:\nsiti@example.org",
        FAILED,
    ),
    "Exchange of old": _plain(
        "System Administrator <postmaster@example.org>",
        "Undeliverable: Laporan 1234567",
        "Your message\n\n  To:      siti@example.org\n  Subject: Laporan 1234567\n\ndid not reach the following "
        "recipient(s):\n\n"
        "siti@example.org on Mon, 3 Jan 2022 09:00:00 +0700\n    The recipient name is not recognized",
    ),
    "Gmail": _report(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "** Address not found **\n\nYour message wasn't delivered to siti@example.org because the address "
        "couldn't be found",
        FAILED,
        "Auto-Submitted: auto-replied",
        "X-Failed-Recipients: siti@example.org",
    ),
    "Gmail, late": _report(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to siti@example.org.",
        LATE,
    ),
    "Outlook.com": _report(
        "postmaster@outlook.com",
        "Undeliverable: Laporan 1234567",
        "mx.outlook.com rejected your message to the following email addresses:\nsiti@outlook.com",
        FAILED,
    ),
    "Outlook.com, parts lost on the way": _plain(
        "postmaster@hotmail.com",
        "Delivery Status Notification (Failure)",
        "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following "
        "recipients failed.\n\n"
        "       siti@hotmail.com",
    ),
    "Yahoo": _plain(
        "MAILER-DAEMON@yahoo.com",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<siti@yahoo.com>:\n554: "
        "delivery error: "
        "dd This user doesn't have a yahoo.com account (siti@yahoo.com) [0]",
    ),
    "Domino": _plain(
        "Mail Router <Mail.Router@example.org>",
        "DELIVERY FAILURE: User siti not listed in Domino Directory",
        "Your message\n\n  Subject: Laporan 1234567\n\nwas not delivered to:\n\n  siti@example.org",
    ),
    "Zimbra in Indonesian": _plain(
        "Sistem Pengiriman Surat <postmaster@mail.example.go.id>",
        "Pengiriman surat gagal",
        "Surat Anda tidak dapat dikirim ke alamat berikut:\nsiti@example.org: kotak surat penuh",
    ),
    "a system without a name": _plain(
        "postmaster@mail.example.go.id",
        "Laporan 1234567",
        "This is the mail system at host mail.example.go.id.\n\nI'm sorry to have to inform you that your "
        "message could not\n"
        "be delivered to one or more recipients.\n\n                   The mail system\n\n<siti@example.org>: "
        "mailbox full",
        "Return-Path: <>",
    ),
    "a complaint about unwanted mail": _head(
        "Abuse <abuse@example.org>",
        "Email Feedback Report for IP 192.0.2.1",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="B1"',
    )
    + "\n--B1\n\nThis is a report.\n--B1\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
    + f"--B1\n\n{RETURNED}\n--B1--\n",
}
"""What each system sends when a letter of ours cannot be delivered, or not yet."""

PEOPLE = {
    "quotes a notice": _head("Siti <siti@example.org>", "Surat saya ditolak")
    + "\nSurat saya ke dinas ditolak:\n\n"
    + NOTICES["qmail"].partition("\n\n")[2],
    "hands a notice on": _head("Siti <siti@example.org>", "Fwd: Undelivered Mail Returned to Sender")
    + "\n---------- Forwarded message ---------\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n\n"
    + NOTICES["Exim"].partition("\n\n")[2],
    "attaches a notice": _head(
        "Siti <siti@example.org>",
        "Surat saya ditolak",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=M",
    )
    + "\n--M\nContent-Type: text/plain\n\nLihat lampiran.\n--M\nContent-Type: message/rfc822\n\n"
    + f"{NOTICES['Postfix']}\n--M--\n",
    "is a postmaster": _head("Budi <postmaster@sekolah.example.org>", "Jalan rusak")
    + "\nJalan di depan sekolah rusak.\n",
    "complains of the post": _head("Siti <siti@example.org>", "Delivery failure of the water company")
    + "\nAir tidak terkirim ke rumah kami.\n",
    "wants no answer": _head("Siti <siti@example.org>", "Jalan rusak", "Return-Path: <>")
    + "\nJalan rusak sejak Senin.\n",
}
"""Letters of people that look like a notice in part."""


def each(letters: dict[str, str]) -> list[tuple[str, bytes]]:
    """Return the letters as they come by SMTP, with their names."""
    return [(name, letter.replace("\n", "\r\n").encode()) for name, letter in letters.items()]
