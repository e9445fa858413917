"""Every sentence the command line says, in Indonesian and in English; help texts stand in cli.wording.help_words."""

from __future__ import annotations

from kawal.cli.terminal.lang import Lang, pick
from kawal.cli.wording import group_words

WORDS: dict[str, tuple[str, str]] = {
    # Wrong usage
    "see_help": ("Lihat `{command} --help`.", "See `{command} --help`."),
    "wrong_usage": ("Salah pemakaian: {detail}", "Wrong usage: {detail}"),
    "no_such_option": ("Opsi {name} tidak dikenal.", "There is no option {name}."),
    "bad_parameter": ("{name} tidak sah: {detail}", "{name} is not valid: {detail}"),
    "not_a_choice": ("pilih salah satu dari {what}.", "choose one of {what}."),
    "not_whole": ("harus bilangan bulat.", "must be a whole number."),
    "not_a_number": ("harus bilangan, misalnya 0.9.", "must be a number, for example 0.9."),
    "no_such_command": ("perintah «{what}» tidak ada.", "there is no command “{what}”."),
    "too_much": (
        "«{what}» berlebih; teks yang berspasi ditulis di antara tanda kutip.",
        "“{what}” is too much; a text with spaces is written between quotation marks.",
    ),
    "option_without_value": ("opsi {what} memerlukan isi.", "the option {what} needs a value."),
    "bad_setting": (
        "Variabel lingkungan {name} tidak sah ({detail}); perbaiki lalu ulangi.",
        "The environment variable {name} is not valid ({detail}); correct it and try again.",
    ),
    "nobody_acts": (
        "Sebutkan siapa yang bertindak: --as PERAN[/OPD]:NAMA, misalnya --as admin:Ani, atau isi KAWAL_AS.",
        "Say who acts: --as ROLE[/OPD]:NAME, for example --as admin:Ani, or set KAWAL_AS.",
    ),
    "acting_form": (
        "«{text}» bukan PERAN[/OPD][@INSTANSI]:NAMA, misalnya admin:Ani atau liaison/DISHUB:Budi.",
        "“{text}” is not ROLE[/OPD][@INSTANSI]:NAME, for example admin:Ani or liaison/DISHUB:Budi.",
    ),
    "acting_role": (
        "Peran «{role}» tidak dikenal; yang ada: {roles} (admin = agency_admin).",
        "There is no role “{role}”; there are: {roles} (admin = agency_admin).",
    ),
    "acting_name": (
        "Nama di --as harus 1–{most} huruf, misalnya --as admin:Ani.",
        "The name in --as must have 1–{most} characters, for example --as admin:Ani.",
    ),
    "acting_opd": (
        "Pejabat penghubung bertindak untuk satu OPD: --as liaison/KODE_OPD:NAMA, misalnya liaison/DISHUB:Budi.",
        "A liaison acts for one OPD: --as liaison/OPD_CODE:NAME, for example liaison/DISHUB:Budi.",
    ),
    "not_a_day": (
        "{option}: «{text}» bukan tanggal TTTT-BB-HH, misalnya 2026-12-01.",
        "{option}: “{text}” is not a date YYYY-MM-DD, for example 2026-12-01.",
    ),
    "no_such_file": (
        "{option}: berkas {path} tidak dapat dibaca ({detail}); periksa letaknya.",
        "{option}: the file {path} cannot be read ({detail}); check where it is.",
    ),
    "not_utf8": (
        "{option}: {path} bukan teks UTF-8; simpan ulang sebagai UTF-8.",
        "{option}: {path} is not UTF-8 text; save it as UTF-8.",
    ),
    "file_too_big": (
        "{option}: {path} lebih dari {limit} bita; tidak ada tulisan yang boleh sepanjang itu.",
        "{option}: {path} has more than {limit} bytes; no text may be that long.",
    ),
    "bad_file": ("{path}: {detail}", "{path}: {detail}"),
    "cannot_write": (
        "Berkas {path} tidak dapat ditulis ({detail}).",
        "The file {path} cannot be written ({detail}).",
    ),
    "folder_not_empty": (
        "Folder {path} tidak kosong; pilih folder baru untuk menjalankan ulang.",
        "The folder {path} is not empty; choose a new one for a rerun.",
    ),
    "nothing_to_run": (
        "Tidak ada baris sampai {until}; pilih --until yang lebih akhir.",
        "No row lies before {until}; choose a later --until.",
    ),
    "rerun_progress": ("Menjalankan ulang", "Running the year again"),
    "rerun_refused": ("{count} perintah ditolak aturan:", "{count} commands were refused by the rules:"),
    "rerun_done": (
        "{complaints} laporan, {rows} baris, {events} peristiwa, {late} langkah terlambat, "
        "{escalations} kali sampai ke Inspektorat; {seconds} detik.",
        "{complaints} complaints, {rows} rows, {events} events, {late} late steps, {escalations} times to the "
        "Inspectorate; {seconds} seconds.",
    ),
    "xlsx_needs_output": (
        "Format xlsx memerlukan --output BERKAS.xlsx.",
        "The format xlsx needs --output FILE.xlsx.",
    ),
    "out_of_range": ("{option}: {detail}", "{option}: {detail}"),
    "working_days": (
        "--working-days harus bilangan bulat mulai dari 1.",
        "--working-days must be a whole number from 1 on.",
    ),
    "limit_range": (
        "--limit harus bilangan bulat 1–{most}.",
        "--limit must be a whole number, 1–{most}.",
    ),
    "point_is_half": (
        "Isi --latitude dan --longitude bersama-sama.",
        "Give --latitude and --longitude together.",
    ),
    # The system
    "no_place": (
        "Berkas atau folder {path} tidak dapat dipakai ({detail}); periksa KAWAL_HOME, hak akses dan ruang cakram.",
        "The file or folder {path} cannot be used ({detail}); check KAWAL_HOME, its permissions and the disk's space.",
    ),
    "key_unavailable": (
        "Kunci tidak tersedia ({detail}); pulihkan kunci induk, lalu ulangi.",
        "The key cannot be had ({detail}); restore the master key, then try again.",
    ),
    "unexpected": (
        "Galat tak terduga: {detail}. Tidak ada yang diubah oleh perintah ini selain yang sudah dijawab.",
        "Unexpected error: {detail}. This command changed nothing beyond what was already answered.",
    ),
    # Refusals of the command line's own
    "malformed": ("{detail}", "{detail}"),
    "fault_too_long": (
        "{option} terlalu panjang: {length} huruf, paling banyak {limit}; persingkat lalu kirim ulang.",
        "{option} is too long: {length} characters, at most {limit}; shorten it and send again.",
    ),
    "fault_empty": (
        "{option} kosong; isi dengan sedikitnya {limit} huruf.",
        "{option} is empty; write at least {limit} character.",
    ),
    "fault_tracking": (
        "{option} harus nomor pelacakan 7 angka, misalnya 1234567.",
        "{option} must be a tracking id of 7 digits, for example 1234567.",
    ),
    "fault_code": (
        "{option} bukan kode: huruf besar, angka, titik, garis; paling banyak 40, misalnya DPUPR.",
        "{option} is no code: capital letters, digits, dots, dashes; at most 40, for example DPUPR.",
    ),
    "fault_at_least": ("{option} paling sedikit {limit}.", "{option} must be at least {limit}."),
    "fault_at_most": ("{option} paling banyak {limit}.", "{option} must be at most {limit}."),
    "fault_too_many": ("{option}: paling banyak {limit} kali.", "{option}: at most {limit} times."),
    "fault_too_few": ("{option}: sedikitnya {limit} kali.", "{option}: at least {limit} times."),
    "fault_value": (
        "{option} memuat huruf kendali yang tidak terlihat; ketik ulang teksnya.",
        "{option} contains invisible control characters; type the text again.",
    ),
    "fault_date": (
        "{option} bukan tanggal TTTT-BB-HH, misalnya 2026-12-01.",
        "{option} is not a date YYYY-MM-DD, for example 2026-12-01.",
    ),
    "fault_future": (
        "{option}: {day} belum terjadi; isi hari ini atau sebelumnya.",
        "{option}: {day} has not come yet; give today or an earlier day.",
    ),
    "fault_email": (
        "{option} bukan alamat surel, misalnya siti@contoh.id.",
        "{option} is not an e-mail address, for example siti@example.org.",
    ),
    "fault_phone": (
        "{option} bukan nomor telepon: 5–30 angka, boleh diawali + dan diselingi spasi, titik, kurung atau strip.",
        "{option} is not a phone number: 5–30 digits, with a + before and spaces, dots, brackets or dashes between.",
    ),
    "already_up": (
        "Kawal sudah berjalan dari {home}; hentikan dahulu dengan Ctrl-C di terminalnya, atau pilih KAWAL_HOME lain.",
        "Kawal already runs on {home}; stop it with Ctrl-C in its terminal first, or choose another KAWAL_HOME.",
    ),
    "not_in_inbox": (
        "Laporan {id} tidak menunggu di kotak masuk; lihat `kawal inbox`.",
        "Report {id} does not wait in the inbox; see `kawal inbox`.",
    ),
    "inbox_retried": ("{count} laporan dicoba lagi sekarang.", "{count} reports are tried again now."),
    "no_round": (
        "Pencocokan belum pernah selesai; jalankan dengan --now.",
        "The reconciler has not finished a round yet; make one with --now.",
    ),
    "last_round": (
        "Pencocokan terakhir {at}: {looked} diperiksa, {found} temuan, {repaired} diperbaiki.",
        "Last round {at}: {looked} looked at, {found} found, {repaired} repaired.",
    ),
    "finding_open": ("TERBUKA", "OPEN"),
    "finding_repaired": ("diperbaiki", "repaired"),
    "finding_gone": ("sudah hilang", "gone"),
    "no_such_notice": (
        "Pemberitahuan nomor {number} tidak ada atau isinya sudah dihapus; lihat `kawal notices`.",
        "There is no notice number {number}, or its text was erased; see `kawal notices`.",
    ),
    "no_rules": (
        "Belum ada kalender atau kebijakan yang berlaku ({detail}); impor dahulu.",
        "No calendar or rule set is in force ({detail}); import one first.",
    ),
    # Answers
    "answer": (
        "Laporan {id}: {status} (catatan no. {seq}, {at})",
        "Complaint {id}: {status} (entry no. {seq}, {at})",
    ),
    "started": (
        "Laporan diterima. Nomor pelacakan: {id} ({at})",
        "Report received. Tracking id: {id} ({at})",
    ),
    "done_late": ("{clock}: selesai terlambat", "{clock}: done late"),
    "nothing_found": ("Tidak ada.", "None."),
    "more_left": (
        "Hanya {shown} yang pertama; tambah dengan --limit.",
        "Only the first {shown}; show more with --limit.",
    ),
    "written_to": ("Ditulis ke {path}", "Written to {path}"),
    "late": ("TERLAMBAT", "LATE"),
    "yes": ("ya", "yes"),
    "paused_since": ("dijeda sejak {day}", "paused since {day}"),
    "late_since": ("TERLAMBAT sejak {at}", "LATE since {at}"),
    "provisional": ("(sementara)", "(provisional)"),
    "not_on_record": (
        "PERHATIAN: {count} laporan tidak dapat dicatat; lihat `kawal inbox`.",
        "ATTENTION: {count} reports cannot be put on record; see `kawal inbox`.",
    ),
    "not_public": ("(tidak ditampilkan: belum atau bukan untuk umum)", "(not shown: not public, or not yet)"),
    "withheld": ("(tidak ditampilkan: rahasia)", "(not shown: confidential)"),
    "excluded": ("tidak dihitung: {day} – {why}", "not counted: {day} – {why}"),
    "rule_line": (
        "aturan: {name}, {limit} {unit} sejak {starts} sampai {stops}",
        "rule: {name}, {limit} {unit} from {starts} until {stops}",
    ),
    "source_line": ("sumber: {source}", "source: {source}"),
    "date_set_line": (
        "aturan: {name}: tanggal yang ditetapkan, paling lama {limit} {unit} sejak {starts}, sampai {stops}",
        "rule: {name}: the date that was set, at most {limit} {unit} from {starts}, until {stops}",
    ),
    "versions_line": (
        "kebijakan {policy}, kalender {calendar}",
        "rule set {policy}, calendar {calendar}",
    ),
    "start_line": (
        "mulai: {at}; hari ke-0 {day} (tidak dihitung)",
        "start: {at}; day 0 {day} (not counted)",
    ),
    "pause_line": ("dijeda: {since} – {until}", "paused: {since} – {until}"),
    "pause_open": ("sekarang", "now"),
    "extension_line": ("diperpanjang: {days} hari kerja ({since})", "extended: {days} working days ({since})"),
    "deadline_line": ("tenggat: {at} {mark}", "deadline: {at} {mark}"),
    "next_rung_line": ("eskalasi berikutnya: {rung}", "next escalation: {rung}"),
    "no_clocks": ("Tidak ada tenggat yang berjalan.", "No deadline is running."),
    "public_only": (
        "Isi tulisan tidak ditampilkan; pejabat yang berwenang membacanya dengan --as PERAN[/OPD]:NAMA --words.",
        "What people wrote is not shown; officials who may read it use --as ROLE[/OPD]:NAME --words.",
    ),
    "no_identity": (
        "Siapa pelapornya tidak ditampilkan; yang berwenang menyebut tujuannya dengan --purpose.",
        "Who the reporter is is not shown; those who may know state what for with --purpose.",
    ),
    "advice_title": ("saran untuk verifikasi", "advice for verification"),
    "advice_similar": (
        "mungkin sama dengan laporan {id} (kemiripan {score}, selisih {days} hari)",
        "may be the same as complaint {id} (likeness {score}, {days} days apart)",
    ),
    "advice_category": ("kategori: {name} ({share})", "category: {name} ({share})"),
    "advice_opd": ("OPD: {name} ({share})", "OPD: {name} ({share})"),
    # Calendar
    "provisional_note": (
        "Catatan: tenggat ini sementara; kalender tahun itu belum diketahui.",
        "Note: this deadline is provisional; the calendar of that year is not known yet.",
    ),
    "calendar_title": ("Kalender {version}", "Calendar {version}"),
    "calendar_year": ("{year}: {days} hari kerja, {off} hari libur", "{year}: {days} working days, {off} days off"),
    "year_unknown": (
        "{year}: belum diketahui; hanya akhir pekan dan libur bertanggal tetap (sementara)",
        "{year}: not known yet; only weekends and fixed-date holidays (provisional)",
    ),
    "import_progress": ("Mengimpor", "Importing"),
    "import_heading": ("baris\tyang terjadi\tnomor\tisi", "row\twhat happens\tnumber\tcontent"),
    "import_new": ("diterima", "taken in"),
    "import_known": ("sudah ada", "there already"),
    "import_refused": ("ditolak", "refused"),
    "import_windows_1252": (
        "Berkas ini bukan UTF-8 dan dibaca sebagai Windows-1252; periksa huruf-hurufnya.",
        "The file is not UTF-8 and was read as Windows-1252; check its letters.",
    ),
    "import_would": (
        "{rows} baris: {new} akan diterima, {known} sudah ada, {refused} ditolak. Belum ada yang diimpor.",
        "{rows} rows: {new} would be taken in, {known} are there already, {refused} refused. Nothing was imported.",
    ),
    "import_done": (
        "{rows} baris: {new} diterima, {known} sudah ada, {refused} ditolak.",
        "{rows} rows: {new} taken in, {known} were there already, {refused} refused.",
    ),
    "import_skipped": (
        "{count} baris sudah ditangani impor sebelumnya dan dilewati.",
        "{count} rows were handled by the interrupted import and skipped.",
    ),
    "import_waiting": (
        "{count} laporan sudah aman tetapi belum dimulai; ulangi impor ini nanti agar Inspektorat diberi tahu.",
        "{count} reports are safe but not started yet; run this import again later so that the Inspectorate is told.",
    ),
    "import_late": (
        "{count} laporan masuk daftar kerja Inspektorat (satu pemberitahuan): kawal inspectorate.",
        "{count} reports went to the Inspectorate's worklist (one notice): kawal inspectorate.",
    ),
    "import_errors": ("Baris yang ditolak: {path}", "Refused rows: {path}"),
    "calendar_imported": (
        "Kalender {version} diimpor: {days} hari libur, tahun {years}. Jalankan `kawal calendar recompute`.",
        "Calendar {version} imported: {days} days off, years {years}. Run `kawal calendar recompute`.",
    ),
    "recomputed": (
        "{count} laporan dihitung ulang; tenggat lama dan sebabnya tercatat pada masing-masing.",
        "{count} complaints recomputed; each has the old deadlines and why on record.",
    ),
    "recompute_default_why": ("kalender atau kebijakan baru", "new calendar or rule set"),
    "policy_title": ("{version}, sejak {day}: {basis}", "{version}, from {day}: {basis}"),
    "policies_imported": ("Kebijakan baru: {versions}", "New rule sets: {versions}"),
    # Up
    "up": ("Kawal berjalan (siap dalam {seconds} detik).", "Kawal is running (ready after {seconds} seconds)."),
    "up_temporal": ("Server Temporal", "Temporal server"),
    "up_ui": ("Temporal UI", "Temporal UI"),
    "up_database": ("PostgreSQL", "PostgreSQL"),
    "up_home": ("Data", "Data"),
    "up_letters": ("Surat masuk (SMTP)", "Letters (SMTP)"),
    "codec_needs_http": (
        "--codec-server memerlukan HTTP di mesin ini: isi KAWAL_HTTP_PORT, dan KAWAL_HTTP_HOST 127.0.0.1 atau 0.0.0.0.",
        "--codec-server needs HTTP on this machine: set KAWAL_HTTP_PORT, and KAWAL_HTTP_HOST to 127.0.0.1 or 0.0.0.0.",
    ),
    "codec_needs_ui": (
        "--codec-server membuka muatan di Temporal UI yang dijalankan perintah ini: lepaskan --no-ui dan "
        "TEMPORAL_ADDRESS, dan bangun UI dengan `make setup`.",
        "--codec-server opens payloads in the Temporal UI that this command runs: leave out --no-ui and "
        "TEMPORAL_ADDRESS, and build the UI with `make setup`.",
    ),
    "up_codec": (
        "Isi muatan terbuka di Temporal UI bagi pejabat yang masuk dengan pasnya: {url}",
        "Payloads are shown open in the Temporal UI to officials who log in with their pass: {url}",
    ),
    "up_mail": (
        "SMTP tidak diatur: pemberitahuan tinggal di kotak keluar, lihat `kawal notices`.",
        "No SMTP is configured: notices stay in the outbox, see `kawal notices`.",
    ),
    "up_provisional": (
        "PERINGATAN: kalender {year} belum diketahui; tenggat yang sampai ke tahun itu bersifat sementara. "
        "Impor dengan `kawal calendar import BERKAS`.",
        "WARNING: the calendar of {year} is not known; deadlines that reach into it are provisional. "
        "Import it with `kawal calendar import FILE`.",
    ),
    "up_first_steps": (
        "Langkah pertama, di terminal lain:\n"
        '  {program} start --title "Jalan berlubang" --text "Lubang besar di Jalan Basuki Rahmat"\n'
        "  {program} list\n"
        '  {program} verify NOMOR --as admin:Ani --title "Jalan berlubang" --class pengaduan --category "{category}"\n'
        "  {program} forward NOMOR --as admin:Ani --opd {opd}\n"
        '  {program} follow-up NOMOR --as liaison/{opd}:Budi --text "Lubang sudah ditutup" --final\n'
        "  {program} show NOMOR --explain\n"
        "Ctrl-C menghentikan semuanya; data tetap tersimpan.",
        "First steps, in another terminal:\n"
        '  {program} start --title "Pothole" --text "A large hole in Jalan Basuki Rahmat"\n'
        "  {program} list\n"
        '  {program} verify ID --as admin:Ani --title "Pothole" --class pengaduan --category "{category}"\n'
        "  {program} forward ID --as admin:Ani --opd {opd}\n"
        '  {program} follow-up ID --as liaison/{opd}:Budi --text "The hole is closed" --final\n'
        "  {program} show ID --explain\n"
        "Ctrl-C stops everything; the data stays.",
    ),
    "stopping": ("Menghentikan Kawal …", "Stopping Kawal …"),
    "stopped": ("Kawal berhenti.", "Kawal has stopped."),
    "api_running": ("HTTP dilayani di {url}; Ctrl-C menghentikannya.", "HTTP is served at {url}; Ctrl-C stops it."),
    "api_no_port": ("HTTP tidak dapat dilayani: {detail}.", "HTTP cannot be served: {detail}."),
    "bad_port": ("--port {port}: harus 1–65535.", "--port {port}: must be 1–65535."),
    "token_number": ("Nomor", "Number"),
    "token_text": ("Token", "Token"),
    "token_scopes": ("Cakupan", "Scopes"),
    "token_once": (
        "Simpan sekarang: token tidak disimpan di sini dan tidak dapat ditampilkan lagi.",
        "Keep it now: it is not stored here and cannot be shown again.",
    ),
    "token_revoked": (
        "Token {number} dicabut; setiap proses menolaknya paling lambat 5 detik lagi.",
        "Token {number} is revoked; every process refuses it within 5 seconds.",
    ),
    "up_http": ("HTTP", "HTTP"),
    **group_words.SENTENCES,
    "worker_running": ("Worker berjalan; Ctrl-C menghentikannya.", "The worker is running; Ctrl-C stops it."),
    # Help, and what is missing or mistyped
    "help_usage": ("Pemakaian: ", "Usage: "),
    "help_options": ("Opsi", "Options"),
    "help_options_word": ("[OPSI]", "[OPTIONS]"),
    "help_arguments": ("Argumen", "Arguments"),
    "help_commands": ("Perintah", "Commands"),
    "help_command_word": ("PERINTAH ...", "COMMAND ..."),
    "help_help": ("Tampilkan bantuan ini.", "Show this help."),
    "help_required": ("[wajib]", "[required]"),
    "help_default": ("[bawaan: {value}]", "[default: {value}]"),
    "missing_parameters": ("Wajib diisi: {names}.", "Required and missing: {names}."),
    "did_you_mean": ("Mungkin maksud Anda: {near}.", "Did you mean: {near}?"),
    "engine_away": (
        "Server Temporal tidak terjangkau: proses yang sedang berjalan tidak ditampilkan.",
        "The Temporal server cannot be reached: runs that are under way are not shown.",
    ),
}
"""Each key with its sentence in Indonesian and in English."""


def say(lang: Lang, key: str, /, **details: object) -> str:
    """Return a sentence in the reader's language, its places filled; raises KeyError for a key without one."""
    return pick(WORDS[key], lang).format(**details)
