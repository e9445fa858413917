"""What `kawal audit` says, in Indonesian and in English."""

from __future__ import annotations

COMMANDS = {
    "audit": ("Bukti catatan: segel, periksa, tanda terima.", "Proof of the record: seal, verify, receipts."),
    "audit verify": ("Periksa catatan: satu laporan, atau semuanya.", "Verify the record: one complaint, or all."),
    "audit receipt": ("Tanda terima yang dapat diperiksa siapa pun.", "A receipt that anyone can check."),
    "audit seal": ("Segel yang baru sekarang juga.", "Seal what is new, now."),
    "audit heads": ("Kepala log yang bertanda tangan.", "The log's signed heads."),
    "audit keys": ("Kunci publik; --rotate mengganti kunci.", "The public keys; --rotate takes a new one."),
}

OPTIONS = {
    "verify_id": ("Nomor pelacakan; tanpa ini semuanya.", "Tracking id; everything without one."),
    "verify_since": ("Bandingkan hanya yang berubah sejak tanggal ini.", "Compare only what changed since this day."),
    "kept_head": ("Kepala yang Anda simpan di tempat lain.", "A head, or heads, that you kept elsewhere."),
    "kept_keys": ("Kunci publik yang Anda simpan.", "The public keys that you kept."),
    "chains_only": ("Hanya rantai dan log; lebih cepat.", "Chains and log alone; faster."),
    "with_engine": ("Juga bandingkan dengan riwayat Temporal.", "Also compare with Temporal's history."),
    "receipt_file": ("Berkas tanda terima.", "File for the receipt."),
    "heads_limit": ("Paling banyak sekian kepala, yang terbaru dulu.", "At most that many heads, the newest first."),
    "rotate_key": ("Ganti kunci tanda tangan.", "Take a new signing key."),
}

SENTENCES = {
    "verifying": ("Memeriksa", "Verifying"),
    "verify_done": ("{found} temuan", "{found} findings"),
    "verify_one_or_since": ("Pilih satu laporan atau --since.", "Name one complaint, or --since."),
    "not_proof": ("{file} tidak dapat dipakai: {detail}", "{file} cannot be used: {detail}"),
    "verified_rows": (
        "Diperiksa: {complaints} laporan, {events} peristiwa, {access} catatan akses, {archive} riwayat terarsip,"
        " {notices} pemberitahuan.",
        "Verified: {complaints} complaints, {events} events, {access} access log entries, {archive} archived histories,"
        " {notices} notices.",
    ),
    "verified_log": (
        "Log: {size} daun, disegel terakhir {at}; {leaves} daun dicocokkan dengan barisnya.",
        "Log: {size} leaves, last sealed {at}; {leaves} leaves were held against their rows.",
    ),
    "verified_unsealed": (
        "{rows} baris belum disegel: rantainya utuh, segelnya menyusul.",
        "{rows} rows are not sealed yet: their chain was checked, the seal is to come.",
    ),
    "verified_kept": (
        "{heads} kepala yang disimpan di tempat lain cocok.",
        "{heads} heads that were kept elsewhere agree.",
    ),
    "verified_engine": (
        "{complaints} laporan cocok dengan riwayat Temporal.",
        "{complaints} complaints agree with Temporal's history.",
    ),
    "verified_no_engine": (
        "{complaints} laporan tidak dapat ditanyakan pada Temporal (riwayatnya terhapus, tanpa worker, atau dihapus).",
        "Temporal could not be asked about {complaints} complaints (history gone, no worker, or erased).",
    ),
    "verified_no_key": (
        "{complaints} laporan umum tidak dibandingkan tulisannya: kuncinya tidak ada.",
        "The words of {complaints} public reports were not compared: their key is away.",
    ),
    "verified_erased": (
        "{id}: dihapus pada {on} oleh {by} dengan dasar {ground}; diperiksa dengan hash saja.",
        "{id}: erased on {on} by {by} on the ground {ground}; verified by hash alone.",
    ),
    "verified_whole": ("Semua cocok.", "Everything agrees."),
    "verified_found": ("{found} temuan. Catatan ini TIDAK utuh.", "{found} findings. This record is NOT whole."),
    "receipt_written": (
        "{file}: {events} peristiwa, di bawah kepala {size} daun. Cara memeriksanya: docs/audit.md.",
        "{file}: {events} events, under the head of {size} leaves. How to check it: docs/audit.md.",
    ),
    "receipt_later": (
        "{events} peristiwa terbaru belum disegel dan belum termasuk.",
        "{events} of the newest events are not sealed yet and not part of it.",
    ),
    "receipt_not_sealed": (
        "Laporan ini belum disegel; coba lagi sesudah segel berikutnya (bawaan tiap 15 menit).",
        "This complaint is not sealed yet; try again after the next seal (every 15 minutes by default).",
    ),
    "receipt_not_as_sealed": (
        "Tidak ada tanda terima: {where} tidak lagi seperti yang disegel. Jalankan `kawal audit verify`.",
        "No receipt: {where} is no longer as it was sealed. Run `kawal audit verify`.",
    ),
    "sealed": (
        "Disegel: {heads} kepala baru, log kini {size} daun; {published} kepala ditambahkan ke {file}.",
        "Sealed: {heads} new heads, the log now has {size} leaves; {published} heads were added to {file}.",
    ),
    "nothing_to_seal": ("Tidak ada yang baru untuk disegel.", "There is nothing new to seal."),
    "sealing_waits": (
        "Belum disegel: ada transaksi penulis yang tak kunjung selesai; coba lagi.",
        "Not sealed: a transaction that writes does not end; try again.",
    ),
    "nothing_sealed": (
        "Belum ada yang disegel; `kawal audit seal` menyegelnya.",
        "Nothing was sealed yet; `kawal audit seal` does.",
    ),
    "signing_key_rotated": (
        "Kunci baru {key}, disahkan oleh {old}; kunci lama tetap memeriksa kepala lama.",
        "New key {key}, endorsed by {old}; the old key still verifies old heads.",
    ),
}

COLUMNS = {
    "where": ("Di mana", "Where"),
    "log_size": ("Daun", "Leaves"),
    "log_root": ("Akar", "Root"),
    "signing_key": ("Kunci", "Key"),
    "retired_at": ("Diganti", "Retired"),
}
