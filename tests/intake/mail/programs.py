"""Letters byte for byte in the shapes in which mail programs write them: as reports, and as replies to ours."""

from __future__ import annotations

import base64
from html import escape

from tests.intake.mail.letter_pieces import (
    PDF,
    QUESTIONS,
    US,
    Said,
    crlf,
    eight_bits,
    either,
    flowed,
    head_of,
    in_base64,
    marked_text,
    multipart,
    page_of,
    photo_part,
    qp,
    text_part,
)


def gmail(said: Said) -> bytes:
    """Write as Gmail on the web: both forms, photos within the text."""
    told = either(
        said,
        "Pada Sen, 3 Jan 2022 pukul 09.00 Laporan Kepri <\n{}> menulis:",
        "On Mon, Jan 3, 2022 at 9:00 AM Kawal <{}> wrote:",
    )
    plain, attribution = marked_text(said, told.format(US)), escape(told.format(US).replace("\n", ""))
    page = page_of(
        said,
        f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{attribution}<br></div>',
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">',
        "</blockquote></div>",
    )
    text = multipart(
        "alternative",
        "000000000000a1b2c3",
        text_part(qp(plain)),
        text_part(qp(f'<div dir="ltr">{page}</div>'), kind="html"),
    )
    photos = [
        photo_part(name, content, "inline", f"Content-ID: <ii_{name}>", f"X-Attachment-Id: ii_{name}")
        for name, content in said.named("IMG_2022010{}.jpg")
    ]
    body = multipart("related", "000000000000a1b2c4", text, *photos) if photos else text
    return crlf(
        "MIME-Version: 1.0\n"
        + head_of(
            said,
            "Date: Mon, 3 Jan 2022 10:00:00 +0700",
            "Message-ID: <CAF1234@mail.gmail.com>",
            "Subject: {subject}",
            "From: Siti Aminah <siti@gmail.com>",
            "To: {to}",
        )
        + body
    )


def _outlook_header(said: Said) -> list[str]:
    return [
        f"{either(said, 'Dari', 'From')}: Laporan Kepri <{US}>",
        f"{either(said, 'Dikirim: Senin, 3 Januari 2022 09.00', 'Sent: Monday, January 3, 2022 9:00 AM')}",
        f"{either(said, 'Kepada', 'To')}: Siti Aminah",
        f"{either(said, 'Perihal', 'Subject')}: Laporan 1234567",
    ]


def outlook_classic(said: Said) -> bytes:
    """Write as Outlook 2016 in plain text, in Windows' charset, marking quoted lines."""
    rule = either(said, "-----Pesan Asli-----", "-----Original Message-----")
    plain = marked_text(said, "\n".join([rule, *_outlook_header(said)]))
    page = (
        f'<html xmlns:o="x"><head><style><!-- p.MsoNormal {{margin:0}} '
        f"--></style></head><body>{escape(plain)}</body></html>"
    )
    page = page.replace("\n", "<br>\n")
    text = multipart(
        "alternative",
        "----=_NextPart_001_0001_01D80082.5F3E2B10",
        text_part(qp(plain, "cp1252"), "Windows-1252"),
        text_part(qp(page, "cp1252"), "Windows-1252", kind="html"),
    )
    photos = [
        f'Content-Type: image/jpeg;\n\tname="=?Windows-1252?Q?{name.replace(" ", "_").replace("–", "=96")}?="\n'
        "Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\n\t"
        f'filename="=?Windows-1252?Q?{name.replace(" ", "_").replace("–", "=96")}?="\n\n{in_base64(content)}'
        for name, content in said.named("foto – {}.jpg")
    ]
    body = multipart("mixed", "----=_NextPart_000_0000_01D80082.5F3E2B10", text, *photos) if photos else text
    return crlf(
        head_of(
            said,
            'From: "Siti Aminah" <siti@example.org>',
            "To: <{to}>",
            "Subject: {subject}",
            "Date: Mon, 3 Jan 2022 10:00:00 +0700",
            "Message-ID: <000001d80082$5f3e2b10$1dba8130$@example.org>",
        )
        + "X-Mailer: Microsoft Outlook 16.0\nThread-Index: AdgAgl8=\nContent-Language: id\n"
        + body
    )


def outlook_new(said: Said) -> bytes:
    """Write as Outlook on the web: a rule, a header block, and the letter below without a mark."""
    first, second = said.words
    program = either(said, "Dapatkan Outlook untuk Android", "Get Outlook for iOS")
    own = f"{first}\n\n{second}\n\n{program}<https://aka.ms/AAb9ysg>"
    quoted = "\n".join(["________________________________", *_outlook_header(said), "", *QUESTIONS])
    plain = own if said.place == "report" else f"{own}\n{quoted}\n"
    block = "<br>\n".join(
        f"<b>{line.partition(':')[0]}:</b>{escape(line.partition(':')[2])}" for line in _outlook_header(said)
    )
    page = (
        f'<div class="elementToProof">{escape(first)}</div><div><br></div><div>{escape(second)}</div><div><br></div>'
        f'<div><a href="https://aka.ms/AAb9ysg">{program}</a></div>'
    )
    if said.place != "report":
        page += (
            '<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">\n<div '
            'id="divRplyFwdMsg" dir="ltr">'
            f'<font face="Calibri, sans-serif" style="font-size:11pt">{block}</font>\n<div>&nbsp;</div>\n</div>\n'
            + "".join(f"<div>{question}</div>" for question in QUESTIONS)
        )
    text = multipart(
        "alternative",
        "_000_SI2PR01MB1234_",
        text_part(in_base64(plain.encode()), "utf-8", "base64"),
        text_part(
            in_base64(f"<html>\n<head>\n<style></style>\n</head>\n<body>{page}</body></html>".encode()),
            "utf-8",
            "base64",
            "html",
        ),
    )
    photos = [photo_part(name, content, "attachment") for name, content in said.named("Gambar {}.jpg")]
    body = multipart("mixed", "_004_SI2PR01MB1234_", text, *photos) if photos else text
    return crlf(
        head_of(
            said,
            "From: Siti Aminah <siti@outlook.com>",
            "To: {to}",
            "Subject: {subject}",
            "Thread-Topic: Jalan rusak",
            "Date: Mon, 3 Jan 2022 03:00:00 +0000",
            "Message-ID: <SI2PR01MB1234@SI2PR01MB1234.apcprd01.prod.exchangelabs.com>",
        )
        + "X-MS-Has-Attach: yes\nX-Auto-Response-Suppress: DR, OOF, AutoReply\n"
        + body
    )


def apple_phone(said: Said) -> bytes:
    """Write as an iPhone: text, photo, text, photo, each a part of its own."""
    sent = either(said, "Dikirim dari iPhone saya", "Sent from my iPhone")
    told = either(
        said, f"Pada 3 Jan 2022, pukul 09.00, Kawal <{US}> menulis:", f"On 3 Jan 2022, at 09.00, Kawal <{US}> wrote:"
    )
    plain = marked_text(said, f"> {told}", below=f"\n\n{sent}")
    photos = [photo_part(name, content, "inline") for name, content in said.named("IMG_000{}.JPG")]
    text = text_part(qp(plain), "utf-8")
    between = [piece for photo in photos for piece in (photo, text_part("\n", "us-ascii", "7bit"))]
    body = multipart("mixed", "Apple-Mail-4F3A", text, *between) if photos else text
    return crlf(
        "Content-Transfer-Encoding: 7bit\n" * bool(photos)
        + head_of(
            said,
            "From: Siti Aminah <siti@icloud.com>",
            "Subject: {subject}",
            "Date: Mon, 3 Jan 2022 10:00:00 +0700",
            "To: {to}",
        )
        + "X-Mailer: iPhone Mail (19C56)\n"
        + body
    )


def apple_desk(said: Said) -> bytes:
    """Write as Mail on a Mac: photos and a PDF within the page alone, beside a plain text."""
    told = either(
        said, f"Pada 3 Jan 2022, pukul 09.00, Kawal <{US}> menulis:", f"On 3 Jan 2022, at 09.00, Kawal <{US}> wrote:"
    )
    plain = flowed(marked_text(said, f"> {told}"), del_sp=True)
    page = page_of(said, "", f'<blockquote type="cite"><div>{escape(told)}</div><br>', "</blockquote>")
    photos = [
        photo_part(name, content, "inline", f"Content-Id: <{name}@apple>")
        for name, content in said.named("lubang {}.jpg")
    ]
    pdf = (
        "Content-Disposition: inline;\n\tfilename=surat.pdf\nContent-Type: "
        f"application/pdf;\n\tname=surat.pdf\nContent-Transfer-Encoding: base64\n\n{in_base64(PDF)}"
    )
    html = text_part(qp(f"<html><head></head><body>{page}</body></html>"), "utf-8", kind="html")
    inside = multipart("related", "Apple-Mail=_R", html, *photos) if photos else html
    wrapped = text_part(qp(plain), "utf-8", more=";\n\tformat=flowed; delsp=yes")
    mixed = multipart("mixed", "Apple-Mail=_X", inside, pdf, text_part("<br>", "us-ascii", "7bit", "html"))
    return crlf(
        head_of(
            said,
            "From: Siti Aminah <siti@example.org>",
            "Subject: {subject}",
            "To: {to}",
            "Message-Id: <9A1B@example.org>",
        )
        + "X-Mailer: Apple Mail (2.3693.20.0.1.32)\n"
        + multipart("alternative", "Apple-Mail=_A", wrapped, mixed)
    )


def thunderbird(said: Said) -> bytes:
    """Write as Thunderbird: flowed text of 8 bits, file names in pieces."""
    told = either(said, "Pada 03/01/22 09.00, Kawal menulis:", "On 03/01/2022 09:00, Kawal wrote:")
    plain = flowed(marked_text(said, told, below="\n\n-- \nSiti Aminah\nBatu 9"), del_sp=False)
    text = text_part(eight_bits(plain, "utf-8"), "UTF-8", "8bit", more="; format=flowed")
    photos = [
        f'Content-Type: image/jpeg; name="=?UTF-8?B?{base64.b64encode(name.encode()).decode()}?="\n'
        "Content-Disposition: attachment;\n filename*0*=UTF-8''foto%20%E2%80%9Clubang%E2%80%9D%20;\n "
        f"filename*1*={name[-5:]}\n"
        f"Content-Transfer-Encoding: base64\n\n{in_base64(content)}"
        for name, content in said.named("foto “lubang” {}.jpg")
    ]
    body = multipart("mixed", "------------0AbCdEf", text, *photos) if photos else text
    return crlf(
        "Message-ID: <4f1c@example.org>\nDate: Mon, 3 Jan 2022 10:00:00 +0700\n"
        + head_of(
            said,
            "User-Agent: Mozilla/5.0 Thunderbird/91.4.1",
            "To: {to}",
            "From: Siti Aminah <siti@example.org>",
            "Subject: {subject}",
        )
        + body
    )


def yahoo(said: Said) -> bytes:
    """Write as Yahoo: a quotation without marks behind an introduction with a date and an address."""
    first, second = said.words
    told = either(
        said,
        f"Pada Senin, 3 Januari 2022 09.00.00 WIB, Kawal <{US}> menulis:",
        f"On Monday, January 3, 2022, 09:00:00 AM GMT+7, Kawal <{US}> wrote:",
    )
    own = f" {first}\n\n{second}\n"
    plain = own if said.place == "report" else f"{own}\n    {told}  \n \n {QUESTIONS[0]}\n{QUESTIONS[1]}\n  "
    page = f'<div class="ydp1"><div>{escape(first)}</div><div><br></div><div>{escape(second)}</div></div>'
    if said.place != "report":
        quoted = f"<div>{escape(told)}</div><div>{QUESTIONS[0]}<br>{QUESTIONS[1]}</div>"
        page += f'<div id="ydp9yahoo_quoted_1" class="ydp9yahoo_quoted">{quoted}</div>'
    text = multipart("alternative", "----=_Part_2_1.1641178800", text_part(qp(plain)), text_part(qp(page), kind="html"))
    photos = [
        photo_part(name, content, "attachment", "Content-ID: <x>")
        for name, content in said.named("2022010{}_100000.jpg")
    ]
    body = multipart("mixed", "----=_Part_1_1.1641178800", text, *photos) if photos else text
    return crlf(
        head_of(
            said,
            "Date: Mon, 3 Jan 2022 03:00:00 +0000 (UTC)",
            "From: Siti Aminah <siti@yahoo.co.id>",
            "To: {to}",
            "Message-ID: <1.2@mail.yahoo.com>",
            "Subject: {subject}",
        )
        + body
    )
