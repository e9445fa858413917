"""What `kawal audit` says, in Indonesian and in English."""

from __future__ import annotations

COMMANDS = {
    "audit": ("Bukti catatan: segel, periksa, tanda terima.", "Proof of the record: seal, verify, receipts."),
    "audit seal": ("Segel yang baru sekarang juga.", "Seal what is new, now."),
    "audit heads": ("Kepala log yang bertanda tangan.", "The log's signed heads."),
    "audit keys": ("Kunci publik; --rotate mengganti kunci.", "The public keys; --rotate takes a new one."),
}

OPTIONS = {
    "heads_limit": ("Paling banyak sekian kepala, yang terbaru dulu.", "At most that many heads, the newest first."),
    "rotate_key": ("Ganti kunci tanda tangan.", "Take a new signing key."),
}

SENTENCES = {
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
    "key_rotated": (
        "Kunci baru {key}, disahkan oleh {old}; kunci lama tetap memeriksa kepala lama.",
        "New key {key}, endorsed by {old}; the old key still verifies old heads.",
    ),
}

COLUMNS = {
    "log_size": ("Daun", "Leaves"),
    "log_root": ("Akar", "Root"),
    "signing_key": ("Kunci", "Key"),
    "retired_at": ("Diganti", "Retired"),
}
