"""What `kawal backup` and `kawal restore` say, in Indonesian and in English."""

from __future__ import annotations

COMMANDS = {
    "backup": (
        "Cadangkan data dan kunci, terpisah, sambil berjalan.",
        "Back up data and keys, apart, while running.",
    ),
    "restore": (
        "Pulihkan cadangan ke KAWAL_HOME yang kosong.",
        "Restore a backup into an empty KAWAL_HOME.",
    ),
}

OPTIONS = {
    "backup_folder": ("Folder bagian data.", "Folder of the data part."),
    "keys_folder": (
        "Folder bagian kunci; bawaan: FOLDER.keys di sebelahnya.",
        "Folder of the keys' part; default: FOLDER.keys beside it.",
    ),
    "with_master_key": (
        "Sertakan kunci induk dalam bagian kunci.",
        "Put the master key into the keys' part, too.",
    ),
    "erasures_file": (
        "Daftar penghapusan yang diterapkan lagi.",
        "The list of erasures that is applied again.",
    ),
    "without_erasures": (
        "Pulihkan tanpa daftar itu: yang dihapus sesudah cadangan terbaca lagi.",
        "Restore without it: what was erased since the backup can be read again.",
    ),
}

SENTENCES = {
    "backup_progress": ("Mencadangkan", "Backing up"),
    "restore_progress": ("Memulihkan", "Restoring"),
    "backup_done": (
        "Cadangan {backup} selesai: {size} MB, {complaints} laporan, {events} kejadian, {attachments} lampiran.",
        "Backup {backup} is whole: {size} MB, {complaints} complaints, {events} events, {attachments} attachments.",
    ),
    "backup_data_at": ("Data", "Data"),
    "backup_keys_at": ("Kunci", "Keys"),
    "backup_keep_apart": (
        "Simpan folder kunci di tempat lain: bersama kunci induk, keduanya membuka semua yang ditulis orang.",
        "Keep the keys' folder elsewhere: with the master key, the two open all that people wrote.",
    ),
    "backup_without_master": (
        "Tidak termasuk: kunci induk ({path}), yang tanpanya tak ada terbaca, dan daftar penghapusan ({erasures}).",
        "Not in it: the master key ({path}), without which nothing can be read, and the list of erasures ({erasures}).",
    ),
    "backup_with_master": (
        "Kunci induk ADA di bagian kunci. Daftar penghapusan ({erasures}) tidak termasuk; salin tersendiri.",
        "The master key IS in the keys' part. The list of erasures ({erasures}) is not; copy it by itself.",
    ),
    "backup_external_engine": (
        "Server Temporal di luar (TEMPORAL_ADDRESS) tidak termasuk; cadangkan dengan caranya sendiri.",
        "The Temporal server of TEMPORAL_ADDRESS is not in it; back it up by its own means.",
    ),
    "backup_folder_taken": (
        "{path} sudah berisi; pilih folder baru.",
        "{path} holds something already; choose a new folder.",
    ),
    "backup_same_folder": (
        "Bagian kunci harus di folder lain daripada bagian data, dan tidak di dalamnya.",
        "The keys' part must be in another folder than the data part, and not within it.",
    ),
    "backup_no_master_file": (
        "Tidak ada berkas kunci induk di {path}; kunci dari lingkungan tidak ditulis ke cadangan.",
        "There is no master key file at {path}; a key from the environment is not written into a backup.",
    ),
    "backup_not_whole": (
        "{path} bukan cadangan yang utuh: manifest.json tidak ada.",
        "{path} is no whole backup: there is no manifest.json.",
    ),
    "backup_not_ours": (
        "{path} bukan bagian cadangan yang diminta, atau manifestnya diubah.",
        "{path} is not the part of a backup that is wanted, or its manifest was changed.",
    ),
    "backup_other_form": (
        "{path} dibuat oleh rilis lain yang cadangannya berbentuk lain; pulihkan dengan rilis itu.",
        "{path} was made by another release, whose backups have another form; restore it with that release.",
    ),
    "backup_parts_differ": (
        "{data} dan {keys} bukan dari cadangan yang sama.",
        "{data} and {keys} are not of the same backup.",
    ),
    "backup_file_missing": ("{path} tidak ada atau tidak terbaca.", "{path} is missing or cannot be read."),
    "backup_file_changed": (
        "{path} berubah sejak dicadangkan; tidak ada yang dipulihkan.",
        "{path} has changed since the backup; nothing was restored.",
    ),
    "restore_home_taken": (
        "{path} tidak kosong; pilih KAWAL_HOME lain. Yang boleh ada: keys, erasures, gateways.toml.",
        "{path} is not empty; choose another KAWAL_HOME. It may hold keys, erasures and gateways.toml.",
    ),
    "restore_of_another": (
        "Di {path} ada pemulihan cadangan lain yang belum selesai; selesaikan, atau kosongkan foldernya.",
        "{path} holds the unfinished restore of another backup; finish it, or empty the folder.",
    ),
    "restore_database_taken": (
        "Basis data di DATABASE_URL tidak kosong; pilih yang kosong.",
        "The database of DATABASE_URL is not empty; choose an empty one.",
    ),
    "restore_needs_list": (
        "Daftar penghapusan tidak ada di {path}. Beri --erasures BERKAS. Tanpa daftar (--without-erasures), laporan "
        "yang dihapus sesudah cadangan ini dibuat akan terbaca lagi; hapuslah sendiri sesudahnya.",
        "The list of erasures is not at {path}. Give --erasures FILE. Without the list (--without-erasures) reports "
        "that were erased since this backup was made can be read again; you would have to erase them yourself.",
    ),
    "restore_no_such_list": ("Tidak ada daftar penghapusan di {path}.", "There is no list of erasures at {path}."),
    "restore_one_of_both": (
        "Beri --erasures atau --without-erasures, bukan keduanya.",
        "Give --erasures or --without-erasures, not both.",
    ),
    "restore_rows_differ": (
        "Basis data yang dipulihkan tidak berisi baris sebanyak yang dicadangkan di {path}.",
        "The restored database does not have as many rows as were backed up at {path}.",
    ),
    "restore_done": (
        "Cadangan {backup} dari {at} dipulihkan: {complaints} laporan, {events} kejadian, {attachments} lampiran.",
        "Backup {backup} of {at} is restored: {complaints} complaints, {events} events, {attachments} attachments.",
    ),
    "restore_erased": (
        "Daftar penghapusan: {listed} entri, {again} laporan dihapus lagi.",
        "List of erasures: {listed} entries, {again} reports erased again.",
    ),
    "restore_no_list": (
        "PERINGATAN: tanpa daftar penghapusan; yang dihapus sesudah cadangan ini terbaca lagi.",
        "WARNING: without the list of erasures; what was erased since this backup can be read again.",
    ),
    "restore_next": (
        "Berikutnya: `kawal up`, lalu `kawal reconcile --now` dan `kawal audit verify`.",
        "Next: `kawal up`, then `kawal reconcile --now` and `kawal audit verify`.",
    ),
}
