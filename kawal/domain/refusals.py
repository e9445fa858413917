"""Refusals: what the rules do not allow, said so that a person knows what to do next.

Refusal(code)          one class; `code` is stable and machine-readable, the sentences are for people
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "unknown_command": (
        "Perintah «{command}» tidak dikenal; lihat `kawal --help`.",
        "There is no command “{command}”; see `kawal --help`.",
    ),
    "malformed": (
        "Isi perintah tidak dapat dibaca ({detail}); perbaiki lalu kirim ulang.",
        "The command cannot be read ({detail}); correct it and send it again.",
    ),
    "point_is_half": (
        "Titik lokasi memerlukan garis lintang (latitude) dan garis bujur (longitude): isi keduanya atau kosongkan.",
        "A point needs both latitude and longitude: give both, or neither.",
    ),
    "unreadable": (
        "Isi perintah tidak dapat dibuka dengan kunci laporan ini; kirim ulang dari sistem yang terhubung.",
        "The command cannot be opened with this complaint's key; send it again from a connected system.",
    ),
    "wrong_role": (
        "Peran {role} tidak boleh melakukan «{command}»; yang boleh: {allowed}.",
        "The role {role} may not “{command}”; allowed: {allowed}.",
    ),
    "wrong_instansi": (
        "Laporan ini milik instansi {instansi}; peran Anda berlaku di {actor}.",
        "This complaint belongs to {instansi}; your role is held in {actor}.",
    ),
    "wrong_status": (
        "«{command}» tidak dapat dilakukan pada status {status}; hanya pada: {allowed}.",
        "“{command}” is not possible in status {status}; only in: {allowed}.",
    ),
    "not_verified": (
        "Laporan belum diverifikasi; lakukan «verify» dahulu.",
        "The complaint is not verified yet; `verify` it first.",
    ),
    "already_forwarded": (
        "Laporan sudah diteruskan; «{command}» hanya sebelum diteruskan.",
        "The complaint has been forwarded; `{command}` is only possible before that.",
    ),
    "already_followed_up": (
        "Laporan sudah ditindaklanjuti; «{command}» hanya sebelum tindak lanjut pertama.",
        "The complaint has been followed up; `{command}` is only possible before the first follow-up.",
    ),
    "not_forwarded": (
        "Laporan belum diteruskan ke OPD mana pun; lakukan «forward» atau «handle» dahulu.",
        "The complaint is with no OPD yet; `forward` or `handle` it first.",
    ),
    "no_instansi": (
        "Sebutkan instansi yang dituju, salah satu dari: {known}.",
        "Name the agency meant, one of: {known}.",
    ),
    "no_opd": (
        "Sebutkan OPD Anda: `--as liaison/KODE_OPD:NAMA`.",
        "Name your OPD: `--as liaison/OPD_CODE:NAME`.",
    ),
    "opd_not_holding": (
        "OPD {opd} tidak sedang memegang laporan ini; yang memegang: {holding}.",
        "OPD {opd} does not hold this complaint; holding it: {holding}.",
    ),
    "opd_already_owes": (
        "OPD {opd} sudah memegang laporan ini; pilih OPD lain atau tunggu tindak lanjutnya.",
        "OPD {opd} already holds this complaint; choose another or await its follow-up.",
    ),
    "opd_has_followed_up": (
        "OPD {opd} sudah menindaklanjuti; laporan tidak dapat dikembalikan lagi.",
        "OPD {opd} has followed up; the complaint can no longer be returned.",
    ),
    "question_open": (
        "Masih ada pertanyaan kepada pelapor yang belum dijawab; tunggu jawabannya.",
        "A question to the reporter is still open; await the answer.",
    ),
    "no_final_stands": (
        "Belum semua OPD menyampaikan tindak lanjut akhir; tunggu sampai tindak lanjut akhir disampaikan.",
        "Not every OPD has posted its final follow-up; wait until it stands.",
    ),
    "completion_not_open": (
        "Tenggat penyelesaian tidak sedang berjalan atau sudah terlewati; perpanjangan hanya sebelum tenggat.",
        "The completion clock is not open or already breached; extend only before the deadline.",
    ),
    "extension_used": (
        "Perpanjangan hanya satu kali dan sudah diberikan.",
        "Completion can be extended only once, and that was done.",
    ),
    "extension_pending": (
        "Permintaan perpanjangan sudah ada dan menunggu keputusan admin instansi.",
        "A request to extend already awaits the agency admin's decision.",
    ),
    "no_extension_pending": (
        "Tidak ada permintaan perpanjangan yang menunggu keputusan.",
        "No request to extend awaits a decision.",
    ),
    "too_many_days": (
        "Perpanjangan paling banyak {most} hari kerja.",
        "An extension is at most {most} working days.",
    ),
    "no_item": (
        "Laporan ini tidak ada di daftar kerja Inspektorat.",
        "The Inspectorate has no open item for this complaint.",
    ),
    "breach_still_owed": (
        "Masih ada langkah terlambat yang belum dikerjakan ({clocks}); selesaikan, ambil alih, atau instruksikan.",
        "A late step is still owed ({clocks}); have it done, take over or instruct first.",
    ),
    "already_taken_over": (
        "Inspektorat sudah mengambil alih laporan ini.",
        "The Inspectorate has already taken this complaint over.",
    ),
    "date_out_of_reach": (
        "Tanggal harus antara {first} dan {last} (paling lama {most} hari kerja).",
        "The date must lie between {first} and {last} (at most {most} working days).",
    ),
    "aftercare_over": (
        "Masa layanan purna-selesai ({days} hari) sudah lewat; hanya pembukaan kembali yang mungkin.",
        "The aftercare of {days} days is over; only reopening is possible.",
    ),
    "pengawasan_only_pengaduan": (
        "Berkadar pengawasan hanya berlaku untuk pengaduan.",
        "Only a pengaduan can be berkadar pengawasan.",
    ),
    "being_merged": (
        "Laporan utama sendiri sedang digabung; coba lagi sesaat lagi atau pilih laporan utama lain.",
        "The main report is itself being merged; try again shortly or choose another.",
    ),
    "main_away": (
        "Laporan utama {main} sedang tidak dapat ditanya; ulangi nanti, tidak ada yang diubah.",
        "The main report {main} cannot be asked at present; try again later, nothing was changed.",
    ),
    "main_unknown": (
        "Laporan utama {main} tidak ditemukan; periksa nomor pelacakannya.",
        "There is no main report {main}; check the tracking id.",
    ),
    "main_is_itself": (
        "Laporan tidak dapat digabung ke dirinya sendiri.",
        "A complaint cannot be merged into itself.",
    ),
    "main_other_instansi": (
        "Laporan utama {main} milik instansi lain; gabungkan hanya di dalam satu instansi.",
        "The main report {main} belongs to another agency; merge only within one.",
    ),
    "main_final": (
        "Laporan utama sudah berakhir; pilih laporan yang masih terbuka.",
        "The main report has ended; choose one that is open.",
    ),
    "main_later": (
        "Laporan utama diterima lebih akhir; gabungkan laporan yang lebih baru ke yang lebih lama.",
        "The main report was received later; merge the newer one into the older.",
    ),
    "rules_too_new": (
        "Kebijakan {policy} berlaku sejak {since}; laporan diterima {received} dan tetap memakai kebijakan hari itu.",
        "Policy {policy} is in force since {since}; the complaint was received {received} and keeps that day's.",
    ),
    "unknown_opd": (
        "OPD {opd} tidak terdaftar atau tidak aktif di {instansi}; lihat kawal/data/agencies.toml.",
        "OPD {opd} is not registered or not active in {instansi}; see kawal/data/agencies.toml.",
    ),
    "unknown_files": (
        "Laporan ini tidak mempunyai lampiran {files}; unggah berkasnya dahulu, lalu sebutkan id yang diberikan.",
        "This complaint has no attachment {files}; upload the file first, then name the id that it was given.",
    ),
    "unknown_category": (
        "Kategori «{category}» tidak ada di pohon kategori nasional; tulis «UTAMA» atau «UTAMA / SUB» persis.",
        "The category “{category}” is not in the national tree; write “MAIN” or “MAIN / SUB” exactly.",
    ),
    "key_reused": (
        "Kunci {key} sudah dipakai untuk perintah lain; pakai kunci baru.",
        "The key {key} was used for another command; use a new one.",
    ),
    "ended": (
        "Laporan {tracking} sudah berakhir ({status}); hanya pembukaan kembali (reopen) dari selesai yang mungkin.",
        "Complaint {tracking} has ended ({status}); only reopening one that is selesai is possible.",
    ),
    "unknown_complaint": (
        "Laporan {tracking} tidak ditemukan; periksa nomor pelacakan 7 angka.",
        "There is no complaint {tracking}; check the 7-digit tracking id.",
    ),
    "no_such_report": (
        "Nomor pelacakan dan rahasianya tidak cocok dengan laporan mana pun; periksa keduanya pada tanda terima.",
        "Tracking id and secret belong to no report; check both on the receipt.",
    ),
    "erased": (
        "Isi laporan {tracking} sudah dihapus; laporan tidak dapat dibuka kembali.",
        "The content of complaint {tracking} has been erased; it cannot be reopened.",
    ),
    "words_not_yours": (
        "Peran {role} tidak boleh membacanya; yang boleh: {allowed}.",
        "The role {role} may not read this; allowed: {allowed}.",
    ),
    "words_not_of_opd": (
        "OPD {opd} tidak pernah diberi laporan ini, atau laporan rahasia ini tidak lagi padanya; isinya tertutup.",
        "OPD {opd} was never given this complaint, or no longer has this rahasia one, and so may not read its words.",
    ),
    "words_not_come_up": (
        "Laporan ini tidak pernah naik ke pimpinan, jadi lampirannya tidak boleh dibaca.",
        "This complaint never came up to the leadership, which therefore may not read its files.",
    ),
    "identity_not_yours": (
        "Peran {role} tidak boleh mengetahui siapa pelapornya; yang boleh: {allowed}.",
        "The role {role} may not know who the reporter is; allowed: {allowed}.",
    ),
    "no_pass_for": (
        "Untuk peran {role} tidak ada pas; pas hanya untuk: {allowed}.",
        "The role {role} has no passes; they are for: {allowed}.",
    ),
    "pass_elsewhere": (
        "Pas pejabat {instansi} diurus admin atau Inspektorat instansi itu; peran Anda berlaku di {actor}.",
        "Passes of {instansi} are its own admin's or Inspectorate's to give; your role is held in {actor}.",
    ),
    "lookup_not_rotated": (
        "Kunci pencarian tidak dapat diganti: apa yang dicari lewat sidik berkuncinya (nomor asal, kontak, kunci "
        "idempotensi) tidak akan ditemukan lagi dan tercatat dua kali, dan kode pelacakan pelapor tidak berlaku lagi.",
        "The look-up key cannot be rotated: what is found by its keyed hashes (external ids, contacts, idempotency "
        "keys) would not be found again and be made twice, and reporters' tracking secrets would not hold any more.",
    ),
    "master_key_unchanged": (
        "Kunci induk {master} sudah membungkus semuanya; ganti dahulu pada sumbernya: KAWAL_MASTER_KEY, yang lama "
        "pindah ke KAWAL_MASTER_KEY_PREVIOUS, atau layanan kunci.",
        "Master key {master} wraps everything already; change it at its source first: KAWAL_MASTER_KEY, the old one "
        "into KAWAL_MASTER_KEY_PREVIOUS, or the key service.",
    ),
    "no_such_pass": ("Tidak ada pas {number} yang berlaku.", "There is no valid pass {number}."),
    "purpose_needed": (
        "Sebutkan untuk apa dibaca: laporan rahasia dan identitas pelapor hanya dibuka dengan tujuan yang dicatat.",
        "Say what it is read for: a rahasia report and a reporter's identity are opened only for a purpose on record.",
    ),
    "purpose_too_long": (
        "Tujuan terlalu panjang; paling banyak {most} huruf.",
        "The purpose is too long; at most {most} characters.",
    ),
    "ground_needed": (
        "Sebutkan alasan atau tujuannya; itu dicatat.",
        "State the ground or purpose; it goes on record.",
    ),
    "search_words": (
        "Cari dengan 1 sampai {most} huruf.",
        "Search with 1 to {most} characters.",
    ),
    "erase_not_started": (
        "laporan diterima tetapi belum dimulai; tunggu sampai selesai",
        "accepted, but not started yet; wait until it is closed",
    ),
    "erase_open": (
        "laporan belum berakhir; tutup atau tunggu sampai selesai",
        "not closed yet; close it, or wait until it is",
    ),
    "erase_item_open": (
        "butirnya di daftar kerja Inspektorat masih terbuka; selesaikan (resolve) dahulu",
        "its item is open on the Inspectorate's worklist; resolve that first",
    ),
    "erase_aftercare": (
        "masa purnalayan masih berjalan",
        "its aftercare still runs",
    ),
    "erase_running": (
        "alur kerjanya belum berakhir; coba lagi sesaat lagi",
        "its workflow has not ended yet; try again shortly",
    ),
    "erasure_list_foreign": (
        "Daftar penghapusan berasal dari instalasi lain (baris {line}); periksa KAWAL_ERASURES.",
        "The list of erasures is another installation's (line {line}); check KAWAL_ERASURES.",
    ),
    "erasure_list_tampered": (
        "Daftar penghapusan rusak atau diubah pada baris {line}; pulihkan salinan utuhnya. Tidak ada yang dihapus.",
        "The list of erasures was damaged or changed at line {line}; put a whole copy back. Nothing was erased.",
    ),
    "quality_period": (
        "Kurun {first} sampai {last} tidak dapat diundi; akhirnya tidak boleh sebelum awalnya atau sesudah hari ini.",
        "The days {first} to {last} cannot be drawn from; they must not end before they begin or after today.",
    ),
    "quality_size": (
        "Undian memuat 1 sampai {most} tindak lanjut.",
        "A sample has 1 to {most} follow-ups.",
    ),
    "quality_seed": (
        "Benih undian harus 1–{most} huruf, angka, atau tanda baca tanpa spasi.",
        "A seed has 1 to {most} letters, digits or signs, without spaces.",
    ),
    "quality_no_head": (
        "Belum ada kepala log yang disegel sesudah {last}; tunggu penyegelan berikutnya atau beri benih yang sudah "
        "diumumkan (--seed).",
        "No log head has been sealed after {last} yet; await the next sealing or give a seed that was published.",
    ),
    "quality_nothing": (
        "Tidak ada tindak lanjut akhir pada kurun itu; periksa tanggal dan OPD.",
        "There is no final follow-up in those days; check dates and OPD.",
    ),
    "quality_drawn": (
        "Tindak lanjut kurun itu sudah diundi (undian {number}) dan tidak diundi dua kali.",
        "The follow-ups of those days were drawn from already (draw {number}); nobody draws twice.",
    ),
    "quality_unknown": (
        "Undian {number} tidak memuat nomor urut {place}; lihat `kawal quality list`.",
        "Draw {number} has no place {place}; see `kawal quality list`.",
    ),
    "quality_handled": (
        "Akun Anda ikut menangani laporan {tracking}; tindak lanjutnya diulas oleh orang lain.",
        "Your account has had a hand in complaint {tracking}; somebody else reviews its follow-up.",
    ),
    "quality_reviewed": (
        "Anda sudah mengulas tindak lanjut ini; untuk memperbaiki ulasan Anda pakai --correct.",
        "You have reviewed this follow-up; to correct your review use --correct.",
    ),
    "quality_not_reviewed": (
        "Anda belum mengulas tindak lanjut ini; tidak ada yang dapat diperbaiki.",
        "You have not reviewed this follow-up; there is nothing to correct.",
    ),
    "quality_erased": (
        "Isi laporan {tracking} sudah dihapus; tidak ada lagi yang dapat diulas.",
        "The content of complaint {tracking} has been erased; there is nothing left to review.",
    ),
    "register_unknown": (
        "Tidak ada {what} bernomor {number} pada daftar {instansi}; lihat `kawal register list`.",
        "There is no {what} {number} in the register of {instansi}; see `kawal register list`.",
    ),
    "register_changed": (
        "Orang lain baru saja mengubah entri ini; periksa lalu ulangi.",
        "Somebody else has just changed this entry; look at it and try again.",
    ),
    "register_backwards": (
        "SK tidak dapat berakhir ({last}) sebelum ditetapkan ({first}).",
        "A decree cannot end ({last}) before it was decided ({first}).",
    ),
    "register_full": (
        "Rencana aksi memuat paling banyak {most} butir.",
        "An action plan has at most {most} items.",
    ),
    "unknown_instansi": (
        "Instansi {instansi} tidak terdaftar; yang ada: {known}.",
        "The agency {instansi} is not registered; there are: {known}.",
    ),
    "calendar_taken": (
        "Versi {version} sudah ada dengan isi lain; beri nama baru dengan --version.",
        "The version {version} exists with another content; give a new name with --version.",
    ),
    "policy_taken": (
        "Versi {version} sudah ada dengan isi lain; beri `version` yang baru di berkasnya.",
        "The version {version} exists with another content; give a new `version` in the file.",
    ),
    "no_such_token": ("Tidak ada token {number} yang berlaku.", "There is no valid token {number}."),
    "no_office": ("{office} tidak mempunyai alamat.", "{office} has no address."),
    "person_unnamed": (
        "Sebutkan surel (--email) atau nomor telepon (--phone) orang itu.",
        "Name the person's e-mail (--email) or phone number (--phone).",
    ),
    "person_unknown": (
        "Tidak ada laporan dengan kontak itu di instansi ini.",
        "No report with that contact in this agency.",
    ),
    "opd_exists": (
        "{instansi} sudah memiliki kode {opd}; pakai kode lain, atau `kawal opd rename` dan `kawal opd activate`.",
        "{instansi} has the code {opd} already; use another, or `kawal opd rename` and `kawal opd activate`.",
    ),
    "office_opd": (
        "OPD disebut untuk penghubung (liaison) saja, dan untuk penghubung selalu.",
        "An OPD is named for a liaison only, and for a liaison always.",
    ),
    "not_wedged": (
        "Laporan {tracking} tidak macet; tidak ada yang perlu diperbaiki. Lihat `kawal show {tracking}`.",
        "Complaint {tracking} is not wedged; there is nothing to mend. See `kawal show {tracking}`.",
    ),
    "mend_unsafe": (
        "Laporan {tracking} belum dapat dijalankan lagi dari catatannya ({why}); tindakan untuk setiap sebab ada di"
        " docs/operators/trouble.md, lalu ulangi `kawal mend {tracking}`.",
        "Complaint {tracking} cannot be started again from its record yet ({why}); docs/operators/trouble.md says what"
        " to do for each reason, then repeat `kawal mend {tracking}`.",
    ),
    "event_conflict": (
        "Catatan laporan ini berbeda dari yang dikirim; hubungi pengelola sistem, tidak ada yang diubah.",
        "The record of this complaint differs from what was sent; call the operator, nothing was changed.",
    ),
}
"""Each code with its sentence in Indonesian and in English."""


REFUSED = "Refused"
"""The type of the engine's error that a refusal becomes; its details: the code, what fills the sentence, last event."""


class Refusal(Exception):
    """The rules do not allow what was asked; nothing was changed.

    `code` is one of SENTENCES; `details` fill its sentence.
    """

    def __init__(self, code: str, **details: object) -> None:
        """Refuse with a stable code; a code without a sentence is a programming error (KeyError)."""
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str) -> str:
        """The reason and what to do about it, in Indonesian ("id") or English ("en")."""
        return SENTENCES[self.code][0 if lang == "id" else 1].format(**self.details)
