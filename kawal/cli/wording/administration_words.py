"""What the commands for offices, OPDs and trying again say, in Indonesian and in English."""

from __future__ import annotations

SENTENCES = {
    "office_form": (
        "«{text}» bukan kantor; tulis admin, inspectorate, sekda, gubernur, atau liaison/KODE_OPD.",
        "“{text}” is no office; write admin, inspectorate, sekda, gubernur or liaison/OPD_CODE.",
    ),
    "office_set": ("Pemberitahuan untuk {office} dikirim ke {email}.", "Notices for {office} go to {email}."),
    "office_removed": ("Alamat {office} dihapus.", "The address of {office} is removed."),
    "opd_stands": ("{opd}: {name}, {state}.", "{opd}: {name}, {state}."),
    "opd_in_use": ("dipakai", "in use"),
    "opd_out_of_use": ("tidak dipakai", "out of use"),
    "opd_still_owes": (
        "Laporan yang sudah ada padanya tetap menjadi kewajibannya; lihat `kawal list --opd`.",
        "It still owes the reports that it has; see `kawal list --opd`.",
    ),
    "notice_again": ("Pemberitahuan {number} dikirim lagi.", "Notice {number} is sent again."),
    "notice_not_again": (
        "Pemberitahuan {number} tidak ada, sudah terkirim atau masih menunggu, atau isinya sudah dihapus.",
        "There is no notice {number} that was not sent: it was, or still waits, or its text is erased.",
    ),
}

COMMANDS = {
    "office": ("Alamat kantor untuk pemberitahuan.", "The offices' addresses for notices."),
    "office set": ("Tetapkan alamat surel sebuah kantor.", "Say where an office takes its notices."),
    "office remove": ("Hapus alamat sebuah kantor.", "Take an office's address away."),
    "office list": ("Daftar alamat kantor.", "List the offices' addresses."),
    "opd": ("OPD milik instansi.", "The agency's OPDs."),
    "opd add": ("Tambah OPD.", "Add an OPD."),
    "opd rename": ("Ganti nama OPD; kodenya tetap.", "Rename an OPD; its code stays."),
    "opd deactivate": ("OPD tidak menerima laporan baru lagi.", "An OPD gets no new reports any more."),
    "opd activate": ("OPD menerima laporan lagi.", "An OPD gets reports again."),
    "opd list": ("Daftar OPD.", "List the OPDs."),
}

OPTIONS = {
    "office office": (
        "admin, inspectorate, sekda, gubernur, atau liaison/KODE_OPD.",
        "admin, inspectorate, sekda, gubernur or liaison/OPD_CODE.",
    ),
    "office email": ("Alamat surel kantor, bukan pribadi.", "E-mail address of the office, not of a person."),
    "opd code": ("Kode OPD.", "The OPD's code."),
    "opd name": ("Nama OPD.", "The OPD's name."),
    "notice_resend": ("Kirim lagi nomor ini.", "Send this number again."),
}

COLUMNS = {
    "office": ("Kantor", "Office"),
    "email": ("Surel", "E-mail"),
}
