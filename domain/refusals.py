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
        "OPD {opd} tidak terdaftar atau tidak aktif di {instansi}; lihat data/agencies.toml.",
        "OPD {opd} is not registered or not active in {instansi}; see data/agencies.toml.",
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
    "event_conflict": (
        "Catatan laporan ini berbeda dari yang dikirim; hubungi pengelola sistem, tidak ada yang diubah.",
        "The record of this complaint differs from what was sent; call the operator, nothing was changed.",
    ),
}
"""Each code with its sentence in Indonesian and in English."""


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
