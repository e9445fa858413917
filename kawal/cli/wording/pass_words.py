"""What `kawal pass` says, in Indonesian and in English."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "pass_text": ("Pas", "Pass"),
    "pass_until": ("Berlaku sampai", "Holds until"),
    "pass_once": (
        "Serahkan sekarang kepada pemegangnya: pas tidak disimpan di sini dan tidak dapat ditampilkan lagi.",
        "Hand it to its holder now: it is not stored here and cannot be shown again.",
    ),
    "pass_revoked": (
        "Pas {number} dicabut; setiap proses menolaknya paling lambat 5 detik lagi.",
        "Pass {number} is revoked; every process refuses it within 5 seconds.",
    ),
}
"""Each key with its sentence in Indonesian and in English."""
