"""A reply's own words, in the shapes in which programs quote, in Indonesian and English."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.mail.html_text import words_of
from kawal.intake.mail.quotations import LONGEST, read_reply
from kawal.intake.mail.reply_marks import Source

US = "lapor@kepri.example.org"
OURS = Source(frozenset({US}))
QUESTION = "Di depan nomor berapa?\nSejak kapan?\n\nHormat kami,\nAdministrasi pengaduan"
MARKED = "\n".join(f"> {line}".rstrip() for line in QUESTION.split("\n"))
GMAIL = f"Pada Sen, 3 Jan 2022 pukul 09.00 Laporan Kepri <{US}> menulis:"

SHAPES = {
    "Gmail in Indonesian, above": (f"Nomor 12.\n\n{GMAIL}\n\n{MARKED}", "Nomor 12."),
    "Gmail in English, above": (
        f"Nomor 12.\n\nOn Mon, Jan 3, 2022 at 9:00 AM Kawal <{US}> wrote:\n\n{MARKED}",
        "Nomor 12.",
    ),
    "Gmail, introduction broken at the address": (
        f"Nomor 12.\n\nPada tanggal Sen, 3 Jan 2022 pukul 09.00 Layanan Pengaduan Kepri <\n{US}> menulis:\n\n{MARKED}",
        "Nomor 12.",
    ),
    "Gmail on a telephone, after the signature": (
        f'Nomor 12.\nDikirim dari ponsel saya\n\nPada tgl 3 Januari 2022 09.00, "Kawal" <{US}> menulis:\n\n{MARKED}',
        "Nomor 12.",
    ),
    "Gmail of old, a date alone": (f"Nomor 12.\n\n2022-01-03 9:00 GMT+07:00 Kawal <{US}>:\n\n{MARKED}", "Nomor 12."),
    "Mail.ru in Indonesian": (
        f"Nomor 12.\n\nSenin, 3 Januari 2022, 09:00 +07:00 dari Kawal <{US}>:\n\n{MARKED}",
        "Nomor 12.",
    ),
    "Mail.ru in English": (
        f"Nomor 12.\n\nMonday, January 3, 2022 9:00 AM +07:00 from Kawal <{US}>:\n\n{MARKED}",
        "Nomor 12.",
    ),
    "Mi Mail, no marks": (f"Nomor 12.\n\nKawal <{US}> pada 3 Jan 2022 09.00 menulis:\n\n{QUESTION}", "Nomor 12."),
    "a translation of its own, no marks": (
        f"Nomor 12.\n\nPada 3 Jan 2022 09.00, Kawal <{US}> menuliskan:\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Yahoo with its motto": (
        f"Nomor 12.\n\nYahoo Mail: Cari, Atur, Taklukkan\n\nPada Sen, 3 Jan 2022 pada 9:00, Kawal<{US}> menulis:\n\n"
        f"{MARKED}",
        "Nomor 12.",
    ),
    "Gmail, below": (f"{GMAIL}\n\n{MARKED}\n\nNomor 12.\nSejak Senin.", "Nomor 12.\nSejak Senin."),
    "Gmail, between": (
        f"Jawaban saya:\n\n{GMAIL}\n\n> Di depan nomor berapa?\nNomor 12.\n> Sejak kapan?\nSejak Senin.\n> Hormat kami",
        "Jawaban saya:\n\nNomor 12.\nSejak Senin.",
    ),
    "Gmail, above and below": (f"Terima kasih.\n\n{GMAIL}\n{MARKED}\n\nNomor 12.", "Terima kasih.\n\nNomor 12."),
    "Gmail, several levels": (
        f"Nomor 12.\n\n{GMAIL}\n\n{MARKED}\n> On Sun, Jan 2, 2022 Siti <siti@example.org> wrote:\n>> Jalan rusak.",
        "Nomor 12.",
    ),
    "Outlook on the web in Indonesian": (
        "Nomor 12.\n\n________________________________\n"
        f"Dari: Laporan Kepri <{US}>\nDikirim: Senin, 3 Januari 2022 09.00\nKepada: Siti\nPerihal: "
        f"keterangan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook in English, no rule": (
        f"Nomor 12.\n\nFrom: Kawal <{US}>\nSent: Monday, January 3, 2022 9:00 AM\nTo: Siti\nSubject: RE: "
        f"Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook with a copy and an importance": (
        f"Nomor 12.\n\nDari: Kawal <{US}>\nDikirim: 3 Januari 2022 09:00\nKepada: Siti <siti@example.org>; Budi\n"
        f" <budi@example.org>\nCc: Camat\nPerihal: Re: Laporan\nKepentingan: Tinggi\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook of 2003": (
        f"Nomor 12.\n\n-----Original Message-----\nFrom: Kawal [mailto:{US}]\nSent: Monday, January 03, 2022 9:00 AM\n"
        f"To: 'Siti'\nSubject: Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook of 2003 in Indonesian": (
        f"Nomor 12.\n\n-----Pesan Asli-----\nDari: Kawal [mailto:{US}]\nDikirim: 03 Januari 2022 9:00\nKepada: Siti\n"
        f"Perihal: Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook without addresses": (
        "Nomor 12.\n\nDari: Laporan Kepri\nDikirim: 3 Januari 2022 09:00\nKepada: Siti\nPerihal: "
        f"Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook that marks lines, between": (
        f"-----Original Message-----\nFrom: Kawal <{US}>\nSent: 3 January 2022\nTo: Siti\nSubject: Laporan\n\n"
        "> Di depan nomor berapa?\n\nNomor 12.\n\n> Sejak kapan?\n\nSejak Senin.",
        "Nomor 12.\n\nSejak Senin.",
    ),
    "Outlook that marks its header too": (
        f"Nomor 12.\n\n> -----Original Message-----\n> From: Kawal <{US}>\n> Sent: 3 January 2022\n> Subject: "
        f"Laporan\n>\n{MARKED}",
        "Nomor 12.",
    ),
    "Outlook on a telephone": (
        "Nomor 12.\n\nDapatkan Outlook untuk Android<https://aka.ms/AAb9ysg>\n________________________________\n"
        f"From: Kawal <{US}>\nSent: Monday, January 3, 2022 9:00:00 AM\nTo: Siti\nSubject: Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Outlook on a Mac": (
        f"Nomor 12.\n\nFrom: Kawal <{US}>\nDate: Monday, 3 January 2022 at 09.00\nTo: Siti\nSubject: "
        f"Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Apple Mail on a desk": (f"Nomor 12.\n\n> On 3 Jan 2022, at 09.00, Kawal <{US}> wrote:\n> \n{MARKED}", "Nomor 12."),
    "Apple Mail on an iPhone": (
        f"Nomor 12.\n\nDikirim dari iPhone saya\n\n> Pada 3 Jan 2022, pukul 09.00, Kawal <{US}> menulis:\n> \n> "
        f"\ufeff{QUESTION[:22]}",
        "Nomor 12.",
    ),
    "Apple Mail on an iPhone, below": (
        f"> Pada 3 Jan 2022, pukul 09.00, Kawal <{US}> menulis:\n{MARKED}\n\nNomor 12.\n\nDikirim dari iPhone saya",
        "Nomor 12.",
    ),
    "Thunderbird in Indonesian": (f"Pada 03/01/22 09.00, Kawal menulis:\n{MARKED}\n\nNomor 12.", "Nomor 12."),
    "Thunderbird in English": (
        f"On 03/01/2022 09:00, Kawal wrote:\n{MARKED}\nNomor 12.\n\n-- \nSiti Aminah",
        "Nomor 12.",
    ),
    "Thunderbird of old": (f"Kawal menulis:\n{MARKED}\nNomor 12.", "Nomor 12."),
    "Yahoo, not marked": (
        f"Nomor 12.\n\n    Pada Senin, 3 Januari 2022 09.00.00 WIB, Kawal <{US}> menulis:  \n \n {QUESTION}",
        "Nomor 12.",
    ),
    "Yahoo of old in Indonesian": (
        f"Nomor 12.\n\n\n________________________________\n Dari: Kawal <{US}>\nKepada: Siti <siti@example.org> \n"
        f"Dikirim: Senin, 3 Januari 2022 9:00\nJudul: Laporan\n \n{QUESTION}",
        "Nomor 12.",
    ),
    "Yahoo's app": (
        f"Nomor 12.\n\nDikirim dari Yahoo Mail untuk iPhone\n\nOn Monday, January 3, 2022, 9:00 AM, Kawal <{US}> "
        f"wrote:\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "K-9": (
        "Nomor 12.\n-- \nDikirim dari perangkat Android saya menggunakan K-9 Mail. Maafkan singkatnya.\n\n"
        f"Pada 3 Januari 2022 09.00.00 WIB, Kawal <{US}> menulis:\n>Di depan nomor berapa?\n>Sejak kapan?",
        "Nomor 12.",
    ),
    "Samsung in Indonesian": (
        "Nomor 12.\n\n\n\nDikirim dari perangkat Galaxy saya\n\n\n-------- Pesan asli --------\n"
        f"Dari: Kawal <{US}> \nTanggal: 03/01/22  09.00  (GMT+07:00) \nKepada: siti@example.org \nSubjek: Laporan "
        f"\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Samsung in English": (
        "Nomor 12.\n\nSent from my Galaxy\n\n-------- Original message --------\n"
        f"From: Kawal <{US}> \nDate: 1/3/22  9:00 AM  (GMT+07:00) \nTo: siti@example.org \nSubject: Laporan "
        f"\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "BlackBerry": (
        "Nomor 12.\nPowered by Telkomsel BlackBerry®\n\n-----Original Message-----\n"
        f"From: Kawal <{US}>\nDate: Mon, 3 Jan 2022 09:00:00 \nTo: <siti@example.org>\nSubject: Laporan\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "Zoho": (
        f"Nomor 12.\n\n---- On Mon, 03 Jan 2022 09:00:00 +0700 Kawal <{US}> wrote ----\n\n{MARKED}",
        "Nomor 12.",
    ),
    "Proton": (
        f"Nomor 12.\n\n------- Pesan Asli -------\nPada Senin, 3 Januari 2022 pukul 09.00, Kawal <{US}> "
        f"menulis:\n\n{MARKED}",
        "Nomor 12.",
    ),
    "a name first, the date behind": (
        f"Kawal <{US}> menulis pada Sen, 3 Jan 2022 09.00:\n\n{MARKED}\n\nNomor 12.",
        "Nomor 12.",
    ),
    "Windows Mail": (
        "Nomor 12.\n\nSent from Mail for Windows 10\n\nFrom: Kawal\nSent: Monday, 3 January 2022 09:00\nTo: "
        f"Siti\nSubject: x\n\n{QUESTION}",
        "Nomor 12.",
    ),
    "marked without an introduction, below": (f"{MARKED}\nNomor 12.", "Nomor 12."),
    "marked without an introduction, between": (
        "> Di depan nomor berapa?\nNomor 12.\n> Sejak kapan?\nSejak Senin.",
        "Nomor 12.\nSejak Senin.",
    ),
}

KEPT = {
    "a line that begins From:": "Jalan yang rusak:\nFrom: Pasar Bincen @ Batu 9 sampai simpang\nTo: Batu "
    "10\nSemuanya berlubang.",
    "lines that begin Dari, Ke, Tanggal": "Dari: simpang empat\nKe: pasar\nTanggal: kemarin\nSemuanya berlubang.",
    "two dashes": "Nomor rumah:\n--\n12\ndekat masjid",
    "a rule of dashes": "Rumah pertama\n--------\nRumah kedua",
    "a rule of Outlook's kind": "Rumah pertama\n________________________________\nRumah kedua",
    "marks of one's own": "Ukuran lubang:\n> 2 meter lebarnya\n> 1 meter dalamnya\nTolong diperbaiki.",
    "somebody wrote": "Pada hari Senin petugas menulis:\njalan akan diperbaiki.\nSampai sekarang belum.",
    "somebody wrote, with a date": "Pada tanggal 3 Januari 2022 pukul 09.00 petugas menulis:\nakan "
    "diperbaiki.\nBelum juga.",
    "an address in a sentence": "Pada 3 Januari saya kirim surel ke lurah@kepri.example.org:\ntidak dijawab.",
    "a date, and an address in brackets": (
        "3 Januari 2022, 09.00 saya bersurat ke Lurah <lurah@kepri.example.org>:\ntidak dijawab."
    ),
    "an answer in the quotation itself": f"{GMAIL}\n> Di depan nomor berapa? Nomor 12",
    "what was sent from an office": "Surat itu sampai.\nDikirim dari kantor lurah lewat pos",
    "what was sent by a telephone": "Lihat fotonya.\nDikirim dari HP lurah ke saya kemarin",
    "a letter that somebody else wrote": (
        "Ini jawaban lurah:\n\nOn Sun, Jan 2, 2022 at 9:00 AM Lurah <lurah@batam.example.net> wrote:\n\n> Tunggu "
        "anggaran.\n\nMohon bantuan."
    ),
    "a letter handed on": (
        "Ini jawaban lurah:\n\n---------- Pesan terusan ---------\nDari: Lurah <lurah@batam.example.net>\n"
        "Tanggal: Min, 2 Jan 2022\nSubjek: jalan\nKepada: Siti\n\nTunggu anggaran."
    ),
    "a letter of Outlook's that somebody else wrote": (
        "Ini jawaban lurah:\n\nFrom: Lurah <lurah@batam.example.net>\nSent: Sunday, 2 January 2022\nTo: "
        "Siti\nSubject: jalan\n\nTunggu."
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_reply_is_what_its_writer_wrote_wherever_it_stands(name: str) -> None:
    text, own = SHAPES[name]
    assert read_reply(text, OURS).words == own
    assert read_reply(text).words == own


@pytest.mark.parametrize(
    "signed",
    [
        "Kirim dari iPhone saya",
        "Dikirim dari Infinix saya",
        "Sent from my ASUS",
        "Dikirim dari ponsel cerdas Samsung Galaxy saya.",
        "Dikirim dengan email aman Proton Mail.",
        "Dikirim dari Yandex Mail untuk seluler",
        "Dikirim dari iPadku",
        "Bebas virus.www.avast.com",
        "Virus-free. www.avast.com",
        "Yahoo Mail: Search, Organize, Conquer",
    ],
)
def test_what_a_program_signs_with_is_no_word_of_the_reporters(signed: str) -> None:
    assert read_reply(f"TERIMA 5\n\n{signed}").words == "TERIMA 5"


@pytest.mark.parametrize("name", KEPT)
def test_what_is_no_quotation_of_ours_stays(name: str) -> None:
    assert read_reply(KEPT[name], OURS).words == KEPT[name]


def test_somebody_elses_letter_stays_and_ours_below_it_goes() -> None:
    both = f"{KEPT['a letter that somebody else wrote']}\n\n{GMAIL}\n{MARKED}\n"
    assert read_reply(both, OURS).words == KEPT["a letter that somebody else wrote"]


def test_our_letter_handed_on_is_ours() -> None:
    told = (
        f"Apa maksudnya?\n\n---------- Forwarded message ---------\nFrom: Kawal <{US}>\nDate: Mon, 3 "
        f"Jan\nSubject: x\n\n{QUESTION}"
    )
    assert read_reply(told, OURS) == ("Apa maksudnya?", False, True)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (f"Nomor 12.\n\n{GMAIL}\n{MARKED}", True),
        (
            "Nomor 12.\n\nPada 03/01/22 09.00, Kawal menulis:\n> Balas ke lapor+1234567-ABCDEFGHIJ@kepri.example.org",
            True,
        ),
        ("Nomor 12.\n\nPada 03/01/22 09.00, Dinas menulis:\n> Di depan nomor berapa?", False),
        ("Jalan rusak [Kawal 1234567]", False),
        ("Jalan rusak, lapor@kepri.example.org tidak menjawab.", False),
        (KEPT["a letter that somebody else wrote"], False),
    ],
)
def test_whether_a_letter_of_ours_is_quoted(text: str, ours: bool) -> None:
    assert read_reply(text, OURS).quotes_ours is ours


def test_a_reply_that_only_quotes_says_so_and_is_kept() -> None:
    only = f"{GMAIL}\n{MARKED}"
    assert read_reply(only, OURS)[:2] == (only, True)
    assert read_reply("> sudah benar")[:2] == ("> sudah benar", False)


PAGES = {
    "Gmail": (
        '<div dir="ltr">Nomor 12.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Pada Sen, '
        "3 Jan 2022 pukul "
        f'09.00 Kawal &lt;<a href="mailto:{US}">{US}</a>&gt; menulis:<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid">Di depan nomor berapa?<br>Sejak '
        "kapan?</blockquote></div>"
    ),
    "Outlook": (
        '<div class="elementToProof">Nomor 12.</div><div id="appendonsend"></div>\n<hr '
        'style="display:inline-block;width:98%" '
        'tabindex="-1">\n<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>Dari:</b> Kawal &lt;'
        f"{US}&gt;<br>\n<b>Dikirim:</b> Senin, 3 Januari 2022 09.00<br>\n<b>Kepada:</b> Siti<br>\n<b>Perihal:</b> "
        "Laporan</font>"
        "<div>&nbsp;</div></div><div>Di depan nomor berapa?</div>"
    ),
    "Outlook of old": (
        "<p class=MsoNormal>Nomor 12.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div "
        "style='border:none;border-top:solid'>"
        f"<p class=MsoNormal><b>From:</b> Kawal [mailto:{US}] <br>\n<b>Sent:</b> Monday, January 03, 2022\n9:00 "
        "AM<br>\n<b>To:</b> "
        "Siti<br>\n<b>Subject:</b> Laporan<o:p></o:p></p></div><p class=MsoNormal>Di depan nomor berapa?</p>"
    ),
    "Apple Mail": (
        'Nomor 12.<br><div dir="ltr">Dikirim dari iPhone saya</div><div dir="ltr"><br><blockquote '
        'type="cite">Pada 3 Jan 2022, pukul '
        f'09.00, Kawal &lt;{US}&gt; menulis:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Di '
        "depan nomor "
        "berapa?</div></blockquote>"
    ),
    "Thunderbird, below": (
        '<div class="moz-cite-prefix">Pada 03/01/22 09.00, Kawal menulis:<br></div><blockquote type="cite" '
        'cite="mid:1@x"><pre '
        'class="moz-quote-pre" wrap="">Di depan nomor berapa?\nSejak kapan?\n</pre></blockquote><p>Nomor 12.</p>'
    ),
    "Yahoo": (
        '<div class="ydp1">Nomor 12.</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div><div>Pada Senin, '
        "3 Januari 2022 "
        f"09.00.00 WIB, Kawal &lt;{US}&gt; menulis: </div><div><br></div><div>Di depan nomor berapa?</div></div></div>"
    ),
    "Samsung": (
        '<div>Nomor 12.</div><div><br></div><div style="font-size:85%">Dikirim dari perangkat Galaxy '
        "saya</div><div>-------- Pesan asli "
        f"--------</div><div>Dari: Kawal &lt;{US}&gt; </div><div>Tanggal: 03/01/22 09.00 (GMT+07:00) "
        "</div><div>Kepada: Siti </div>"
        "<div>Subjek: Laporan </div><div><br></div>Di depan nomor berapa?"
    ),
    "Gmail, between": (
        f'<div>{GMAIL.replace("<", "&lt;").replace(">", "&gt;")}</div><blockquote class="gmail_quote">Di depan '
        "nomor berapa?</blockquote>"
        '<div>Nomor 12.</div><blockquote class="gmail_quote">Sejak kapan?</blockquote>'
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_of_a_page_too(name: str) -> None:
    assert read_reply(words_of(PAGES[name]), OURS).words == "Nomor 12."


def test_a_paragraph_that_gmail_indents_is_no_quotation() -> None:
    page = (
        '<div>Ukuran lubang:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px">2 '
        "meter</blockquote><div>Tolong.</div>"
    )
    assert read_reply(words_of(page), OURS).words == "Ukuran lubang:\n2 meter\nTolong."


@given(st.text(alphabet="\n\n> -_:@<.aPadOnwrotemenulisFmTDSubject0123", max_size=400))
def test_no_text_makes_reading_fail_and_none_is_made_up(text: str) -> None:
    words = read_reply(text, OURS).words
    lines = {line.rstrip() for line in text.strip().split("\n")}
    assert {line.rstrip() for line in words.split("\n")} <= lines | {line.strip() for line in lines} | {""}


@pytest.mark.parametrize(
    "piece",
    [
        "> a\n",
        "a\n> b\n",
        "On a@b wrote:\n",
        "From: a\n",
        "Pada 3 a\n",
        "-- \n",
        "Sent from my iPhone\n",
        "@",
        "On 1 ",
        "_" * 20 + "\n",
        "(" * 9,
    ],
)
def test_the_time_it_takes_is_limited(piece: str) -> None:
    began = time.process_time()
    read_reply(piece * (LONGEST // len(piece)))
    assert time.process_time() - began < 3
