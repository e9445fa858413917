"""Letters as systems write or hand them on, and as programs sign them: rules, groups, scanners, gateways, forms."""

from __future__ import annotations

import binascii
from html import escape

from tests.intake.mail.letter_pieces import (
    PDF,
    US,
    Said,
    crlf,
    eight_bits,
    either,
    head_of,
    in_base64,
    marked_text,
    multipart,
    page_of,
    photo_part,
    qp,
    text_part,
)
from tests.intake.mail.programs import gmail


def exchange_rule(said: Said) -> bytes:
    """Write as a mailbox rule of Exchange that hands a letter on as an attachment."""
    handed = "Content-Type: message/rfc822\n\n" + gmail(said).decode("ascii", "surrogateescape").replace("\r\n", "\n")
    return crlf(
        head_of(
            said,
            "From: Kelurahan Batu 9 <kelurahan@example.org>",
            "To: {to}",
            "Subject: FW: {subject}",
            "Auto-Submitted: auto-generated",
            "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        )
        + multipart("mixed", "_002_RULE_", text_part("\n", "us-ascii", "7bit"), handed)
    )


def exchange_group(said: Said) -> bytes:
    """Write as a letter that came through a group of Exchange, which repeats the text beside the page."""
    plain = marked_text(
        said, either(said, f"Pada 03/01/22 09.00, Kawal <{US}> menulis:", f"On 1/3/22 9:00, Kawal <{US}> wrote:")
    )
    page = page_of(said, "", '<blockquote type="cite">', "</blockquote>")
    if said.place != "report":
        page = ""
    photos = [photo_part(name, content, "inline") for name, content in said.named("image{}.jpeg")]
    related = [multipart("related", "Apple-R", text_part(qp(page), kind="html"), *photos)] if page else photos
    return crlf(
        head_of(
            said,
            "From: Siti Aminah <siti@example.org>",
            "To: {to}",
            "Subject: {subject}",
            "Precedence: list",
            "List-ID: <lapor.kepri.example.org>",
            "X-MS-Exchange-Organization-AuthSource: x",
        )
        + multipart("mixed", "Apple-M", text_part(qp(plain)), *related)
    )


def scanner(said: Said) -> bytes:
    """Write as an office machine: one PDF is the whole letter, or stands beside a blank text."""
    pdf = (
        'Content-Type: application/pdf; name="SKM_C2.pdf"\nContent-Transfer-Encoding: '
        f'base64\nContent-Disposition: attachment; filename="SKM_C2.pdf"\n\n{in_base64(PDF)}'
    )
    photos = [photo_part(name, content, "attachment") for name, content in said.named("SKM_{}.jpg")]
    words = text_part(in_base64("\r\n\r\n".join(said.words).encode()), "utf-8", "base64")
    return crlf(
        head_of(said, "From: scan@localhost", "To: {to}", "Subject: {subject}", "X-Mailer: KONICA MINOLTA bizhub C2")
        + multipart("mixed", "KM_bound", words, pdf, *photos)
    )


def mms(said: Said) -> bytes:
    """Write as a gateway of telephones: everything is a named part, the text too."""
    text = text_part(qp("\n\n".join(said.words)), "utf-8", more='; name="text_0.txt"').replace(
        "\n\n", "\nContent-Location: text_0.txt\n\n", 1
    )
    smil = 'Content-Type: application/smil; name="smil.xml"\nContent-Transfer-Encoding: 7bit\n\n<smil><body/></smil>\n'
    photos = [
        f'Content-Type: image/jpeg; name="{name}"\nContent-Transfer-Encoding: base64\nContent-Location: '
        f"{name}\n\n{in_base64(content)}"
        for name, content in said.named("image{}.jpg")
    ]
    return crlf(
        head_of(said, "From: 628123456789@mms.example.net", "To: {to}", "Subject: {subject}")
        + multipart("related", "--MMS=_1", smil, text, *photos, more=' type="application/smil"; start="<smil>";')
    )


def web_form(said: Said) -> bytes:
    """Write as a form on a page, by a script: no charset is declared, the subject is not encoded."""
    photos = [photo_part(name, content, "attachment") for name, content in said.named("unggahan{}.jpg")]
    text = "Content-Type: text/plain\n\n" + eight_bits("\n\n".join(said.words), "utf-8") + "\n"
    return crlf(
        head_of(
            said,
            "X-PHP-Originating-Script: 1000:kontak.php",
            "From: Siti Aminah <siti@example.org>",
            "To: {to}",
            eight_bits("Subject: Keluhan – {subject}", "utf-8"),
        )
        + (multipart("mixed", "PHP-mixed-1", text, *photos) if photos else text)
    )


def tickets(said: Said) -> bytes:
    """Write as a ticket system that hands a citizen's letter on, as a page alone."""
    told = either(said, f"Pada 3 Jan 2022 09.00, Kawal <{US}> menulis:", f"On 3 Jan 2022 09:00, Kawal <{US}> wrote:")
    page = page_of(said, f"<p>{escape(told)}</p>", '<blockquote type="cite">', "</blockquote>")
    text = text_part(
        in_base64(f"<!DOCTYPE html><html><head><title>Tiket</title><body>{page}</body></html>".encode()),
        "utf-8",
        "base64",
        "html",
    )
    photos = [photo_part(name, content, "attachment") for name, content in said.named("tiket-{}.jpg")]
    return crlf(
        head_of(
            said,
            "From: =?utf-8?Q?Siti_Aminah_=28tiket_77=29?= <tiket@example.org>",
            "To: {to}",
            "Subject: {subject}",
            "Auto-Submitted: auto-generated",
            "X-Mailer: Znuny",
        )
        + (multipart("mixed", "----------=_1641178800-77", text, *photos) if photos else text)
    )


def _entity(said: Said, told: str) -> str:
    text = text_part(qp(marked_text(said, told)), "utf-8")
    photos = [photo_part(name, content, "attachment") for name, content in said.named("bukti{}.jpg")]
    return multipart("mixed", "inner", text, *photos) if photos else text


def _told(said: Said) -> str:
    return either(said, f"Pada 03/01/22 09.00, Kawal <{US}> menulis:", f"On 03/01/2022 09:00, Kawal <{US}> wrote:")


def smime(said: Said) -> bytes:
    """Write as a program that signs by S/MIME, beside the text."""
    signature = (
        "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: "
        "base64\nContent-Disposition: attachment; filename=smime.p7s\n\nMIIB\n"
    )
    return crlf(
        head_of(said, "From: Siti Aminah <siti@example.org>", "To: {to}", "Subject: {subject}")
        + multipart(
            "signed",
            "----SIGN",
            _entity(said, _told(said)),
            signature,
            more=' protocol="application/pkcs7-signature"; micalg=sha-256;',
        )
    )


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = (
        bytes([size])
        if size < 0x80
        else bytes([0x80 + (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8)
    )
    return bytes([tag]) + length + content


def _enveloped(content: bytes, *, streamed: bool) -> bytes:
    """Return CMS SignedData around a content: of known length, or as programs stream it."""
    data, signed = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    rest = _der(0x02, b"\x01") + _der(0x31, b"")
    if not streamed:
        inside = _der(0x30, rest + _der(0x30, data + _der(0xA0, _der(0x04, content))) + _der(0x31, b""))
        return _der(0x30, signed + _der(0xA0, inside))
    pieces = b"".join(_der(0x04, content[at : at + 1000]) for at in range(0, len(content), 1000))
    octets = b"\xa0\x80\x24\x80" + pieces + b"\x00\x00\x00\x00"
    inside = b"\x30\x80" + rest + b"\x30\x80" + data + octets + b"\x00\x00" + _der(0x31, b"") + b"\x00\x00"
    return b"\x30\x80" + signed + b"\xa0\x80" + inside + b"\x00\x00" + b"\x00\x00"


def smime_opaque(said: Said) -> bytes:
    """Write as a program that puts the whole letter into its signature."""
    content = _enveloped(crlf(_entity(said, _told(said))), streamed=said.lang == "id")
    kind = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    return crlf(
        head_of(said, "From: Siti Aminah <siti@example.org>", "To: {to}", "Subject: {subject}")
        + f"{kind}Content-Transfer-Encoding: base64\n"
        + f"Content-Disposition: attachment; filename=smime.p7m\n\n{in_base64(content)}"
    )


def pgp(said: Said) -> bytes:
    """Write as a program that signs by OpenPGP, beside the text."""
    signature = (
        'Content-Type: application/pgp-signature; name="OpenPGP_signature.asc"\n\n-----BEGIN PGP '
        "SIGNATURE-----\nwsB5\n-----END PGP SIGNATURE-----\n"
    )
    return crlf(
        head_of(said, "From: Siti Aminah <siti@example.org>", "To: {to}", "Subject: {subject}")
        + multipart(
            "signed",
            "------------PGP",
            _entity(said, _told(said)),
            signature,
            more=' micalg=pgp-sha256; protocol="application/pgp-signature";',
        )
    )


def uuencoded(said: Said) -> bytes:
    """Write as programs did before MIME: photos stand in the text."""
    files = ""
    for name, content in said.named("FOTO{}.JPG"):
        lines = [binascii.b2a_uu(content[at : at + 45]).decode() for at in range(0, len(content), 45)]
        files += f"\nbegin 644 {name}\n{''.join(lines)}`\nend\n"
    return crlf(
        head_of(said, "From: siti@example.org (Siti Aminah)", "To: {to}", "Subject: {subject}").replace(
            "MIME-Version: 1.0\n", ""
        )
        + "\n"
        + eight_bits("\n\n".join(said.words), "cp1252")
        + "\n"
        + files
    )
