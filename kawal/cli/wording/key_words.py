"""What `kawal keys` says, in Indonesian and in English: sentences, help, names of columns."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "key_current": ("Kunci induk yang berlaku", "Master key in force"),
    "key_source": ("Sumbernya", "Its source"),
    "key_source_service": ("layanan kunci (KAWAL_KMS)", "key service (KAWAL_KMS)"),
    "key_source_environment": ("lingkungan (KAWAL_MASTER_KEY)", "environment (KAWAL_MASTER_KEY)"),
    "key_source_file": ("berkas keys/master.key", "the file keys/master.key"),
    "key_rotation_open": ("Penggantian yang belum selesai", "Rotation under way"),
    "key_previous_files": ("Berkas kunci lama", "Files of earlier keys"),
    "key_is_current": ("berlaku", "in force"),
    "key_is_known": ("lama, masih dapat dibuka", "earlier, still at hand"),
    "key_is_unknown": ("TIDAK ADA di sini: kembalikan kunci ini", "NOT at hand: put this key back"),
    "key_left": (
        "Masih ada kunci data di bawah kunci induk lama; jalankan `kawal keys rotate-master`.",
        "Data keys are still under an earlier master key; run `kawal keys rotate-master`.",
    ),
    "key_progress": ("… {count} kunci data dibungkus ulang", "… {count} data keys wrapped anew"),
    "key_rotated": (
        "{count} kunci data dibungkus ulang dengan kunci induk {master}.",
        "{count} data keys wrapped anew with master key {master}.",
    ),
    "key_not_ended": (
        "Belum selesai: {closed} kunci data tidak dapat dibuka dengan kunci induk yang ada; kembalikan kunci induknya "
        "(`kawal keys status`), lalu ulangi.",
        "Not ended: {closed} data keys do not open with the master keys at hand; put theirs back "
        "(`kawal keys status`), then run it again.",
    ),
    "key_destroy": (
        "Selesai. Cadangkan kunci induk yang baru. Bila semua proses sudah memakainya dan `kawal keys status` bersih, "
        "musnahkan yang lama beserta salinannya: {files}",
        "Ended. Back up the new master key. Once every process works with it and `kawal keys status` is clean, destroy "
        "the earlier one and its copies: {files}",
    ),
    "key_data_rotated": (
        "{owner} mendapat kunci data baru; yang lama hanya membuka apa yang sudah disegelnya.",
        "{owner} has a new data key; the one before only opens what it sealed.",
    ),
    "key_of_whom": ("Sebutkan nomor laporan, atau --system.", "Name a complaint, or --system."),
}
"""Each key with its sentence in Indonesian and in English."""

COMMANDS: dict[str, tuple[str, str]] = {
    "keys": ("Kunci induk dan kunci data.", "Master key and data keys."),
    "keys status": ("Kunci induk mana membungkus apa.", "Which master key wraps what."),
    "keys rotate-master": (
        "Ganti kunci induk, atau lanjutkan penggantiannya.",
        "Rotate the master key, or go on with it.",
    ),
    "keys rotate-data": ("Beri satu laporan kunci data baru.", "Give a complaint a new data key."),
}

OPTIONS: dict[str, tuple[str, str]] = {
    "key_file": ("Pakai kunci induk dalam berkas ini.", "Take the master key in this file."),
    "key_owner": ("Nomor laporan.", "The complaint's id."),
    "of_system": ("Kunci milik sistem.", "The system's own key."),
}

COLUMNS: dict[str, tuple[str, str]] = {
    "master_key": ("Kunci induk", "Master key"),
    "data_keys": ("Kunci data", "Data keys"),
}
