"""What `--help` says of each command and option, in Indonesian and in English."""

from __future__ import annotations

from kawal.cli.terminal.lang import Lang, pick
from kawal.cli.wording import group_words

APP = (
    "Kawal: setiap pengaduan dikawal dari diterima sampai selesai.",
    "Kawal escorts every complaint from intake to closure.",
)

PANELS = {
    "admin": ("Admin instansi", "Agency admin"),
    "liaison": ("Pejabat penghubung OPD", "Liaison of an OPD"),
    "reporter": ("Pelapor", "Reporter"),
    "inspectorate": ("Inspektorat", "Inspectorate"),
    "reading": ("Melihat", "Reading"),
    "system": ("Sistem", "System"),
    "common": ("Umum", "Common"),
}

COMMANDS = {
    "start": ("Terima laporan baru dan beri nomor pelacakan.", "Take in a report and give it its tracking id."),
    "verify": ("Verifikasi: tetapkan judul, klasifikasi, kategori.", "Verify: decide title, class and category."),
    "hold": ("Tunda sampai pelapor melengkapi.", "Hold until the reporter completes it."),
    "reply": ("Balasan pelapor, lewat kanal apa pun.", "The reporter's reply, by any channel."),
    "archive": ("Arsipkan dengan alasan.", "Archive, with the reason."),
    "pass-on": ("Nyatakan bukan wewenang, alihkan.", "Declare outside the agency's authority, pass on."),
    "merge": ("Gabungkan ke laporan utama.", "Merge into the main report."),
    "forward": ("Teruskan ke satu OPD atau lebih.", "Forward to one or more OPD."),
    "handle": ("Kelola: instansi menjawab sendiri.", "Handle: the agency itself answers."),
    "receive": ("OPD menyatakan sudah melihat laporan.", "The OPD has seen it."),
    "return": ("OPD mengembalikan: salah alamat.", "The OPD returns it as misdirected."),
    "withdraw": ("Tarik dari OPD.", "Take it back from an OPD."),
    "ask": ("Tanya pelapor.", "Ask the reporter."),
    "follow-up": ("Sampaikan tindak lanjut; --final yang terakhir.", "Post a follow-up; --final for the last."),
    "extend": ("Minta perpanjangan penyelesaian.", "Ask for more time to complete."),
    "grant": ("Setujui perpanjangan.", "Grant the extension."),
    "refuse-extension": ("Tolak perpanjangan.", "Refuse the extension."),
    "accept": ("Pelapor menerima tindak lanjut.", "The reporter accepts the follow-up."),
    "dispute": ("Pelapor menyanggah tindak lanjut.", "The reporter disputes the follow-up."),
    "close": ("Tutup sebagai selesai, dengan alasan.", "Close as done, with grounds."),
    "rate": ("Pelapor menilai 1–5.", "The reporter rates 1–5."),
    "reopen": ("Buka kembali, dengan alasan.", "Reopen, with grounds."),
    "reclassify": ("Ubah klasifikasi; tenggat dihitung ulang.", "Change the class; deadlines are recomputed."),
    "escalate": ("Angkat ke Inspektorat sebelum waktunya.", "Raise to the Inspectorate before its time."),
    "instruct": ("Inspektorat memerintahkan, dengan batas waktu.", "The Inspectorate's instruction, with a date."),
    "take-over": ("Inspektorat mengambil alih.", "The Inspectorate takes over."),
    "resolve": ("Inspektorat memutus dan menutup butirnya.", "The Inspectorate's finding closes its item."),
    "nudge": ("Catat kontak langsung dengan OPD.", "Record a direct contact with an OPD."),
    "show": ("Satu laporan; --explain menjelaskan tenggatnya.", "One complaint; --explain its deadlines."),
    "list": ("Daftar laporan.", "List complaints."),
    "history": ("Semua yang terjadi pada satu laporan.", "All that happened to a complaint."),
    "inspectorate": ("Daftar kerja Inspektorat.", "The Inspectorate's worklist."),
    "notices": ("Kotak keluar pemberitahuan.", "The outbox of notices."),
    "inbox": (
        "Laporan yang belum dimulai, dan surat yang disimpan.",
        "Reports not started yet, and letters that were kept.",
    ),
    "reconcile": ("Yang tidak cocok antara catatan dan Temporal.", "Where record and Temporal do not agree."),
    "recap": ("Rekapitulasi satu tahun.", "The recap of a year."),
    "rerun": ("Jalankan ulang satu tahun dari berkas.", "Run a recorded year through the engine."),
    "import": ("Impor laporan dari CSV atau XLSX.", "Import reports from CSV or XLSX."),
    "up": ("Jalankan Kawal; Ctrl-C menghentikan.", "Run Kawal; Ctrl-C stops it."),
    "api": ("Layani HTTP sebagai proses sendiri.", "Serve HTTP as a process of its own."),
    "token": ("Token untuk sistem pengirim laporan.", "Tokens for systems that send reports."),
    "token create": ("Buat token; ditampilkan sekali ini saja.", "Make a token; shown this once only."),
    "token list": ("Daftar token, tanpa isinya.", "List tokens, without their text."),
    "token revoke": ("Cabut sebuah token.", "Revoke a token."),
    "pass": ("Pas untuk pejabat.", "Passes for officials."),
    "pass issue": ("Terbitkan pas; ditampilkan sekali ini saja.", "Issue a pass; shown this once only."),
    "pass list": ("Daftar pas, tanpa isinya.", "List passes, without their text."),
    "pass revoke": ("Cabut sebuah pas.", "Revoke a pass."),
    "worker": ("Jalankan satu worker lagi.", "Run one more worker."),
    "calendar": ("Kalender hari kerja.", "The working-day calendar."),
    "calendar deadline": ("Hari terakhir suatu batas waktu.", "The last day of a limit."),
    "calendar show": ("Hari libur yang berlaku.", "The days off in force."),
    "calendar import": ("Impor kalender baru.", "Import a new calendar."),
    "calendar recompute": ("Hitung ulang semua tenggat terbuka.", "Recompute every open deadline."),
    "policy": ("Kebijakan (batas waktu) yang tercatat.", "The rule sets (limits) on record."),
    "policy list": ("Daftar kebijakan dan batas waktunya.", "List rule sets and their limits."),
    "policy import": ("Impor kebijakan baru atau koreksi.", "Import a new or corrected rule set."),
    **group_words.COMMANDS,
}

_TEXT = ("; «-» dari stdin, «@BERKAS» dari berkas", "; “-” from stdin, “@FILE” from a file")

OPTIONS = {
    "version_flag": ("Tampilkan versi.", "Show the version."),
    "as_who": (
        "Siapa yang bertindak: PERAN[/OPD][@INSTANSI]:NAMA; bawaan dari KAWAL_AS.",
        "Who acts: ROLE[/OPD][@INSTANSI]:NAME; default from KAWAL_AS.",
    ),
    "agency": ("Kode instansi; perlu bila ada beberapa.", "The agency's code; needed where there are several."),
    "as_json": ("Keluaran JSON.", "Output as JSON."),
    "tracking_id": ("Nomor pelacakan (7 angka).", "Tracking id (7 digits)."),
    "key": (
        "Kunci idempotensi: perintah yang sama dengan kunci yang sama hanya berlaku sekali.",
        "Idempotency key: the same command under the same key takes effect once.",
    ),
    "title": ("Judul, paling banyak 150 huruf", "Title, at most 150 characters"),
    "text": ("Isi, paling banyak 10.000 huruf", "Text, at most 10,000 characters"),
    "report_class": ("Klasifikasi.", "Class."),
    "category": ("Kategori: «UTAMA» atau «UTAMA / SUB».", "Category: “MAIN” or “MAIN / SUB”."),
    "pengawasan": ("Berkadar pengawasan.", "Supervisory (berkadar pengawasan)."),
    "missing": ("Apa yang kurang", "What is missing"),
    "files": ("Nama lampiran; dapat diulang.", "Name of an attachment; may be repeated."),
    "reason": ("Alasan", "Reason"),
    "agency_named": ("Instansi lain yang berwenang", "The other agency that is responsible"),
    "main": ("Nomor pelacakan laporan utama.", "Tracking id of the main report."),
    "opds": ("Kode OPD; dapat diulang.", "OPD code; may be repeated."),
    "opd": ("Kode OPD.", "OPD code."),
    "note": ("Catatan", "Note"),
    "grounds": ("Alasan", "Grounds"),
    "question": ("Pertanyaan", "Question"),
    "final": ("Ini tindak lanjut akhir.", "This is the final follow-up."),
    "days": ("Hari kerja tambahan, paling banyak 5.", "More working days, at most 5."),
    "rating": ("Nilai 1–5.", "Rating 1–5."),
    "why": ("Sebab", "Why"),
    "words": ("Kata-kata pelapor", "The reporter's words"),
    "to": ("«admin» atau kode OPD.", "“admin” or an OPD code."),
    "by": (
        "Tanggal batas TTTT-BB-HH, dalam 10 hari kerja.",
        "Date YYYY-MM-DD by which it is due, within 10 working days.",
    ),
    "finding": ("Hasil pemeriksaan", "What was found"),
    "how": ("Lewat apa OPD dihubungi", "How the OPD was contacted"),
    "channel": ("Kanal.", "Channel."),
    "chosen_opd": ("OPD yang dituju pelapor.", "The OPD that the reporter chose."),
    "anonim": ("Identitas tidak ditampilkan.", "Hide the reporter's identity."),
    "rahasia": ("Isi tidak untuk umum.", "Hide the content from the public."),
    "place": ("Lokasi.", "Where it happened."),
    "latitude": ("Lintang (derajat).", "Latitude (degrees)."),
    "longitude": ("Bujur (derajat).", "Longitude (degrees)."),
    "occurred_on": ("Tanggal kejadian TTTT-BB-HH.", "Date of the event YYYY-MM-DD."),
    "name": ("Nama pelapor.", "The reporter's name."),
    "email": ("Surel pelapor.", "The reporter's e-mail."),
    "phone": ("Telepon pelapor.", "The reporter's phone."),
    "origin": ("Asal pelapor.", "Where the reporter is from."),
    "external_id": ("Nomor pada kanal asal.", "The id that the channel gave it."),
    "explain": ("Jelaskan setiap tenggat.", "Explain each deadline."),
    "advice": (
        "Saran untuk verifikasi: kekurangan, laporan serupa, kategori, OPD.",
        "Advice for verification: what it lacks, similar ones, category, OPD.",
    ),
    "with_words": ("Tampilkan isi tulisan (dicatat).", "Show what people wrote (goes on record)."),
    "purpose": (
        "Untuk apa dibaca (dicatat); perlu bagi laporan rahasia dan identitas pelapor.",
        "What it is read for (goes on record); needed for a rahasia report and the reporter's identity.",
    ),
    "statuses": ("Hanya status ini; dapat diulang.", "Only this status; may be repeated."),
    "list_opd": ("Hanya yang ada pada OPD ini.", "Only those with this OPD."),
    "overdue": ("Hanya yang terlambat.", "Only those that are overdue."),
    "limit": ("Paling banyak sekian baris.", "At most that many lines."),
    "all_dead": ("Semua yang gagal.", "Every dead letter."),
    "round_now": ("Cocokkan sekarang juga.", "Make a round now."),
    "with_gone": ("Juga yang sudah hilang.", "Also what is gone."),
    "notice_state": ("pending, sent, not_sent, atau failed.", "pending, sent, not_sent or failed."),
    "notice_of": ("Hanya untuk laporan ini.", "Only of this complaint."),
    "notice_show": ("Tampilkan isi nomor ini.", "Show the text of this number."),
    "year": ("Tahun.", "Year."),
    "as_of": ("Keadaan pada akhir tanggal ini.", "As it stood at the end of this day."),
    "recap_by": ("Rinci menurut.", "Lines by."),
    "format": ("Bentuk keluaran.", "Form of output."),
    "output": ("Tulis ke berkas.", "Write to a file."),
    "rerun_file": ("Berkas CSV atau JSONL.", "CSV or JSONL file."),
    "until": ("Sampai akhir tanggal ini.", "Until the end of this day."),
    "strict": ("Keluar 1 bila ada perintah ditolak.", "Exit 1 if a command was refused."),
    "policy_file": ("Berkas kebijakan lain (andai-andai).", "Another rule set (what-if)."),
    "rerun_home": ("Folder data; bawaan sementara.", "Data folder; a scratch one by default."),
    "codec_server": (
        "Tampilkan isi muatan di Temporal UI bagi pejabat dengan pas, hanya dari mesin ini.",
        "Show payloads in the Temporal UI to officials with a pass, from this machine only.",
    ),
    "no_ui": ("Tanpa Temporal UI.", "Without the Temporal UI."),
    "start_day": ("Tanggal peristiwa TTTT-BB-HH (hari ke-0).", "Day of the event YYYY-MM-DD (day 0)."),
    "working_days": ("Jumlah hari kerja, mulai 1.", "Number of working days, from 1."),
    "import_file": ("Berkas CSV atau XLSX.", "CSV or XLSX file."),
    "import_map": ("Pemetaan (TOML), atau `lapor`.", "The mapping (TOML), or `lapor`."),
    "dry_run": ("Tunjukkan saja yang akan terjadi.", "Only show what would happen."),
    "resume": ("Lanjutkan impor yang terputus.", "Go on with an interrupted import."),
    "errors": (
        "Berkas untuk baris yang ditolak; bawaan BERKAS.galat.csv.",
        "File for refused rows; by default FILE.galat.csv.",
    ),
    "calendar_file": ("CSV tanggal,jenis,nama.", "CSV tanggal,jenis,nama."),
    "policy_toml": ("Berkas TOML dengan [[policy]].", "TOML file of [[policy]] tables."),
    "version": ("Nama versi; bawaan dari nama berkas.", "Name of the version; by default the file's."),
    "calendar own": ("Libur milik instansi (--instansi).", "The agency's own days off (--instansi)."),
    "api_host": ("Alamat; bawaan KAWAL_HTTP_HOST.", "Address; by default KAWAL_HTTP_HOST."),
    "api_port": (
        "Porta; bawaan KAWAL_HTTP_PORT, atau yang bebas bila terpakai.",
        "Port; by default KAWAL_HTTP_PORT, or a free one if that is taken.",
    ),
    "token name": ("Nama sistem pengirim.", "Name of the sending system."),
    "token scopes": (
        "submit, reply, read; dapat diulang, bawaan semua.",
        "submit, reply, read; repeatable, all by default.",
    ),
    "token number": ("Nomor token.", "Number of the token."),
    "holder": ("Pemegang: PERAN[/OPD][@INSTANSI]:NAMA.", "Its holder: ROLE[/OPD][@INSTANSI]:NAME."),
    "pass days": ("Berlaku sekian hari, paling lama 366.", "Holds for that many days, at most 366."),
    "pass number": ("Nomor pas.", "Number of the pass."),
    "recompute_why": ("Sebab perhitungan ulang.", "Why they are recomputed."),
    **group_words.OPTIONS,
}

WRITTEN = frozenset({"title", "text", "missing", "reason", "agency_named", "note", "grounds", "question", "finding"})
"""Options whose help says that they are also taken from a file."""


def command_help(key: str, lang: Lang) -> str:
    """Return a command's help; raises KeyError for one without."""
    return pick(COMMANDS[key], lang)


def option_help(key: str, lang: Lang) -> str:
    """Return an option's help; `key` may be "command option", with words of their own or those of the option."""
    name = key.rpartition(" ")[2]
    text = pick(OPTIONS.get(key) or OPTIONS[name], lang)
    return f"{text}{pick(_TEXT, lang)}." if name in WRITTEN else text


def panel_title(key: str, lang: Lang) -> str:
    """Return the heading of a group of commands or options."""
    return pick(PANELS[key], lang)
